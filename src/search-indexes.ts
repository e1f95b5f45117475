/**
 * Which table of the index answers, and with which model. In: the ledger's word on what is complete, and the embedding model that is wished
 * for. Out: a pair for each question; the other model's table is built beside it by the worker, and takes its place when the ledger says so.
 * Invariants: a question ends on the pair that it began on; the former model embeds until the change; what is wished for and can not
 * be had changes nothing. Neighbours: kura.ts composes; model-engines.ts runs the models, worker-process.ts the builder.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { indexFingerprint } from '../ingest/chunk/index-fingerprint.ts'
import type { Settings } from './config/settings.ts'
import { KuraError } from './core/errors.ts'
import type { EmbeddingModelInfo } from './core/models.ts'
import { embeddingNameOf } from './models/embedding-name.ts'
import type { EmbeddingSlot } from './models/embedding-slot.ts'
import type { ModelEngines } from './models/model-engines.ts'
import { RetiringPairs } from './retiring-pairs.ts'
import { type IndexTable, SearchPair } from './search-pair.ts'
import type { Ledger } from './store/ledger.ts'
import type { IndexRecord } from './store/records.ts'
import type { ActiveTuning } from './tune/active-tuning.ts'
import { UpcomingModel } from './upcoming-model.ts'
import { type FixedWorkerOptions, type WorkerEngines, WorkerProcess } from './worker-process.ts'

/** Between two looks while something changes, and while nothing does. */
const busyPollMs = 1_000
const quietPollMs = 3_000
/** Settling interrupts the model that writes, so it waits for a moment without questions; but not for ever. */
const settleWithinMs = 10 * 60 * 1000

interface SearchIndexesDeps {
  readonly settings: Settings
  readonly ledger: Ledger
  readonly engines: ModelEngines
  readonly logger: Logger
  readonly tuning: Pick<ActiveTuning, 'appliedTo'>
  /** Without a worker nothing is built, and the model in use stays in use. */
  readonly workerOptions: FixedWorkerOptions | undefined
}

export class SearchIndexes implements AsyncDisposable {
  readonly worker: WorkerProcess | undefined
  readonly #deps: SearchIndexesDeps
  readonly #closing = new AbortController()
  readonly #retiring: RetiringPairs
  readonly #loop: Promise<void>
  #pair: SearchPair
  #wished: string
  #upcoming: UpcomingModel | undefined
  #failure: KuraError | undefined
  /** The same model cuts or embeds otherwise than when the table that answers was made. */
  #renewed: string | undefined
  #isIncomplete = false
  #unsettledSince: number | undefined
  #canSettle = true
  #wake: () => void = () => undefined

  private constructor(deps: SearchIndexesDeps, active: IndexRecord | undefined) {
    this.#deps = deps
    this.#retiring = new RetiringPairs(deps.logger, this.#closing.signal)
    this.#wished = embeddingNameOf(deps.settings)
    this.#setIncomplete(active)
    this.#pair = this.#createPair(deps.engines.answering, active)
    const { logger, workerOptions } = deps
    this.worker = workerOptions && new WorkerProcess(workerOptions, this.#workerEngines, logger)
    this.#loop = workerOptions ? this.#follow() : Promise.resolve()
  }

  static async open(deps: SearchIndexesDeps): Promise<SearchIndexes> {
    return new SearchIndexes(deps, await deps.ledger.indexes.active())
  }

  /** The pair that answers now. */
  get pair(): SearchPair {
    return this.#pair
  }

  /** Why the wished model does not take over; undefined where nothing is wrong. */
  get failure(): KuraError | undefined {
    return this.#failure
  }

  /** The model that is to take over; undefined where the wished one answers. */
  get upcomingName(): string | undefined {
    const { name } = this.#deps.engines.answering
    return this.#wished === name ? undefined : this.#wished
  }

  get isBuilding(): boolean {
    return this.worker !== undefined
  }

  /** Of the table that is being built. */
  get buildingFingerprint(): string | undefined {
    return this.#upcoming?.fingerprint ?? this.#renewed
  }

  /** The settings wish for another model by now; the change begins at once, and so does the way back. */
  wish(settings: Settings): void {
    this.#deps.engines.wish(settings)
    this.#wished = embeddingNameOf(settings)
    this.#failure = undefined
    this.#wake()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    this.#wake()
    await this.#loop
    await this.worker?.[Symbol.asyncDispose]()
    await this.#upcoming?.[Symbol.asyncDispose]()
    await this.#pair.close()
    await this.#retiring.allClosed()
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      try {
        await this.#step()
      } catch (error) {
        if (!signal.aborted) this.#deps.logger.error({ err: error }, 'the change of the embedding model is interrupted')
      }
      const isBusy = this.#upcoming || this.#renewed || this.#isIncomplete || this.upcomingName || !this.#isSettled
      const pause = new AbortController()
      this.#wake = () => pause.abort()
      const until = { signal: AbortSignal.any([signal, pause.signal]) }
      await sleep(isBusy ? busyPollMs : quietPollMs, undefined, until).catch(() => undefined)
    }
  }

