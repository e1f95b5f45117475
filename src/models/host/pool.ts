/**
 * A fixed number of things - contexts of a model - that are lent one at a time, in the order of asking. Invariant: a thing comes
 * back only when the work on it has really ended; a cancelled caller that already has one leaves it busy until then.
 */
import { abortable } from './abortable.ts'

export class Pool<Item> {
  readonly size: number
  readonly #free: Item[]
  readonly #waiting: ((item: Item) => void)[] = []

  constructor(items: readonly Item[]) {
    this.size = items.length
    this.#free = [...items]
  }

  /** @throws the signal's reason while it waits; what the task throws */
  async use<T>(signal: AbortSignal, task: (item: Item) => Promise<T>): Promise<T> {
    const item = await this.#take(signal)
    try {
      return await task(item)
    } finally {
      this.#giveBack(item)
    }
  }

  /**
   * Works on all inputs, several at a time where there are several things, and starts none after one has failed. Callers take turns:
   * each waits with no more inputs than there are things.
   */
  async map<Input, Output>(
    inputs: readonly Input[],
    signal: AbortSignal,
    task: (item: Item, input: Input, signal: AbortSignal) => Promise<Output>,
  ): Promise<Output[]> {
    const outputs: Output[] = new Array(inputs.length)
    const stop = new AbortController()
    const either = AbortSignal.any([signal, stop.signal])
    const entries = inputs.entries()
    const work = async (): Promise<void> => {
      for (const [index, input] of entries) {
        outputs[index] = await this.use(either, (item) => task(item, input, either))
      }
    }
    try {
      await Promise.all(Array.from({ length: Math.min(this.size, inputs.length) }, work))
      return outputs
    } finally {
      stop.abort()
    }
  }

  async #take(signal: AbortSignal): Promise<Item> {
    signal.throwIfAborted()
    const free = this.#free.pop()
    if (free !== undefined) return free
    let hand: (item: Item) => void = () => undefined
    const turn = new Promise<Item>((resolve) => {
      hand = resolve
      this.#waiting.push(resolve)
    })
    try {
      return await abortable(turn, signal)
    } catch (error) {
      const index = this.#waiting.indexOf(hand)
      if (index >= 0) this.#waiting.splice(index, 1)
      // It was handed over in the same moment.
      else void turn.then((item) => this.#giveBack(item))
      throw error
    }
  }

  #giveBack(item: Item): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free.push(item)
    else next(item)
  }
}
