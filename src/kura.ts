/**
 * The composition root: opens the stores, starts the engines and the worker, and puts together what the interfaces stand on. In: settings.
 * Out: a `Kura`, which HTTP, the command line and the evaluation use. The only place that builds concrete objects of the server.
 */
import path from 'node:path'
import { type Logger, pino } from 'pino'
import { indexFingerprint } from '../ingest/chunk/index-fingerprint.ts'
import { Answerer } from './answer/answerer.ts'
import { prepareDataFolder } from './config/data-folder.ts'
import type { Settings } from './config/settings.ts'
import { KuraError } from './core/errors.ts'
import { localAdministrator } from './core/principal.ts'
import type { Gauges, Health, HttpDeps } from './http/deps.ts'
import { type EngineRoles, ModelEngines } from './models/model-engines.ts'
import { Retriever } from './retrieval/retriever.ts'
import { ChunkIndex } from './store/chunk-index.ts'
import { Intake } from './store/intake.ts'
import { Ledger } from './store/ledger.ts'
import { Originals } from './store/originals.ts'
import { WorkerProcess } from './worker-process.ts'

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
  readonly retriever: Retriever
  readonly answerer: Answerer
  readonly engines: ModelEngines
  /** The index of the embedding model in use; opened once, when the model is up. */
  index(): Promise<ChunkIndex>
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

/** Opens on the first call and keeps it; a failed opening is tried again by the next call. */
const openOnce = <T>(open: () => Promise<T>): { get: () => Promise<T>; opened: () => Promise<T> | undefined } => {
  let opening: Promise<T> | undefined
  const get = () => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined
      throw error
    })
    return opening
  }
  return { get, opened: () => opening }
}

/** @throws data_not_writable, data_newer, data_damaged, model_unknown, model_missing, model_invalid */
export const openKura = async (settings: Settings, options: KuraOptions): Promise<Kura> => {
  const logger = pino({ level: settings.logLevel }, pino.destination({ dest: 2, sync: true }))
  await prepareDataFolder(settings.data)
  const parts = new Parts()
  try {
    const ledger = parts.use(await Ledger.open(settings.ledgerFile))
    const originals = await Originals.open(path.join(settings.data, 'originals'))
    const intake = new Intake({ ledger, originals, maxFileBytes: settings.maxFileBytes })
    const engines = parts.use(await ModelEngines.open(settings, options, logger))
    const { embedder } = engines
    const index = openOnce(async () => {
      const model = await embedder.info()
      return ChunkIndex.open(settings.indexUri, { fingerprint: indexFingerprint(model), dimensions: model.dimensions })
    })
    parts.use({
      [Symbol.asyncDispose]: async () => (await index.opened()?.catch(() => undefined))?.[Symbol.asyncDispose](),
    })
    const retriever = new Retriever({ ledger, index: index.get, embedder })
    const answerer = new Answerer({ ledger, retriever, embedder, generator: () => engines.generator })
    const worker = options.worker ? parts.use(startWorker(settings, engines, logger)) : undefined
    const gauges = async (): Promise<Gauges> => ({
      indexRows: await (await index.get().catch(() => undefined))?.count(),
      modelHostRestarts: engines.restarts,
    })
    return {
      settings,
      logger,
      ledger,
      originals,
      intake,
      retriever,
      answerer,
      engines,
      index: index.get,
      health: () => checkHealth({ ledger, index: index.get, engines, worker }),
      listModels: async () => engines.report(),
      gauges,
      [Symbol.asyncDispose]: () => parts.close(),
    }
  } catch (error) {
    await parts.close().catch((failure: unknown) => logger.error({ err: failure }, 'closing failed'))
    throw error
  }
}

const startWorker = (settings: Settings, engines: ModelEngines, logger: Logger): WorkerProcess => {
  const { data, ledgerFile, indexUri, parseTimeoutMs, parseMemoryBytes, logLevel } = settings
  const { baseUrl, model, prompts } = engines.embeddingOptions
  return new WorkerProcess(
    {
      data,
      ledgerFile,
      indexUri,
      embeddingBaseUrl: baseUrl,
      ...(model ? { embeddingModel: model } : {}),
      ...(prompts ? { embeddingPrompts: prompts } : {}),
      parseTimeoutMs,
      parseMemoryBytes,
      logLevel,
    },
    logger,
  )
}

interface Checked {
  readonly ledger: Ledger
  readonly index: () => Promise<ChunkIndex>
  readonly engines: ModelEngines
  readonly worker: WorkerProcess | undefined
}

type Component = Health['components'][number]

/** Runs a check; its failure is the component's state. */
const component = async (name: string, check: () => Promise<string>): Promise<Component> => {
  try {
    return { name, state: 'ok', detail: await check() }
  } catch (error) {
    return { name, state: 'down', detail: error instanceof KuraError ? error.message : 'It does not answer.' }
  }
}

const checkHealth = async ({ ledger, index, engines, worker }: Checked): Promise<Health> => {
  const { chosen } = engines.report()
  const generation = chosen.find(({ role }) => role === 'generation')
  const generates = ['ready', 'external', 'off'].includes(generation?.state ?? 'off')
  const components: Component[] = [
    await component('ledger', async () => `${(await ledger.collections.list(localAdministrator)).length} collections`),
    await component('index', async () => `${await (await index()).count()} chunks`),
    await component('embedding', async () => (await engines.embedder.info()).name),
    { name: 'generation', state: generates ? 'ok' : 'degraded', detail: generation?.reason ?? '' },
    worker?.running === false
      ? { name: 'worker', state: 'degraded', detail: 'The ingestion worker died and is started again.' }
      : { name: 'worker', state: 'ok', detail: worker ? 'The ingestion worker runs.' : 'Not run by this process.' },
  ]
  const degraded = components.filter(({ state }) => state !== 'ok').map(({ name, state }) => `${name}_${state}`)
  return { ready: components.every(({ state }) => state !== 'down'), components, degraded }
}
