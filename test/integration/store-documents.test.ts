import BetterSqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { ParsedPage } from '../../src/core/document.ts'
import type { DocumentId, RevisionId } from '../../src/core/ids.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import type { Ledger } from '../../src/store/ledger.ts'
import { publication, sha256Of } from './store-documents.ts'
import { addDocument, codeOf, openLedger } from './store-fixtures.ts'

const page = (number: number, outcome: ParsedPage['outcome'] = { method: 'text' }): ParsedPage => ({
  number,
  outcome,
  text: 'Lock out the press.\n鎖定壓床。',
  blocks: [
    { kind: 'paragraph', start: 0, end: 19 },
    { kind: 'table', start: 20, end: 25, header: { start: 20, end: 22 }, rows: [{ start: 22, end: 25 }] },
  ],
  lines: [{ start: 0, end: 19, x: 0.1, y: 0.2, width: 0.5, height: 0.02 }],
})

const publish = async (ledger: Ledger, revisionId: RevisionId, pages: readonly ParsedPage[] = [page(1)]) => {
  await ledger.documents.startProcessing(revisionId)
  await ledger.pages.save(revisionId, pages)
  await ledger.documents.parsed(revisionId, { format: 'pdf', paginated: true, pageTotal: pages.length })
  await ledger.documents.publish(revisionId, publication)
}

describe('a collection', () => {
  it('is found by id and by name, and listed by name with the number of its documents', async () => {
    const { ledger, collectionId } = await openLedger()
    await ledger.collections.create(admin, { name: 'Assembly', description: 'Line 2' })
    await addDocument(ledger, collectionId, 'a')
    expect(await ledger.collections.list(admin)).toMatchObject([
      { name: 'Assembly', description: 'Line 2', documents: 0 },
      { name: 'Press shop', documents: 1 },
    ])
    expect((await ledger.collections.resolve(admin, 'Press shop')).id).toBe(collectionId)
    expect((await ledger.collections.resolve(admin, collectionId)).name).toBe('Press shop')
    expect(await codeOf(ledger.collections.resolve(admin, 'press shop'))).toBe('collection_not_found')
  })

  it('has a name of its own, which is free again when the collection is removed', async () => {
    const { ledger, collectionId } = await openLedger()
    expect(await codeOf(ledger.collections.create(admin, { name: ' Press shop ' }))).toBe('collection_exists')
    expect(await codeOf(ledger.collections.create(admin, { name: ' ' }))).toBe('invalid_request')
    const other = await ledger.collections.create(admin, { name: 'Other' })
    expect(await codeOf(ledger.collections.update(admin, other.id, { name: 'Press shop' }))).toBe('collection_exists')
    await ledger.collections.remove(admin, collectionId)
    expect(await ledger.collections.update(admin, other.id, { name: 'Press shop' })).toMatchObject({
      name: 'Press shop',
    })
    expect(await codeOf(ledger.collections.get(admin, collectionId))).toBe('collection_not_found')
    expect(await codeOf(ledger.collections.remove(admin, collectionId))).toBe('collection_not_found')
  })

  it('is readable alone where it is asked for, with all others where nothing is', async () => {
    const { ledger, collectionId } = await openLedger()
    const other = await ledger.collections.create(admin, { name: 'Other' })
    expect((await ledger.collections.readable(admin)).sort()).toEqual([collectionId, other.id].sort())
    expect(await ledger.collections.readable(admin, ['Other', other.id])).toEqual([other.id])
    expect(await ledger.collections.readable(admin, [])).toEqual([])
    expect(await codeOf(ledger.collections.readable(admin, ['Other', 'nope']))).toBe('collection_not_found')
  })

  it('stops answering with all its documents when it is removed, and their jobs are cancelled', async () => {
    const { ledger, collectionId } = await openLedger()
    const done = await addDocument(ledger, collectionId, 'a')
    await publish(ledger, done.revisionId)
    const waiting = await addDocument(ledger, collectionId, 'b')
    await ledger.jobs.claim('w', 60_000)
    await ledger.jobs.done(done.jobId, 'w')
    await ledger.collections.remove(admin, collectionId)
    expect((await ledger.documents.visible(admin, [done.revisionId])).size).toBe(0)
    expect(await codeOf(ledger.documents.get(admin, done.documentId))).toBe('document_not_found')
    expect(await ledger.jobs.get(admin, waiting.jobId)).toMatchObject({ state: 'cancelled' })
    expect((await ledger.documents.purgeable(10)).sort()).toEqual([done.revisionId, waiting.revisionId].sort())
    expect(await codeOf(addDocument(ledger, collectionId, 'c'))).toBe('collection_not_found')
  })
})

