/**
 * Watches a parsing child while it works on one file and kills it at its limits. In: a child and limits. Out: why it was killed, or how it ended
 * by itself. Neighbour: `parser-process.ts`.
 */
import type { ChildProcess } from 'node:child_process'
import { KuraError } from '../../src/core/errors.ts'
import { residentBytes } from '../children/file-child.ts'

export interface RunLimits {
  readonly timeoutMs: number
  /** Longest time without a sign of life while a page is worked on. */
  readonly pageTimeoutMs: number
  /** Resident memory that the child may have. */
  readonly memoryBytes: number
  readonly signal?: AbortSignal | undefined
}

/**
 * `page-time`, `memory`, `crash`: what a file can do to its parser. `refused`: the parser's own word. `interrupted`: somebody else ended it. `unwanted`: the time of
 * the whole file is over, or nobody wants it any more.
 */
export type StopCause = 'page-time' | 'memory' | 'crash' | 'refused' | 'interrupted' | 'unwanted'

export interface Stop {
  readonly cause: StopCause
  readonly error: unknown
}

const mebibyte = 2 ** 20
const memoryCheckMs = 50
const overTime = (limitMs: number): KuraError =>
  new KuraError('parse_timeout', `Reading the file was stopped after ${limitMs / 1000} s.`, { details: { limitMs } })

const overMemory = (limit: number): KuraError =>
  new KuraError('parse_memory', `Reading the file was stopped at ${Math.round(limit / mebibyte)} MiB of memory.`, {
    details: { limitBytes: limit },
  })

/** Kills the child at its limits and remembers why. */
export class ParserGuard implements Disposable {
  readonly #child: ChildProcess
  readonly #limits: RunLimits
  readonly #timers: NodeJS.Timeout[] = []
  #pageTimer: NodeJS.Timeout | undefined
  #reason: Stop | undefined

  constructor(child: ChildProcess, limits: RunLimits) {
    this.#child = child
    this.#limits = limits
    const { timeoutMs, memoryBytes, signal } = limits
    this.#timers.push(setTimeout(() => this.#kill('unwanted', overTime(timeoutMs)), Math.max(0, timeoutMs)))
    this.#timers.push(setInterval(() => void this.#checkMemory(memoryBytes), memoryCheckMs))
    signal?.addEventListener('abort', this.#onAbort, { once: true })
    if (signal?.aborted) this.#onAbort()
  }

  /** Why the child was killed, or undefined where it was not. */
  get reason(): Stop | undefined {
    return this.#reason
  }

  /** Only the time that this process waits for the child counts, not the time that the child waits for this process. */
  async waitFor<Value>(next: Promise<Value>, isPage: boolean): Promise<Value> {
    const { pageTimeoutMs } = this.#limits
    if (isPage) this.#pageTimer = setTimeout(() => this.#kill('page-time', overTime(pageTimeoutMs)), pageTimeoutMs)
    try {
      return await next
    } finally {
      clearTimeout(this.#pageTimer)
    }
  }

  readonly #onAbort = (): void => this.#kill('unwanted', this.#limits.signal?.reason)

  async #checkMemory(limit: number): Promise<void> {
    if ((await residentBytes(this.#child)) > limit) this.#kill('memory', overMemory(limit))
  }

  #kill(cause: StopCause, error: unknown): void {
    this.#reason ??= { cause, error }
    this.#child.kill('SIGKILL')
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#limits.signal?.removeEventListener('abort', this.#onAbort)
  }
}

/**
 * What ended a child that nobody here has killed.
 * @param complaint the end of what it wrote to standard error
 */
export const stopOf = ({ signalCode, exitCode }: ChildProcess, complaint: string, memoryBytes: number): Stop => {
  if (/heap out of memory|Array buffer allocation failed|ERR_WORKER_OUT_OF_MEMORY/.test(complaint)) {
    return { cause: 'memory', error: overMemory(memoryBytes) }
  }
  // Nothing in the file ends a process so: somebody did, or the system, short of memory.
  if (signalCode === 'SIGKILL' || signalCode === 'SIGTERM') {
    const message = `The process that read the file was ended by ${signalCode}.`
    return { cause: 'interrupted', error: new KuraError('parse_interrupted', message) }
  }
  const how = signalCode ? `was ended by ${signalCode}` : `ended with exit code ${exitCode}`
  return { cause: 'crash', error: new KuraError('parse_crashed', `The process that read the file ${how}.`) }
}
