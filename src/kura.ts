/**
 * The composition root: opens the stores, starts the engines and the worker, and puts together what the interfaces stand on. In: settings.
 * Out: a `Kura`, which HTTP, the command line and the evaluation use. The only place that builds concrete objects of the server.
 */
import path from 'node:path'
import { type Logger, pino } from 'pino'
import type { IndexTarget } from '../ingest/index-target.ts'
import type { Answerer } from './answer/answerer.ts'
import { GapDesk } from './answer/gap-desk.ts'
import { checkHealth } from './check-health.ts'
import { replayAnswer } from './compare/replay-answer.ts'
import { prepareDataFolder } from './config/data-folder.ts'
import type { Settings } from './config/settings.ts'
import { KuraError } from './core/errors.ts'
import type { ModelsReport } from './core/models-report.ts'
import { embedQuestions } from './core/question-vectors.ts'
import { describeChange, describeIndexes } from './describe-indexes.ts'
import type { Gauges, HttpDeps } from './http/deps.ts'
import { chooseModel } from './models/choose-model.ts'
import { type EngineRoles, ModelEngines } from './models/model-engines.ts'
import type { Retriever } from './retrieval/retriever.ts'
import { SearchIndexes } from './search-indexes.ts'
import { answerByPairs, type SearchPair } from './search-pair.ts'
import type { ChunkIndex } from './store/chunk-index.ts'
import { Intake } from './store/intake.ts'
import { Ledger } from './store/ledger.ts'
import { Originals } from './store/originals.ts'
import { PartialUploads } from './store/partial-uploads.ts'
import { QuestionLease } from './store/question-lease.ts'
import { ActiveTuning } from './tune/active-tuning.ts'
import { TuningDesk, type TuningTarget } from './tune/tuning-desk.ts'
import { FolderWatcher } from './watch/folder-watcher.ts'

export interface KuraOptions extends EngineRoles {
  /** Whether to run the ingestion worker. */
  readonly worker: boolean
}

export interface Kura extends HttpDeps, AsyncDisposable {
  readonly settings: Settings
  readonly logger: Logger
  readonly ledger: Ledger
  readonly originals: Originals
  readonly intake: Intake
  readonly retriever: Pick<Retriever, 'search'>
  readonly answerer: Pick<Answerer, 'ask'>
  readonly engines: ModelEngines
  /** Started by the server only. */
  readonly watches: FolderWatcher
  /** The index that answers now; opened when it is first needed. */
  index(): Promise<ChunkIndex>
  /** That index and its model, for a worker in this process. */
  target(): Promise<IndexTarget>
}

/** What has been opened, closed in reverse order; also when a later step of the opening fails. Node 20 has no AsyncDisposableStack. */
class Parts {
  readonly #opened: AsyncDisposable[] = []

  use<T extends AsyncDisposable>(part: T): T {
    this.#opened.push(part)
    return part
  }

