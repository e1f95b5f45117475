import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { localAdministrator } from '../../src/core/principal.ts'
import { openFixture, publish, until, waitALittle } from './watch-fixtures.ts'

describe('a file that is deleted', () => {
  it('takes its document along by the rule "remove"', async () => {
    const { root, write, watch, untilDocuments, ledger } = await openFixture()
    await write('a.txt', 'a')
    await write('b.txt', 'b')
    const { id } = await watch('remove')
    await untilDocuments('a.txt', 'b.txt')
    await rm(join(root, 'a.txt'))
    await untilDocuments('b.txt')
    await until('it is forgotten', async () => (await ledger.watchedFolders.file(id, 'a.txt')) === undefined)
  })

  it('leaves its document alone by the rule "keep", and says that it is gone', async () => {
    const { root, write, watch, untilDocuments, ledger } = await openFixture()
    await write('a.txt', 'a')
    const { id } = await watch('keep')
    await untilDocuments('a.txt')
    await rm(join(root, 'a.txt'))
    const file = await until('it is marked', async () => {
      const known = await ledger.watchedFolders.file(id, 'a.txt')
      return known?.error ? known : undefined
    })
    expect(file.error?.code).toBe('file_not_found')
    await untilDocuments('a.txt')
  })

  it('is withdrawn by the rule "withdraw", and in force again when it is back', async () => {
    const { root, write, watch, untilDocuments, ledger, revisions } = await openFixture()
    await write('a.txt', 'a')
    await write('b.txt', 'b')
    await watch('withdraw')
    const documents = await untilDocuments('a.txt', 'b.txt')
    for (const { revisionId } of documents) await publish(ledger, revisionId)
    const document = documents.find(({ name }) => name === 'a.txt')
    if (!document) throw new Error('no document')
    const validity = async () => (await revisions(document.id))[0]?.validity
    expect(await validity()).toBe('effective')
    await rm(join(root, 'a.txt'))
    await until('it is withdrawn', async () => (await validity()) === 'withdrawn')
    await write('elsewhere/a.txt', 'a')
    await until('it is in force again', async () => (await validity()) === 'effective')
    await untilDocuments('a.txt', 'b.txt')
    expect(await revisions(document.id)).toHaveLength(1)
  })

  it('is never in force where it was withdrawn before it was read', async () => {
    const { root, write, watch, untilDocument, ledger, revisions } = await openFixture()
    await write('a.txt', 'a')
    await watch('withdraw')
    const document = await untilDocument('a.txt')
    await rm(join(root, 'a.txt'))
    await until('it is a draft', async () => (await revisions(document.id))[0]?.validity === 'draft')
    await publish(ledger, document.revisionId)
    expect((await revisions(document.id))[0]?.validity).toBe('draft')
    await write('a.txt', 'a')
    await until('it is in force', async () => (await revisions(document.id))[0]?.validity === 'effective')
  })

  it('is not taken for deleted while it is only moved to another watched folder of the collection', async () => {
    const { root, write, watch, untilDocument, untilDocuments, collectionId, ledger } = await openFixture()
    await write('a.txt', 'a')
    const { watcher } = await watch('remove')
    const before = await untilDocument('a.txt')
    const archive = join(root, '..', 'archive')
    await mkdir(archive)
    const other = await watcher.add(localAdministrator, { path: archive, collectionId, whenRemoved: 'remove' })
    await cp(join(root, 'a.txt'), join(archive, 'a 2025.txt'))
    await rm(join(root, 'a.txt'))
    const after = await untilDocument('a 2025.txt')
    expect(after.id).toBe(before.id)
    await until('it is known there', () => ledger.watchedFolders.file(other.id, 'a 2025.txt'))
    await waitALittle()
    await untilDocuments('a 2025.txt')
  })
})
