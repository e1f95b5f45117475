/**
 * Time limits of pages that are drawn or read at the same time. In: which page begins and ends its work, when all of it is held. Out: a call when one has
 * taken too long. Invariants: time in which the work was held does not count; on a machine that has more urgent things to do, a page gets more time.
 * Used by `ocr-process.ts`.
 */

interface Limit {
  timer: NodeJS.Timeout | undefined
  startedAt: number
  leftMs: number
  /** Processor time of the process when this stretch of time began. */
  processorMs: number | undefined
  extensions: number
}

/** Part of the limit that the process must have had of a processor's time for the page to be to blame. */
const leastShare = 0.5
/** Stretches of time that a page gets beyond the first: one that waits for ever uses no processor either. */
const maxExtensions = 8

export interface PageLimitsOptions {
  /** For each stretch of work. */
  readonly limitMs: number
  /** Processor time that the process has used so far; undefined where the system does not tell. */
  readonly processorMs: () => number | undefined
  readonly onLimit: () => void
}

export class PageLimits implements Disposable {
  readonly #options: PageLimitsOptions
  readonly #limits = new Map<number, Limit>()
  #isHeld = false

  constructor(options: PageLimitsOptions) {
    this.#options = options
  }

  begin(page: number): void {
    this.end(page)
    const { limitMs, processorMs } = this.#options
    const limit = { timer: undefined, startedAt: 0, leftMs: limitMs, processorMs: processorMs(), extensions: 0 }
    this.#limits.set(page, limit)
    if (!this.#isHeld) this.#start(limit)
  }

  end(page: number): void {
    clearTimeout(this.#limits.get(page)?.timer)
    this.#limits.delete(page)
  }

  hold(): void {
    this.#isHeld = true
    for (const limit of this.#limits.values()) {
      clearTimeout(limit.timer)
      limit.leftMs -= performance.now() - limit.startedAt
    }
  }

  resume(): void {
    this.#isHeld = false
    for (const limit of this.#limits.values()) this.#start(limit)
  }

  [Symbol.dispose](): void {
    for (const page of [...this.#limits.keys()]) this.end(page)
  }

  #start(limit: Limit): void {
    limit.startedAt = performance.now()
    limit.timer = setTimeout(() => this.#over(limit), Math.max(0, limit.leftMs))
  }

  #over(limit: Limit): void {
    const { limitMs, processorMs, onLimit } = this.#options
    const now = processorMs()
    const used = now === undefined || limit.processorMs === undefined ? Infinity : now - limit.processorMs
    if (used >= limitMs * leastShare || limit.extensions >= maxExtensions) {
      onLimit()
      return
    }
    limit.extensions += 1
    limit.leftMs = limitMs
    limit.processorMs = now
    this.#start(limit)
  }
}
