/**
 * Follows ingestion jobs until they are finished. A browser opens only six connections to a server, so at most three jobs are
 * followed by an event stream; the others are asked for every few seconds, which leaves room for everything else.
 * Invariant: each job is followed once; a job that is finished is let go.
 */
import type { JobRecord } from '../../store/records.ts'
import { followJob, getJob, isFinished } from '../api/jobs.ts'
import { RequestFailed } from '../api/request.ts'

const maxStreams = 3
const pauseMs = 2_000

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })

export class JobFollower {
  readonly #report: (job: JobRecord) => void
  readonly #followed = new Set<string>()
  readonly #controller = new AbortController()
  #streams = 0

  constructor(report: (job: JobRecord) => void) {
    this.#report = report
  }

  /** Begins to follow a job; nothing happens if it is followed already. */
  follow(id: string): void {
    if (id === '' || this.#followed.has(id) || this.#controller.signal.aborted) return
    this.#followed.add(id)
    void this.#run(id, this.#controller.signal).finally(() => this.#followed.delete(id))
  }

  /** Ends all streams. */
  stop(): void {
    this.#controller.abort()
  }

  async #run(id: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (await this.#look(id, signal)) return
      } catch (error) {
        if (error instanceof RequestFailed && error.problem.status === 404) return
      }
      await pause(pauseMs, signal)
    }
  }

  /** One stream or one look; true when the job is finished. */
  async #look(id: string, signal: AbortSignal): Promise<boolean> {
    if (this.#streams >= maxStreams) {
      const job = await getJob(id, signal)
      this.#report(job)
      return isFinished(job.state)
    }
    this.#streams += 1
    try {
      for await (const job of followJob(id, signal)) {
        this.#report(job)
        if (isFinished(job.state)) return true
      }
      return false
    } finally {
      this.#streams -= 1
    }
  }
}
