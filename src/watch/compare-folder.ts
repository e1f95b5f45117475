/**
 * Compares a watched folder with what the ledger knows of its files, by size and time. In: a folder. Out: what differs, one by one; the
 * comparison goes no faster than it is taken. Neighbours: folder-watch.ts looks at what is found.
 */
import type { KuraError } from '../core/errors.ts'
import type { WatchedFileRecord, WatchedFolderRecord } from '../store/records.ts'
import { goneCode, type WatchedFolderStore } from '../store/watched-folders.ts'
import { type FileState, modifiedAtOf } from './file-state.ts'
import { walkFolder } from './walk-folder.ts'

export type Difference =
  /** New, changed, back again, or to be tried again. */
  | { readonly kind: 'changed'; readonly path: string; readonly state: FileState }
  /** Known, and not found. */
  | { readonly kind: 'missing'; readonly path: string }
  /** Can not be used as it is, and the ledger does not say so. */
  | { readonly kind: 'unusable'; readonly path: string; readonly error: KuraError }

const rowsPerRead = 1000

type KnownFile = Pick<WatchedFileRecord, 'bytes' | 'modifiedAt' | 'error'>

/** @param options `retries`: files that could not be taken in count as changed. @throws as `walkFolder` */
export async function* compareFolder(
  files: Pick<WatchedFolderStore, 'files'>,
  folder: WatchedFolderRecord,
  options: { readonly retries: boolean; readonly signal: AbortSignal },
): AsyncGenerator<Difference> {
  const known = await loadKnown(files, folder, options.signal)
  for await (const found of walkFolder(folder.path, options.signal)) {
    const { path } = found
    const file = known.get(path)
    known.delete(path)
    if ('error' in found) {
      if (file?.error?.code !== found.error.code) yield { kind: 'unusable', path, error: found.error }
    } else if (!file || differs(file, found.state) || isToBeTried(file, options.retries)) {
      yield { kind: 'changed', path, state: found.state }
    }
  }
  for (const [path, { error }] of known) if (error?.code !== goneCode) yield { kind: 'missing', path }
}

const differs = (file: KnownFile, state: FileState): boolean =>
  file.bytes !== state.bytes || file.modifiedAt !== modifiedAtOf(state)

const isToBeTried = ({ error }: KnownFile, retries: boolean): boolean =>
  error !== null && (retries || error.code === goneCode)

const loadKnown = async (
  files: Pick<WatchedFolderStore, 'files'>,
  folder: WatchedFolderRecord,
  signal: AbortSignal,
): Promise<Map<string, KnownFile>> => {
  const known = new Map<string, KnownFile>()
  let after: string | undefined
  do {
    signal.throwIfAborted()
    const rows = await files.files(folder.id, { after, limit: rowsPerRead })
    for (const { path, bytes, modifiedAt, error } of rows) known.set(path, { bytes, modifiedAt, error })
    after = rows.length < rowsPerRead ? undefined : rows.at(-1)?.path
  } while (after !== undefined)
  return known
}
