/**
 * Stops a reading child while questions are answered, and lets it go on. In: whether a question is under way, again and again. Out: SIGSTOP and SIGCONT.
 * Invariants: a stopped child never outlives this process, since a guard that reads from it kills the child when it is gone; whatever is asked, the child has at least a
 * quarter of the time. Used by `ocr-process.ts`.
 */
import { type ChildProcess, spawn } from 'node:child_process'

/** A hold ends after this, whatever is asked. */
export const maxHoldMs = 15_000
/** After a hold the child runs for this part of its time at least. */
const freePart = 1 / 3

/** Standard input ends when the holder is gone. A stopped process can not see to that itself. */
const guardScript = 'read -r line; kill -KILL "$1"'

export class ChildHold implements Disposable {
  readonly #child: ChildProcess
  #guard: ChildProcess | undefined
  #heldAt = 0
  #freeUntil = 0

  constructor(child: ChildProcess) {
    this.#child = child
  }

  get isHeld(): boolean {
    return this.#guard !== undefined
  }

  /** Holds the child or lets it go. @param isAsked a question is under way */
  update(isAsked: boolean): void {
    const now = performance.now()
    if (this.#guard) {
      if (!isAsked || now - this.#heldAt > maxHoldMs) this.#release(now)
    } else if (isAsked && now >= this.#freeUntil) this.#hold(now)
  }

  [Symbol.dispose](): void {
    this.#release(performance.now())
  }

  #hold(now: number): void {
    const args = ['-c', guardScript, 'sh', String(this.#child.pid)]
    const guard = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'] })
    guard.stdin.on('error', () => undefined)
    guard.once('error', () => undefined)
    // Without a guard nothing is stopped, nor a child that has ended.
    if (guard.pid === undefined || !this.#child.kill('SIGSTOP')) {
      guard.kill('SIGKILL')
      return
    }
    this.#guard = guard
    this.#heldAt = now
  }

  #release(now: number): void {
    if (!this.#guard) return
    this.#child.kill('SIGCONT')
    this.#guard.kill('SIGKILL')
    this.#guard = undefined
    this.#freeUntil = now + (now - this.#heldAt) * freePart
  }
}
