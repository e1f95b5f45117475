/**
 * Keeps the documents in line with one watched folder, in one loop: is the folder there, which files differ from what the ledger knows, are
 * they steady, which are gone for good. In: events as hints, and the disk itself. Out: decisions of mirror-files.ts.
 * Invariants: nothing is concluded from a folder that is missing, unreadable or suddenly empty; a comparison of the whole folder finds all
 * that events have missed, so none of them has to be kept; memory and open files are bounded.
 */
import type PQueue from 'p-queue'
import type { Ledger } from '../store/ledger.ts'
import type { WatchedFolderRecord } from '../store/records.ts'
import { untilAborted } from '../store/until-aborted.ts'
import { Bell } from './bell.ts'
import { ChangeSource } from './change-source.ts'
import { compareFolder, type Difference } from './compare-folder.ts'
import { type FileState, isThere, readState, unreadable } from './file-state.ts'
import type { FolderEvents } from './folder-events.ts'
import { isGone, type Place } from './mirror-files.ts'
import { reportUnusable, type TakeDeps, takeFile } from './take-file.ts'
import { WaitingFiles } from './waiting-files.ts'
import type { WatchTiming } from './watch-timing.ts'
import { WatchedRoot } from './watched-root.ts'

interface FolderWatchDeps extends TakeDeps {
  readonly ledger: Pick<Ledger, 'watchedFolders'>
  readonly events: FolderEvents
  readonly timing: WatchTiming
  /** Bounds the files that are open at once over all folders. */
  readonly copying: PQueue
  /** Whether a file of this size, gone since then, may yet turn up in any folder of the collection. */
  mayArrive(folder: WatchedFolderRecord, bytes: number, since: number): boolean
  /** Something about this file, perhaps of another folder, must be found out anew. */
  lookAgain(place: Place): void
}

export interface FolderStatus {
  readonly state: 'starting' | 'watching' | 'unavailable'
  /** Why it is unavailable, in one sentence. */
  readonly reason: string | null
  /** Files that are still being written, or have not been reached yet. */
  readonly waitingCount: number
  /** When the whole folder was last compared with the ledger. */
  readonly comparedAt: string | null
}

const filesPerRound = 200
/** A comparison may take this part of the time. */
const comparisonShare = 1 / 20
const closingMs = 500

export class FolderWatch implements AsyncDisposable {
  readonly folder: WatchedFolderRecord
  readonly #deps: FolderWatchDeps
  readonly #stopping = new AbortController()
  readonly #bell = new Bell()
  readonly #root: WatchedRoot
  readonly #changes: ChangeSource
  readonly #waiting: WaitingFiles
  /** Since when files that the ledger knows are not there. */
  readonly #gone = new Map<string, number>()
  readonly #running: Promise<void>
  #isRecovered = false
  #checkAt = 0
  #compareAt = 0
  #retryAt = 0
  /** Not before this time, unless something was missed for certain. */
  #restUntil = 0
  #isComparing = false
  /** When the last whole comparison began. */
  #comparedAt: number | undefined

