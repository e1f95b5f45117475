/**
 * Child processes that read one file after the other: to start one takes longer than to read a small one. In: children as they are started and given back. Out: one that
 * waits. Invariants: a child that waits for too long, has read many files, holds much memory, or must not go on, ends; one that has ended is never given out; none outlives the disposal.
 * Used by `parse/parser-pool.ts` and `ocr/ocr-pool.ts`.
 */

/** Files that one child reads at most. */
const maxFiles = 100
const usualIdleMs = 10_000

export interface ReusableChild extends AsyncDisposable {
  /** Resident memory that it may have. */
  readonly kind: { readonly memoryBytes: number }
  /** Files that it has been given. */
  readonly files: number
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>
  residentBytes(): Promise<number>
}

export interface ReuseOptions {
  /** Part of its memory limit that a child may hold between two files. */
  readonly maxIdleShare: number
  /** After which a child without work ends, in milliseconds. @default 10_000 */
  readonly idleMs?: number | undefined
}

export class ReusableChildren<Child extends ReusableChild> implements AsyncDisposable {
  readonly #idle = new Map<Child, NodeJS.Timeout>()
  readonly #all = new Set<Child>()
  readonly #options: ReuseOptions
  #isDisposed = false

  constructor(options: ReuseOptions) {
    this.#options = options
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

  /** Waits for its next work from now on, or ends; one that has ended meanwhile is forgotten already. @param isFit nothing of its last file speaks against it */
  async giveBack(child: Child, isFit: boolean): Promise<void> {
    const { idleMs = usualIdleMs, maxIdleShare } = this.#options
    const isSmall = (await child.residentBytes()) <= child.kind.memoryBytes * maxIdleShare
    if (!this.#all.has(child)) return
    if (!isFit || !isSmall || child.files >= maxFiles || this.#isDisposed) return child[Symbol.asyncDispose]()
    this.#idle.set(
      child,
      setTimeout(() => void child[Symbol.asyncDispose](), idleMs),
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
