/** A ledger that version 0.1 of Kura has written goes on with all its documents. */
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { CamelCasePlugin, Kysely } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { AnswerId, CollectionId, DocumentId, RevisionId } from '../../src/core/ids.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { Ledger } from '../../src/store/ledger.ts'
import type { LedgerTables } from '../../src/store/ledger-schema.ts'
import { createFirstTables } from '../../src/store/migration-1.ts'
import { LedgerDialect, openSqlite } from '../../src/store/sqlite-dialect.ts'
import { closeAfterTest, makeFolder } from './store-fixtures.ts'

const time = (day: number): string => `2025-03-${String(day).padStart(2, '0')}T08:00:00.000Z`

/** The columns of version 1 that are there no more are written by their own SQL. */
const fill = (file: string): void => {
  const database = new BetterSqlite(file)
  const insert = (table: string, row: Record<string, string | number | null>) => {
    const names = Object.keys(row)
    const places = names.map((name) => `@${name}`).join(', ')
    database.prepare(`insert into ${table} (${names.join(', ')}) values (${places})`).run(row)
  }
  insert('collections', { id: 'col_1', name: 'Presses', description: '', created_at: time(1) })
  const addDocument = (id: string, sequence: number) =>
    insert('documents', {
      ...{ id, collection_id: 'col_1', sequence, name: `${id}.pdf`, search_name: `${id}.pdf`, created_at: time(1) },
    })
  const addRevision = (id: string, documentId: string, values: Record<string, string | number | null>) =>
    insert('revisions', {
      ...{ id, document_id: documentId, ordinal: 1, label: '1', sha256: id, bytes: 5, status: 'ready', format: 'pdf' },
      ...{ validity: 'effective', chunks: 3, fingerprint: 'model-a', pages_text: 1, paginated: 1, language: 'en' },
      ...{ effective_from: null, created_at: time(2), published_at: time(2) },
      ...values,
    })
  addDocument('doc_ready', 1)
  addRevision('rev_ready', 'doc_ready', {})
  insert('pages', {
    ...{ revision_id: 'rev_ready', number: 1, method: 'text', characters: 4, text: 'Text', blocks: '[]', lines: '[]' },
  })
  addDocument('doc_two', 2)
  addRevision('rev_old', 'doc_two', { validity: 'superseded' })
  addRevision('rev_new', 'doc_two', { ordinal: 2, label: 'B', effective_from: time(9), created_at: time(5) })
  addDocument('doc_waiting', 3)
  addRevision('rev_waiting', 'doc_waiting', {
    ...{ status: 'queued', validity: 'draft', chunks: 0, fingerprint: null, published_at: null, format: null },
  })
  insert('jobs', {
    ...{ id: 'job_1', revision_id: 'rev_waiting', document_id: 'doc_waiting', collection_id: 'col_1', sequence: 1 },
    created_at: time(2),
  })
  const place = { passageId: 'rev_ready.0', documentId: 'doc_ready', documentName: 'doc_ready.pdf', page: 1, boxes: [] }
  const passage = {
    ...{ id: 'rev_ready.0', documentId: 'doc_ready', documentName: 'doc_ready.pdf', revisionId: 'rev_ready' },
    ...{ revision: '1', collectionId: 'col_1', pageStart: 1, pageEnd: 1, paginated: true, heading: '', text: 'Text' },
    ...{ segments: [], language: 'en', segmentBoxes: [], scores: { fused: 1 } },
  }
  const answer = {
    ...{ id: 'ans_1', conversationId: 'con_1', question: 'q', status: 'answered', language: 'en', degraded: [] },
    quotes: [{ ...place, text: 'Text', score: 1 }],
    statements: [{ text: 'Text', citations: [{ ...place, revision: '1', quote: 'Text' }] }],
    passages: [passage],
    timingsMs: { retrieve: 1, total: 2 },
  }
  insert('conversations', { id: 'con_1', principal_id: 'local', created_at: time(3) })
  insert('answers', {
    ...{ id: 'ans_1', conversation_id: 'con_1', ordinal: 1, question: 'q', standalone: 'q', created_at: time(3) },
    ...{ answer: JSON.stringify(answer), prompt_id: 'answer', prompt_version: '1' },
  })
  database.close()
}

