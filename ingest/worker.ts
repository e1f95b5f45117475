/**
 * The ingestion worker: claims jobs from the ledger, takes two documents at a time from file to published revision, and clears away
 * what is deleted. Any number of workers may run; the one that holds the lease `index-writer` works, the others wait.
 * Invariant: a job ends in exactly one way: published, failed with a reason, cancelled, or back in the queue.
 * Neighbours: main (the process around it) -> here -> ingest-document, reconcile, index-writer.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Settings } from '../src/config/settings.ts'
import { errorCodes, isAbort, KuraError } from '../src/core/errors.ts'
import type { Embedder } from '../src/core/models.ts'
import type { ChunkIndex } from '../src/store/chunk-index.ts'
import type { Ledger } from '../src/store/ledger.ts'
import type { Originals } from '../src/store/originals.ts'
import { processIdentity } from '../src/store/process-identity.ts'
import type { FailureRecord, JobRecord } from '../src/store/records.ts'
import { IndexWriter } from './index-writer.ts'
import { ingestDocument } from './ingest-document.ts'
import { JobLease, jobLeaseMs } from './job-lease.ts'
import { parseFile } from './parse/parse-file.ts'
import { createPatientCall, defaultModelWaitsMs } from './patient-call.ts'
import { reconcile } from './reconcile.ts'
import { WriterLease } from './writer-lease.ts'

/** One document is embedded while the next one is parsed. */
const documentsAtOnce = 2
const pollMs = 300
/** Between two looks for deleted revisions while documents are being ingested. */
const purgeEveryMs = 3_000
const retryDelaysMs: readonly number[] = [5_000, 30_000]

export interface IngestionWorkerDeps {
  readonly ledger: Ledger
  readonly originals: Originals
  readonly index: ChunkIndex
  readonly embedder: Embedder
  readonly settings: Pick<Settings, 'parseTimeoutMs' | 'parseMemoryBytes'>
  readonly logger: Logger
  /** @default parseFile */
  readonly parse?: typeof parseFile
  /** Waits between the tries of one call to an engine that is down. @default about a minute in all */
  readonly modelWaitsMs?: readonly number[]
  /** Waits before a failed document is tried again. @default 5 s, then 30 s */
  readonly retryDelaysMs?: readonly number[]
}

export class IngestionWorker {
  readonly #deps: IngestionWorkerDeps
  readonly #owner = processIdentity()
  readonly #writer: IndexWriter
  readonly #active = new Map<string, { lease: JobLease; finished: Promise<void> }>()
  /** The engine was down when a document needed it: no document is claimed until it answers. */
  #engineDown = false
  #lastPurge = 0

  constructor(deps: IngestionWorkerDeps) {
    this.#deps = deps
    this.#writer = new IndexWriter(deps)
  }

  /** Works until the signal is raised; documents under way go back to the queue then. */
  run(signal: AbortSignal): Promise<void> {
    return this.#runUntil(signal, async () => false)
  }

  /** Works until no job waits or runs, in this process or another, and everything deleted is cleared away. */
  runUntilIdle(signal: AbortSignal): Promise<void> {
    return this.#runUntil(signal, async () => {
      const { queued, running } = await this.#deps.ledger.jobs.counts()
      return queued + running === 0
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
    try {
      await this.#reconcile(signal)
      while (!signal.aborted) {
        const claimed = await this.#claim(signal)
        if (claimed) continue
        await this.#maintain()
        if (this.#active.size === 0 && (await isDone())) return true
        await this.#pause(signal)
      }
      return false
    } catch (error) {
      if (signal.aborted && isAbort(error)) return false
      throw error
    } finally {
      await this.#releaseActive()
    }
  }

  async #reconcile(signal: AbortSignal): Promise<void> {
    const report = await reconcile({ ...this.#deps, writer: this.#writer }, signal)
    this.#deps.logger.info(report, 'index, ledger and originals compared')
  }

  async #claim(signal: AbortSignal): Promise<boolean> {
    if (this.#active.size >= documentsAtOnce) return false
    if (this.#engineDown && !(await this.#engineAnswers(signal))) return false
    const job = await this.#deps.ledger.jobs.claim(this.#owner, jobLeaseMs)
    if (!job) return false
    const lease = new JobLease(this.#deps.ledger.jobs, job, this.#owner, (error) =>
      this.#deps.logger.warn({ err: error, jobId: job.id }, 'a heartbeat could not be written'),
    )
    const finished = this.#work(lease).finally(() => this.#active.delete(job.id))
    this.#active.set(job.id, { lease, finished })
    return true
  }

  async #maintain(): Promise<void> {
    if (this.#active.size > 0 && Date.now() - this.#lastPurge < purgeEveryMs) return
    this.#lastPurge = Date.now()
    const purged = await this.#writer.purge()
    if (purged > 0) this.#deps.logger.info({ revisions: purged }, 'removed from the index')
    if (this.#active.size === 0) await this.#writer.optimizeIfChanged()
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const waits: Promise<unknown>[] = [...this.#active.values()].map(({ finished }) => finished)
    waits.push(sleep(pollMs, undefined, { signal }).catch(() => undefined))
    await Promise.race(waits)
  }

  async #releaseActive(): Promise<void> {
    const active = [...this.#active.values()]
    for (const { lease } of active) lease.stop('shutdown')
    await Promise.all(active.map(({ finished }) => finished))
  }

  async #engineAnswers(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#deps.embedder.info({ signal })
      this.#engineDown = false
    } catch (error) {
      if (!(error instanceof KuraError) || !error.retryable) throw error
    }
    return !this.#engineDown
  }

  /** Never throws: whatever happens ends the job in one way or another. */
  async #work(lease: JobLease): Promise<void> {
    const { ledger, logger } = this.#deps
    const { job } = lease
    const log = logger.child({ jobId: job.id, documentId: job.documentId })
    const startedAt = Date.now()
    try {
      const { chunks } = await ingestDocument(
        { ...this.#deps, writer: this.#writer, parse: this.#deps.parse ?? parseFile },
        {
          job,
          signal: lease.signal,
          callModel: createPatientCall(lease.signal, this.#deps.modelWaitsMs ?? defaultModelWaitsMs),
          onProgress: (stage, done, total) => lease.progress(stage, done, total),
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
    if (stopReason === 'shutdown') return jobs.release(job.id, this.#owner)
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

/** Deleted or cancelled in the moment in which a step looked. */
const isGone = (error: unknown): boolean =>
  error instanceof KuraError && (error.code === 'document_not_found' || error.code === 'job_cancelled')

const isEngineFailure = (error: unknown): boolean => error instanceof KuraError && error.code.startsWith('model_')

/** What people read: never the text of a foreign error, which may quote the document. */
const describeFailure = (error: unknown): FailureRecord =>
  error instanceof KuraError
    ? { code: error.code, message: error.message }
    : {
        code: 'internal',
        message: `${errorCodes.internal.title}: ${error instanceof Error ? error.name : typeof error}.`,
      }
