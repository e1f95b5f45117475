/**
 * Documents and their revisions, from the upload to the publication and the removal. In: labels and content hashes from
 * intake.ts, results of the ingestion worker; out: records, and the answer to "which revisions may answer now".
 * Invariant: `publish` is one transaction; before it nothing of the revision answers, after it all of it does while it is in force
 * (effectivity.ts). Deleted documents are tombstones until the worker has purged them.
 */
import { sql } from 'kysely'
import type { DocumentFormat } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'
import type { CollectionId, DocumentId, RevisionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { type CreatedDocument, createDocument, type NewDocument, selectSameContent } from './create-document.ts'
import { foldName, selectDocuments, toDocumentRecord } from './document-rows.ts'
import { idBatches } from './id-batches.ts'
import { type LedgerDatabase, type LedgerTransaction, timestamp } from './ledger-schema.ts'
import { type Publication, publishRevision } from './publish-revision.ts'
import type { DocumentKind, DocumentRecord, DocumentStatus, FailureRecord } from './records.ts'
import { findSource, type RevisionSource } from './revision-source.ts'
import { cancelJobsOf, openJobStates, setRevisionStatus } from './revision-states.ts'
import { findHidden, findVisible, type VisibleRevision } from './visible-revisions.ts'

const defaultListLimit = 50
const maxListLimit = 200
const maxSearchCharacters = 5000

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
      /** Only files, or only verified answers. */
      kind?: DocumentKind | undefined
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
    if (filter.kind === 'answer') query = query.where('revisions.format', '=', 'answer')
    if (filter.kind === 'file') {
      query = query.where((where) =>
        where.or([where('revisions.format', 'is', null), where('revisions.format', '!=', 'answer')]),
      )
    }
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
   * @param name a label, cleaned already
   * @throws document_not_found
   */
  async rename(_principal: Principal, id: DocumentId, name: string): Promise<void> {
    const renamed = await this.#db
      .updateTable('documents')
      .set({ name, searchName: foldName(name) })
      .where('id', '=', id)
      .where('deletedAt', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (renamed === undefined) throw notFound(id)
  }

  /**
   * From now on it does not answer, nor does what was inside of it, and its jobs are cancelled. Its index rows and original are cleared away later.
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
      await removeChildren(trx, id)
    })
  }

  /**
   * A document, its first revision and the job that ingests it; or, where the collection holds the same content already, that
   * document. Two calls at the same moment make one document. With `revisionOf` a further revision of that document.
   * @throws collection_not_found document_not_found revision_exists
   */
  create(principal: Principal, values: NewDocument): Promise<CreatedDocument> {
    return this.#db.transaction().execute((trx) => createDocument(trx, principal, values))
  }

  /** What was found inside of it: attachments, entries. In the order in which they were found. */
  async children(_principal: Principal, id: DocumentId): Promise<DocumentRecord[]> {
    const rows = await selectDocuments(this.#db)
      .where('documents.parentId', '=', id)
      .orderBy('documents.sequence')
      .execute()
    return rows.map(toDocumentRecord)
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

  /** All its pages are in the ledger: from now on an interrupted job goes on behind the parse. */
  async parsed(
    revisionId: RevisionId,
    head: { format: DocumentFormat; paginated: boolean; title?: string | undefined; pageTotal: number },
  ): Promise<void> {
    await this.#db
      .updateTable('revisions')
      .set({
        format: head.format,
        paginated: head.paginated ? 1 : 0,
        title: head.title ?? null,
        pageTotal: head.pageTotal,
        parsedAt: timestamp(),
      })
      .where('id', '=', revisionId)
      .execute()
  }

  /**
   * Lets the revision answer as soon as it is in force, in one transaction: counts its pages (`ready`, or `ready_with_gaps` where some
   * failed) and ends its job. To be called when all rows are in the index and counted.
   * @throws document_not_found; job_cancelled where the job was cancelled or the document deleted meanwhile; index_incomplete where another
   *   index answers by now; internal where a page is not accounted for
   */
  publish(revisionId: RevisionId, publication: Publication): Promise<void> {
    return this.#db.transaction().execute((trx) => publishRevision(trx, revisionId, publication))
  }

  /** No effect on a revision that is published: it answers on. */
  fail(revisionId: RevisionId, failure: FailureRecord, status: 'failed' | 'cancelled'): Promise<void> {
    return this.#db.transaction().execute((trx) => setRevisionStatus(trx, revisionId, status, failure))
  }

  /** Of the given revisions those that may answer at the time. Whatever else the index returns is to be dropped. */
  visible(
    _principal: Principal,
    revisionIds: readonly RevisionId[],
    at: Date = new Date(),
  ): Promise<Map<RevisionId, VisibleRevision>> {
    return findVisible(this.#db, revisionIds, at)
  }

  /**
   * Published revisions of the collections that may not answer at the time: what a search is to leave out from the start, so that seven
   * old versions of a manual do not crowd out the one in force.
   */
  hidden(collectionIds: readonly CollectionId[], at: Date = new Date()): Promise<RevisionId[]> {
    return findHidden(this.#db, collectionIds, at)
  }

  /**
   * Revisions that will never answer again (deleted, failed, cancelled), whose index rows may still be there and on which no job
   * works. Superseded ones stay: the past may be asked.
   */
  async purgeable(limit: number): Promise<RevisionId[]> {
    const rows = await selectPurgeable(this.#db).limit(limit).execute()
    return rows.map((row) => row.id)
  }

  /** Their rows are out of the index. The page texts of deleted documents go with them, and the questions made of these. */
  purged(revisionIds: readonly RevisionId[]): Promise<void> {
    return this.#db.transaction().execute(async (trx) => {
      for (const ids of idBatches(revisionIds)) {
        await trx.updateTable('revisions').set({ purgedAt: timestamp() }).where('id', 'in', ids).execute()
        await trx.deleteFrom('indexedRevisions').where('revisionId', 'in', ids).execute()
        await trx.deleteFrom('nearDuplicates').where('revisionId', 'in', ids).execute()
        await trx.deleteFrom('nearDuplicates').where('otherRevisionId', 'in', ids).execute()
        const deleted = trx
          .selectFrom('revisions')
          .innerJoin('documents', 'documents.id', 'revisions.documentId')
          .select('revisions.id')
          .where('revisions.id', 'in', ids)
          .where('documents.deletedAt', 'is not', null)
        await trx.deleteFrom('pages').where('revisionId', 'in', deleted).execute()
        await trx.deleteFrom('generatedQuestions').where('revisionId', 'in', deleted).execute()
      }
    })
  }

  /**
   * What the worker needs to read the original, and how far an earlier try got.
   * @throws document_not_found
   */
  sourceOf(revisionId: RevisionId): Promise<RevisionSource> {
    return findSource(this.#db, revisionId)
  }

  /** How deep the document lies in mails and archives (0: in none), and how many documents lie in the outermost one with it. */
  async nestingOf(id: DocumentId): Promise<{ depth: number; documents: number }> {
    const { rows } = await sql<{ depth: number; documents: number }>`
      with recursive above(id, parent_id, depth) as (
        select id, parent_id, 0 from documents where id = ${id}
        union all select d.id, d.parent_id, above.depth + 1 from documents d join above on d.id = above.parent_id
      ), below(id) as (
        select id from above where parent_id is null
        union all select d.id from documents d join below on d.parent_id = below.id
      )
      select (select max(depth) from above) as depth, (select count(*) from below) as documents`.execute(this.#db)
    return rows[0] ?? { depth: 0, documents: 0 }
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

const removeChildren = async (trx: LedgerTransaction, id: DocumentId): Promise<void> => {
  const children = await trx
    .updateTable('documents')
    .set({ deletedAt: timestamp() })
    .where('parentId', '=', id)
    .where('deletedAt', 'is', null)
    .returning('id')
    .execute()
  for (const child of children) {
    await cancelJobsOf(trx, { documentId: child.id })
    await removeChildren(trx, child.id)
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

const selectPurgeable = (db: LedgerDatabase) =>
  db
    .selectFrom('revisions')
    .innerJoin('documents', 'documents.id', 'revisions.documentId')
    .select('revisions.id')
    .where('revisions.purgedAt', 'is', null)
    .where((where) =>
      where.or([
        where('documents.deletedAt', 'is not', null),
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
