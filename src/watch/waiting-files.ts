/**
 * The files of a folder of which something was heard, until they have been looked at: each waits until nobody has written to it for a while.
 * Invariant: at most `maxWaiting` files; who is told that there is no room must compare the whole folder later. No clock of its own.
 */
import { type FileState, isSameState } from './file-state.ts'

const maxWaiting = 2000

interface Entry {
  dueAt: number
  /** As it was seen last; undefined before it has been looked at. */
  state: FileState | undefined
  /** It is being copied. */
  busy: boolean
  /** Something was heard of it while it was being copied. */
  again: boolean
}

export class WaitingFiles {
  readonly #steadyMs: number
  readonly #entries = new Map<string, Entry>()

  /** @param steadyMs how long a file must have stayed the same */
  constructor(steadyMs: number) {
    this.#steadyMs = steadyMs
  }

  get size(): number {
    return this.#entries.size
  }

  get isFull(): boolean {
    return this.#entries.size >= maxWaiting
  }

  /**
   * Something was heard of the file.
   * @param state as it was seen just now, where it was
   * @returns false where there is no room
   */
  note(path: string, now: number, state?: FileState): boolean {
    const known = this.#entries.get(path)
    if (known) {
      known.again = known.busy
      return true
    }
    if (this.isFull) return false
    const dueAt = state ? now + this.#steadyMs : now
    this.#entries.set(path, { dueAt, state, busy: false, again: false })
    return true
  }

  /** Those that are to be looked at now, longest waiting first. */
  due(now: number, limit: number): string[] {
    const due = [...this.#entries].filter(([, { dueAt, busy }]) => !busy && dueAt <= now)
    return due
      .sort(([, a], [, b]) => a.dueAt - b.dueAt)
      .slice(0, limit)
      .map(([path]) => path)
  }

  /** When the next one is due; Infinity where none waits. */
  nextDueAt(): number {
    let next = Number.POSITIVE_INFINITY
    for (const { dueAt, busy } of this.#entries.values()) if (!busy) next = Math.min(next, dueAt)
    return next
  }

  /**
   * The file was looked at. True where it has not changed for long enough: it is `busy` until `done`; else it waits on.
   */
  isSteady(path: string, state: FileState, now: number): boolean {
    const entry = this.#entries.get(path)
    if (!entry) return false
    if (entry.state && isSameState(entry.state, state)) {
      if (entry.dueAt > now) return false
      entry.busy = true
      return true
    }
    entry.state = state
    entry.dueAt = now + this.#steadyMs
    return false
  }

  /** It needs no more looking at, unless something was heard meanwhile. */
  done(path: string, now: number): void {
    const again = this.#entries.get(path)?.again === true
    this.#entries.delete(path)
    if (again) this.note(path, now)
  }

  /** Whether one of them may be a file of this size. */
  mayHold(bytes: number): boolean {
    for (const { state } of this.#entries.values()) if (!state || state.bytes === bytes) return true
    return false
  }

  clear(): void {
    this.#entries.clear()
  }
}
