/**
 * What a file of a watched folder means for the documents: new, changed, moved, a copy of another, gone. In: a stored copy of the file, or the
 * certainty that it is gone. Out: documents and revisions by way of the intake, and the ledger's knowledge of the file.
 * Invariants: one decision at a time over all folders; each can be broken off after any step and made again from what the disk shows, without
 * a second document or revision.
 */
import { basename } from 'node:path'
import PQueue from 'p-queue'
import { KuraError } from '../core/errors.ts'
import type { DocumentId, WatchedFolderId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { cleanLabel, type Intake, type StoredFile } from '../store/intake.ts'
import type { Ledger } from '../store/ledger.ts'
import type { DocumentRecord, WatchedFileRecord, WatchedFolderRecord } from '../store/records.ts'
import { goneCode, type LinkedFile } from '../store/watched-folders.ts'
import { type FileState, isThere, modifiedAtOf } from './file-state.ts'

export interface MirrorDeps {
  readonly ledger: Pick<Ledger, 'documents' | 'revisions' | 'watchedFolders'>
  readonly intake: Pick<Intake, 'register'>
}

/** A file of a watched folder. */
export interface Place {
  readonly folderId: WatchedFolderId
  /** Relative to the folder, with slashes. */
  readonly path: string
}

/** A file as it was when it was copied. */
interface CopiedFile {
  readonly folder: WatchedFolderRecord
  readonly path: string
  readonly state: FileState
  readonly stored: StoredFile
}

/** The folder acts for itself, so that the ledger tells its doings from people's. */
const principalOf = (folder: WatchedFolderRecord): Principal => ({
  id: folder.id,
  name: 'Watched folder',
  role: 'administrator',
})

const labelOf = (path: string): string => cleanLabel(basename(path))

/** Whether it is remembered as gone. */
export const isGone = (file: WatchedFileRecord): boolean => file.error?.code === goneCode

export class FileMirror {
  readonly #deps: MirrorDeps
  readonly #decisions = new PQueue({ concurrency: 1 })

  constructor(deps: MirrorDeps) {
    this.#deps = deps
  }

  /** Before anything else is decided of a folder: finishes what the end of the program has interrupted. */
  recover(folder: WatchedFolderRecord): Promise<void> {
    return this.#decisions.add(async () => {
      const { watchedFolders: files } = this.#deps.ledger
      for (const { path, sha256 } of await files.unfinished(folder.id)) {
        const known = await files.file(folder.id, path)
        const documentId = await files.findUnrecorded(folder, sha256)
        if (known && documentId) await files.record(folder.id, { ...known, documentId })
        else await files.forget(folder.id, path)
      }
    })
  }

  /**
   * The file is there with this content.
   * @returns other files that must be looked at anew because of it
   * @throws what `Intake.register` throws
   */
  present(file: CopiedFile): Promise<readonly Place[]> {
    return this.#decisions.add(async () => {
      const { folder, path, stored } = file
      const known = await this.#deps.ledger.watchedFolders.file(folder.id, path)
      const document = known?.documentId ? await this.#findDocument(folder, known.documentId) : undefined
      if (known?.documentId && known.sha256 === stored.content.sha256 && (document || !isGone(known))) {
        // Touched, or back again. What people have deleted meanwhile stays deleted.
        if (document && isGone(known)) await this.#putBack(file, document.id, true)
        await this.#record(file, known.documentId)
        return []
      }
      if (document) return await this.#revise(file, document)
      const from = await this.#findFormerPlace(file)
      if (from) await this.#move(file, from)
      else await this.#add(file)
      return []
    })
  }

  /** The file is there but can not be taken in; what it was before stays. */
  unusable(
    { folder, path, state }: { folder: WatchedFolderRecord; path: string; state: FileState | undefined },
    error: KuraError,
  ): Promise<void> {
    return this.#decisions.add(async () => {
      const files = this.#deps.ledger.watchedFolders
      const known = await files.file(folder.id, path)
      const bytes = state?.bytes ?? known?.bytes ?? 0
      const modifiedAt = state ? modifiedAtOf(state) : (known?.modifiedAt ?? new Date().toISOString())
      const documentId = known?.documentId ?? null
      const sha256 = documentId === null ? null : (known?.sha256 ?? null)
      const { code, message } = error
      await files.record(folder.id, { path, documentId, sha256, bytes, modifiedAt, error: { code, message } })
    })
  }

  /** The file is gone for good: its document goes by the folder's rule, unless another file is the same document. */
  gone(folder: WatchedFolderRecord, path: string): Promise<void> {
    return this.#decisions.add(async () => {
      const { watchedFolders: files, documents } = this.#deps.ledger
      const known = await files.file(folder.id, path)
      if (!known || isGone(known)) return
      const document = known.documentId ? await this.#findDocument(folder, known.documentId) : undefined
      if (!document) return files.forget(folder.id, path)
      const others = await this.#othersOf({ folder, path }, document.id)
      if (others.length > 0) {
        await this.#renameAfter(folder, document, path, others[0])
        return files.forget(folder.id, path)
      }
      if (!(await files.hasBrought(document.id))) return files.forget(folder.id, path)
      if (folder.whenRemoved === 'remove') {
        await documents.remove(principalOf(folder), document.id)
        return files.forget(folder.id, path)
      }
      if (folder.whenRemoved === 'withdraw') await this.#withdraw(folder, document.id)
      const message =
        folder.whenRemoved === 'withdraw'
          ? 'The file is gone; its document was withdrawn.'
          : 'The file is gone; its document is kept.'
      await files.record(folder.id, { ...known, error: { code: goneCode, message } })
    })
  }

  /** No decision is being made any more. */
  settled(): Promise<void> {
    return this.#decisions.onIdle()
  }

  async #findDocument(folder: WatchedFolderRecord, id: DocumentId): Promise<DocumentRecord | undefined> {
    try {
      return await this.#deps.ledger.documents.get(principalOf(folder), id)
    } catch (error) {
      if (error instanceof KuraError && error.code === 'document_not_found') return undefined
      throw error
    }
  }

  #record({ folder, path, state, stored }: CopiedFile, documentId: DocumentId): Promise<void> {
    return this.#deps.ledger.watchedFolders.record(folder.id, knownAs({ path, state, stored }, documentId))
  }

  /** Other files that are the same document and have not been found gone. */
  async #othersOf(place: { folder: WatchedFolderRecord; path: string }, id: DocumentId): Promise<LinkedFile[]> {
    const linked = await this.#deps.ledger.watchedFolders.linkedTo(id)
    return linked.filter((each) => !each.gone && !(each.folderId === place.folder.id && each.path === place.path))
  }

  /** Another content than before. */
  async #revise(file: CopiedFile, document: DocumentRecord): Promise<readonly Place[]> {
    const { folder, stored } = file
    const { sha256 } = stored.content
    const others = await this.#othersOf(file, document.id)
    // A copy that goes its own way becomes a document of its own; the document stays with the file that it is named after.
    if (stored.name !== document.name && (await someAreThere(others))) {
      await this.#add(file)
      return []
    }
    if (document.sha256 !== sha256) {
      // The copies keep the old content, which will be this document's no more: they are taken in as if they were new.
      for (const { folderId, path } of others) await this.#deps.ledger.watchedFolders.forget(folderId, path)
      const { collectionId } = folder
      await this.#deps.intake.register(principalOf(folder), stored, { collectionId, revisionOf: document.id })
    } else {
      await this.#putBack(file, document.id, false)
    }
    await this.#record(file, document.id)
    return document.sha256 === sha256 ? [] : others
  }

  /** A file of the same content that is not where it was. */
  async #findFormerPlace({ folder, path, stored }: CopiedFile): Promise<LinkedFile | undefined> {
    const same = await this.#deps.ledger.watchedFolders.withContent(folder.collectionId, stored.content.sha256)
    const former: LinkedFile[] = []
    for (const each of same) {
      const isSelf = each.folderId === folder.id && each.path === path
      if (!isSelf && (each.gone || !(await isThere(each.folderPath, each.path)))) former.push(each)
    }
    return former.find((each) => basename(each.path) === basename(path)) ?? former[0]
  }

  /** The same document at another place: nothing is ingested anew. */
  async #move(file: CopiedFile, from: LinkedFile): Promise<void> {
    const document = await this.#findDocument(file.folder, from.documentId)
    // A document that was left behind when its file went, and deleted by people since, is gone.
    if (!document && from.gone) return this.#add(file)
    if (document) {
      const { watchedFolders } = this.#deps.ledger
      await this.#renameAfter(file.folder, document, from.path, { folderId: file.folder.id, path: file.path })
      await this.#putBack(file, document.id, from.gone)
      await watchedFolders.move(from, file.folder.id, knownAs(file, document.id))
    } else {
      await this.#deps.ledger.watchedFolders.move(from, file.folder.id, knownAs(file, from.documentId))
    }
  }

  async #add(file: CopiedFile): Promise<void> {
    const { folder, stored } = file
    const { collectionId } = folder
    const { watchedFolders: files } = this.#deps.ledger
    const { sha256 } = stored.content
    const unreadable = await files.findUnreadable(folder, { name: stored.name, sha256 })
    if (unreadable) return this.#record(file, unreadable)
    // Written before, so that `recover` knows whose document it is where the program ends behind the next step.
    await files.record(folder.id, knownAs(file, null))
    const received = await this.#deps.intake.register(principalOf(folder), stored, { collectionId })
    if (received.duplicateOf) await this.#putBack(file, received.id, false)
    await this.#record(file, received.id)
  }

  /** A document that bears the name of the file that left it gets the name of the one that it is now. */
  async #renameAfter(
    folder: WatchedFolderRecord,
    document: DocumentRecord,
    leftPath: string,
    now: Place | undefined,
  ): Promise<void> {
    if (!now || document.name !== labelOf(leftPath) || document.name === labelOf(now.path)) return
    const linked = await this.#deps.ledger.watchedFolders.linkedTo(document.id)
    const isOthersName = linked.some(({ path, gone }) => !gone && path !== leftPath && labelOf(path) === document.name)
    if (!isOthersName) await this.#deps.ledger.documents.rename(principalOf(folder), document.id, labelOf(now.path))
  }

  async #withdraw(folder: WatchedFolderRecord, id: DocumentId): Promise<void> {
    const { revisions } = this.#deps.ledger
    const all = await revisions.list(principalOf(folder), id)
    const effective = all.find(({ validity }) => validity === 'effective')
    if (effective) {
      await revisions.update(principalOf(folder), id, effective.id, { validity: 'withdrawn' })
      return
    }
    // What is still being ingested would be in force as soon as it is.
    const now = new Date().toISOString()
    for (const { id: revisionId, validity, effectiveFrom } of all) {
      if (validity !== 'scheduled' || (effectiveFrom ?? '') > now) continue
      await revisions.update(principalOf(folder), id, revisionId, { validity: 'draft' })
    }
  }

  /** Its file is back: what was withdrawn because it was gone is in force again. What people have withdrawn is not. */
  async #putBack({ folder, stored }: CopiedFile, id: DocumentId, wasGone: boolean): Promise<void> {
    const { revisions, watchedFolders } = this.#deps.ledger
    const all = await revisions.list(principalOf(folder), id)
    const wasNeverInForce =
      wasGone && folder.whenRemoved === 'withdraw' && all.every((each) => each.validity === 'draft')
    if (!wasNeverInForce && !(await watchedFolders.hasWithdrawn(id))) return
    const revision = all.findLast(({ sha256 }) => sha256 === stored.content.sha256)
    if (revision) await revisions.update(principalOf(folder), id, revision.id, { validity: 'effective' })
  }
}

const knownAs = (
  { path, state, stored }: Omit<CopiedFile, 'folder'>,
  documentId: DocumentId | null,
): WatchedFileRecord => ({
  path,
  documentId,
  sha256: stored.content.sha256,
  bytes: state.bytes,
  modifiedAt: modifiedAtOf(state),
  error: null,
})

const someAreThere = async (files: readonly LinkedFile[]): Promise<boolean> => {
  for (const file of files) if (await isThere(file.folderPath, file.path)) return true
  return false
}