describe('a document', () => {
  it('goes from queued over processing to ready, and answers from the publication on', async () => {
    const { ledger, collectionId } = await openLedger()
    const { documentId, revisionId, jobId } = await addDocument(ledger, collectionId, '手冊.pdf')
    expect(await ledger.documents.get(admin, documentId)).toMatchObject({
      status: 'queued',
      revision: '1',
      jobId,
      format: null,
      publishedAt: null,
    })
    await ledger.documents.startProcessing(revisionId)
    expect(await ledger.documents.get(admin, documentId)).toMatchObject({ status: 'processing' })
    expect((await ledger.documents.visible(admin, [revisionId])).size).toBe(0)
    await publish(ledger, revisionId, [
      page(1),
      page(2, { method: 'blank' }),
      page(3, { method: 'ocr', confidence: 0.9 }),
    ])
    expect(await ledger.documents.get(admin, documentId)).toMatchObject({
      status: 'ready',
      pages: { text: 1, ocr: 1, blank: 1, failed: 0 },
      chunks: 2,
      format: 'pdf',
      paginated: true,
      language: 'en',
      error: null,
    })
    expect([...(await ledger.documents.visible(admin, [revisionId, revisionId, 'rev_x' as RevisionId]))]).toEqual([
      [revisionId, { documentId, documentName: '手冊.pdf', revision: '1', collectionId, paginated: true }],
    ])
    expect(await ledger.indexes.expectedChunks('test')).toEqual(new Map([[revisionId, 2]]))
  })

  it('is ready_with_gaps where a page failed, and tells which and why', async () => {
    const { ledger, collectionId } = await openLedger()
    const { documentId, revisionId } = await addDocument(ledger, collectionId, 'a')
    await publish(ledger, revisionId, [page(1), page(2, { method: 'failed', errorCode: 'page_unreadable' })])
    expect(await ledger.documents.get(admin, documentId)).toMatchObject({
      status: 'ready_with_gaps',
      pages: { failed: 1 },
    })
    expect(await ledger.pages.summary(admin, revisionId)).toEqual([
      { number: 1, label: null, outcome: { method: 'text' }, characters: 25 },
      { number: 2, label: null, outcome: { method: 'failed', errorCode: 'page_unreadable' }, characters: 25 },
    ])
  })

  it('does not answer before the date that it is effective from', async () => {
    const { ledger, collectionId } = await openLedger()
    const values = { collectionId, name: 'a', sha256: sha256Of('a'), bytes: 1, effectiveFrom: '2999-01-01' }
    const { revisionId } = await ledger.documents.create(admin, values)
    await publish(ledger, revisionId)
    expect((await ledger.documents.visible(admin, [revisionId])).size).toBe(0)
  })

  it('stops answering at once when it is removed, and its texts go when it is purged', async () => {
    const { ledger, collectionId } = await openLedger()
    const { documentId, revisionId } = await addDocument(ledger, collectionId, 'a')
    await publish(ledger, revisionId)
    expect(await ledger.documents.purgeable(10)).toEqual([])
    await ledger.documents.remove(admin, documentId)
    expect((await ledger.documents.visible(admin, [revisionId])).size).toBe(0)
    expect((await ledger.indexes.expectedChunks('test')).size).toBe(0)
    expect((await ledger.documents.referencedContents()).size).toBe(0)
    expect(await codeOf(ledger.documents.remove(admin, documentId))).toBe('document_not_found')
    expect(await codeOf(ledger.documents.sourceOf(revisionId))).toBe('document_not_found')
    // Its job was not ended by a worker here: it was cancelled by the removal.
    expect(await ledger.documents.purgeable(10)).toEqual([revisionId])
    await ledger.documents.purged([revisionId])
    expect(await ledger.documents.purgeable(10)).toEqual([])
    expect(await ledger.pages.read(revisionId)).toEqual([])
  })

  it('that is removed while a worker is at it is not published any more, and not purged under its hands', async () => {
    const { ledger, collectionId } = await openLedger()
    const { documentId, revisionId, jobId } = await addDocument(ledger, collectionId, 'a')
    await ledger.jobs.claim('w', 60_000)
    await ledger.documents.remove(admin, documentId)
    expect(await ledger.documents.purgeable(10)).toEqual([])
    expect(await codeOf(ledger.documents.publish(revisionId, publication))).toBe('job_cancelled')
    await ledger.jobs.cancelled(jobId, 'w')
    expect(await ledger.documents.purgeable(10)).toEqual([revisionId])
  })

  it('tells why it failed, and its leftovers are to be purged', async () => {
    const { ledger, collectionId } = await openLedger()
    const { documentId, revisionId, jobId } = await addDocument(ledger, collectionId, 'a')
    const failure = { code: 'pdf_damaged', message: 'The PDF has no cross-reference table.' }
    await ledger.jobs.claim('w', 60_000)
    await ledger.documents.fail(revisionId, failure, 'failed')
    await ledger.jobs.fail(jobId, 'w', failure, undefined)
    expect(await ledger.documents.get(admin, documentId)).toMatchObject({ status: 'failed', error: failure })
    expect(await ledger.documents.purgeable(10)).toEqual([revisionId])
  })

  it('answers on while it is ingested anew, even where that fails', async () => {
    const { ledger, collectionId } = await openLedger()
    const { documentId, revisionId, jobId } = await addDocument(ledger, collectionId, 'a')
    await ledger.jobs.claim('w', 60_000)
    await publish(ledger, revisionId)
    const again = await ledger.jobs.enqueue(revisionId)
    expect(again).not.toBe(jobId)
    expect(await ledger.jobs.enqueue(revisionId)).toBe(again)
    await ledger.jobs.claim('w', 60_000)
    await ledger.documents.startProcessing(revisionId)
    expect(await ledger.documents.get(admin, documentId)).toMatchObject({ status: 'ready', jobId: again })
    await ledger.jobs.fail(again, 'w', { code: 'pdf_damaged', message: '' }, undefined)
    expect(await ledger.documents.get(admin, documentId)).toMatchObject({ status: 'ready' })
    expect((await ledger.documents.visible(admin, [revisionId])).size).toBe(1)
    expect(await ledger.documents.purgeable(10)).toEqual([])
  })
})