  async #step(): Promise<void> {
    const active = await this.#deps.ledger.indexes.active()
    this.#setIncomplete(active)
    // In a new data folder the table becomes known when the model is up.
    if (active && this.#pair.fingerprint === undefined) await this.#pair.index()
    if (active && this.#pair.fingerprint !== active.fingerprint && !(await this.#swap(active))) return
    await this.#followWish(active)
    await this.#settle()
  }

  /** Another table answers from now on. @returns false while its model is not up: the former pair goes on */
  async #swap(active: IndexRecord): Promise<boolean> {
    const { engines, logger } = this.#deps
    if (this.#upcoming?.name === active.model) {
      if (!(await this.#takeUpcoming(this.#upcoming, active))) return false
    } else if (engines.answering.name === active.model) {
      if (!(await modelOf(engines.answering))) return false
      await this.#replacePair(engines.answering, active, async () => undefined)
    } else {
      // The worker was quicker than the wish to stop it.
      await this.#cancel()
      await this.#start(active.model)
      return false
    }
    logger.info({ model: active.model }, 'questions are answered from another index from now on')
    return true
  }

  /** Questions that begin from now on are answered by this model. @returns false while it is not up */
  async #takeUpcoming(upcoming: UpcomingModel, table: IndexTable | undefined): Promise<boolean> {
    const front = await upcoming.front()
    if (!front) return false
    const former = this.#deps.engines.answering
    await this.#replacePair(front, table, async () => {
      await former[Symbol.asyncDispose]()
      await upcoming.endOthers(front)
    })
    this.#canSettle = true
    return true
  }

  /** @param endFormer called when the worker and all questions have gone on to the slot */
  async #replacePair(
    slot: EmbeddingSlot,
    table: IndexTable | undefined,
    endFormer: () => Promise<void>,
  ): Promise<void> {
    const pair = this.#createPair(slot, table)
    // What can fail, before anything is changed.
    if (table) await pair.index()
    const old = this.#pair
    this.#pair = pair
    this.#deps.engines.adopt(slot)
    if (this.#upcoming?.name === slot.name) this.#upcoming = undefined
    const restarted = this.#restartWorker()
    this.#retiring.add(old, { after: restarted, end: endFormer })
    await restarted
  }

  async #followWish(active: IndexRecord | undefined): Promise<void> {
    const { engines } = this.#deps
    if (this.#wished === engines.answering.name) {
      await this.#cancel()
      const model = active && (await modelOf(engines.answering))
      const fingerprint = model && indexFingerprint(model)
      this.#renewed = fingerprint === active?.fingerprint ? undefined : fingerprint
      return
    }
    this.#renewed = undefined
    if (this.#upcoming?.name !== this.#wished) {
      await this.#cancel()
      await this.#start(this.#wished)
    }
    if (this.#upcoming && this.#upcoming.fingerprint === undefined) await this.#hand(this.#upcoming, active)
  }

  async #start(name: string): Promise<void> {
    // What is wrong with a file stays so; one that is missing may come.
    if (this.#failure && this.#failure.code !== 'model_missing') return
    try {
      this.#upcoming = await UpcomingModel.start(this.#deps.engines, name)
      this.#failure = undefined
    } catch (error) {
      this.#fail(name, error)
    }
  }

  /** Once the model is up its table is built, or is the one that answers already. */
  async #hand(upcoming: UpcomingModel, active: IndexRecord | undefined): Promise<void> {
    let model: EmbeddingModelInfo | undefined
    try {
      model = await upcoming.model()
    } catch (error) {
      this.#fail(upcoming.name, error)
      await this.#cancel()
    }
    if (!model) return
    const fingerprint = indexFingerprint(model)
    if (active && active.fingerprint !== fingerprint) {
      upcoming.fingerprint = fingerprint
      await this.#restartWorker()
      return
    }
    if (!(await this.#takeUpcoming(upcoming, active)) || !active) return
    const { dimensions } = active
    await this.#deps.ledger.indexes.register({ fingerprint, dimensions, model: upcoming.name })
  }

  async #cancel(): Promise<void> {
    const upcoming = this.#upcoming
    this.#upcoming = undefined
    if (upcoming?.fingerprint !== undefined) await this.#restartWorker()
    await upcoming?.[Symbol.asyncDispose]()
  }

  /** Brings the model that answers into the common host, when no question is under way. */
  async #settle(): Promise<void> {
    const { engines, ledger, logger } = this.#deps
    if (this.#isSettled || this.#upcoming || !this.#retiring.isEmpty) return
    this.#unsettledSince ??= Date.now()
    const isQuiet = !this.#pair.uses.isInUse || !engines.writesHere
    if (!isQuiet && Date.now() - this.#unsettledSince < settleWithinMs) return
    this.#unsettledSince = undefined
    try {
      const former = engines.answering
      const settled = await engines.settle()
      if (settled) await this.#replacePair(settled, await ledger.indexes.active(), () => former[Symbol.asyncDispose]())
    } catch (error) {
      this.#canSettle = false
      logger.error({ err: error }, 'the embedding model stays in a host of its own')
    }
  }

  get #isSettled(): boolean {
    return this.#deps.engines.isSettled || !this.#canSettle
  }

  #fail(name: string, error: unknown): void {
    if (!(error instanceof KuraError)) throw error
    if (this.#failure?.code !== error.code) this.#deps.logger.error({ model: name, code: error.code }, error.message)
    this.#failure = error
  }

  #createPair(slot: EmbeddingSlot, table: IndexTable | undefined): SearchPair {
    const { ledger, settings, engines, tuning } = this.#deps
    return new SearchPair({
      ledger,
      tuning,
      indexUri: settings.indexUri,
      slot,
      table,
      holdGenerator: () => engines.holdGenerator(),
      reranker: () => engines.reranker,
      isIncomplete: () => this.#isIncomplete,
    })
  }

  #setIncomplete(active: IndexRecord | undefined): void {
    this.#isIncomplete = active !== undefined && active.progress.done < active.progress.total
  }

  async #restartWorker(): Promise<void> {
    await this.worker?.restart(this.#workerEngines)
  }

  /** A model that is to take over is the worker's concern when it is up. */
  get #workerEngines(): WorkerEngines {
    const upcoming = this.#upcoming
    const { answering } = this.#deps.engines
    return { answering, upcoming: upcoming?.fingerprint === undefined ? undefined : upcoming.builder }
  }
}

/** What an engine runs; undefined where it can not be had. */
const modelOf = (slot: EmbeddingSlot): Promise<EmbeddingModelInfo | undefined> => slot.model().catch(() => undefined)
