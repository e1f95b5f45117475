/**
 * Counts who uses something that is to be closed when nobody does any more. Who holds it ends on it; nobody may begin to while `unused` is
 * waited for. Neighbours: pairs of index and model, models that write.
 */
export class UseCount {
  #uses = 0
  readonly #waiting = new Set<() => void>()

  get isInUse(): boolean {
    return this.#uses > 0
  }

  /** Counts until the handle is disposed. */
  hold(): Disposable {
    this.#uses += 1
    let isHeld = true
    return {
      [Symbol.dispose]: () => {
        if (!isHeld) return
        isHeld = false
        this.#uses -= 1
        if (this.#uses === 0) for (const wake of [...this.#waiting]) wake()
      },
    }
  }

  /** Resolves when nobody uses it any more, or at the signal. */
  async unused(signal: AbortSignal): Promise<void> {
    if (this.#uses === 0 || signal.aborted) return
    await new Promise<void>((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }
}
