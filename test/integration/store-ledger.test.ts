import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import BetterSqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { DocumentId, RevisionId } from '../../src/core/ids.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { Ledger } from '../../src/store/ledger.ts'
import { publication, sha256Of } from './store-documents.ts'
import { addDocument, closeAfterTest, codeOf, makeFolder, openLedger, startChild } from './store-fixtures.ts'

describe('opening a ledger', () => {
  it('finds again what was written before it was closed', async () => {
    const file = join(await makeFolder(), 'kura.db')
    {
      await using ledger = await Ledger.open(file)
      await ledger.collections.create(admin, { name: '模具', description: 'dies' })
    }
    const again = closeAfterTest(await Ledger.open(file))
    expect(await again.collections.list(admin)).toMatchObject([{ name: '模具', description: 'dies', documents: 0 }])
  })

  it('is refused with data_newer where a newer version has written, and leaves the file as it is', async () => {
    const file = join(await makeFolder(), 'kura.db')
    await (await Ledger.open(file))[Symbol.asyncDispose]()
    const database = new BetterSqlite(file)
    database.exec("update meta set value = '999' where key = 'schema_version'")
    database.close()
    expect(await codeOf(Ledger.open(file))).toBe('data_newer')
    expect(await codeOf(Ledger.open(file))).toBe('data_newer')
  })

  it('is refused with data_damaged where the file is no database, or not one of ours', async () => {
    const folder = await makeFolder()
    const text = join(folder, 'text.db')
    await writeFile(text, 'This is a text file, and rather longer than the header of a database. '.repeat(50))
    expect(await codeOf(Ledger.open(text))).toBe('data_damaged')
    const other = join(folder, 'other.db')
    const database = new BetterSqlite(other)
    database.exec('create table recipes (name text)')
    database.close()
    expect(await codeOf(Ledger.open(other))).toBe('data_damaged')
  })

  it('is refused with data_not_writable where there is no folder, or a folder in its place', async () => {
    const folder = await makeFolder()
    await writeFile(join(folder, 'file'), '')
    expect(await codeOf(Ledger.open(join(folder, 'missing', 'kura.db')))).toBe('data_not_writable')
    expect(await codeOf(Ledger.open(join(folder, 'file', 'kura.db')))).toBe('data_not_writable')
    await mkdir(join(folder, 'kura.db'))
    expect(await codeOf(Ledger.open(join(folder, 'kura.db')))).toBe('data_not_writable')
  })

  it('works for several at the same moment on a folder that has none yet', async () => {
    const file = join(await makeFolder(), 'kura.db')
    const ledgers = await Promise.all([1, 2, 3, 4].map(async () => closeAfterTest(await Ledger.open(file))))
    await ledgers[0]?.collections.create(admin, { name: 'A' })
    expect(await ledgers[3]?.collections.list(admin)).toHaveLength(1)
  })
})

describe('a process that is killed while it writes', () => {
  it('leaves a ledger that opens, holds all that was reported, and nothing half', async () => {
    const { ledger, file } = await openLedger()
    const reported: string[] = []
    for (const afterMs of [0, 15, 40, 90, 160, 230]) {
      const child = startChild('write', file)
      await child.printed('published')
      await sleep(afterMs)
      child.process.kill('SIGKILL')
      const { output, exit } = await child.ended
      expect(exit).toBe('SIGKILL')
      reported.push(...output.split('\n').slice(0, -1))

      const again = await Ledger.open(file)
      await again[Symbol.asyncDispose]()
    }
    const database = new BetterSqlite(file)
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(database.pragma('foreign_key_check')).toEqual([])
    database.close()

    const idsOf = (word: string) =>
      reported.flatMap((line) => (line.startsWith(word) ? [line.slice(word.length + 1)] : []))
    const removed = new Set(idsOf('removed'))
    for (const id of idsOf('created').filter((id) => !removed.has(id))) {
      const document = await ledger.documents.get(admin, id as DocumentId).catch(() => undefined)
      // The one that was being removed when the process was killed may be gone.
      if (document === undefined) continue
      const pages = await ledger.pages.summary(admin, document.revisionId)
      expect([0, 2]).toContain(pages.length)
      if (document.status === 'ready') expect(document).toMatchObject({ chunks: 2, pages: { text: 2, failed: 0 } })
      else expect(document).toMatchObject({ chunks: 0, publishedAt: null })
    }
    const visible = await ledger.documents.visible(admin, idsOf('published') as RevisionId[])
    const answering = new Set([...visible.values()].map((revision) => revision.documentId as string))
    expect([...removed].filter((id) => answering.has(id))).toEqual([])
    expect(visible.size).toBeGreaterThanOrEqual(idsOf('published').length - removed.size - 6)
    expect(idsOf('published').length).toBeGreaterThanOrEqual(6)
  })
})

describe('two processes that upload the same content at the same moment', () => {
  it('get one document', async () => {
    const { ledger, file, collectionId } = await openLedger()
    const start = String(Date.now() + 2500)
    const children = [1, 2].map(() => startChild('upload', file, collectionId, start))
    const lines = (await Promise.all(children.map((child) => child.ended))).flatMap(({ output }) =>
      output.trim().split('\n'),
    )
    expect(lines).toHaveLength(40)
    expect(lines.filter((line) => line.endsWith('false'))).toHaveLength(20)
    expect(new Set(lines.map((line) => line.split(' ')[0])).size).toBe(20)
    expect((await ledger.documents.list(admin)).documents).toHaveLength(20)
  })
})

describe('a rule of SQLite', () => {
  it('that is broken is an error of ours, without the values', async () => {
    const { ledger } = await openLedger()
    const orphan = ledger.pages.save('rev_unknown' as RevisionId, [
      { number: 1, outcome: { method: 'text' }, text: 'secret text', blocks: [], lines: [] },
    ])
    const error = await orphan.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ name: 'KuraError', code: 'internal' })
    expect(String(error)).not.toContain('secret text')
  })

  it('does not break the next transaction', async () => {
    const { ledger, collectionId } = await openLedger()
    await codeOf(
      ledger.pages.save('rev_unknown' as RevisionId, [
        { number: 1, outcome: { method: 'text' }, text: '', blocks: [], lines: [] },
      ]),
    )
    const { revisionId } = await addDocument(ledger, collectionId, 'a')
    await ledger.documents.publish(revisionId, publication)
    expect(await ledger.documents.findByContent(admin, collectionId, sha256Of('a'))).toMatchObject({ status: 'ready' })
  })
})
