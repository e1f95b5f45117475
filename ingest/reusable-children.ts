/**
 * Child processes that take one work after the other: to start one takes longer than a small work. In: children as they are started and given back. Out: one that
 * waits. Invariants: a child that waits for too long, or must not go on, ends; one that has ended is never given out; none outlives the disposal.
 * Used by `parse/parser-pool.ts` and `ocr/ocr-pool.ts`.
 */

/** Milliseconds after which a child without work ends, unless it is said otherwise. */
export const usualIdleMs = 10_000

export interface ReusableChild extends AsyncDisposable {
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>
}

export class ReusableChildren<Child extends ReusableChild> implements AsyncDisposable {
  readonly #idle = new Map<Child, NodeJS.Timeout>()
  readonly #all = new Set<Child>()
  readonly #idleMs: number
  #isDisposed = false

  constructor(idleMs = usualIdleMs) {
    this.#idleMs = idleMs
  }

  /** Children that run, at work or not. */
  get count(): number {
    return this.#all.size
  }

  get isDisposed(): boolean {
    return this.#isDisposed
  }

  /** A child that has just been started, at work. */
  add(child: Child): void {
    this.#all.add(child)
    child.ended.then(() => {
      this.#all.delete(child)
      this.#forget(child)
    })
  }

  /** One that waits and is of the wanted kind, at work from now on. */
  take(isWanted: (child: Child) => boolean): Child | undefined {
    const child = [...this.#idle.keys()].find(isWanted)
    if (child) this.#forget(child)
    return child
  }

  /** Waits for its next work from now on, or ends; one that has ended meanwhile is forgotten already. @param mayGoOn the child is fit for more */
  async giveBack(child: Child, mayGoOn: boolean): Promise<void> {
    if (!this.#all.has(child)) return
    if (!mayGoOn || this.#isDisposed) return child[Symbol.asyncDispose]()
    this.#idle.set(
      child,
      setTimeout(() => void child[Symbol.asyncDispose](), this.#idleMs),
    )
  }

  #forget(child: Child): void {
    clearTimeout(this.#idle.get(child))
    this.#idle.delete(child)
  }

  /** Ends all children, those at work included. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    await Promise.all([...this.#all].map((child) => child[Symbol.asyncDispose]()))
  }
}
