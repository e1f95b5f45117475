/** Stops a fake at a step that a test wants to look at, for as long as it looks: no state passes unseen on a slow machine. */
import { EventEmitter, once } from 'node:events'

export class Cue {
  #heldAt: string | undefined
  readonly #changes = new EventEmitter()

  /** The fake will wait once it has reached the step, such as "reading 12"; one that waits at another step goes on. */
  holdAt(step: string): void {
    this.#heldAt = step
    this.#changes.emit('change')
  }

  /** The fake goes on, to the end. */
  goOn(): void {
    this.#heldAt = undefined
    this.#changes.emit('change')
  }

  /** Called by the fake at each step. */
  async reach(step: string): Promise<void> {
    while (this.#heldAt === step) await once(this.#changes, 'change')
  }
}
