/**
 * Reading jobs: the one query with the document's name, and the record made of its row. Used by jobs.ts and claim-job.ts.
 */
import type { LedgerDatabase } from './ledger-schema.ts'
import type { JobRecord } from './records.ts'

export const selectJobs = (db: LedgerDatabase) =>
  db
    .selectFrom('jobs')
    .innerJoin('documents', 'documents.id', 'jobs.documentId')
    .select(['jobs.id', 'jobs.documentId', 'documents.name as documentName', 'jobs.revisionId', 'jobs.collectionId'])
    .select(['jobs.state', 'jobs.stage', 'jobs.progressDone', 'jobs.progressTotal', 'jobs.attempts'])
    .select(['jobs.errorCode', 'jobs.errorMessage', 'jobs.createdAt', 'jobs.startedAt', 'jobs.finishedAt'])

type JobRow = Awaited<ReturnType<ReturnType<typeof selectJobs>['executeTakeFirstOrThrow']>>

export const toJobRecord = (row: JobRow): JobRecord => ({
  id: row.id,
  documentId: row.documentId,
  documentName: row.documentName,
  revisionId: row.revisionId,
  collectionId: row.collectionId,
  state: row.state,
  stage: row.stage,
  progress: { done: row.progressDone, total: row.progressTotal },
  attempts: row.attempts,
  error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? '' },
  createdAt: row.createdAt,
  startedAt: row.startedAt,
  finishedAt: row.finishedAt,
})
