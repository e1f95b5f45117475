/**
 * Documents and their revisions, from the upload to the publication and the removal. In: labels and content hashes from
 * intake.ts, results of the ingestion worker; out: records, and the answer to "which revisions may answer now".
 * Invariant: `publish` is one transaction; before it nothing of the revision answers, after it all of it does, and the
 * document's earlier revision does not any more. Deleted documents are tombstones until the worker has purged them.
 */
import { sql } from 'kysely'
import type { Language } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'
import type { CollectionId, DocumentId, RevisionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { type CreatedDocument, createDocument, type NewDocument, selectSameContent } from './create-document.ts'
import { foldName, selectDocuments, toDocumentRecord } from './document-rows.ts'
import { type LedgerDatabase, timestamp } from './ledger-schema.ts'
import { type Publication, publishRevision } from './publish-revision.ts'
import type { DocumentRecord, DocumentStatus, FailureRecord } from './records.ts'
import { cancelJobsOf, openJobStates, setRevisionStatus } from './revision-states.ts'

/** Ids in one statement; databases bound the number of parameters. */
const idsPerStatement = 500
const defaultListLimit = 50
const maxListLimit = 200
const maxSearchCharacters = 5000

export interface VisibleRevision {
  readonly documentId: DocumentId
  readonly documentName: string
  /** The revision's label. */
  readonly revision: string
  readonly collectionId: CollectionId
  readonly paginated: boolean
}

export class DocumentStore {
  readonly #db: LedgerDatabase

  constructor(db: LedgerDatabase) {
    this.#db = db
  }

  /**
   * Newest first. `q` is looked for anywhere in the name, whatever its case or width; `cursor` is `nextCursor` of the page before.
   * @throws invalid_request where the cursor is not one of ours
   */
  async list(
    _principal: Principal,
    filter: {
      collectionId?: CollectionId | undefined
      status?: DocumentStatus | undefined
      q?: string | undefined
      cursor?: string | undefined
      /** 1 to 200. @default 50 */
      limit?: number | undefined
    } = {},
  ): Promise<{ documents: DocumentRecord[]; nextCursor?: string }> {
    const limit = Math.min(Math.max(filter.limit ?? defaultListLimit, 1), maxListLimit)
    let query = selectDocuments(this.#db)
      .orderBy('documents.sequence', 'desc')
      .limit(limit + 1)
    if (filter.collectionId !== undefined) query = query.where('documents.collectionId', '=', filter.collectionId)
    if (filter.status !== undefined) query = query.where('revisions.status', '=', filter.status)
    if (filter.cursor !== undefined) query = query.where('documents.sequence', '<', parseCursor(filter.cursor))
    const q = foldName(filter.q ?? '').trim()
    // No name is that long, and SQLite refuses patterns of more than 50,000 bytes.
    if (q.length > maxSearchCharacters) return { documents: [] }
    if (q !== '') query = query.where(nameContains(q))
    const rows = await query.execute()
    const documents = rows.slice(0, limit).map(toDocumentRecord)
    const last = rows[limit - 1]
    return rows.length > limit && last !== undefined
      ? { documents, nextCursor: last.sequence.toString(36) }
      : { documents }
  }

  /** @throws document_not_found */
  async get(_principal: Principal, id: DocumentId): Promise<DocumentRecord> {
    const row = await selectDocuments(this.#db).where('documents.id', '=', id).executeTakeFirst()
    if (row === undefined) throw notFound(id)
    return toDocumentRecord(row)
  }

  /**
   * From now on it does not answer, and its job is cancelled. Its index rows and original are cleared away later.
   * @throws document_not_found
   */
  remove(_principal: Principal, id: DocumentId): Promise<void> {
    return this.#db.transaction().execute(async (trx) => {
      const removed = await trx
        .updateTable('documents')
        .set({ deletedAt: timestamp() })
        .where('id', '=', id)
        .where('deletedAt', 'is', null)
        .returning('id')
        .executeTakeFirst()
      if (removed === undefined) throw notFound(id)
      await cancelJobsOf(trx, { documentId: id })
    })
  }

  /**
   * A document, its first revision and the job that ingests it; or, where the collection holds the same content already, that
   * document. Two calls at the same moment make one document.
   * @throws collection_not_found
   */
  create(_principal: Principal, values: NewDocument): Promise<CreatedDocument> {
    return this.#db.transaction().execute((trx) => createDocument(trx, values))
  }

  /** The document of this content, unless it is deleted, failed or cancelled. */
  async findByContent(
    _principal: Principal,
    collectionId: CollectionId,
    sha256: string,
  ): Promise<DocumentRecord | undefined> {
    const row = await selectSameContent(this.#db, collectionId, sha256).executeTakeFirst()
    return row === undefined ? undefined : toDocumentRecord(row)
  }

  /** A published revision stays as it is: it answers on while it is ingested anew. */
  startProcessing(revisionId: RevisionId): Promise<void> {
    return this.#db.transaction().execute((trx) => setRevisionStatus(trx, revisionId, 'processing', null))
  }

  /**
   * Makes the revision the one that answers, in one transaction: counts its pages (`ready`, or `ready_with_gaps` where some
   * failed), supersedes the document's earlier revision, and ends its job. To be called when all rows are in the index and counted.
   * @throws document_not_found; job_cancelled where the job was cancelled or the document deleted meanwhile
   */
  publish(revisionId: RevisionId, publication: Publication): Promise<void> {
    return this.#db.transaction().execute((trx) => publishRevision(trx, revisionId, publication))
  }

  /** No effect on a revision that is published: it answers on. */
  fail(revisionId: RevisionId, failure: FailureRecord, status: 'failed' | 'cancelled'): Promise<void> {
    return this.#db.transaction().execute((trx) => setRevisionStatus(trx, revisionId, status, failure))
  }

  /** Of the given revisions those that may answer now. Whatever else the index returns is to be dropped. */
  async visible(_principal: Principal, revisionIds: readonly RevisionId[]): Promise<Map<RevisionId, VisibleRevision>> {
    const visible = new Map<RevisionId, VisibleRevision>()
    const now = timestamp()
    for (const ids of batches([...new Set(revisionIds)])) {
      const rows = await selectAnswering(this.#db)
        .where('revisions.id', 'in', ids)
        .where((where) =>
          where.or([where('revisions.effectiveFrom', 'is', null), where('revisions.effectiveFrom', '<=', now)]),
        )
        .select(['revisions.id', 'documents.id as documentId', 'documents.name as documentName'])
        .select(['revisions.label as revision', 'documents.collectionId', 'revisions.paginated'])
        .execute()
      for (const { id, paginated, ...rest } of rows) visible.set(id, { ...rest, paginated: paginated === 1 })
    }
    return visible
  }

  /**
   * Revisions that will not answer any more (deleted, superseded, failed, cancelled), whose index rows may still be there and on
   * which no job works.
   */
  async purgeable(limit: number): Promise<RevisionId[]> {
    const rows = await selectPurgeable(this.#db).limit(limit).execute()
    return rows.map((row) => row.id)
  }

  /** Their rows are out of the index. The page texts of deleted documents go with them. */
  purged(revisionIds: readonly RevisionId[]): Promise<void> {
    return this.#db.transaction().execute(async (trx) => {
      for (const ids of batches(revisionIds)) {
        await trx.updateTable('revisions').set({ purgedAt: timestamp() }).where('id', 'in', ids).execute()
        const deleted = trx
          .selectFrom('revisions')
          .innerJoin('documents', 'documents.id', 'revisions.documentId')
          .select('revisions.id')
          .where('revisions.id', 'in', ids)
          .where('documents.deletedAt', 'is not', null)
        await trx.deleteFrom('pages').where('revisionId', 'in', deleted).execute()
      }
    })
  }

  /**
   * What the worker needs to read the original.
   * @throws document_not_found
   */
  async sourceOf(revisionId: RevisionId): Promise<{
    sha256: string
    name: string
    documentId: DocumentId
    collectionId: CollectionId
    /** As the uploader said. */
    language: Language | null
  }> {
    const row = await this.#db
      .selectFrom('revisions')
      .innerJoin('documents', 'documents.id', 'revisions.documentId')
      .select(['revisions.sha256', 'documents.name', 'documents.id as documentId', 'documents.collectionId'])
      .select('revisions.languageHint as language')
      .where('revisions.id', '=', revisionId)
      .where('documents.deletedAt', 'is', null)
      .executeTakeFirst()
    if (row === undefined) throw new KuraError('document_not_found', 'The document was deleted.')
    return row
  }

  /** How many chunks the index should hold of each revision that answers or will: what the reconciler compares with. */
  async expectedChunks(): Promise<Map<RevisionId, number>> {
    const rows = await selectAnswering(this.#db).select(['revisions.id', 'revisions.chunks']).execute()
    return new Map(rows.map((row) => [row.id, row.chunks]))
  }

  /** Content hashes of all documents that are not deleted: the originals that must stay. */
  async referencedContents(): Promise<Set<string>> {
    const rows = await this.#db
      .selectFrom('revisions')
      .innerJoin('documents', 'documents.id', 'revisions.documentId')
      .select('revisions.sha256')
      .distinct()
      .where('documents.deletedAt', 'is', null)
      .execute()
    return new Set(rows.map((row) => row.sha256))
  }
}

const nameContains = (q: string) =>
  sql<boolean>`${sql.ref('documents.searchName')} like ${`%${q.replaceAll(/[\\%_]/g, '\\$&')}%`} escape '\\'`

const notFound = (id: DocumentId): KuraError =>
  new KuraError('document_not_found', 'There is no document of this id.', { details: { documentId: id } })

const parseCursor = (cursor: string): number => {
  const sequence = /^[0-9a-z]{1,11}$/.test(cursor) ? Number.parseInt(cursor, 36) : Number.NaN
  if (!Number.isSafeInteger(sequence)) {
    throw new KuraError('invalid_request', 'The cursor is not one that a list returned.')
  }
  return sequence
}

function* batches<Id>(ids: readonly Id[]): Generator<Id[]> {
  for (let start = 0; start < ids.length; start += idsPerStatement) yield ids.slice(start, start + idsPerStatement)
}

const selectPurgeable = (db: LedgerDatabase) =>
  db
    .selectFrom('revisions')
    .innerJoin('documents', 'documents.id', 'revisions.documentId')
    .select('revisions.id')
    .where('revisions.purgedAt', 'is', null)
    .where((where) =>
      where.or([
        where('documents.deletedAt', 'is not', null),
        where('revisions.validity', '=', 'superseded'),
        where('revisions.status', 'in', ['failed', 'cancelled']),
      ]),
    )
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('jobs')
            .select('jobs.id')
            .whereRef('jobs.revisionId', '=', 'revisions.id')
            .where('jobs.state', 'in', openJobStates),
        ),
      ),
    )
    .orderBy('revisions.id')

/** Published revisions in force, of documents and collections that are not deleted. */
const selectAnswering = (db: LedgerDatabase) =>
  db
    .selectFrom('revisions')
    .innerJoin('documents', 'documents.id', 'revisions.documentId')
    .innerJoin('collections', 'collections.id', 'documents.collectionId')
    .where('revisions.publishedAt', 'is not', null)
    .where('revisions.validity', '=', 'effective')
    .where('documents.deletedAt', 'is', null)
    .where('collections.deletedAt', 'is', null)
