/**
 * The step by which a worker gets its next job. Called by jobs.ts.
 * Invariant: the choice and the new owner are one statement under the write lock, so that no job is handed to two workers.
 */
import type { ExpressionBuilder } from 'kysely'
import { selectJobs, toJobRecord } from './job-rows.ts'
import { type LedgerDatabase, type LedgerTables, type LedgerTransaction, timestamp } from './ledger-schema.ts'
import { isProcessDead } from './process-identity.ts'
import type { JobRecord } from './records.ts'
import { cancelledFailure, endJob, setRevisionStatus } from './revision-states.ts'

/**
 * A job is given up after its worker vanished so many times. More than the failures that are reported: a machine that is switched
 * off says nothing against the document.
 */
const maxAbandonedAttempts = 100

export const claimJob = async (db: LedgerDatabase, owner: string, leaseMs: number): Promise<JobRecord | undefined> => {
  // Looked up before the transaction, so that an idle worker that asks every second does not take the write lock.
  const deadOwners = await findDeadOwners(db)
  const due = isDue(timestamp(), deadOwners)
  const waiting = await db.selectFrom('jobs').select('jobs.id').where(due).limit(1).executeTakeFirst()
  if (waiting === undefined) return undefined
  return db.transaction().execute(async (trx) => {
    await buryAbandoned(trx, deadOwners)
    const now = Date.now()
    const claimed = await trx
      .updateTable('jobs')
      .set((set) => ({
        state: 'running' as const,
        stage: 'queued' as const,
        progressDone: 0,
        progressTotal: 0,
        attempts: set('attempts', '+', 1),
        owner,
        leaseExpiresAt: timestamp(now + leaseMs),
        runAfter: null,
        startedAt: timestamp(now),
        finishedAt: null,
      }))
      .where('id', '=', (where) =>
        where
          .selectFrom('jobs')
          .innerJoin('collections', 'collections.id', 'jobs.collectionId')
          .select('jobs.id')
          .where(isDue(timestamp(now), deadOwners))
          // The collection that was served longest ago comes first: one that brings a thousand files does not block the others.
          .orderBy('collections.lastClaim')
          .orderBy('jobs.sequence')
          .limit(1),
      )
      .returning(['id', 'revisionId', 'collectionId'])
      .executeTakeFirst()
    if (claimed === undefined) return undefined
    await trx
      .updateTable('collections')
      .set({
        lastClaim: (set) =>
          set
            .selectFrom('collections')
            .select((select) => select(select.fn.max<number>('lastClaim'), '+', 1).as('next')),
      })
      .where('id', '=', claimed.collectionId)
      .execute()
    await setRevisionStatus(trx, claimed.revisionId, 'processing', null)
    return toJobRecord(await selectJobs(trx).where('jobs.id', '=', claimed.id).executeTakeFirstOrThrow())
  })
}

/** Owners of running jobs that are certainly gone: their jobs need not wait until the lease runs out. */
const findDeadOwners = async (db: LedgerDatabase): Promise<string[]> => {
  const rows = await db.selectFrom('jobs').select('owner').distinct().where('state', '=', 'running').execute()
  return rows.flatMap((row) => (row.owner !== null && isProcessDead(row.owner) ? [row.owner] : []))
}

type JobsExpression = ExpressionBuilder<LedgerTables, 'jobs'>

const isAbandoned = (now: string, deadOwners: readonly string[]) => (where: JobsExpression) =>
  where.and([
    where('jobs.state', '=', 'running'),
    where.or([
      where('jobs.leaseExpiresAt', '<=', now),
      ...(deadOwners.length > 0 ? [where('jobs.owner', 'in', deadOwners)] : []),
    ]),
  ])

const isDue = (now: string, deadOwners: readonly string[]) => (where: JobsExpression) =>
  where.or([
    where.and([
      where('jobs.state', '=', 'queued'),
      where.or([where('jobs.runAfter', 'is', null), where('jobs.runAfter', '<=', now)]),
    ]),
    isAbandoned(now, deadOwners)(where),
  ])

/** A job that takes its worker with it each time must not be handed out for ever; one that was to be cancelled is cancelled. */
const buryAbandoned = async (trx: LedgerTransaction, deadOwners: readonly string[]): Promise<void> => {
  const abandoned = await trx
    .selectFrom('jobs')
    .select(['id', 'revisionId', 'attempts', 'cancelRequested'])
    .where(isAbandoned(timestamp(), deadOwners))
    .where((where) => where.or([where('attempts', '>=', maxAbandonedAttempts), where('cancelRequested', '=', 1)]))
    .execute()
  for (const job of abandoned) {
    if (job.cancelRequested === 1) {
      await endJob(trx, job, 'cancelled', cancelledFailure)
    } else {
      await endJob(trx, job, 'dead', {
        code: 'job_abandoned',
        message: `The worker ended ${job.attempts} times while it worked on this document.`,
      })
    }
  }
}
