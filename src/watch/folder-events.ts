/**
 * What the operating system tells of a folder's files, as hints of where to look: no more is concluded from them. In: a folder. Out: paths.
 * The one place that knows chokidar.
 */
import { relative, sep } from 'node:path'
import { watch } from 'chokidar'
import { isIgnoredPath } from './ignored-names.ts'

export interface FolderListener {
  /** Something has happened to the file; relative to the folder, with slashes. */
  changed(path: string): void
  /** A folder in it has come or gone. */
  stirred(): void
  /** From now on it is told what happens. */
  ready(): void
  /** The folder itself is gone: there will be no more events. */
  gone(): void
  /** @param exhausted the system can not watch so many files */
  failed(error: Error, exhausted: boolean): void
}

/** Begins to watch. Disposing ends it. */
export type FolderEvents = (folder: string, listener: FolderListener) => AsyncDisposable

/** By the operating system (inotify, FSEvents, ReadDirectoryChangesW); of no use for network shares. */
export const systemEvents: FolderEvents = (folder, listener) => {
  const pathOf = (file: string): string => relative(folder, file).replaceAll(sep, '/')
  const watcher = watch(folder, {
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
    // Whether a file that vanishes comes back is decided by who looks, not by the events.
    atomic: false,
    awaitWriteFinish: false,
    ignored: (file, stats) =>
      isIgnoredPath(relative(folder, file)) || (stats !== undefined && !stats.isFile() && !stats.isDirectory()),
  })
  watcher.on('all', (event, file) => {
    if (event === 'add' || event === 'change' || event === 'unlink') listener.changed(pathOf(file))
    else if (event === 'unlinkDir' && pathOf(file) === '') listener.gone()
    else listener.stirred()
  })
  watcher.on('ready', () => listener.ready())
  watcher.on('error', (thrown) => {
    const error = thrown instanceof Error ? thrown : new Error('Watching failed.', { cause: thrown })
    const code = 'code' in error ? error.code : undefined
    listener.failed(error, code === 'ENOSPC' || code === 'EMFILE' || code === 'ENFILE')
  })
  return { [Symbol.asyncDispose]: () => watcher.close() }
}