  constructor(folder: WatchedFolderRecord, deps: FolderWatchDeps) {
    this.folder = folder
    this.#deps = deps
    const countFiles = async () => (await deps.ledger.watchedFolders.counts(folder.id)).present
    this.#root = new WatchedRoot(folder.path, countFiles, this.#stopping.signal)
    this.#waiting = new WaitingFiles(deps.timing.steadyMs)
    this.#changes = new ChangeSource(folder.path, deps, {
      // Where much happens at once the system does not tell all of it: hence the comparisons.
      changed: (path) => {
        this.note(path)
        this.#compareAfter(deps.timing.recheckMs)
      },
      stirred: () => this.#compareAfter(deps.timing.recheckMs),
      missed: () => {
        this.#compareAt = 0
        this.#bell.ring()
      },
      gone: () => {
        this.#root.forget()
        this.#checkAt = 0
        this.#bell.ring()
      },
    })
    this.#running = this.#run()
  }

  get status(): FolderStatus {
    const { fault } = this.#root
    const state = fault ? 'unavailable' : this.#comparedAt === undefined ? 'starting' : 'watching'
    const comparedAt = this.#comparedAt === undefined ? null : new Date(this.#comparedAt).toISOString()
    return { state, reason: fault ?? null, waitingCount: this.#waiting.size, comparedAt }
  }

  /** Something was heard of a file. */
  note(path: string): void {
    if (!this.#waiting.note(path, Date.now())) this.#compareAt = 0
    this.#bell.ring()
  }

  /**
   * Whether a file of this size that is gone elsewhere since then may be here, not looked at yet. A comparison that began later has found it,
   * whether the system told of it or not; where there was none, one is made soon.
   */
  mayHold(bytes: number, since: number): boolean {
    if (this.#root.fault) return false
    if (this.#isComparing || this.#waiting.mayHold(bytes)) return true
    if (this.#comparedAt !== undefined && this.#comparedAt > since) return false
    this.#compareAfter(0)
    return true
  }

  /** Within a second, also where the file system does not answer. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    await untilAborted(this.#running, AbortSignal.timeout(closingMs)).catch(() => undefined)
  }

  get #signal(): AbortSignal {
    return this.#stopping.signal
  }

  async #run(): Promise<void> {
    while (!this.#signal.aborted) {
      try {
        await this.#round()
      } catch (error) {
        if (this.#signal.aborted) break
        this.#deps.logger.warn({ err: error, path: this.folder.path }, 'a watched folder could not be looked through')
        this.#checkAt = 0
        await this.#bell.wait(this.#deps.timing.lookMs, this.#signal)
      }
      const now = Date.now()
      const nextAt = Math.min(this.#checkAt, this.#waiting.nextDueAt(), now + this.#deps.timing.lookMs)
      await this.#bell.wait(Math.max(nextAt - now, 0), this.#signal)
    }
    await this.#changes.close()
  }

  async #round(): Promise<void> {
    if (Date.now() >= this.#checkAt) await this.#checkRoot()
    if (this.#root.fault) return
    if (!this.#isRecovered) await this.#deps.mirror.recover(this.folder)
    this.#isRecovered = true
    await this.#changes.listen(this.#signal)
    if (Date.now() >= this.#compareAt) await this.#compare()
    await this.#lookAtDue()
    await this.#settleGone()
  }

  async #checkRoot(): Promise<void> {
    this.#checkAt = Date.now() + this.#deps.timing.lookMs
    await this.#noteFault(async () => {
      if (!(await this.#root.check())) return
      this.#compareAt = 0
      this.#retryAt = 0
      await this.#changes.close()
    })
  }

  /** Says once that the folder is unavailable, and drops what was concluded from it. */
  async #noteFault(check: () => Promise<void>): Promise<void> {
    const before = this.#root.fault
    await check()
    const { fault } = this.#root
    const { path } = this.folder
    if (!fault) {
      if (before) this.#deps.logger.info({ path }, 'a watched folder is there again')
      return
    }
    this.#waiting.clear()
    this.#gone.clear()
    await this.#changes.close()
    if (before) return
    this.#deps.logger.warn({ path, reason: fault }, 'a watched folder is unavailable; its documents stay as they are')
  }

  #compareAfter(pauseMs: number): void {
    this.#compareAt = Math.min(this.#compareAt, Math.max(Date.now() + pauseMs, this.#restUntil))
  }

  async #compare(): Promise<void> {
    const { lookMs, compareMs } = this.#deps.timing
    const beganAt = Date.now()
    // Set before: what an event asks for meanwhile is not forgotten.
    this.#compareAt = Number.POSITIVE_INFINITY
    this.#isComparing = true
    const retries = beganAt >= this.#retryAt
    try {
      const { watchedFolders } = this.#deps.ledger
      const differences = compareFolder(watchedFolders, this.folder, { retries, signal: this.#signal })
      for await (const difference of differences) await this.#onDifference(difference)
      this.#comparedAt = beganAt
      if (retries) this.#retryAt = beganAt + compareMs
    } catch (error) {
      this.#compareAt = 0
      throw error
    } finally {
      this.#isComparing = false
    }
    const now = Date.now()
    this.#restUntil = now + (now - beganAt) / comparisonShare
    const nextAt = this.#changes.polls ? Math.max(now + lookMs, this.#restUntil) : now + compareMs
    this.#compareAt = Math.min(this.#compareAt, nextAt)
  }

  async #onDifference(found: Difference): Promise<void> {
    if (found.kind === 'missing') return this.#onMissing(found.path)
    if (found.kind === 'unusable') {
      return reportUnusable(this.#deps, { folder: this.folder, path: found.path }, found.error)
    }
    while (!this.#waiting.note(found.path, Date.now(), found.state)) {
      const pauseMs = this.#waiting.nextDueAt() - Date.now()
      if (pauseMs > 0) await this.#bell.wait(pauseMs, this.#signal)
      this.#signal.throwIfAborted()
      await this.#lookAtDue()
    }
  }

  async #lookAtDue(): Promise<void> {
    const { copying } = this.#deps
    const due = this.#waiting.due(Date.now(), filesPerRound)
    const looks = due.map((path) => copying.add(() => this.#look(path)))
    await untilAborted(Promise.all(looks), this.#signal)
  }

  async #look(path: string): Promise<void> {
    this.#signal.throwIfAborted()
    let state: FileState | undefined
    try {
      state = await untilAborted(readState(this.folder.path, path), this.#signal)
    } catch (error) {
      this.#signal.throwIfAborted()
      this.#waiting.done(path, Date.now())
      return reportUnusable(this.#deps, { folder: this.folder, path }, unreadable(error))
    }
    if (!state) {
      this.#waiting.done(path, Date.now())
      return this.#onMissing(path)
    }
    this.#gone.delete(path)
    if (!this.#waiting.isSteady(path, state, Date.now())) return
    try {
      const others = await takeFile(this.#deps, { folder: this.folder, path, state, signal: this.#signal })
      if (others === 'changed') this.#waiting.note(path, Date.now())
      else for (const other of others) this.#deps.lookAgain(other)
    } finally {
      this.#waiting.done(path, Date.now())
    }
  }

  /** The file is not there: perhaps only for a moment. What was never a document is forgotten at once. */
  async #onMissing(path: string): Promise<void> {
    this.#signal.throwIfAborted()
    const file = await this.#deps.ledger.watchedFolders.file(this.folder.id, path)
    if (!file || isGone(file) || (await this.#isThere(path))) return
    if (file.documentId === null) await this.#deps.mirror.gone(this.folder, path)
    else if (!this.#gone.has(path)) this.#gone.set(path, Date.now())
  }

  #isThere(path: string): Promise<boolean> {
    return untilAborted(isThere(this.folder.path, path), this.#signal)
  }

  /** Follows the rule for files that have been gone for long enough and have not turned up elsewhere. */
  async #settleGone(): Promise<void> {
    const { timing, ledger, mirror } = this.#deps
    const due = [...this.#gone].filter(([, since]) => Date.now() - since >= timing.goneMs)
    if (due.length === 0) return
    await this.#checkRoot()
    if (!this.#root.fault) await this.#noteFault(() => this.#root.refuseEmptied())
    if (this.#root.fault) return
    for (const [path, since] of due) {
      this.#signal.throwIfAborted()
      if (await this.#isThere(path)) {
        this.#gone.delete(path)
        this.note(path)
        continue
      }
      const file = await ledger.watchedFolders.file(this.folder.id, path)
      if (file && this.#deps.mayArrive(this.folder, file.bytes, since)) continue
      if (!(await this.#root.isSame())) return
      await mirror.gone(this.folder, path)
      this.#gone.delete(path)
    }
  }
}
