/**
 * Time limits of pages that are drawn or read at the same time. In: which page begins and ends its work, when all of it is held. Out: a call when one has
 * taken too long. Invariant: time in which the work was held does not count. Used by `ocr-run.ts`.
 */

interface Limit {
  timer: NodeJS.Timeout | undefined
  startedAt: number
  leftMs: number
}

export class PageLimits implements Disposable {
  readonly #limitMs: number
  readonly #onLimit: () => void
  readonly #limits = new Map<number, Limit>()
  #isHeld = false

  /** @param limitMs for each stretch of work */
  constructor(limitMs: number, onLimit: () => void) {
    this.#limitMs = limitMs
    this.#onLimit = onLimit
  }

  begin(page: number): void {
    this.end(page)
    const limit: Limit = { timer: undefined, startedAt: 0, leftMs: this.#limitMs }
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
    limit.timer = setTimeout(this.#onLimit, Math.max(0, limit.leftMs))
  }
}
