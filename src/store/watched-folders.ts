/**
 * Watched folders and what is known of each of their files: which document it is, with which content, or why it could not be taken in.
 * In: decisions of `src/watch`; out: records. Invariants: no watched folder lies inside another; what is written about files of a folder that
 * is not watched any more has no effect. The folder itself is the principal of what is done by its rule, so that the ledger tells it apart
 * from what people did.
 */
import { sep } from 'node:path'
import { KuraError } from '../core/errors.ts'
import { type CollectionId, createWatchedFolderId, type DocumentId, type WatchedFolderId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { selectDocuments } from './document-rows.ts'
import { type LedgerDatabase, type LedgerTransaction, timestamp } from './ledger-schema.ts'
import type { RemovalRule, WatchedFileRecord, WatchedFolderRecord } from './records.ts'

/** Files of one content that are looked at when a file of that content turns up. */
const maxSameContent = 20

/** A file of a watched folder that is linked to a document. */
export interface LinkedFile {
  readonly folderId: WatchedFolderId
  /** Of the folder; absolute. */
  readonly folderPath: string
  /** Relative to the folder, with slashes. */
  readonly path: string
  readonly documentId: DocumentId
  /** The file is not there any more; the document stays by rule. */
  readonly gone: boolean
}

/** How many files of a folder are known. */
export interface WatchedFileCounts {
  /** Those that are there, whether they could be taken in or not. */
  readonly present: number
  /** Of these, those that could not be taken in. */
  readonly failed: number
}

/** How a file that is gone, but whose document stays, is remembered. */
export const goneCode = 'file_not_found'

export class WatchedFolderStore {
  readonly #db: LedgerDatabase

  constructor(db: LedgerDatabase) {
    this.#db = db
  }

  /**
   * @param values `path`: absolute and without symbolic links
   * @throws collection_not_found; watch_exists where the path lies in a watched folder or one of these in it
   */
  create(
    _principal: Principal,
    values: { collectionId: CollectionId; path: string; whenRemoved: RemovalRule },
  ): Promise<WatchedFolderRecord> {
    return this.#db.transaction().execute(async (trx) => {
      const collection = await trx
        .selectFrom('collections')
        .select('id')
        .where('id', '=', values.collectionId)
        .where('deletedAt', 'is', null)
        .executeTakeFirst()
      if (!collection) throw new KuraError('collection_not_found', 'The collection is not there (any more).')
      for (const { path } of await selectFolders(trx).execute()) {
        if (!contains(path, values.path) && !contains(values.path, path)) continue
        throw new KuraError('watch_exists', `${path} is watched already; watched folders do not lie in each other.`)
      }
      const record = { id: createWatchedFolderId(), ...values, createdAt: timestamp() }
      await trx.insertInto('watchedFolders').values(record).execute()
      return record
    })
  }

  /** In the order in which they were added; not those of deleted collections. */
  list(_principal: Principal): Promise<WatchedFolderRecord[]> {
    return selectFolders(this.#db).orderBy('watchedFolders.createdAt').orderBy('watchedFolders.id').execute()
  }

  /** @throws watch_not_found */
  async get(_principal: Principal, id: WatchedFolderId): Promise<WatchedFolderRecord> {
    return (await selectFolders(this.#db).where('watchedFolders.id', '=', id).executeTakeFirst()) ?? throwNotFound(id)
  }

  /**
   * Its documents stay.
   * @throws watch_not_found
   */
  remove(_principal: Principal, id: WatchedFolderId): Promise<void> {
    return this.#db.transaction().execute(async (trx) => {
      const removed = await trx
        .updateTable('watchedFolders')
        .set({ deletedAt: timestamp() })
        .where('id', '=', id)
        .where('deletedAt', 'is', null)
        .returning('id')
        .executeTakeFirst()
      if (!removed) throwNotFound(id)
      await trx.deleteFrom('watchedFiles').where('folderId', '=', id).execute()
    })
  }

  async counts(id: WatchedFolderId): Promise<WatchedFileCounts> {
    const rows = await this.#db
      .selectFrom('watchedFiles')
      .select((select) => ['errorCode', select.fn.countAll<number>().as('count')])
      .where('folderId', '=', id)
      .groupBy('errorCode')
      .execute()
    const sum = (counted: typeof rows): number => counted.reduce((total, { count }) => total + count, 0)
    const present = rows.filter(({ errorCode }) => errorCode !== goneCode)
    return { present: sum(present), failed: sum(present.filter(({ errorCode }) => errorCode !== null)) }
  }

  /**
   * A part of the folder's files, by path.
   * @param page `after`: the last path of the part before
   */
  async files(id: WatchedFolderId, page: { after?: string | undefined; limit: number }): Promise<WatchedFileRecord[]> {
    let query = selectFiles(this.#db).where('folderId', '=', id).orderBy('path').limit(page.limit)
    if (page.after !== undefined) query = query.where('path', '>', page.after)
    return (await query.execute()).map(toFileRecord)
  }

  async file(id: WatchedFolderId, path: string): Promise<WatchedFileRecord | undefined> {
    const row = await selectFiles(this.#db).where('folderId', '=', id).where('path', '=', path).executeTakeFirst()
    return row && toFileRecord(row)
  }

  /** Takes the place of what was known of the file; no effect where the folder is not watched any more. */
  record(id: WatchedFolderId, file: WatchedFileRecord): Promise<void> {
    return this.#db.transaction().execute((trx) => writeFile(trx, id, file))
  }

  /** Nothing is known of the file any more. */
  async forget(id: WatchedFolderId, path: string): Promise<void> {
    await this.#db.deleteFrom('watchedFiles').where('folderId', '=', id).where('path', '=', path).execute()
  }

  /** Files of the folder that were about to become documents when the program ended. */
  async unfinished(id: WatchedFolderId): Promise<{ path: string; sha256: string }[]> {
    const rows = await selectFiles(this.#db)
      .where('folderId', '=', id)
      .where('documentId', 'is', null)
      .where('sha256', 'is not', null)
      .execute()
    return rows.flatMap(({ path, sha256 }) => (sha256 === null ? [] : [{ path, sha256 }]))
  }

  /** The file was known under another path, perhaps in another folder: one step, so that its document is never without a file. */
  move(from: LinkedFile, id: WatchedFolderId, file: WatchedFileRecord): Promise<void> {
    return this.#db.transaction().execute(async (trx) => {
      await trx.deleteFrom('watchedFiles').where('folderId', '=', from.folderId).where('path', '=', from.path).execute()
      await writeFile(trx, id, file)
    })
  }

  /** Files with this content in the watched folders of the collection; at most 20, those that are gone last. */
  async withContent(collectionId: CollectionId, sha256: string): Promise<LinkedFile[]> {
    const rows = await selectLinks(this.#db)
      .where('watchedFolders.collectionId', '=', collectionId)
      .where('watchedFiles.sha256', '=', sha256)
      .orderBy('watchedFiles.errorCode', (order) => order.asc().nullsFirst())
      .limit(maxSameContent)
      .execute()
    return rows.flatMap(toLink)
  }

  /** Files that are this document. */
  async linkedTo(documentId: DocumentId): Promise<LinkedFile[]> {
    const rows = await selectLinks(this.#db)
      .where('watchedFiles.documentId', '=', documentId)
      .orderBy('watchedFiles.path')
      .execute()
    return rows.flatMap(toLink)
  }

  /**
   * The document that was made of a file of the folder, where the program ended before the file was recorded as this document: it has this
   * content, and no file is linked to it.
   */
  async findUnrecorded(folder: WatchedFolderRecord, sha256: string): Promise<DocumentId | undefined> {
    const row = await selectUnlinked(this.#db, folder.collectionId, sha256)
      .where((where) =>
        where.exists(
          where
            .selectFrom('effectivity')
            .select('effectivity.sequence')
            .whereRef('effectivity.revisionId', '=', 'revisions.id')
            .where('effectivity.principalId', '=', folder.id),
        ),
      )
      .executeTakeFirst()
    return row?.id
  }

  /** A document of this name and content that could not be read, and that no file is linked to: another would be no better. */
  async findUnreadable(
    folder: WatchedFolderRecord,
    file: { name: string; sha256: string },
  ): Promise<DocumentId | undefined> {
    const row = await selectUnlinked(this.#db, folder.collectionId, file.sha256)
      .where('documents.name', '=', file.name)
      .where('revisions.status', 'in', ['failed', 'cancelled'])
      .executeTakeFirst()
    return row?.id
  }

  /** Whether a watched folder brought any of its revisions; what people alone have uploaded is not removed with a file. */
  async hasBrought(documentId: DocumentId): Promise<boolean> {
    const row = await this.#db
      .selectFrom('effectivity')
      .innerJoin('watchedFolders', (join) =>
        join.on('watchedFolders.id', '=', (on) => on.ref('effectivity.principalId').$castTo<WatchedFolderId>()),
      )
      .select('effectivity.sequence')
      .where('effectivity.documentId', '=', documentId)
      .where('effectivity.revisionId', 'is not', null)
      .executeTakeFirst()
    return row !== undefined
  }

  /** Whether no revision of it is in force because a file was gone, and not by the will of people. */
  async hasWithdrawn(documentId: DocumentId): Promise<boolean> {
    const last = await this.#db
      .selectFrom('effectivity')
      .select(['principalId', 'revisionId'])
      .where('documentId', '=', documentId)
      .orderBy('effectiveFrom', 'desc')
      .orderBy('sequence', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (last === undefined || last.revisionId !== null) return false
    const folder = await this.#db
      .selectFrom('watchedFolders')
      .select('id')
      .where('id', '=', last.principalId as WatchedFolderId)
      .executeTakeFirst()
    return folder !== undefined
  }
}

/** Both absolute. A folder contains itself. */
const contains = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)

const selectFolders = (db: LedgerDatabase) =>
  db
    .selectFrom('watchedFolders')
    .innerJoin('collections', 'collections.id', 'watchedFolders.collectionId')
    .where('watchedFolders.deletedAt', 'is', null)
    .where('collections.deletedAt', 'is', null)
    .select(['watchedFolders.id', 'watchedFolders.collectionId', 'watchedFolders.path'])
    .select(['watchedFolders.whenRemoved', 'watchedFolders.createdAt'])

/** Documents with this content as their newest revision that are no file's; the oldest first. */
const selectUnlinked = (db: LedgerDatabase, collectionId: CollectionId, sha256: string) =>
  selectDocuments(db)
    .where('documents.collectionId', '=', collectionId)
    .where('documents.parentId', 'is', null)
    .where('revisions.sha256', '=', sha256)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('watchedFiles')
            .select('watchedFiles.path')
            .whereRef('watchedFiles.documentId', '=', 'documents.id'),
        ),
      ),
    )
    .orderBy('documents.sequence')

const selectFiles = (db: LedgerDatabase) =>
  db
    .selectFrom('watchedFiles')
    .select(['path', 'documentId', 'sha256', 'bytes', 'modifiedAt', 'errorCode', 'errorMessage'])

const toFileRecord = ({
  errorCode,
  errorMessage,
  ...row
}: Awaited<ReturnType<ReturnType<typeof selectFiles>['executeTakeFirstOrThrow']>>): WatchedFileRecord => ({
  ...row,
  error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
})

const selectLinks = (db: LedgerDatabase) =>
  db
    .selectFrom('watchedFiles')
    .innerJoin('watchedFolders', 'watchedFolders.id', 'watchedFiles.folderId')
    .where('watchedFolders.deletedAt', 'is', null)
    .where('watchedFiles.documentId', 'is not', null)
    .select(['watchedFiles.folderId', 'watchedFolders.path as folderPath', 'watchedFiles.path'])
    .select(['watchedFiles.documentId', 'watchedFiles.errorCode'])

const toLink = ({
  documentId,
  errorCode,
  ...row
}: Awaited<ReturnType<ReturnType<typeof selectLinks>['executeTakeFirstOrThrow']>>): LinkedFile[] =>
  documentId === null ? [] : [{ ...row, documentId, gone: errorCode === goneCode }]

const writeFile = async (trx: LedgerTransaction, id: WatchedFolderId, file: WatchedFileRecord): Promise<void> => {
  const folder = await selectFolders(trx).where('watchedFolders.id', '=', id).executeTakeFirst()
  if (!folder) return
  const { error, path, ...rest } = file
  const values = { ...rest, errorCode: error?.code ?? null, errorMessage: error?.message ?? null }
  await trx
    .insertInto('watchedFiles')
    .values({ folderId: id, path, ...values })
    .onConflict((conflict) => conflict.columns(['folderId', 'path']).doUpdateSet(values))
    .execute()
}

const throwNotFound = (id: WatchedFolderId): never => {
  throw new KuraError('watch_not_found', 'There is no watched folder of this id.', { details: { watchId: id } })
}
