/**
 * The durable queue of ingestion jobs. Workers claim by lease: who does not send heartbeats loses the job to another one. Jobs are
 * made by documents.ts (an upload) and `enqueue` (ingesting anew); a worker's result ends them here or in `documents.publish`.
 * Invariants: one job has one owner at a time; the document's status changes in the same transaction as its job's state.
 */
import { KuraError } from '../core/errors.ts'
import type { JobId, RevisionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { type ClaimedJob, type ClaimOptions, claimJob, isPaused, setPaused } from './claim-job.ts'
import { selectSameContent } from './create-document.ts'
import { selectJobs, toJobRecord } from './job-rows.ts'
import { type LedgerDatabase, type LedgerTransaction, timestamp } from './ledger-schema.ts'
import { type FailureRecord, type JobRecord, type JobStage, type JobState, jobStates } from './records.ts'
import { addJob, cancelJobsOf, cancelledFailure, endJob, openJobStates, setRevisionStatus } from './revision-states.ts'

const defaultListLimit = 100
/** A job is `dead` after so many tries that ended in a failure that might have passed. */
const maxFailures = 3

interface OwnedJob {
  readonly id: JobId
  readonly revisionId: RevisionId
  readonly attempts: number
  readonly failures: number
  readonly cancelRequested: number
}

export class JobStore {
  readonly #db: LedgerDatabase

  constructor(db: LedgerDatabase) {
    this.#db = db
  }

  /**
   * Takes the next job: one that waits and is due, or one whose owner's lease has run out or whose owner is dead. Collections take
   * turns, small files before large ones; none is given while the queue is paused. Jobs whose workers vanish again and again become `dead`.
   * @param owner what `processIdentity()` returns, or any string that no other worker uses
   */
  claim(owner: string, leaseMs: number, options?: ClaimOptions): Promise<ClaimedJob | undefined> {
    return claimJob(this.#db, owner, leaseMs, options)
  }

  /** From now on no job is handed out, and those that run go back to the queue with what they have done. Stays so over restarts. */
  pause(_principal: Principal): Promise<void> {
    return setPaused(this.#db, true)
  }

  resume(_principal: Principal): Promise<void> {
    return setPaused(this.#db, false)
  }

  isPaused(): Promise<boolean> {
    return isPaused(this.#db)
  }

  /**
   * Keeps the lease and tells how far the job is. `cancel`: stop and call `cancelled`; `pause`: stop and call `release`; `lost`: stop, the
   * job is another's or ended.
   * @param progress `advanced`: something was stored since the last heartbeat that the next try does not have to do again
   */
  async heartbeat(
    id: JobId,
    owner: string,
    leaseMs: number,
    progress: { stage: JobStage; done: number; total: number; advanced: boolean },
  ): Promise<'go-on' | 'cancel' | 'pause' | 'lost'> {
    const kept = await this.#db
      .updateTable('jobs')
      .set({
        leaseExpiresAt: timestamp(Date.now() + leaseMs),
        stage: progress.stage,
        progressDone: progress.done,
        progressTotal: progress.total,
        ...(progress.advanced ? { abandoned: 0 } : {}),
      })
      .where('id', '=', id)
      .where('owner', '=', owner)
      .where('state', '=', 'running')
      .returning('cancelRequested')
      .executeTakeFirst()
    if (kept?.cancelRequested === 1) return 'cancel'
    if (kept !== undefined) return (await isPaused(this.#db)) ? 'pause' : 'go-on'
    // A heartbeat may still be on its way when `publish` has ended the job.
    const finished = await this.#db
      .selectFrom('jobs')
      .select('id')
      .where('id', '=', id)
      .where('owner', '=', owner)
      .where('state', '=', 'done')
      .executeTakeFirst()
    return finished === undefined ? 'lost' : 'go-on'
  }

  /** No effect where the job is not the owner's any more; the same holds for `fail`, `release` and `cancelled`. */
  async done(id: JobId, owner: string): Promise<void> {
    await this.#db
      .updateTable('jobs')
      .set({
        state: 'done',
        stage: 'done',
        leaseExpiresAt: null,
        finishedAt: timestamp(),
        errorCode: null,
        errorMessage: null,
      })
      .where('id', '=', id)
      .where('owner', '=', owner)
      .where('state', '=', 'running')
      .execute()
  }

  /** Without `retryAt` the job is `failed` for good; with it the job waits again, or is `dead` after its third failure. */
  fail(id: JobId, owner: string, failure: FailureRecord, retryAt: Date | undefined): Promise<void> {
    return this.#withOwned(id, owner, async (trx, job) => {
      if (retryAt === undefined) return endJob(trx, job, 'failed', failure)
      if (job.cancelRequested === 1) return endJob(trx, job, 'cancelled', cancelledFailure)
      const failures = job.failures + 1
      if (failures >= maxFailures) return endJob(trx, job, 'dead', failure)
      await requeue(trx, job, { runAfter: timestamp(retryAt), failure, attempts: job.attempts, failures })
    })
  }

  /** Gives the job back, as if it had not been claimed: the worker shuts down. */
  release(id: JobId, owner: string): Promise<void> {
    return this.#withOwned(id, owner, (trx, job) =>
      job.cancelRequested === 1
        ? endJob(trx, job, 'cancelled', cancelledFailure)
        : requeue(trx, job, { ...job, runAfter: null, failure: null, attempts: Math.max(job.attempts - 1, 0) }),
    )
  }

  /** The worker has stopped as it was asked to. */
  cancelled(id: JobId, owner: string): Promise<void> {
    return this.#withOwned(id, owner, (trx, job) => endJob(trx, job, 'cancelled', cancelledFailure))
  }

  /**
   * A waiting job is cancelled at once, its document too; a running one is asked to stop. One that has ended stays as it is.
   * @throws job_not_found
   */
  cancel(principal: Principal, id: JobId): Promise<JobRecord> {
    return this.#db.transaction().execute(async (trx) => {
      await cancelJobsOf(trx, { jobId: id })
      return new JobStore(trx).get(principal, id)
    })
  }

  /**
   * Puts an ended job back into the queue with all its attempts.
   * @param password opens the file, where it was encrypted
   * @throws job_not_found; job_not_retryable where it waits, runs or is done, where its document was deleted, or where another
   *   document of the collection has the same content by now
   */
  retry(principal: Principal, id: JobId, password?: string): Promise<JobRecord> {
    return this.#db.transaction().execute(async (trx) => {
      const inside = new JobStore(trx)
      const job = await inside.get(principal, id)
      if (job.state !== 'failed' && job.state !== 'dead' && job.state !== 'cancelled') {
        throw new KuraError('job_not_retryable', `The job is ${job.state}; it can not be retried.`, {
          details: { state: job.state },
        })
      }
      await refuseWithoutNeed(trx, job)
      await requeue(trx, job, { runAfter: null, failure: null, attempts: 0, failures: 0 })
      await trx.updateTable('jobs').set({ abandoned: 0 }).where('id', '=', id).execute()
      if (password !== undefined)
        await trx.updateTable('revisions').set({ password }).where('id', '=', job.revisionId).execute()
      return inside.get(principal, id)
    })
  }

  /** A job that ingests the revision anew, for the reconciler; the one that waits or runs already, if there is one. */
  enqueue(revisionId: RevisionId): Promise<JobId> {
    return this.#db.transaction().execute(async (trx) => {
      const open = await trx
        .selectFrom('jobs')
        .select('id')
        .where('revisionId', '=', revisionId)
        .where('state', 'in', openJobStates)
        .executeTakeFirst()
      if (open !== undefined) return open.id
      const of = await trx
        .selectFrom('revisions')
        .innerJoin('documents', 'documents.id', 'revisions.documentId')
        .select(['revisions.id as revisionId', 'documents.id as documentId', 'documents.collectionId'])
        .where('revisions.id', '=', revisionId)
        .where('documents.deletedAt', 'is', null)
        .executeTakeFirst()
      if (of === undefined) throw new KuraError('document_not_found', 'The document was deleted.')
      await setRevisionStatus(trx, revisionId, 'queued', null)
      return addJob(trx, of)
    })
  }

  /** Revisions whose jobs are still to end: what the index holds of them is work under way. */
  async openRevisions(): Promise<Set<RevisionId>> {
    const rows = await this.#db.selectFrom('jobs').select('revisionId').where('state', 'in', openJobStates).execute()
    return new Set(rows.map((row) => row.revisionId))
  }

  /** @throws job_not_found */
  async get(_principal: Principal, id: JobId): Promise<JobRecord> {
    const row = await selectJobs(this.#db).where('jobs.id', '=', id).executeTakeFirst()
    if (row === undefined)
      throw new KuraError('job_not_found', 'There is no job of this id.', { details: { jobId: id } })
    return toJobRecord(row)
  }

  /** Newest first. */
  async list(
    _principal: Principal,
    filter: { states?: readonly JobState[] | undefined; limit?: number | undefined } = {},
  ): Promise<JobRecord[]> {
    let query = selectJobs(this.#db)
      .orderBy('jobs.sequence', 'desc')
      .limit(filter.limit ?? defaultListLimit)
    if (filter.states !== undefined) query = query.where('jobs.state', 'in', filter.states)
    return (await query.execute()).map(toJobRecord)
  }

  async counts(): Promise<Record<JobState, number>> {
    const rows = await this.#db
      .selectFrom('jobs')
      .select((select) => ['state', select.fn.countAll<number>().as('count')])
      .groupBy('state')
      .execute()
    const counts = Object.fromEntries(jobStates.map((state) => [state, 0])) as Record<JobState, number>
    for (const row of rows) counts[row.state] = row.count
    return counts
  }

  /** When the job that waits longest was made; undefined where none waits. */
  async oldestQueuedAt(): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('jobs')
      .select('createdAt')
      .where('state', '=', 'queued')
      .orderBy('sequence')
      .limit(1)
      .executeTakeFirst()
    return row?.createdAt
  }

  #withOwned(
    id: JobId,
    owner: string,
    change: (trx: LedgerTransaction, job: OwnedJob) => Promise<void>,
  ): Promise<void> {
    return this.#db.transaction().execute(async (trx) => {
      const job = await trx
        .selectFrom('jobs')
        .select(['id', 'revisionId', 'attempts', 'failures', 'cancelRequested'])
        .where('id', '=', id)
        .where('owner', '=', owner)
        .where('state', '=', 'running')
        .executeTakeFirst()
      if (job !== undefined) await change(trx, job)
    })
  }
}

