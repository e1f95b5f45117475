/**
 * Reading documents: the one query that joins a document with its newest revision, and the record made of its row.
 * Used by documents.ts for every read, so that all of them leave out what is deleted.
 */
import { type ExpressionBuilder, sql } from 'kysely'
import type { RevisionId } from '../core/ids.ts'
import { isExpiredAnswer } from './answer-validity.ts'
import { revisionInForce } from './effectivity.ts'
import { type LedgerDatabase, type LedgerTables, timestamp } from './ledger-schema.ts'
import type { DocumentRecord } from './records.ts'

/** A name as it is searched for: width and case do not matter. */
export const foldName = (name: string): string => name.normalize('NFKC').toLowerCase()

/** Documents that are not deleted, joined with their newest revision. */
export const selectDocuments = (db: LedgerDatabase) => {
  const now = timestamp()
  return db
    .selectFrom('documents')
    .innerJoin('revisions', 'revisions.documentId', 'documents.id')
    .where('documents.deletedAt', 'is', null)
    .where((where) =>
      where(
        'revisions.ordinal',
        '=',
        where
          .selectFrom('revisions as newer')
          .whereRef('newer.documentId', '=', 'documents.id')
          .select((select) => select.fn.max('newer.ordinal').as('ordinal')),
      ),
    )
    .select([
      'documents.id',
      'documents.sequence',
      'documents.collectionId',
      'documents.name',
      'documents.createdAt',
      'documents.parentId',
      'documents.entry',
      'revisions.id as revisionId',
      'revisions.ordinal',
      'revisions.label',
      'revisions.status',
      'revisions.sha256',
      'revisions.bytes',
      'revisions.format',
      'revisions.paginated',
      'revisions.title',
      'revisions.language',
      'revisions.pagesText',
      'revisions.pagesOcr',
      'revisions.pagesBlank',
      'revisions.pagesFailed',
      'revisions.errorCode',
      'revisions.errorMessage',
      'revisions.publishedAt',
    ])
    .select(newestJob)
    .select(activeChunks)
    .select((select) => answering(select, now).select('effective.id').as('effectiveRevisionId'))
    .select((select) => answering(select, now).select('effective.label').as('effectiveLabel'))
}

/** The revision that answers; of a verified answer none while what it cites is not in force. */
const answering = (select: ExpressionBuilder<LedgerTables, 'documents'>, at: string) =>
  select
    .selectFrom('revisions as effective')
    .where('effective.id', '=', revisionInForce(at))
    .where(sql<boolean>`not ${isExpiredAnswer(sql<RevisionId>`effective.id`, at)}`)

/** The newest job of a revision. */
export const newestJob = (select: ExpressionBuilder<LedgerTables, 'revisions'>) =>
  select
    .selectFrom('jobs')
    .whereRef('jobs.revisionId', '=', 'revisions.id')
    .orderBy('jobs.sequence', 'desc')
    .limit(1)
    .select('jobs.id')
    .as('jobId')

/** Rows of a revision in the index that answers. */
export const activeChunks = (select: ExpressionBuilder<LedgerTables, 'revisions'>) =>
  select
    .selectFrom('indexedRevisions')
    .innerJoin('indexes', 'indexes.fingerprint', 'indexedRevisions.fingerprint')
    .whereRef('indexedRevisions.revisionId', '=', 'revisions.id')
    .where('indexes.active', '=', 1)
    .select('indexedRevisions.chunks')
    .as('chunks')

/** Published revisions, in force or not, of documents and collections that are not deleted. */
export const selectPublished = (db: LedgerDatabase) =>
  db
    .selectFrom('revisions')
    .innerJoin('documents', 'documents.id', 'revisions.documentId')
    .innerJoin('collections', 'collections.id', 'documents.collectionId')
    .where('revisions.publishedAt', 'is not', null)
    .where('documents.deletedAt', 'is', null)
    .where('collections.deletedAt', 'is', null)

type DocumentRow = Awaited<ReturnType<ReturnType<typeof selectDocuments>['executeTakeFirstOrThrow']>>

export const toDocumentRecord = (row: DocumentRow): DocumentRecord => ({
  id: row.id,
  collectionId: row.collectionId,
  parent: row.parentId === null ? null : { documentId: row.parentId, entry: row.entry ?? '' },
  name: row.name,
  status: row.status,
  revisionId: row.revisionId,
  revision: row.label,
  effectiveRevision:
    row.effectiveRevisionId === null ? null : { id: row.effectiveRevisionId, label: row.effectiveLabel ?? '' },
  sha256: row.sha256,
  bytes: row.bytes,
  format: row.format,
  paginated: row.paginated === 1,
  title: row.title,
  language: row.language,
  pages: { text: row.pagesText, ocr: row.pagesOcr, blank: row.pagesBlank, failed: row.pagesFailed },
  chunks: row.chunks ?? 0,
  error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? '' },
  jobId: row.jobId,
  createdAt: row.createdAt,
  publishedAt: row.publishedAt,
})
