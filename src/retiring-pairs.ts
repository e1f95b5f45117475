/**
 * Pairs of table and model that questions are answered from no more, but that some questions have begun on: each is closed when the last of
 * them has ended, and with it what only it needed. Neighbours: search-indexes.ts replaces pairs.
 */
import type { Logger } from 'pino'
import type { SearchPair } from './search-pair.ts'

export class RetiringPairs {
  readonly #logger: Logger
  readonly #closing: AbortSignal
  readonly #retiring = new Set<Promise<void>>()

  /** @param closing ends the waiting: questions that are still under way fail then */
  constructor(logger: Logger, closing: AbortSignal) {
    this.#logger = logger
    this.#closing = closing
  }

  get isEmpty(): boolean {
    return this.#retiring.size === 0
  }

  /**
   * @param options `after`: what else must have gone on before it may be closed; `end`: closes what only this pair needed
   */
  add(pair: SearchPair, options: { readonly after: Promise<void>; readonly end: () => Promise<void> }): void {
    const retiring = this.#retire(pair, options).then(
      () => undefined,
      (error: unknown) => this.#logger.warn({ err: error }, 'a former index could not be closed'),
    )
    this.#retiring.add(retiring)
    void retiring.finally(() => this.#retiring.delete(retiring))
  }

  async allClosed(): Promise<void> {
    await Promise.all(this.#retiring)
  }

  async #retire(
    pair: SearchPair,
    { after, end }: { readonly after: Promise<void>; readonly end: () => Promise<void> },
  ): Promise<void> {
    await Promise.all([pair.uses.unused(this.#closing), after])
    await Promise.all([pair.close(), end()])
  }
}