const requeue = async (
  trx: LedgerTransaction,
  job: { readonly id: JobId; readonly revisionId: RevisionId },
  values: { runAfter: string | null; failure: FailureRecord | null; attempts: number; failures: number },
): Promise<void> => {
  await trx
    .updateTable('jobs')
    .set({
      state: 'queued',
      stage: 'queued',
      progressDone: 0,
      progressTotal: 0,
      attempts: values.attempts,
      failures: values.failures,
      owner: null,
      leaseExpiresAt: null,
      cancelRequested: 0,
      runAfter: values.runAfter,
      errorCode: values.failure?.code ?? null,
      errorMessage: values.failure?.message ?? null,
      finishedAt: null,
    })
    .where('id', '=', job.id)
    .execute()
  await setRevisionStatus(trx, job.revisionId, 'queued', null)
}

const refuseWithoutNeed = async (trx: LedgerTransaction, job: JobRecord): Promise<void> => {
  const revision = await trx
    .selectFrom('revisions')
    .innerJoin('documents', 'documents.id', 'revisions.documentId')
    .select(['revisions.sha256', 'documents.deletedAt'])
    .where('revisions.id', '=', job.revisionId)
    .executeTakeFirstOrThrow()
  if (revision.deletedAt !== null) throw new KuraError('job_not_retryable', 'The document of the job was deleted.')
  const same = await selectSameContent(trx, job.collectionId, revision.sha256)
    .where('documents.id', '!=', job.documentId)
    .executeTakeFirst()
  if (same !== undefined) {
    throw new KuraError('job_not_retryable', 'Another document of the collection has the same content by now.', {
      details: { documentId: same.id },
    })
  }
}
