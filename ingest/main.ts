/**
 * The ingestion worker's process. In: WorkerOptions as JSON in the first argument, an IPC channel to the parent. Out: log lines on
 * standard error; an exit when the parent is gone (disconnect) or asks for it (SIGTERM), jobs put back into the queue before.
 * Killed at any moment it leaves nothing half: see ingest-document.
 */
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { destination, type Logger, pino } from 'pino'
import { isAbort, KuraError } from '../src/core/errors.ts'
import type { Embedder } from '../src/core/models.ts'
import { createEmbedder } from '../src/models/model-client.ts'
import { ChunkIndex } from '../src/store/chunk-index.ts'
import { Intake } from '../src/store/intake.ts'
import { Ledger } from '../src/store/ledger.ts'
import { Originals } from '../src/store/originals.ts'
import { buildAlone } from './build-alone.ts'
import type { IndexTarget } from './index-target.ts'
import { type PlannedTarget, planTargets, type ReadyEngine } from './plan-targets.ts'
import { IngestionWorker } from './worker.ts'
import { type WorkerOptions, workerOptionsSchema } from './worker-options.ts'

const engineWaitMs = 500
/** After a stop was asked for; a write that takes longer is as safe to break off as any other moment. */
const exitAfterMs = 8_000

interface Stores {
  readonly ledger: Ledger
  readonly originals: Originals
}

interface Engine {
  readonly name: string
  readonly embedder: Embedder & AsyncDisposable
}

const run = async (options: WorkerOptions, logger: Logger, signal: AbortSignal): Promise<void> => {
  await using ledger = await Ledger.open(options.ledgerFile)
  const originals = await Originals.open(path.join(options.data, 'originals'))
  const engines = [options.answering, options.upcoming].flatMap((each) =>
    each ? [{ name: each.name, embedder: createEmbedder(each) }] : [],
  )
  try {
    while (!signal.aborted) await workWithEngines(engines, { ledger, originals }, { options, logger, signal })
  } finally {
    await Promise.all(engines.map(({ embedder }) => embedder[Symbol.asyncDispose]()))
  }
}

/** Works with the engines that are up; ends when another one has come up, so that it is taken in. */
const workWithEngines = async (
  engines: readonly Engine[],
  stores: Stores,
  { options, logger, signal }: { options: WorkerOptions; logger: Logger; signal: AbortSignal },
): Promise<void> => {
  const ready = await waitForEngines(engines, logger, signal)
  const plan = planTargets(
    await stores.ledger.indexes.active(),
    ready,
    ready.find(({ name }) => name === engines.at(-1)?.name),
  )
  const changed = new AbortController()
  const until = AbortSignal.any([signal, changed.signal])
  const others = engines.filter(({ name }) => !ready.some((each) => each.name === name))
  for (const other of others) {
    waitForEngine(other, until).then(
      () => changed.abort(),
      () => undefined,
    )
  }
  try {
    await work(plan, stores, { options, logger, signal: until })
  } finally {
    changed.abort()
  }
}

const work = async (
  { answering, upcoming }: ReturnType<typeof planTargets>,
  stores: Stores,
  { options, logger, signal }: { options: WorkerOptions; logger: Logger; signal: AbortSignal },
): Promise<void> => {
  await using target = answering && (await openTarget(answering, stores, options))
  await using next = upcoming && (await openTarget(upcoming, stores, options))
  logger.info({ model: target?.model.name, upcoming: next?.model.name }, 'ingestion worker ready')
  if (target) {
    const intake = new Intake({ ...stores, maxFileBytes: options.maxFileBytes })
    const deps = { ...stores, intake, target, settings: options, logger }
    await new IngestionWorker(next ? { ...deps, upcoming: next } : deps).run(signal)
  } else if (next) {
    await buildAlone({ ...stores, target: next, logger }, signal)
  } else {
    // Nothing that is up can write any table: whatever comes up ends this.
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  }
}

const openTarget = async (
  { engine, fingerprint }: PlannedTarget,
  { ledger }: Stores,
  { indexUri }: WorkerOptions,
): Promise<IndexTarget & AsyncDisposable> => {
  const { name, embedder, model } = engine
  const { dimensions } = model
  const index = await ChunkIndex.open(indexUri, { fingerprint, dimensions })
  await ledger.indexes.register({ fingerprint, model: name, dimensions })
  return { index, embedder, model, fingerprint, [Symbol.asyncDispose]: () => index[Symbol.asyncDispose]() }
}

/** Those that are up, as soon as one is: the index can not be opened before the engine has said which model it runs. */
const waitForEngines = async (
  engines: readonly Engine[],
  logger: Logger,
  signal: AbortSignal,
): Promise<ReadyEngine[]> => {
  for (let tries = 0; ; tries += 1) {
    const asked = await Promise.all(engines.map((engine) => askEngine(engine, signal)))
    const ready = asked.flatMap((each) => each ?? [])
    if (ready.length > 0) return ready
    if (tries === 0) logger.info('waiting for the embedding engine')
    await sleep(engineWaitMs, undefined, { signal })
  }
}

const waitForEngine = async (engine: Engine, signal: AbortSignal): Promise<void> => {
  while ((await askEngine(engine, signal)) === undefined) await sleep(engineWaitMs, undefined, { signal })
}

/** Undefined while it is not up, for whatever reason: the others go on. */
const askEngine = async (engine: Engine, signal: AbortSignal): Promise<ReadyEngine | undefined> => {
  try {
    return { ...engine, model: await engine.embedder.info({ signal }) }
  } catch (error) {
    if (error instanceof KuraError) return undefined
    throw error
  }
}

const stop = new AbortController()
const requestStop = (): void => {
  stop.abort()
  setTimeout(() => process.exit(0), exitAfterMs).unref()
}
process.once('SIGTERM', requestStop)
// The terminal sends it to the whole group; the parent decides when this process ends.
process.on('SIGINT', () => undefined)
process.once('disconnect', requestStop)

const options = workerOptionsSchema.parse(JSON.parse(process.argv[2] ?? '{}'))
// Synchronous: what was written last before a crash matters most.
const logger = pino({ name: 'worker', level: options.logLevel }, destination({ fd: 2, sync: true }))
try {
  await run(options, logger, stop.signal)
  process.exit(0)
} catch (error) {
  if (stop.signal.aborted && isAbort(error)) process.exit(0)
  logger.fatal({ err: error }, 'the ingestion worker ends')
  process.exit(1)
}
