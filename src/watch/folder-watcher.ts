/**
 * The watched folders of this Kura: which there are, adding and removing them, and, in the server process, keeping the documents in line with
 * them. In: requests, and the ledger's list. Out: what is known of each folder and its files. The server starts it and disposes it before the
 * ledger. Invariant: the ledger's list is what is watched; a folder that another process added is watched within seconds.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import PQueue from 'p-queue'
import type { CollectionId, WatchedFolderId } from '../core/ids.ts'
import { localAdministrator, type Principal } from '../core/principal.ts'
import type { Intake } from '../store/intake.ts'
import type { Ledger } from '../store/ledger.ts'
import type { RemovalRule, WatchedFileRecord, WatchedFolderRecord } from '../store/records.ts'
import { untilAborted } from '../store/until-aborted.ts'
import type { WatchLogger } from './change-source.ts'
import { checkFolder } from './check-folder.ts'
import { type FolderEvents, systemEvents } from './folder-events.ts'
import { type FolderStatus, FolderWatch } from './folder-watch.ts'
import { FileMirror } from './mirror-files.ts'
import { usualTiming, type WatchTiming } from './watch-timing.ts'

export interface FolderWatcherDeps {
  readonly ledger: Pick<Ledger, 'documents' | 'revisions' | 'watchedFolders'>
  readonly intake: Pick<Intake, 'store' | 'register'>
  readonly logger: WatchLogger
  /** Kura's own; not to be watched. */
  readonly dataFolder: string
  readonly maxFileBytes: number
  /** @default those of the operating system */
  readonly events?: FolderEvents
  readonly timing?: Partial<WatchTiming>
}

/** A watched folder and how it stands. */
export interface WatchedFolderView extends WatchedFolderRecord, Omit<FolderStatus, 'state'> {
  /** `off`: no server runs on this data folder, so nobody watches. */
  readonly state: FolderStatus['state'] | 'off'
  /** Files that are there and known. */
  readonly fileCount: number
  /** Of these, those that could not be taken in. */
  readonly failedCount: number
}

/** Files that are copied at once; the embedding of what they hold takes far longer. */
const copiedAtOnce = 2
const closingMs = 300
const off = { state: 'off', reason: null, waitingCount: 0, comparedAt: null } as const

export class FolderWatcher implements AsyncDisposable {
  readonly #deps: FolderWatcherDeps
  readonly #timing: WatchTiming
  readonly #mirror: FileMirror
  readonly #copying = new PQueue({ concurrency: copiedAtOnce })
  readonly #watches = new Map<WatchedFolderId, FolderWatch>()
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined

  constructor(deps: FolderWatcherDeps) {
    this.#deps = deps
    this.#timing = { ...usualTiming, ...deps.timing }
    this.#mirror = new FileMirror(deps)
  }

  /** From now on this process watches. */
  start(): void {
    this.#running ??= this.#run()
  }

  /** In the order in which they were added. */
  async list(principal: Principal): Promise<WatchedFolderView[]> {
    const folders = await this.#deps.ledger.watchedFolders.list(principal)
    return Promise.all(folders.map((folder) => this.#describe(folder)))
  }

  /** @throws watch_not_found */
  async get(principal: Principal, id: WatchedFolderId): Promise<WatchedFolderView> {
    return this.#describe(await this.#deps.ledger.watchedFolders.get(principal, id))
  }

  /**
   * A part of its files, by path.
   * @param page `after`: the last path of the part before
   * @throws watch_not_found
   */
  async files(
    principal: Principal,
    id: WatchedFolderId,
    page: { after?: string | undefined; limit: number },
  ): Promise<WatchedFileRecord[]> {
    await this.#deps.ledger.watchedFolders.get(principal, id)
    return this.#deps.ledger.watchedFolders.files(id, page)
  }

  /**
   * Watched at once where this process watches.
   * @param values `path`: absolute, on this machine
   * @throws watch_path_invalid watch_exists collection_not_found
   */
  async add(
    principal: Principal,
    values: { path: string; collectionId: CollectionId; whenRemoved: RemovalRule },
  ): Promise<WatchedFolderView> {
    const path = await checkFolder(values.path, this.#deps.dataFolder)
    const folder = await this.#deps.ledger.watchedFolders.create(principal, { ...values, path })
    this.#watch(folder)
    return this.#describe(folder)
  }

  /** Its documents stay. @throws watch_not_found */
  async remove(principal: Principal, id: WatchedFolderId): Promise<void> {
    await this.#deps.ledger.watchedFolders.remove(principal, id)
    await this.#unwatch(id)
  }

  /** Within a second. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    await this.#running
    await Promise.all([...this.#watches.keys()].map((id) => this.#unwatch(id)))
    // The ledger may be closed next; a decision that waits for a file system that does not answer is made again at the next start.
    await untilAborted(this.#mirror.settled(), AbortSignal.timeout(closingMs)).catch(() => undefined)
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        await this.#followList()
      } catch (error) {
        this.#deps.logger.warn({ err: error }, 'the list of watched folders could not be read')
      }
      await sleep(this.#timing.lookMs, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Folders may be added and removed by another process, or with their collection. */
  async #followList(): Promise<void> {
    // One that is added meanwhile is not on the list that is read.
    const watched = [...this.#watches.keys()]
    const folders = await this.#deps.ledger.watchedFolders.list(localAdministrator)
    for (const folder of folders) this.#watch(folder)
    const listed = new Set(folders.map(({ id }) => id))
    for (const id of watched) if (!listed.has(id)) await this.#unwatch(id)
  }

  #watch(folder: WatchedFolderRecord): void {
    if (!this.#running || this.#stopping.signal.aborted || this.#watches.has(folder.id)) return
    const { ledger, intake, logger, maxFileBytes, events = systemEvents } = this.#deps
    const watch = new FolderWatch(folder, {
      ledger,
      intake,
      logger,
      maxFileBytes,
      events,
      mirror: this.#mirror,
      timing: this.#timing,
      copying: this.#copying,
      mayArrive: ({ collectionId }, bytes, since) =>
        [...this.#watches.values()].some(
          (each) => each.folder.collectionId === collectionId && each.mayHold(bytes, since),
        ),
      lookAgain: ({ folderId, path }) => this.#watches.get(folderId)?.note(path),
    })
    this.#watches.set(folder.id, watch)
  }

  async #unwatch(id: WatchedFolderId): Promise<void> {
    const watch = this.#watches.get(id)
    this.#watches.delete(id)
    await watch?.[Symbol.asyncDispose]()
  }

  async #describe(folder: WatchedFolderRecord): Promise<WatchedFolderView> {
    const { present, failed } = await this.#deps.ledger.watchedFolders.counts(folder.id)
    const starting = { ...off, state: this.#running ? ('starting' as const) : off.state }
    return { ...folder, ...(this.#watches.get(folder.id)?.status ?? starting), fileCount: present, failedCount: failed }
  }
}