describe('the list of documents', () => {
  it('is newest first, page by page, without loss when documents come and go meanwhile', async () => {
    const { ledger, collectionId } = await openLedger()
    const ids: DocumentId[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      ids.unshift((await addDocument(ledger, collectionId, name)).documentId)
    const first = await ledger.documents.list(admin, { limit: 2 })
    expect(first.documents.map((document) => document.id)).toEqual(ids.slice(0, 2))
    await addDocument(ledger, collectionId, 'f')
    await ledger.documents.remove(admin, ids[1] as DocumentId)
    const second = await ledger.documents.list(admin, { limit: 2, cursor: first.nextCursor })
    expect(second.documents.map((document) => document.id)).toEqual(ids.slice(2, 4))
    const third = await ledger.documents.list(admin, { limit: 2, cursor: second.nextCursor })
    expect(third.documents.map((document) => document.id)).toEqual(ids.slice(4))
    expect(third.nextCursor).toBeUndefined()
    expect(await codeOf(ledger.documents.list(admin, { cursor: "1' or 1=1" }))).toBe('invalid_request')
  })

  it('is narrowed by collection, status and a part of the name, whatever its width and case', async () => {
    const { ledger, collectionId } = await openLedger()
    const other = await ledger.collections.create(admin, { name: 'Other' })
    const { revisionId } = await addDocument(ledger, collectionId, 'Ｐress_HP-200 100%.pdf')
    await addDocument(ledger, other.id, '油壓機 手冊.pdf')
    await publish(ledger, revisionId)
    const names = async (filter: Parameters<typeof ledger.documents.list>[1]) =>
      (await ledger.documents.list(admin, filter)).documents.map((document) => document.name)
    expect(await names({ q: 'PRESS_hp' })).toEqual(['Ｐress_HP-200 100%.pdf'])
    expect(await names({ q: '壓機 手' })).toEqual(['油壓機 手冊.pdf'])
    expect(await names({ q: '0%.' })).toEqual(['Ｐress_HP-200 100%.pdf'])
    expect(await names({ q: 'press%hp' })).toEqual([])
    expect(await names({ q: '\\' })).toEqual([])
    expect(await names({ q: 'x'.repeat(100_000) })).toEqual([])
    expect(await names({ collectionId: other.id })).toEqual(['油壓機 手冊.pdf'])
    expect(await names({ status: 'queued' })).toEqual(['油壓機 手冊.pdf'])
    expect(await names({ status: 'ready', collectionId: other.id })).toEqual([])
  })
})

describe('pages', () => {
  it('come back as they were saved, and are replaced when they are saved again', async () => {
    const { ledger, collectionId } = await openLedger()
    const { revisionId } = await addDocument(ledger, collectionId, 'a')
    const many = Array.from({ length: 250 }, (_, i) => page(i + 1))
    await ledger.pages.save(revisionId, many)
    await ledger.pages.save(revisionId, [page(2, { method: 'ocr', confidence: 0.5 })])
    const read = await ledger.pages.read(revisionId)
    expect(read).toHaveLength(250)
    expect(read[0]).toEqual(page(1))
    expect(read[1]).toEqual(page(2, { method: 'ocr', confidence: 0.5 }))
    expect(await ledger.pages.get(admin, revisionId, 250)).toEqual(page(250))
    expect(await ledger.pages.layouts(revisionId, [3, 3, 999])).toEqual(
      new Map([[3, { label: null, lines: page(3).lines, cells: [] }]]),
    )
    expect((await ledger.pages.texts(admin, revisionId)).slice(0, 1)).toEqual([
      { number: 1, label: null, text: page(1).text },
    ])
    expect(await codeOf(ledger.pages.get(admin, revisionId, 251))).toBe('page_not_found')
    expect(await codeOf(ledger.pages.get(admin, 'rev_x' as RevisionId, 1))).toBe('page_not_found')
    await ledger.pages.clear(revisionId)
    expect(await ledger.pages.read(revisionId)).toEqual([])
  })

  it('of sheets come back with their names and cells, and those that wait for OCR with why', async () => {
    const { ledger, collectionId } = await openLedger()
    const { revisionId } = await addDocument(ledger, collectionId, 'a')
    const sheet = { ...page(1), label: 'Old values (hidden)', cells: [{ start: 0, end: 19, cells: 'A5:D5' }] }
    const scan = page(2, { method: 'unread', reason: 'little_text' })
    await ledger.pages.save(revisionId, [sheet, scan])
    expect(await ledger.pages.read(revisionId)).toEqual([sheet, scan])
    expect((await ledger.pages.layouts(revisionId, [1])).get(1)).toMatchObject({
      label: sheet.label,
      cells: sheet.cells,
    })
    expect(await ledger.pages.savedUpTo(revisionId)).toBe(2)
    await ledger.pages.save(revisionId, [page(4)])
    expect(await ledger.pages.savedUpTo(revisionId)).toBe(2)
    await ledger.documents.parsed(revisionId, { format: 'xlsx', paginated: true, pageTotal: 3 })
    expect(await codeOf(ledger.documents.publish(revisionId, publication))).toBe('internal')
  })

  it('keep the length of a text with half a surrogate pair, so that offsets stay right', async () => {
    const { ledger, collectionId } = await openLedger()
    const { revisionId } = await addDocument(ledger, collectionId, 'a')
    await ledger.pages.save(revisionId, [{ ...page(1), text: 'a\uD800b\u0000😀' }])
    expect((await ledger.pages.read(revisionId))[0]?.text).toBe('a\uFFFDb\u0000😀')
  })

  it('that are damaged in the ledger are an error, not a wrong box', async () => {
    const { ledger, file, collectionId } = await openLedger()
    const { revisionId } = await addDocument(ledger, collectionId, 'a')
    await ledger.pages.save(revisionId, [page(1)])
    const database = new BetterSqlite(file)
    database.exec(`update pages set lines = '[{"start":0,"end":1,"x":null}]'`)
    database.close()
    expect(await codeOf(ledger.pages.layouts(revisionId, [1]))).toBe('data_damaged')
  })
})
