/**
 * Holds a claimed job: sends heartbeats with the progress, and stops the work when the job was cancelled or lost, the queue paused, or
 * the worker shuts down. In: progress from the steps. Out: one AbortSignal that all steps listen to, and why it was raised.
 * Neighbours: worker -> here -> jobs (ledger).
 */
import type { JobStore } from '../src/store/jobs.ts'
import type { JobRecord, JobStage } from '../src/store/records.ts'

/** Also the time within which a cancelled job is noticed. */
const heartbeatMs = 1_000
/** Outlives pauses of the process (a long write, a suspended machine); a dead owner loses the job at once anyway. */
export const jobLeaseMs = 30_000

export type StopReason = 'cancel' | 'pause' | 'lost' | 'shutdown'

export class JobLease implements AsyncDisposable {
  readonly job: JobRecord
  readonly #jobs: JobStore
  readonly #owner: string
  readonly #onError: (error: unknown) => void
  readonly #controller = new AbortController()
  #progress: { stage: JobStage; done: number; total: number } = { stage: 'queued', done: 0, total: 0 }
  #advanced = false
  #reason: StopReason | undefined
  #timer: NodeJS.Timeout | undefined
  #beating: Promise<void> = Promise.resolve()
  #closed = false

  /** @param onError gets what a heartbeat threw; the next one is tried all the same */
  constructor(jobs: JobStore, job: JobRecord, owner: string, onError: (error: unknown) => void) {
    this.job = job
    this.#jobs = jobs
    this.#owner = owner
    this.#onError = onError
    this.#schedule()
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Why the signal was raised. */
  get stopReason(): StopReason | undefined {
    return this.#reason
  }

  /** Written down with the next heartbeat; a new stage at once. */
  progress(stage: JobStage, done = 0, total = 0): void {
    const isNew = stage !== this.#progress.stage
    this.#progress = { stage, done, total }
    if (isNew) this.#beat()
  }

  /** Something was stored that the next try of this job does not have to do again. Written down at once. */
  advanced(): void {
    this.#advanced = true
    this.#beat()
  }

  stop(reason: StopReason): void {
    this.#reason ??= reason
    this.#controller.abort()
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#beat()
      this.#schedule()
    }, heartbeatMs)
  }

  #beat(): void {
    this.#beating = this.#beating.then(async () => {
      if (this.#closed) return
      const advanced = this.#advanced
      try {
        const progress = { ...this.#progress, advanced }
        const verdict = await this.#jobs.heartbeat(this.job.id, this.#owner, jobLeaseMs, progress)
        if (advanced) this.#advanced = false
        if (verdict !== 'go-on') this.stop(verdict)
      } catch (error) {
        this.#onError(error)
      }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer)
    this.#closed = true
    await this.#beating
  }
}
