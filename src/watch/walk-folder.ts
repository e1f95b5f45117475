/**
 * Goes through a folder and all folders in it, one open folder at a time, and gives each file that may be a document. Links are not
 * followed; special files are left out without being opened. Neighbours: folder-watch.ts compares what is found with the ledger.
 */
import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { KuraError } from '../core/errors.ts'
import { type FileState, hasCode, stateOf, unreadable } from './file-state.ts'
import { isIgnoredName } from './ignored-names.ts'

/** `path` is relative to the walked folder, with slashes. */
export type Found =
  | { readonly path: string; readonly state: FileState }
  /** A file or folder that can not be used, as it is: its name is not UTF-8, or the folder may not be read. */
  | { readonly path: string; readonly error: KuraError }

/**
 * In no particular order. A folder that vanishes meanwhile has no files.
 * @throws the file system's error where the folder itself can not be read; the signal's reason
 */
export async function* walkFolder(root: string, signal: AbortSignal): AsyncGenerator<Found> {
  const folders = ['']
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    try {
      yield* listFolder(root, folder, folders, signal)
    } catch (error) {
      if (folder === '' || signal.aborted) throw error
      if (!hasCode(error, 'ENOENT', 'ENOTDIR')) yield { path: folder, error: unreadable(error) }
    }
  }
}

async function* listFolder(
  root: string,
  folder: string,
  folders: string[],
  signal: AbortSignal,
): AsyncGenerator<Found> {
  // As bytes: a name in another encoding than UTF-8 would be found, and then be nowhere.
  const entries = await opendir(join(root, folder), { encoding: 'buffer' as BufferEncoding })
  for await (const entry of entries) {
    signal.throwIfAborted()
    const bytes: unknown = entry.name
    const name = Buffer.isBuffer(bytes) ? bytes.toString('utf8') : entry.name
    if (isIgnoredName(name) || !(entry.isFile() || entry.isDirectory())) continue
    const path = folder === '' ? name : `${folder}/${name}`
    if (Buffer.isBuffer(bytes) && !bytes.equals(Buffer.from(name))) {
      const error = new KuraError('file_name_invalid', 'The name is not written in UTF-8; rename it to use it.')
      yield { path, error }
    } else if (entry.isDirectory()) {
      folders.push(path)
    } else {
      yield* lookAt(root, path)
    }
  }
}

async function* lookAt(root: string, path: string): AsyncGenerator<Found> {
  try {
    const stats = await lstat(join(root, path))
    if (stats.isFile()) yield { path, state: stateOf(stats) }
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR')) yield { path, error: unreadable(error) }
  }
}

/** Whether there is any file in it. @throws as `walkFolder` */
export const hasFiles = async (root: string, signal: AbortSignal): Promise<boolean> => {
  for await (const _found of walkFolder(root, signal)) return true
  return false
}
