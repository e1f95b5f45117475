/**
 * Tunings as jobs and results. In: what src/tune finds out. Out: records. Invariants: one runs at a time; at most one is active, and only one that has won;
 * one whose process has ended is `interrupted` whenever it is looked at. The questions made for them are in generated-questions.ts.
 */
import { KuraError } from '../core/errors.ts'
import { type CollectionId, createTuningId, type TuningId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { parseCollectionIds, parseTuningReport } from './json-columns.ts'
import { type LedgerDatabase, type LedgerTransaction, timestamp } from './ledger-schema.ts'
import { isProcessDead, processIdentity } from './process-identity.ts'
import type { FailureRecord } from './records.ts'
import { nextSequence } from './revision-states.ts'
import type { TuningRecord, TuningReport, TuningStage } from './tuning-records.ts'

const maxListed = 50

export interface NewTuning {
  readonly collectionIds: readonly CollectionId[]
  readonly limit: number
  readonly seed: number
  readonly embeddingModel: string
  readonly fingerprint: string
  readonly generationModel: string | null
  readonly remainingSeconds: number
}

export interface TuningProgress {
  readonly stage: TuningStage
  readonly done: number
  readonly total: number
  readonly remainingSeconds: number
}

export class TuningStore {
  readonly #db: LedgerDatabase

  constructor(db: LedgerDatabase) {
    this.#db = db
  }

  /** @throws tuning_running */
  start(_principal: Principal, values: NewTuning): Promise<TuningRecord> {
    return this.#db.transaction().execute(async (trx) => {
      await interruptAbandoned(trx)
      const running = await trx.selectFrom('tunings').select('id').where('state', '=', 'running').executeTakeFirst()
      if (running) throw new KuraError('tuning_running', `The tuning ${running.id} runs already.`)
      const { collectionIds, limit, ...rest } = values
      const id = createTuningId()
      await trx
        .insertInto('tunings')
        .values({
          ...rest,
          id,
          sequence: await nextSequence(trx, 'tunings'),
          state: 'running',
          stage: 'sampling',
          progressDone: 0,
          progressTotal: limit,
          collectionIds: JSON.stringify(collectionIds),
          questionLimit: limit,
          owner: processIdentity(),
          createdAt: timestamp(),
        })
        .execute()
      return getTuning(trx, id)
    })
  }

  /** Newest first. */
  list(_principal: Principal): Promise<TuningRecord[]> {
    return this.#db.transaction().execute(async (trx) => {
      await interruptAbandoned(trx)
      const rows = await selectTunings(trx).orderBy('sequence', 'desc').limit(maxListed).execute()
      return rows.map(toRecord)
    })
  }

  /** @throws tuning_not_found */
  get(_principal: Principal, id: TuningId): Promise<TuningRecord> {
    return this.#db.transaction().execute(async (trx) => {
      await interruptAbandoned(trx)
      return getTuning(trx, id)
    })
  }

  /** One that has ended stays as it is. @throws tuning_not_found */
  async requestCancel(principal: Principal, id: TuningId): Promise<TuningRecord> {
    await this.#db
      .updateTable('tunings')
      .set({ cancelRequested: 1 })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .execute()
    return this.get(principal, id)
  }

  async isCancelRequested(id: TuningId): Promise<boolean> {
    const row = await this.#db.selectFrom('tunings').select('cancelRequested').where('id', '=', id).executeTakeFirst()
    return row?.cancelRequested !== 0
  }

  async setProgress(id: TuningId, { stage, done, total, remainingSeconds }: TuningProgress): Promise<void> {
    await this.#db
      .updateTable('tunings')
      .set({ stage, progressDone: done, progressTotal: total, remainingSeconds: Math.round(remainingSeconds) })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .execute()
  }

  /**
   * @param result `tuned`: what was fitted and has won, as src/tune writes it, undefined where nothing has; `isActive`: whether that holds from now on
   */
  finish(
    id: TuningId,
    report: TuningReport,
    { tuned, isActive }: { tuned: string | undefined; isActive: boolean },
  ): Promise<void> {
    return this.#db.transaction().execute(async (trx) => {
      if (tuned !== undefined && isActive)
        await trx.updateTable('tunings').set({ active: 0 }).where('active', '=', 1).execute()
      await endTuning(trx, id, {
        state: 'done',
        stage: 'done',
        report: JSON.stringify(report),
        ...(tuned === undefined ? {} : { tuned, won: 1, active: isActive ? 1 : 0 }),
      })
    })
  }

  async end(id: TuningId, state: 'cancelled' | 'failed' | 'interrupted', failure: FailureRecord | null): Promise<void> {
    await endTuning(this.#db, id, { state, errorCode: failure?.code ?? null, errorMessage: failure?.message ?? null })
  }

  /** Questions are answered with it from now on. @throws tuning_not_found, tuning_not_applicable where it has not won */
  activate(_principal: Principal, id: TuningId): Promise<TuningRecord> {
    return this.#db.transaction().execute(async (trx) => {
      const { won } = await getTuning(trx, id)
      if (!won) throw new KuraError('tuning_not_applicable', 'It is not better than the untuned system.')
      await trx.updateTable('tunings').set({ active: 0 }).where('active', '=', 1).execute()
      await trx.updateTable('tunings').set({ active: 1 }).where('id', '=', id).execute()
      return getTuning(trx, id)
    })
  }

  /** The untuned system answers from now on. */
  async revert(_principal: Principal): Promise<void> {
    await this.#db.updateTable('tunings').set({ active: 0 }).where('active', '=', 1).execute()
  }

  /** What the active one has fitted; undefined where none is active. */
  async active(): Promise<{ id: TuningId; fingerprint: string; tuned: string } | undefined> {
    const row = await this.#db
      .selectFrom('tunings')
      .select(['id', 'fingerprint', 'tuned'])
      .where('active', '=', 1)
      .executeTakeFirst()
    return row?.tuned == null ? undefined : { id: row.id, fingerprint: row.fingerprint, tuned: row.tuned }
  }
}

