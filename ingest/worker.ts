/**
 * The ingestion worker: claims jobs from the ledger, takes some documents at a time from file to published revision, fills what the index lacks,
 * and clears away what is deleted. Any number of workers may run; the one that holds the lease `index-writer` works, the others wait.
 * Invariant: a job ends in exactly one way: published, failed with a reason, cancelled, or back in the queue.
 * Neighbours: main (the process around it) -> here -> ingest-document, build-indexes, reconcile, index-writer.
 */
import { mkdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { isAbort, KuraError } from '../src/core/errors.ts'
import type { Intake } from '../src/store/intake.ts'
import type { Ledger } from '../src/store/ledger.ts'
import type { Originals } from '../src/store/originals.ts'
import { processIdentity } from '../src/store/process-identity.ts'
import type { JobRecord } from '../src/store/records.ts'
import { IndexBuilder } from './build-indexes.ts'
import type { IndexTarget } from './index-target.ts'
import { IndexWriter } from './index-writer.ts'
import { type IngestSettings, ingestDocument } from './ingest-document.ts'
import { describeFailure, isEngineFailure, isGone } from './job-failure.ts'
import { JobLease, jobLeaseMs } from './job-lease.ts'
import { OcrPool } from './ocr/ocr-pool.ts'
import { readPages } from './ocr/read-pages.ts'
import { parseFile } from './parse/parse-file.ts'
import { ParserPool } from './parse/parser-pool.ts'
import { createPatientCall, defaultModelWaitsMs } from './patient-call.ts'
import { reconcile } from './reconcile.ts'
import { ScanTurns } from './scan-turns.ts'
import { WriterLease } from './writer-lease.ts'

/** One is embedded while the next one is parsed; more where there are cores to parse with. */
const documentsAtOnce = Math.min(6, 3 + Math.floor(availableParallelism() / 8))
/** The rest is kept for small files, which so never wait for a manual of a thousand pages. */
const largeAtOnce = documentsAtOnce - 1
/** Documents beyond `documentsAtOnce` that may be at their scans, or wait for it: they keep no text from being embedded. */
const maxAtScans = 8
const pollMs = 300
/** Between two looks for deleted revisions while documents are being ingested. */
const purgeEveryMs = 3_000
/** Between two comparisons of index, ledger and originals. */
const reconcileEveryMs = 60 * 60 * 1000
const retryDelaysMs: readonly number[] = [5_000, 30_000]

export interface IngestionWorkerDeps {
  readonly ledger: Ledger
  readonly originals: Originals
  readonly intake: Intake
  /** The table that answers. */
  readonly target: IndexTarget
  /** The table of a model that is to take over. */
  readonly upcoming?: IndexTarget | undefined
  readonly settings: IngestSettings
  readonly logger: Logger
  /** @default parseFile */
  readonly parse?: typeof parseFile
  /** @default readPages */
  readonly readPages?: typeof readPages
  /** Waits between the tries of one call to an engine that is down. @default about a minute in all */
  readonly modelWaitsMs?: readonly number[]
  /** Waits before a failed document is tried again. @default 5 s, then 30 s */
  readonly retryDelaysMs?: readonly number[]
}

interface ActiveJob {
  readonly lease: JobLease
  readonly isLarge: boolean
  /** Its scans are being read, or wait for their turn. */
  isAtScans: boolean
  readonly finished: Promise<void>
}

/** Processes that go from one document to the next. */
interface Pools {
  readonly parsers: ParserPool
  readonly readers: OcrPool
}

export class IngestionWorker {
  readonly #deps: IngestionWorkerDeps
  readonly #owner = processIdentity()
  readonly #writer: IndexWriter
  readonly #targets: readonly IndexTarget[]
  readonly #builder: IndexBuilder
  readonly #active = new Map<string, ActiveJob>()
  readonly #scanTurns = new ScanTurns(documentsAtOnce - 1)
  /** The engine was down when a document needed it: no document is claimed until it answers. */
  #engineDown = false
  #lastPurge = 0
  #lastReconciliation = 0

  constructor(deps: IngestionWorkerDeps) {
    this.#deps = deps
    this.#targets = deps.upcoming ? [deps.target, deps.upcoming] : [deps.target]
    this.#writer = new IndexWriter({ ledger: deps.ledger, indexes: this.#targets.map(({ index }) => index) })
    this.#builder = new IndexBuilder({
      ...deps,
      writer: this.#writer,
      targets: this.#targets,
      modelWaitsMs: deps.modelWaitsMs ?? defaultModelWaitsMs,
    })
  }

  /** Works until the signal is raised; documents under way go back to the queue then. */
  run(signal: AbortSignal): Promise<void> {
    return this.#runUntil(signal, async () => false)
  }

  /** Works until no job waits or runs, in this process or another, the index lacks nothing, and everything deleted is cleared away. */
  runUntilIdle(signal: AbortSignal): Promise<void> {
    return this.#runUntil(signal, async () => {
      const { queued, running } = await this.#deps.ledger.jobs.counts()
      return queued + running === 0 && !(await this.#builder.hasMissing())
    })
  }

  async #runUntil(signal: AbortSignal, isDone: () => Promise<boolean>): Promise<void> {
    while (!signal.aborted) {
      const lease = await WriterLease.acquire(this.#deps.ledger.leases, this.#owner)
      if (lease) {
        try {
          if (await this.#workWhileHeld(AbortSignal.any([signal, lease.lost]), isDone)) return
        } finally {
          await lease[Symbol.asyncDispose]()
        }
      } else {
        if (await isDone()) return
        await this.#pause(signal)
      }
    }
  }

  /** @returns true when there is nothing left to do, false when the signal ended it */
  async #workWhileHeld(signal: AbortSignal, isDone: () => Promise<boolean>): Promise<boolean> {
    const stop = new AbortController()
    const held = AbortSignal.any([signal, stop.signal])
    const { parseMemoryBytes, scratchFolder } = this.#deps.settings
    await using parsers = new ParserPool({ ready: { pdf: true, memoryBytes: parseMemoryBytes } })
    await using readers = new OcrPool({ scratchFolder })
    let building: Promise<void> = Promise.resolve()
    try {
      await this.#clearScratch()
      await this.#reconcile(held)
      building = this.#builder.run(held)
      while (!signal.aborted) {
        const claimed = await this.#claim({ parsers, readers }, signal)
        if (claimed) continue
        await this.#maintain(signal)
        if (this.#active.size === 0 && (await isDone())) return true
        await this.#pause(signal)
      }
      return false
    } catch (error) {
      if (signal.aborted && isAbort(error)) return false
      throw error
    } finally {
      stop.abort()
      await Promise.all([this.#releaseActive(), building])
    }
  }

  /** What killed parsers have left; no other worker is at work. */
  async #clearScratch(): Promise<void> {
    const { scratchFolder } = this.#deps.settings
    await rm(scratchFolder, { recursive: true, force: true })
    await mkdir(scratchFolder, { recursive: true })
  }

  async #reconcile(signal: AbortSignal): Promise<void> {
    this.#lastReconciliation = Date.now()
    const report = await reconcile({ ...this.#deps, targets: this.#targets, writer: this.#writer }, signal)
    this.#deps.logger.info(report, 'index, ledger and originals compared')
  }

  async #claim(pools: Pools, signal: AbortSignal): Promise<boolean> {
    const working = [...this.#active.values()].filter(({ isAtScans }) => !isAtScans)
    if (working.length >= documentsAtOnce || this.#active.size >= documentsAtOnce + maxAtScans) return false
    if (this.#engineDown && !(await this.#engineAnswers(signal))) return false
    const large = working.filter(({ isLarge }) => isLarge).length
    const job = await this.#deps.ledger.jobs.claim(this.#owner, jobLeaseMs, { smallOnly: large >= largeAtOnce })
    if (!job) return false
    const lease = new JobLease(this.#deps.ledger.jobs, job, this.#owner, (error) =>
      this.#deps.logger.warn({ err: error, jobId: job.id }, 'a heartbeat could not be written'),
    )
    const finished = this.#work(lease, job.isLarge, pools).finally(() => this.#active.delete(job.id))
    this.#active.set(job.id, { lease, isLarge: job.isLarge, isAtScans: false, finished })
    return true
  }

  async #maintain(signal: AbortSignal): Promise<void> {
    if (Date.now() - this.#lastReconciliation > reconcileEveryMs) await this.#reconcile(signal)
    if (this.#active.size > 0 && Date.now() - this.#lastPurge < purgeEveryMs) return
    this.#lastPurge = Date.now()
    const purged = await this.#writer.purge()
    if (purged > 0) this.#deps.logger.info({ revisions: purged }, 'removed from the index')
    if (this.#active.size === 0) await this.#writer.optimizeIfChanged()
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    const wait = sleep(pollMs, undefined, { signal: AbortSignal.any([signal, over.signal]) }).catch(() => undefined)
    await Promise.race([...[...this.#active.values()].map(({ finished }) => finished), wait])
    // Else its listener would stay on the signal until the time is over.
    over.abort()
  }

  async #releaseActive(): Promise<void> {
    const active = [...this.#active.values()]
    for (const { lease } of active) lease.stop('shutdown')
    await Promise.all(active.map(({ finished }) => finished))
  }

  async #engineAnswers(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#deps.target.embedder.info({ signal })
      this.#engineDown = false
    } catch (error) {
      if (!(error instanceof KuraError) || !error.retryable) throw error
    }
    return !this.#engineDown
  }

  /** Never throws: whatever happens ends the job in one way or another. */
  async #work(lease: JobLease, isLarge: boolean, { parsers, readers }: Pools): Promise<void> {
    const { ledger, logger, parse = parseFile, readPages: read = readPages } = this.#deps
    const { job } = lease
    const log = logger.child({ jobId: job.id, documentId: job.documentId })
    const startedAt = Date.now()
    try {
      const { chunks } = await ingestDocument(
        {
          ...this.#deps,
          writer: this.#writer,
          parse: (file, options) => parse(file, { ...options, parsers }),
          readPages: (file, options) =>
            this.#scanTurns.take(isLarge, options.signal, () => read(file, { ...options, readers })),
        },
        {
          job,
          signal: lease.signal,
          callModel: createPatientCall(lease.signal, this.#deps.modelWaitsMs ?? defaultModelWaitsMs),
          onProgress: (stage, done, total) => {
            const active = this.#active.get(job.id)
            if (active) active.isAtScans = stage === 'reading'
            lease.progress(stage, done, total)
          },
          onAdvance: () => lease.advanced(),
        },
      )
      await ledger.jobs.done(job.id, this.#owner)
      log.info({ chunks, ms: Date.now() - startedAt }, 'published')
    } catch (error) {
      await this.#end(lease, error).catch((failure: unknown) =>
        log.error(
          { err: failure },
          'the end of the job could not be written; it is taken up again when its lease runs out',
        ),
      )
    } finally {
      await lease[Symbol.asyncDispose]()
    }
  }

  async #end(lease: JobLease, error: unknown): Promise<void> {
    const { jobs } = this.#deps.ledger
    const { job, stopReason } = lease
    const log = this.#deps.logger.child({ jobId: job.id, documentId: job.documentId })
    // No heartbeat may come after the end.
    await lease[Symbol.asyncDispose]()
    if (stopReason === 'lost') return
    if (stopReason === 'shutdown' || stopReason === 'pause') return jobs.release(job.id, this.#owner)
    if (stopReason === 'cancel' || isGone(error)) {
      log.info('cancelled')
      return jobs.cancelled(job.id, this.#owner)
    }
    const failure = describeFailure(error)
    if (isEngineFailure(error) && !(await this.#engineAnswersNow())) {
      log.warn({ code: failure.code }, 'the embedding engine is down; the document waits for it')
      return jobs.release(job.id, this.#owner)
    }
    const isFinal = error instanceof KuraError && error.kind === 'input'
    log[isFinal ? 'info' : 'error']({ err: error, attempt: job.attempts }, 'ingestion failed')
    return jobs.fail(job.id, this.#owner, failure, isFinal ? undefined : this.#retryAt(job))
  }

  async #engineAnswersNow(): Promise<boolean> {
    this.#engineDown = true
    return this.#engineAnswers(AbortSignal.timeout(5_000)).catch(() => false)
  }

  #retryAt(job: JobRecord): Date {
    const delays = this.#deps.retryDelaysMs ?? retryDelaysMs
    return new Date(Date.now() + (delays[Math.min(job.attempts, delays.length) - 1] ?? 0))
  }
}
