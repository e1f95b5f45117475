import { execFileSync } from 'node:child_process'
import { appendFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { localAdministrator } from '../../src/core/principal.ts'
import { leftovers, openFixture, touch, until, waitALittle } from './watch-fixtures.ts'

describe('a watched folder', () => {
  it('takes in the files that lie in it and those that come later, under their names', async () => {
    const { write, watch, untilDocuments, collectionId } = await openFixture()
    await write('pump.txt', 'The pump runs at 40 bar.')
    await write('manuals/2026/press.md', '# Press')
    const { watcher, id } = await watch()
    await untilDocuments('press.md', 'pump.txt')
    await write('manuals/2026/鍋爐.txt', '壓力 7 bar')
    const documents = await untilDocuments('press.md', 'pump.txt', '鍋爐.txt')
    expect(documents.map((each) => each.collectionId)).toEqual([collectionId, collectionId, collectionId])
    const files = await until('all are recorded', async () => {
      const all = await watcher.files(localAdministrator, id, { limit: 10 })
      return all.length === 3 && all
    })
    expect(files.map(({ path, error }) => [path, error])).toEqual([
      ['manuals/2026/press.md', null],
      ['manuals/2026/鍋爐.txt', null],
      ['pump.txt', null],
    ])
    expect(new Set(files.map(({ documentId }) => documentId))).toEqual(new Set(documents.map((each) => each.id)))
    expect(await watcher.get(localAdministrator, id)).toMatchObject({ state: 'watching', fileCount: 3, failedCount: 0 })
  })

  it('makes of a changed file a new revision of the same document, and of a touched one nothing', async () => {
    const { root, write, watch, untilDocument, untilDocuments, revisions } = await openFixture()
    await write('pump.txt', '40 bar')
    await watch()
    const document = await untilDocument('pump.txt')
    await write('pump.txt', '45 bar')
    await until('there are two revisions', async () => (await revisions(document.id)).length === 2)
    await touch(join(root, 'pump.txt'))
    await waitALittle()
    expect((await revisions(document.id)).map(({ label }) => label)).toEqual(['1', '2'])
    expect(await untilDocuments('pump.txt')).toHaveLength(1)
  })

  it('finds that a file was renamed or moved, and keeps its document', async () => {
    const { root, write, watch, untilDocument, untilDocuments, revisions, ledger } = await openFixture()
    await write('a/pump.txt', '40 bar')
    const { id } = await watch()
    const before = await untilDocument('pump.txt')
    await rename(join(root, 'a/pump.txt'), join(root, 'a/pump v2.txt'))
    await untilDocuments('pump v2.txt')
    await mkdir(join(root, 'b'))
    await rename(join(root, 'a/pump v2.txt'), join(root, 'b/pump v2.txt'))
    await until('the new path is recorded', () => ledger.watchedFolders.file(id, 'b/pump v2.txt'))
    await waitALittle()
    const after = await untilDocument('pump v2.txt')
    expect(after.id).toBe(before.id)
    expect(await revisions(after.id)).toHaveLength(1)
    expect((await ledger.watchedFolders.files(id, { limit: 10 })).map(({ path }) => path)).toEqual(['b/pump v2.txt'])
  })

  it('follows a whole folder that was renamed', async () => {
    const { root, write, watch, untilDocuments, ledger } = await openFixture()
    for (const name of ['a', 'b', 'c']) await write(`old/deep/${name}.txt`, `text of ${name}`)
    const { id } = await watch()
    const before = await untilDocuments('a.txt', 'b.txt', 'c.txt')
    await rename(join(root, 'old'), join(root, 'new'))
    await until('all are at their new place', async () => {
      const files = await ledger.watchedFolders.files(id, { limit: 10 })
      return files.every(({ path }) => path.startsWith('new/deep/'))
    })
    await waitALittle()
    const after = await untilDocuments('a.txt', 'b.txt', 'c.txt')
    expect(after.map((each) => each.id).sort()).toEqual(before.map((each) => each.id).sort())
  })

  it('keeps the revisions where an editor saves by renaming', async () => {
    const { root, write, watch, untilDocument, untilDocuments, revisions } = await openFixture()
    await write('pump.txt', '40 bar')
    await watch()
    const document = await untilDocument('pump.txt')
    await write('~$pump.txt', 'lock')
    await rename(join(root, 'pump.txt'), join(root, '~WRL0001.tmp'))
    await writeFile(join(root, '~WRD0000.tmp'), '45 bar')
    await rename(join(root, '~WRD0000.tmp'), join(root, 'pump.txt'))
    await rm(join(root, '~WRL0001.tmp'))
    await until('there are two revisions', async () => (await revisions(document.id)).length === 2)
    await waitALittle()
    expect(await untilDocuments('pump.txt')).toHaveLength(1)
  })

  it('waits until nobody writes to a file any more', async () => {
    const { root, watch, untilDocument, revisions } = await openFixture()
    await watch('remove', { timing: { steadyMs: 700 } })
    const file = join(root, 'slow.txt')
    for (let line = 1; line <= 12; line += 1) {
      await appendFile(file, `line ${line}\n`)
      await sleep(100)
    }
    const document = await untilDocument('slow.txt')
    expect(document.bytes).toBe(Buffer.byteLength(Array.from({ length: 12 }, (_, i) => `line ${i + 1}\n`).join('')))
    expect(await revisions(document.id)).toHaveLength(1)
  })

  it('follows no links, opens no pipes, and leaves out what is nobody’s document', async () => {
    const { root, write, watch, untilDocuments, ledger } = await openFixture()
    const outside = join(root, '..', 'outside')
    await mkdir(outside)
    await writeFile(join(outside, 'secret.txt'), 'secret')
    await symlink(outside, join(root, 'linked'))
    await symlink(join(outside, 'secret.txt'), join(root, 'secret.txt'))
    execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', join(root, 'pipe.txt')])
    for (const name of ['.hidden.txt', '~$lock.docx', 'a.tmp', 'b.part', 'c.crdownload', 'Thumbs.db', 'desktop.ini'])
      await write(name, `content of ${name}`)
    await write('.git/notes.txt', 'hidden too')
    const { id } = await watch()
    await write('seen.txt', 'seen')
    await symlink(join(outside, 'secret.txt'), join(root, 'later.txt'))
    await untilDocuments('seen.txt')
    await waitALittle()
    await untilDocuments('seen.txt')
    expect(await ledger.watchedFolders.files(id, { limit: 10 })).toHaveLength(1)
  })

  it('takes a file that became a link for gone', async () => {
    const { root, write, watch, untilDocuments } = await openFixture()
    const outside = join(root, '..', 'outside.txt')
    await writeFile(outside, 'from outside')
    await write('a.txt', 'a')
    await write('b.txt', 'b')
    await watch()
    await untilDocuments('a.txt', 'b.txt')
    await rm(join(root, 'a.txt'))
    await symlink(outside, join(root, 'a.txt'))
    await untilDocuments('b.txt')
  })

  it('says of each file that can not be taken in why, and takes it when it has changed', async () => {
    const { write, watch, untilDocuments, ledger, data } = await openFixture()
    await write('empty.txt', '')
    await write('large.txt', 'x'.repeat(2000))
    await write('good.txt', 'good')
    const { watcher, id } = await watch('remove', { maxFileBytes: 1000 })
    await untilDocuments('good.txt')
    await until('both are recorded', async () => (await watcher.get(localAdministrator, id)).failedCount === 2)
    const files = await ledger.watchedFolders.files(id, { limit: 10 })
    expect(files.map(({ path, error }) => [path, error?.code])).toEqual([
      ['empty.txt', 'file_empty'],
      ['good.txt', undefined],
      ['large.txt', 'file_too_large'],
    ])
    await write('empty.txt', 'not any more')
    await write('large.txt', 'smaller')
    await untilDocuments('empty.txt', 'good.txt', 'large.txt')
    await until('no failure is left', async () => (await watcher.get(localAdministrator, id)).failedCount === 0)
    expect(await leftovers(data)).toEqual([])
  })

  it('names a file whose name is not UTF-8 in place of passing it over', async () => {
    const { root, watch, ledger } = await openFixture()
    await writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xa4, 0xa4, 0x2e, 0x74])]), 'Big5')
    const { id } = await watch()
    const [file] = await until('it is recorded', async () => {
      const files = await ledger.watchedFolders.files(id, { limit: 10 })
      return files.length > 0 && files
    })
    expect(file?.error?.code).toBe('file_name_invalid')
  })
})