/** Those of processes that have ended. */
const interruptAbandoned = async (trx: LedgerTransaction): Promise<void> => {
  const running = await trx.selectFrom('tunings').select(['id', 'owner']).where('state', '=', 'running').execute()
  for (const { id, owner } of running) {
    if (isProcessDead(owner)) await endTuning(trx, id, { state: 'interrupted' })
  }
}

const endTuning = async (
  db: LedgerDatabase | LedgerTransaction,
  id: TuningId,
  values: {
    state: TuningRecord['state']
    stage?: TuningStage
    report?: string
    tuned?: string
    won?: number
    active?: number
    errorCode?: string | null
    errorMessage?: string | null
  },
): Promise<void> => {
  await db
    .updateTable('tunings')
    .set({ ...values, remainingSeconds: null, finishedAt: timestamp() })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute()
}

const selectTunings = (db: LedgerTransaction) => db.selectFrom('tunings').selectAll()

const getTuning = async (trx: LedgerTransaction, id: TuningId): Promise<TuningRecord> => {
  const row = await selectTunings(trx).where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw new KuraError('tuning_not_found', 'There is no tuning of this id.')
  return toRecord(row)
}

type TuningRow = Awaited<ReturnType<ReturnType<typeof selectTunings>['executeTakeFirstOrThrow']>>

const toRecord = (row: TuningRow): TuningRecord => ({
  id: row.id,
  state: row.state,
  stage: row.stage,
  progress: { done: row.progressDone, total: row.progressTotal },
  remainingSeconds: row.remainingSeconds,
  collectionIds: parseCollectionIds(row.collectionIds),
  limit: row.questionLimit,
  seed: row.seed,
  embeddingModel: row.embeddingModel,
  fingerprint: row.fingerprint,
  generationModel: row.generationModel,
  won: row.won === 1,
  active: row.active === 1,
  report: row.report === null ? null : parseTuningReport(row.report),
  error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? '' },
  createdAt: row.createdAt,
  finishedAt: row.finishedAt,
})
