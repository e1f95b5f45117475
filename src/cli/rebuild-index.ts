/**
 * `kura doctor --rebuild-index`: throws the index away and makes it anew from the originals and the ledger, with the model that it was made
 * with, then compares what is in it with what the ledger says. Interrupted, it goes on with the next start of Kura.
 */
import { hasSameVectors, indexFingerprint } from '../../ingest/chunk/index-fingerprint.ts'
import { IngestionWorker } from '../../ingest/worker.ts'
import type { Settings } from '../config/settings.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import { type Kura, openKura, scratchFolderOf } from '../kura.ts'
import { dropIndex } from '../store/drop-index.ts'
import type { IndexRecord } from '../store/records.ts'
import { compareIndex } from './compare-index.ts'
import type { Output } from './output.ts'
import { readAnnouncement } from './running-server.ts'

const progressEveryMs = 500

/** @throws data_busy, index_incomplete where nothing may be ingested now, and what opening the models throws */
export const rebuildIndex = async (settings: Settings, output: Output): Promise<void> => {
  const server = await readAnnouncement(settings)
  if (server !== undefined) {
    throw new KuraError('data_busy', `A server (${server}) works on this data folder: stop it, then rebuild.`)
  }
  const interrupt = new AbortController()
  const stop = () => interrupt.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  try {
    await using kura = await openKura(
      { ...settings, logLevel: settings.logLevel === 'info' ? 'warn' : settings.logLevel },
      { embedding: true, generation: false, worker: false },
    )
    await rebuild(kura, interrupt.signal, output)
  } catch (error) {
    if (!interrupt.signal.aborted || !isAbort(error)) throw error
    throw new KuraError('request_cancelled', 'The rebuilding was interrupted; it goes on when Kura runs again.')
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
  }
}

const rebuild = async (kura: Kura, signal: AbortSignal, output: Output): Promise<void> => {
  const { ledger, settings } = kura
  const active = await ledger.indexes.active()
  if (active === undefined) {
    output.result({ documents: 0 }, 'There is no index yet: nothing was ever ingested.')
    return
  }
  await checkReady(kura, active, signal)
  // In this order: what the ledger has forgotten is built anew, whatever else happens.
  for (const { fingerprint } of await ledger.indexes.list()) {
    await ledger.indexes.forget(fingerprint, [...(await ledger.indexes.expectedChunks(fingerprint)).keys()])
  }
  await dropIndex(settings.indexUri)
  output.message(`Rebuilding the index of ${active.progress.total} documents with ${active.model}…`)
  await fill(kura, signal, output)
  signal.throwIfAborted()
  const { published, ...compared } = await compareIndex(await kura.index(), ledger, active.fingerprint)
  const isRight = compared.missing + compared.wrong + compared.orphans === 0
  const sentence = isRight
    ? `The index holds all ${published} documents, ${compared.rows} chunks, as the ledger says.`
    : `Of ${published} documents ${compared.missing} are missing in the index, ${compared.wrong} have another count of chunks than in the ledger, and ${compared.orphans} are not in the ledger; see the log.`
  output.result({ documents: published, ...compared }, sentence)
  if (!isRight) process.exitCode = 1
}

/** What would stop the building half-way is told before anything is thrown away. */
const checkReady = async ({ ledger, engines }: Kura, active: IndexRecord, signal: AbortSignal): Promise<void> => {
  if (await ledger.jobs.isPaused()) {
    throw new KuraError('index_incomplete', 'Ingestion is paused: resume it (`kura jobs resume`), then rebuild.')
  }
  if ((await ledger.leases.holder('index-writer')) !== undefined) {
    throw new KuraError('data_busy', 'Another command ingests into this data folder: wait until it has ended.')
  }
  await engines.ready(signal)
  const model = await engines.embedder.info({ signal })
  if (hasSameVectors(indexFingerprint(model), active.fingerprint)) return
  throw new KuraError(
    'embedding_mismatch',
    `The index was not made by ${model.name} as it is now: start Kura, which builds a new one.`,
  )
}

/** Returns when there is nothing more to build, or at the signal. */
const fill = async (kura: Kura, signal: AbortSignal, output: Output): Promise<void> => {
  const { ledger, originals, intake, settings, logger } = kura
  const { parseTimeoutMs, parseMemoryBytes } = settings
  const report = setInterval(async () => {
    const progress = (await ledger.indexes.active().catch(() => undefined))?.progress
    if (progress) output.progress(`${progress.done} of ${progress.total} documents`)
  }, progressEveryMs)
  try {
    const worker = new IngestionWorker({
      ledger,
      originals,
      intake,
      logger,
      target: await kura.target(),
      settings: { parseTimeoutMs, parseMemoryBytes, scratchFolder: scratchFolderOf(settings) },
    })
    await worker.runUntilIdle(signal)
  } finally {
    clearInterval(report)
  }
}
