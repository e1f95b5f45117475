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
 * A job is given up after its worker vanished so many times in a row without having got any further. More than the failures that are
 * reported: a machine that is switched off, fifty times while the first page is being read, says nothing against the document. Until then it waits
 * behind all others, and a worker that dies is started again with growing pauses.
 */
const maxAbandoned = 100
/** Files above are long work: smaller ones of the same collection go first, */
const largeBytes = 4 * 2 ** 20
/** but only for so long. */
const largeWaitsMs = 15 * 60 * 1000

export interface ClaimedJob extends JobRecord {
  /** Takes one of the places for long work. */
  readonly isLarge: boolean
}

export interface ClaimOptions {
  /** Only files that are not large: the places for long work are taken. @default false */
  readonly smallOnly?: boolean | undefined
}

export const claimJob = async (
  db: LedgerDatabase,
  owner: string,
  leaseMs: number,
  { smallOnly = false }: ClaimOptions = {},
): Promise<ClaimedJob | undefined> => {
  if (await isPaused(db)) return undefined
  // Looked up before the transaction, so that an idle worker that asks every second does not take the write lock.
  const deadOwners = await findDeadOwners(db)
  const due = isDue(timestamp(), deadOwners)
  const waiting = await db.selectFrom('jobs').select('jobs.id').where(due).limit(1).executeTakeFirst()
  if (waiting === undefined) return undefined
  return db.transaction().execute(async (trx) => {
    await buryAbandoned(trx, deadOwners)
    const now = Date.now()
    const agedBefore = timestamp(now - largeWaitsMs)
    const claimed = await trx
      .updateTable('jobs')
      .set((set) => ({
        state: 'running' as const,
        stage: 'queued' as const,
        progressDone: 0,
        progressTotal: 0,
        attempts: set('attempts', '+', 1),
        // A job that is running still was left behind by its worker.
        abandoned: set
          .case()
          .when('state', '=', 'running')
          .then(set('abandoned', '+', 1))
          .else(set.ref('abandoned'))
          .end(),
        owner,
        leaseExpiresAt: timestamp(now + leaseMs),
        runAfter: null,
        startedAt: timestamp(now),
        finishedAt: null,
      }))
      .where('id', '=', (where) => {
        const due = where
          .selectFrom('jobs')
          .innerJoin('collections', 'collections.id', 'jobs.collectionId')
          .innerJoin('revisions', 'revisions.id', 'jobs.revisionId')
          .select('jobs.id')
          .where(isDue(timestamp(now), deadOwners))
        return (
          (smallOnly ? due.where('revisions.bytes', '<=', largeBytes) : due)
            .orderBy('jobs.abandoned')
            // The collection that was served longest ago comes first: one that brings a thousand files does not block the others.
            .orderBy('collections.lastClaim')
            .orderBy((order) =>
              order
                .case()
                .when(order.and([order('revisions.bytes', '>', largeBytes), order('jobs.createdAt', '>', agedBefore)]))
                .then(1)
                .else(0)
                .end(),
            )
            .orderBy('jobs.sequence')
            .limit(1)
        )
      })
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
    const { bytes } = await trx
      .selectFrom('revisions')
      .select('bytes')
      .where('id', '=', claimed.revisionId)
      .executeTakeFirstOrThrow()
    const job = toJobRecord(await selectJobs(trx).where('jobs.id', '=', claimed.id).executeTakeFirstOrThrow())
    return { ...job, isLarge: bytes > largeBytes }
  })
}

const pausedKey = 'ingestion_paused'

export const isPaused = async (db: LedgerDatabase): Promise<boolean> =>
  (await db.selectFrom('meta').select('key').where('key', '=', pausedKey).executeTakeFirst()) !== undefined

export const setPaused = async (db: LedgerDatabase, paused: boolean): Promise<void> => {
  if (!paused) await db.deleteFrom('meta').where('key', '=', pausedKey).execute()
  else
    await db
      .insertInto('meta')
      .values({ key: pausedKey, value: '1' })
      .onConflict((same) => same.doNothing())
      .execute()
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
    .select(['id', 'revisionId', 'abandoned', 'cancelRequested'])
    .where(isAbandoned(timestamp(), deadOwners))
    .where((where) => where.or([where('abandoned', '>=', maxAbandoned), where('cancelRequested', '=', 1)]))
    .execute()
  for (const job of abandoned) {
    if (job.cancelRequested === 1) {
      await endJob(trx, job, 'cancelled', cancelledFailure)
    } else {
      await endJob(trx, job, 'dead', {
        code: 'job_abandoned',
        message: `The worker ended ${job.abandoned + 1} times in a row while it worked on this document.`,
      })
    }
  }
}
