/**
 * Who may have scans read now. Reading takes all cores that are left, so documents take turns; a small one never waits for one of many pages.
 * Neighbours: worker -> here -> ocr/read-pages.
 */
import { Pool } from '../src/models/host/pool.ts'

const turns = (count: number): Pool<number> => new Pool(Array.from({ length: count }, (_, index) => index))

export class ScanTurns {
  readonly #large = turns(1)
  readonly #small: Pool<number>

  /** @param smallAtOnce small documents that are read at the same time; at least 1 */
  constructor(smallAtOnce: number) {
    this.#small = turns(smallAtOnce)
  }

  /** @throws the signal's reason while it waits; what `read` throws */
  take<Value>(isLarge: boolean, signal: AbortSignal, read: () => Promise<Value>): Promise<Value> {
    return (isLarge ? this.#large : this.#small).use(signal, read)
  }
}