describe('copies of a file in a watched folder', () => {
  it('are one document, which stays while one of them is there and bears its name', async () => {
    const { root, write, watch, untilDocument, untilDocuments, ledger } = await openFixture()
    await write('a.txt', 'same')
    const { id } = await watch()
    const document = await untilDocument('a.txt')
    await write('b.txt', 'same')
    const copy = await until('the copy is known', async () => {
      const file = await ledger.watchedFolders.file(id, 'b.txt')
      return file?.documentId ? file : undefined
    })
    expect(copy.documentId).toBe(document.id)
    await rm(join(root, 'a.txt'))
    const renamed = await untilDocument('b.txt')
    expect(renamed.id).toBe(document.id)
    await waitALittle()
    expect(await untilDocuments('b.txt')).toHaveLength(1)
  })

  it('become documents of their own when one of them changes', async () => {
    const { write, watch, untilDocument, untilDocuments, revisions, ledger } = await openFixture()
    await write('sop.txt', 'version 1')
    const { id } = await watch()
    const document = await untilDocument('sop.txt')
    await write('sop old.txt', 'version 1')
    await until('the copy is known', () => ledger.watchedFolders.file(id, 'sop old.txt'))
    await write('sop.txt', 'version 2')
    const documents = await untilDocuments('sop old.txt', 'sop.txt')
    expect(await revisions(document.id)).toHaveLength(2)
    expect(documents.find(({ name }) => name === 'sop.txt')?.id).toBe(document.id)
  })

  it('leave the document to the file that it is named after', async () => {
    const { write, watch, untilDocument, untilDocuments, revisions, ledger } = await openFixture()
    await write('sop.txt', 'version 1')
    const { id } = await watch()
    const document = await untilDocument('sop.txt')
    await write('draft.txt', 'version 1')
    await until('the copy is known', () => ledger.watchedFolders.file(id, 'draft.txt'))
    await write('draft.txt', 'version 2, a draft')
    await untilDocuments('draft.txt', 'sop.txt')
    expect(await revisions(document.id)).toHaveLength(1)
  })

  it('do not take away what people have uploaded', async () => {
    const { root, write, watch, untilDocuments, ledger, intake, collectionId } = await openFixture()
    const stream = Readable.from([Buffer.from('uploaded')])
    await intake.receive(localAdministrator, { name: 'a.txt', stream, collectionId })
    await write('a.txt', 'uploaded')
    await write('b.txt', 'b')
    const { id } = await watch('remove')
    await until('it is linked', () => ledger.watchedFolders.file(id, 'a.txt'))
    await untilDocuments('a.txt', 'b.txt')
    await rm(join(root, 'a.txt'))
    await until('it is forgotten', async () => (await ledger.watchedFolders.file(id, 'a.txt')) === undefined)
    await untilDocuments('a.txt', 'b.txt')
  })
})