const openOldLedger = async (): Promise<Ledger> => {
  const file = join(await makeFolder(), 'kura.db')
  const db = new Kysely<LedgerTables>({
    dialect: new LedgerDialect(openSqlite(file)),
    plugins: [new CamelCasePlugin()],
  })
  await db.transaction().execute(async (trx) => {
    await trx.schema
      .createTable('meta')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute()
    await createFirstTables(trx)
    await trx.insertInto('meta').values({ key: 'schema_version', value: '1' }).execute()
  })
  await db.destroy()
  fill(file)
  return closeAfterTest(await Ledger.open(file))
}

const revisions = ['rev_ready', 'rev_old', 'rev_new', 'rev_waiting'] as RevisionId[]

describe('a ledger of schema version 1', () => {
  it('answers from the same revisions as before', async () => {
    const ledger = await openOldLedger()
    const visible = await ledger.documents.visible(admin, revisions)
    expect([...visible.keys()].sort()).toEqual(['rev_new', 'rev_ready'])
    expect(await ledger.documents.hidden(['col_1' as CollectionId])).toEqual(['rev_old'])
    expect([...(await ledger.documents.visible(admin, revisions, new Date(time(7)))).keys()].sort()).toEqual([
      'rev_old',
      'rev_ready',
    ])
    expect(await ledger.revisions.list(admin, 'doc_two' as DocumentId)).toMatchObject([
      { label: '1', validity: 'superseded', effectiveUntil: time(9) },
      { label: 'B', validity: 'effective', effectiveFrom: time(9) },
    ])
  })

  it('knows what its index holds as soon as the model of that index is up', async () => {
    const ledger = await openOldLedger()
    expect(await ledger.indexes.active()).toBeUndefined()
    await ledger.indexes.register({ fingerprint: 'model-a', model: 'a', dimensions: 4 })
    expect(await ledger.indexes.active()).toMatchObject({ progress: { done: 3, total: 3 } })
    expect(await ledger.documents.get(admin, 'doc_ready' as DocumentId)).toMatchObject({ chunks: 3, status: 'ready' })
    expect((await ledger.indexes.expectedChunks('model-a')).size).toBe(3)
  })

  it('keeps its pages, jobs and answers', async () => {
    const ledger = await openOldLedger()
    expect(await ledger.pages.get(admin, 'rev_ready' as RevisionId, 1)).toMatchObject({ text: 'Text' })
    expect(await ledger.documents.sourceOf('rev_ready' as RevisionId)).toMatchObject({ head: { format: 'pdf' } })
    expect(await ledger.jobs.claim('w', 60_000)).toMatchObject({ id: 'job_1', revisionId: 'rev_waiting' })
    const answer = await ledger.conversations.getAnswer(admin, 'ans_1' as AnswerId)
    expect(answer.quotes).toMatchObject([{ revisionId: 'rev_ready', revision: '1' }])
    expect(answer.statements[0]?.citations).toMatchObject([{ revisionId: 'rev_ready', revision: '1' }])
  })

  it('goes on: what waited is published and answers, and revisions can be controlled', async () => {
    const ledger = await openOldLedger()
    await ledger.indexes.register({ fingerprint: 'model-a', model: 'a', dimensions: 4 })
    const [, old, , waiting] = revisions as [RevisionId, RevisionId, RevisionId, RevisionId]
    await ledger.documents.publish(waiting, { language: 'en', signature: '', chunks: 1, fingerprint: 'model-a' })
    expect((await ledger.documents.visible(admin, [waiting])).size).toBe(1)
    await ledger.revisions.update(admin, 'doc_two' as DocumentId, old, { validity: 'effective' })
    expect([...(await ledger.documents.visible(admin, revisions)).keys()].sort()).toEqual([
      'rev_old',
      'rev_ready',
      'rev_waiting',
    ])
  })
})
