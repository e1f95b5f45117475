/** What the tests of watched folders share: a folder to watch, a real ledger and intake, a watcher that is less patient than usual. */
import { mkdir, readdir, realpath, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CollectionId, DocumentId, RevisionId } from '../../src/core/ids.ts'
import { localAdministrator } from '../../src/core/principal.ts'
import { Intake } from '../../src/store/intake.ts'
import { Ledger } from '../../src/store/ledger.ts'
import { Originals } from '../../src/store/originals.ts'
import type { DocumentRecord, RemovalRule, RevisionRecord } from '../../src/store/records.ts'
import type { FolderEvents } from '../../src/watch/folder-events.ts'
import { FolderWatcher, type WatchedFolderView } from '../../src/watch/folder-watcher.ts'
import type { WatchTiming } from '../../src/watch/watch-timing.ts'
import { closeAfterTest, makeFolder } from './store-fixtures.ts'

const hasty: WatchTiming = { steadyMs: 60, goneMs: 250, lookMs: 80, recheckMs: 400, compareMs: 600_000 }

export interface WatchFixture {
  readonly data: string
  /** An empty folder, not watched yet. */
  readonly root: string
  readonly ledger: Ledger
  readonly intake: Intake
  readonly collectionId: CollectionId
  /** Messages of the log. */
  readonly log: readonly string[]
  /** A started watcher, disposed after the test. */
  start(options?: StartOptions): FolderWatcher
  /** Starts a watcher that watches the root. */
  watch(
    whenRemoved?: RemovalRule,
    options?: StartOptions,
  ): Promise<{ watcher: FolderWatcher; id: WatchedFolderView['id'] }>
  /** Makes or replaces a file below the root. */
  write(path: string, content: string): Promise<void>
  documents(): Promise<DocumentRecord[]>
  revisions(id: DocumentId): Promise<RevisionRecord[]>
  /** Waits until there are exactly these documents, by name. */
  untilDocuments(...names: readonly string[]): Promise<DocumentRecord[]>
  /** The same for a single one. */
  untilDocument(name: string): Promise<DocumentRecord>
}

interface StartOptions {
  readonly timing?: Partial<WatchTiming>
  readonly events?: FolderEvents
  readonly intake?: Pick<Intake, 'store' | 'register'>
  readonly maxFileBytes?: number
}

/** Waits until the check gives something, generously. */
export const until = async <T>(what: string, check: () => Promise<T | undefined | false>): Promise<T> => {
  const deadline = Date.now() + 300_000
  for (;;) {
    const found = await check()
    if (found !== undefined && found !== false) return found
    if (Date.now() > deadline) throw new Error(`It did not come to this: ${what}.`)
    await sleep(20)
  }
}

/** Longer than anything that a hasty watcher waits for: what has not happened by then would not happen. */
export const waitALittle = (): Promise<void> => sleep(900)

/** Publishes the revision as the worker would, so that it is in force. */
export const publish = async (ledger: Ledger, revisionId: RevisionId): Promise<void> => {
  await ledger.indexes.register({ fingerprint: 'test', model: 'test', dimensions: 3 })
  await ledger.documents.parsed(revisionId, { format: 'text', paginated: false, pageTotal: 0 })
  await ledger.documents.publish(revisionId, { language: 'en', signature: '', chunks: 0, fingerprint: 'test' })
}

export const openFixture = async (): Promise<WatchFixture> => {
  const data = await realpath(await makeFolder())
  const root = join(await realpath(await makeFolder()), 'share')
  await mkdir(root)
  const ledger = closeAfterTest(await Ledger.open(join(data, 'kura.db')))
  const originals = await Originals.open(join(data, 'originals'))
  const intake = new Intake({ ledger, originals, maxFileBytes: 1_000_000 })
  const { id: collectionId } = await ledger.collections.create(localAdministrator, { name: 'Press shop' })
  const log: string[] = []
  const write = (_fields: object, message: string) => {
    log.push(message)
  }
  const documents = async () => (await ledger.documents.list(localAdministrator, { limit: 200 })).documents
  const untilDocuments: WatchFixture['untilDocuments'] = async (...names) => {
    const wanted = [...names].sort().join(', ')
    let found: DocumentRecord[] = []
    const listed = () =>
      found
        .map(({ name }) => name)
        .sort()
        .join(', ')
    try {
      return await until('the documents are as wanted', async () => {
        found = await documents()
        return listed() === wanted && found
      })
    } catch (error) {
      throw new Error(`The documents are ${listed()} in place of ${wanted}.`, { cause: error })
    }
  }
  const start: WatchFixture['start'] = (options = {}) => {
    const watcher = new FolderWatcher({
      ledger,
      intake: options.intake ?? intake,
      logger: { info: write, warn: write },
      dataFolder: data,
      maxFileBytes: options.maxFileBytes ?? 1_000_000,
      timing: { ...hasty, ...options.timing },
      ...(options.events ? { events: options.events } : {}),
    })
    watcher.start()
    return closeAfterTest(watcher)
  }
  return {
    data,
    root,
    ledger,
    intake,
    collectionId,
    log,
    start,
    watch: async (whenRemoved = 'remove', options = {}) => {
      const watcher = start(options)
      const { id } = await watcher.add(localAdministrator, { path: root, collectionId, whenRemoved })
      return { watcher, id }
    },
    write: async (path, content) => {
      const file = join(root, path)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, content)
    },
    documents,
    revisions: (id) => ledger.revisions.list(localAdministrator, id),
    untilDocuments,
    untilDocument: async (name) => {
      const [document] = await untilDocuments(name)
      if (!document) throw new Error('There is no document.')
      return document
    },
  }
}

/** Gives a file another time and nothing else. */
export const touch = (file: string): Promise<void> => utimes(file, new Date(), new Date(Date.now() + 5_000))

/** Files that were begun to be copied and left. */
export const leftovers = async (data: string): Promise<string[]> => readdir(join(data, 'originals', 'incoming'))
