/**
 * The ingestion worker's process. In: WorkerOptions as JSON in the first argument, an IPC channel to the parent. Out: log lines on
 * standard error; an exit when the parent is gone (disconnect) or asks for it (SIGTERM), jobs put back into the queue before.
 * Killed at any moment it leaves nothing half: see ingest-document.
 */
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { destination, type Logger, pino } from 'pino'
import { isAbort, KuraError } from '../src/core/errors.ts'
import type { Embedder, EmbeddingModelInfo } from '../src/core/models.ts'
import { createEmbedder } from '../src/models/model-client.ts'
import { ChunkIndex } from '../src/store/chunk-index.ts'
import { Ledger } from '../src/store/ledger.ts'
import { Originals } from '../src/store/originals.ts'
import { indexFingerprint } from './chunk/index-fingerprint.ts'
import { IngestionWorker } from './worker.ts'
import { type WorkerOptions, workerOptionsSchema } from './worker-options.ts'

const engineWaitMs = 500
/** After a stop was asked for; a write that takes longer is as safe to break off as any other moment. */
const exitAfterMs = 8_000

const run = async (options: WorkerOptions, logger: Logger, signal: AbortSignal): Promise<void> => {
  await using ledger = await Ledger.open(options.ledgerFile)
  const originals = await Originals.open(path.join(options.data, 'originals'))
  await using embedder = createEmbedder({
    baseUrl: options.embeddingBaseUrl,
    model: options.embeddingModel,
    prompts: options.embeddingPrompts,
  })
  const model = await waitForEngine(embedder, logger, signal)
  const fingerprint = indexFingerprint(model)
  await using index = await ChunkIndex.open(options.indexUri, { fingerprint, dimensions: model.dimensions })
  logger.info({ model: model.name }, 'ingestion worker ready')
  await new IngestionWorker({ ledger, originals, index, embedder, settings: options, logger }).run(signal)
}

/** The index can not be opened before the engine has said which model it runs. */
const waitForEngine = async (embedder: Embedder, logger: Logger, signal: AbortSignal): Promise<EmbeddingModelInfo> => {
  for (let tries = 0; ; tries += 1) {
    try {
      return await embedder.info({ signal })
    } catch (error) {
      if (!(error instanceof KuraError) || !error.retryable) throw error
      if (tries === 0) logger.info({ code: error.code }, 'waiting for the embedding engine')
      await sleep(engineWaitMs, undefined, { signal })
    }
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
