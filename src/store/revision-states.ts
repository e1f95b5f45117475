/**
 * The steps that keep a revision's status and its job in line; documents.ts and jobs.ts both take them, always within the
 * transaction that changes the other side.
 * Invariant: a revision that was published keeps its status and goes on answering, whatever becomes of a later job of its own.
 */
import type { CollectionId, DocumentId, JobId, RevisionId } from '../core/ids.ts'
import { createJobId } from '../core/ids.ts'
import { type LedgerTransaction, timestamp } from './ledger-schema.ts'
import type { DocumentStatus, FailureRecord } from './records.ts'

/** States of jobs that are still to end. */
export const openJobStates = ['queued', 'running'] as const

export const cancelledFailure: FailureRecord = { code: 'job_cancelled', message: 'The job was cancelled.' }

/** Sets the status of a revision that is not published yet; leftovers of an earlier try are to be purged again. */
export const setRevisionStatus = async (
  trx: LedgerTransaction,
  revisionId: RevisionId,
  status: Exclude<DocumentStatus, 'ready' | 'ready_with_gaps'>,
  failure: FailureRecord | null,
): Promise<void> => {
  await trx
    .updateTable('revisions')
    .set({ status, errorCode: failure?.code ?? null, errorMessage: failure?.message ?? null, purgedAt: null })
    .where('id', '=', revisionId)
    .where('publishedAt', 'is', null)
    .execute()
}

/** Queued jobs are cancelled at once with their revisions, running ones are asked to stop at the next heartbeat. */
export const cancelJobsOf = async (
  trx: LedgerTransaction,
  of: { jobId?: JobId; documentId?: DocumentId; collectionId?: CollectionId },
): Promise<void> => {
  let jobs = trx.selectFrom('jobs').select(['id', 'state', 'revisionId']).where('state', 'in', openJobStates)
  if (of.jobId !== undefined) jobs = jobs.where('id', '=', of.jobId)
  if (of.documentId !== undefined) jobs = jobs.where('documentId', '=', of.documentId)
  if (of.collectionId !== undefined) jobs = jobs.where('collectionId', '=', of.collectionId)
  for (const job of await jobs.execute()) {
    if (job.state === 'running') {
      await trx.updateTable('jobs').set({ cancelRequested: 1 }).where('id', '=', job.id).execute()
    } else {
      await endJob(trx, job, 'cancelled', cancelledFailure)
    }
  }
}

/** Ends a job in another state than `done`, its revision with it. The owner stays written down, as who had it last. */
export const endJob = async (
  trx: LedgerTransaction,
  job: { readonly id: JobId; readonly revisionId: RevisionId },
  state: 'failed' | 'cancelled' | 'dead',
  failure: FailureRecord,
): Promise<void> => {
  await trx
    .updateTable('jobs')
    .set({
      state,
      errorCode: failure.code,
      errorMessage: failure.message,
      leaseExpiresAt: null,
      finishedAt: timestamp(),
    })
    .where('id', '=', job.id)
    .execute()
  await setRevisionStatus(trx, job.revisionId, state === 'cancelled' ? 'cancelled' : 'failed', failure)
}

/** Adds a queued job for a revision. */
export const addJob = async (
  trx: LedgerTransaction,
  of: { revisionId: RevisionId; documentId: DocumentId; collectionId: CollectionId },
): Promise<JobId> => {
  const id = createJobId()
  await trx
    .insertInto('jobs')
    .values({
      id,
      revisionId: of.revisionId,
      documentId: of.documentId,
      collectionId: of.collectionId,
      sequence: await nextSequence(trx, 'jobs'),
      createdAt: timestamp(),
    })
    .execute()
  return id
}

/** The next number of an ascending column; the transaction holds the write lock, so no one else gets the same. */
export const nextSequence = async (
  trx: LedgerTransaction,
  table: 'documents' | 'jobs' | 'gaps' | 'tunings',
): Promise<number> => {
  const row = await trx.selectFrom(table).select('sequence').orderBy('sequence', 'desc').limit(1).executeTakeFirst()
  return (row?.sequence ?? 0) + 1
}
