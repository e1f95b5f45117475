/**
 * How changes in a watched folder become known: by events of the operating system, or, for network shares and where the system can not watch
 * so many files, only by comparing again and again. In: a folder. Out: hints. Neighbours: folder-events.ts makes the events.
 */
import { untilAborted } from '../store/until-aborted.ts'
import { isShared } from './file-system-kind.ts'
import type { FolderEvents } from './folder-events.ts'

export interface WatchLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export interface ChangeListener {
  /** Something has happened to the file; relative to the folder, with slashes. */
  changed(path: string): void
  /** A folder in it has come or gone; files that came with it may not be told. */
  stirred(): void
  /** Something may have been missed. */
  missed(): void
  /** The folder itself is gone. */
  gone(): void
}

export class ChangeSource {
  readonly #path: string
  readonly #open: FolderEvents
  readonly #logger: WatchLogger
  readonly #listener: ChangeListener
  #events: AsyncDisposable | undefined
  #isShared: boolean | undefined
  #isExhausted = false

  constructor(path: string, deps: { events: FolderEvents; logger: WatchLogger }, listener: ChangeListener) {
    this.#path = path
    this.#open = deps.events
    this.#logger = deps.logger
    this.#listener = listener
  }

  /** Whether there are no events, so that only comparing tells. */
  get polls(): boolean {
    return this.#isShared === true || this.#isExhausted
  }

  /** No effect where it listens already. @throws the file system's error; the signal's reason */
  async listen(signal: AbortSignal): Promise<void> {
    this.#isShared ??= await untilAborted(isShared(this.#path), signal)
    if (this.#events || this.polls) return
    this.#events = this.#open(this.#path, {
      changed: (path) => this.#listener.changed(path),
      stirred: () => this.#listener.stirred(),
      ready: () => this.#listener.missed(),
      gone: () => this.#listener.gone(),
      failed: (error, exhausted) => this.#onFailed(error, exhausted),
    })
  }

  /** Another file system may be there when it listens again. */
  async close(): Promise<void> {
    const events = this.#events
    this.#events = undefined
    this.#isShared = undefined
    await events?.[Symbol.asyncDispose]()
  }

  #onFailed(error: Error, exhausted: boolean): void {
    const fields = { err: error, path: this.#path }
    if (!exhausted) {
      this.#logger.warn(fields, 'watching a folder failed; it is compared as a whole')
    } else if (!this.#isExhausted) {
      this.#isExhausted = true
      this.#logger.warn(
        fields,
        'the system can not watch so many files (fs.inotify.max_user_watches); the folder is compared again and again',
      )
      void this.close()
    }
    this.#listener.missed()
  }
}
