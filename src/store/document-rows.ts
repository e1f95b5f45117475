/**
 * Reading documents: the one query that joins a document with its newest revision, and the record made of its row.
 * Used by documents.ts for every read, so that all of them leave out what is deleted.
 */
import type { LedgerDatabase } from './ledger-schema.ts'
import type { DocumentRecord } from './records.ts'

/** A name as it is searched for: width and case do not matter. */
export const foldName = (name: string): string => name.normalize('NFKC').toLowerCase()

/** Documents that are not deleted, joined with their newest revision. */
export const selectDocuments = (db: LedgerDatabase) =>
  db
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
      'revisions.id as revisionId',
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
      'revisions.chunks',
      'revisions.errorCode',
      'revisions.errorMessage',
      'revisions.publishedAt',
    ])
    .select((select) =>
      select
        .selectFrom('jobs')
        .whereRef('jobs.revisionId', '=', 'revisions.id')
        .orderBy('jobs.sequence', 'desc')
        .limit(1)
        .select('jobs.id')
        .as('jobId'),
    )

type DocumentRow = Awaited<ReturnType<ReturnType<typeof selectDocuments>['executeTakeFirstOrThrow']>>

export const toDocumentRecord = (row: DocumentRow): DocumentRecord => ({
  id: row.id,
  collectionId: row.collectionId,
  name: row.name,
  status: row.status,
  revisionId: row.revisionId,
  revision: row.label,
  sha256: row.sha256,
  bytes: row.bytes,
  format: row.format,
  paginated: row.paginated === 1,
  title: row.title,
  language: row.language,
  pages: { text: row.pagesText, ocr: row.pagesOcr, blank: row.pagesBlank, failed: row.pagesFailed },
  chunks: row.chunks,
  error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? '' },
  jobId: row.jobId,
  createdAt: row.createdAt,
  publishedAt: row.publishedAt,
})
