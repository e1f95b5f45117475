/**
 * How a file of a watched folder looks from outside: size, time and kind, never following a link. In: a folder and a path in it. Out: a value;
 * what can not be told (rights, a share that does not answer) throws, so that it is never taken for "gone".
 */
import type { Stats } from 'node:fs'
import { lstat, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { KuraError } from '../core/errors.ts'

/** Two of these that are equal mean that nobody has written meanwhile. */
export interface FileState {
  readonly bytes: number
  readonly modifiedMs: number
  readonly inode: number
}

export const stateOf = (stats: Stats): FileState => ({
  bytes: stats.size,
  modifiedMs: stats.mtimeMs,
  inode: stats.ino,
})

export const isSameState = (a: FileState, b: FileState): boolean =>
  a.bytes === b.bytes && a.modifiedMs === b.modifiedMs && a.inode === b.inode

const latest = Date.UTC(9999, 11, 31)

/** As the ledger holds it. File systems give times that no calendar has. */
export const modifiedAtOf = ({ modifiedMs }: FileState): string =>
  new Date(Math.min(Math.max(Number.isFinite(modifiedMs) ? modifiedMs : 0, 0), latest)).toISOString()

export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))

/** What the file system threw, for people. */
export const unreadable = (error: unknown): KuraError => {
  const isForbidden = hasCode(error, 'EACCES', 'EPERM')
  const message = isForbidden ? 'Kura has no right to read it.' : 'The file system refuses to read it.'
  return new KuraError('file_unreadable', message, { cause: error })
}

/**
 * undefined where there is no such file: nothing, a folder, a link, a device, or only reached through a link.
 * @param root of the folder, without links
 * @param path relative, with slashes
 * @throws the file system's error where it can not be told
 */
export const readState = async (root: string, path: string): Promise<FileState | undefined> => {
  const file = join(root, path)
  try {
    const stats = await lstat(file)
    if (!stats.isFile()) return undefined
    const [realRoot, realParent] = await Promise.all([realpath(root), realpath(dirname(file))])
    return realParent === dirname(join(realRoot, path)) ? stateOf(stats) : undefined
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return undefined
    throw error
  }
}

/** Whether the file is there; where it can not be told it counts as there, so that nothing is concluded from a share that does not answer. */
export const isThere = async (root: string, path: string): Promise<boolean> => {
  try {
    return (await readState(root, path)) !== undefined
  } catch {
    return true
  }
}