  async close(): Promise<void> {
    const failures: unknown[] = []
    for (let part = this.#opened.pop(); part; part = this.#opened.pop()) {
      await part[Symbol.asyncDispose]().then(undefined, (error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  }
}

/** For unpacked and converted files; the worker empties it when it starts. */
export const scratchFolderOf = ({ data }: Pick<Settings, 'data'>): string => path.join(data, 'tmp')

/** @throws data_not_writable, data_newer, data_damaged, model_unknown, model_missing, model_invalid */
export const openKura = async (settings: Settings, options: KuraOptions): Promise<Kura> => {
  const logger = pino({ level: settings.logLevel }, pino.destination({ dest: 2, sync: true }))
  await prepareDataFolder(settings.data)
  const parts = new Parts()
  try {
    const ledger = parts.use(await Ledger.open(settings.ledgerFile))
    const originals = await Originals.open(path.join(settings.data, 'originals'))
    const intake = new Intake({ ledger, originals, maxFileBytes: settings.maxFileBytes })
    const partialUploads = parts.use(await PartialUploads.open(path.join(settings.data, 'uploads')))
    const answering = (await ledger.indexes.active())?.model
    const engines = parts.use(await ModelEngines.open(settings, options, logger, answering))
    const workerOptions = options.worker ? workerOptionsOf(settings) : undefined
    const tuning = await ActiveTuning.open(ledger.tunings)
    const indexes = parts.use(await SearchIndexes.open({ settings, ledger, engines, logger, workerOptions, tuning }))
    const { retriever, answerer } = answerByPairs(() => indexes.pair, parts.use(new QuestionLease(ledger.leases)))
    const { data: dataFolder, maxFileBytes } = settings
    const watches = parts.use(new FolderWatcher({ ledger, intake, logger, dataFolder, maxFileBytes }))
    const tunings = parts.use(
      new TuningDesk({
        ledger,
        logger,
        active: tuning,
        target: async () => await tuningTarget(indexes.pair),
        holdGenerator: () => engines.holdGenerator(),
        isBusy: () => indexes.pair.uses.isInUse,
      }),
    )
    return {
      settings,
      logger,
      ledger,
      originals,
      intake,
      partialUploads,
      retriever,
      answerer,
      engines,
      watches,
      tunings,
      gapDesk: new GapDesk({ ledger, intake, index: () => indexes.pair.index() }),
      embedQuestion: async (question, signal) =>
        (await embedQuestions([question], indexes.pair.embedder, { signal }))?.[0],
      index: () => indexes.pair.index(),
      target: () => indexes.pair.target(),
      health: () => checkHealth({ ledger, engines, indexes }),
      listModels: () => describeModels({ ledger, engines, indexes }),
      chooseModel: createModelChooser(settings, { ledger, engines, indexes }),
      gauges: () => readGauges({ ledger, engines, indexes }),
      replayAnswer: async (principal, id, options) => {
        using writing = engines.holdGenerator()
        const { embedder } = indexes.pair
        return await replayAnswer({ ledger, answerer, embedder, generator: writing.generator }, principal, id, options)
      },
      [Symbol.asyncDispose]: () => parts.close(),
    }
  } catch (error) {
    await parts.close().catch((failure: unknown) => logger.error({ err: failure }, 'closing failed'))
    throw error
  }
}

/** @throws model_unavailable, index_damaged */
const tuningTarget = async (pair: SearchPair): Promise<TuningTarget> => {
  const index = await pair.index()
  if (pair.fingerprint === undefined) throw new KuraError('internal', 'An open index has no fingerprint.')
  return { index, embedder: pair.embedder, fingerprint: pair.fingerprint }
}

const workerOptionsOf = (settings: Settings) => {
  const { data, ledgerFile, indexUri, maxFileBytes, parseTimeoutMs, parseMemoryBytes, logLevel } = settings
  const scratchFolder = scratchFolderOf(settings)
  return { data, scratchFolder, ledgerFile, indexUri, maxFileBytes, parseTimeoutMs, parseMemoryBytes, logLevel }
}

interface Reported {
  readonly ledger: Ledger
  readonly engines: ModelEngines
  readonly indexes: SearchIndexes
}

const describeModels = async ({ ledger, engines, indexes }: Reported): Promise<ModelsReport> => {
  const records = await ledger.indexes.list()
  return {
    ...engines.report(),
    indexes: describeIndexes(records, indexes.buildingFingerprint),
    change: describeChange(records, indexes),
  }
}

/** Another embedding model is wished for at once, another one that writes is loaded at once; reranking changes at the next start. */
const createModelChooser = (settings: Settings, { ledger, engines, indexes }: Reported): HttpDeps['chooseModel'] => {
  let current = settings
  return async (role, name) => {
    const changes = await chooseModel(current, role, name)
    current = { ...current, ...changes }
    if (role === 'generation' && engines.canSwitchGeneration) {
      // What fails is in the report of the models; the former one goes on.
      void engines.switchGeneration(current).catch(() => undefined)
      return { name, takesEffect: 'when_loaded' }
    }
    if (role !== 'embedding') return { name, takesEffect: 'next_start' }
    indexes.wish(current)
    const isBuilt = indexes.upcomingName === undefined || (await ledger.indexes.active()) === undefined
    return { name, takesEffect: isBuilt ? 'at_once' : 'when_built' }
  }
}

const readGauges = async ({ ledger, engines, indexes }: Reported): Promise<Gauges> => {
  const index = await indexes.pair.index().catch(() => undefined)
  const progress = (await ledger.indexes.active())?.progress
  const last = await ledger.indexes.lastReconciliation()
  return {
    indexRows: await index?.count(),
    indexMissing: progress && progress.total - progress.done,
    reconciled: last
      ? {
          orphan_revisions: last.orphanRevisions,
          incomplete_revisions: last.incompleteRevisions,
          orphan_originals: last.orphanOriginals,
          missing_originals: last.missingOriginals,
        }
      : {},
    modelHostRestarts: engines.restarts,
  }
}
