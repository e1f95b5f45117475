/**
 * How long a supervisor waits before it starts its child process again: longer with each death, until one has lived for a while.
 * Neighbours: the supervisors of the model host and of the ingestion worker, which own the processes.
 */

/** A child that lived so long starts again with the shortest pause. */
const stableMs = 60_000

export class RestartBackoff {
  readonly #pausesMs: readonly number[]
  #startedAt = 0
  /** Since the last time that a child lived long. */
  #deaths = 0

  /** @param pausesMs before the first, second, … start after a death; the last one repeats */
  constructor(pausesMs: readonly number[]) {
    this.#pausesMs = pausesMs
  }

  /** To be called whenever a child is started. */
  started(): void {
    this.#startedAt = Date.now()
  }

  /** To be called when it died. @returns the pause before the next start, in milliseconds */
  died(): number {
    if (Date.now() - this.#startedAt > stableMs) this.#deaths = 0
    const pause = this.#pausesMs[Math.min(this.#deaths, this.#pausesMs.length - 1)] ?? 0
    this.#deaths += 1
    return pause
  }
}
