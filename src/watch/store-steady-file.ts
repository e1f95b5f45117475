/**
 * Copies a file of a watched folder to the originals, and makes sure that nobody has written to it meanwhile. In: a path and how the file
 * looked before. Out: the stored copy, or nothing where it must be looked at again. Neighbours: intake.ts takes the copy over.
 */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { KuraError } from '../core/errors.ts'
import type { Intake, StoredFile } from '../store/intake.ts'
import { untilAborted } from '../store/until-aborted.ts'
import { type FileState, hasCode, isSameState, readState, stateOf, unreadable } from './file-state.ts'

/** What may have become a link or a pipe since it was looked at is neither followed nor waited for. */
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

interface SteadyFile {
  /** Of the watched folder. */
  readonly root: string
  /** Relative to it. */
  readonly path: string
  /** How it looked when it was steady. */
  readonly state: FileState
  readonly maxFileBytes: number
  readonly signal: AbortSignal
}

/**
 * @returns undefined where the file is gone or was changed meanwhile
 * @throws file_empty file_too_large file_name_invalid file_unreadable disk_full data_not_writable; the signal's reason
 */
export const storeSteadyFile = async (
  intake: Pick<Intake, 'store'>,
  file: SteadyFile,
): Promise<StoredFile | undefined> => {
  const { state, maxFileBytes, signal } = file
  // Told without reading it: it may be a disk image on a slow line.
  if (state.bytes > maxFileBytes) {
    throw new KuraError('file_too_large', `The file has ${state.bytes} bytes; ${maxFileBytes} are the most.`)
  }
  if (state.bytes === 0) throw new KuraError('file_empty', 'The file has 0 bytes.')
  const copying = openAndCopy(intake, file)
  try {
    return await untilAborted(copying, signal)
  } catch (error) {
    // A share that does not answer must not hold a server that stops.
    if (signal.aborted) void copying.then((stored) => stored?.[Symbol.asyncDispose]()).catch(() => undefined)
    throw error
  }
}

const openAndCopy = async (intake: Pick<Intake, 'store'>, file: SteadyFile): Promise<StoredFile | undefined> => {
  const handle = await openFile(join(file.root, file.path))
  if (!handle) return undefined
  try {
    return await copy(intake, handle, file)
  } finally {
    await handle.close().catch(() => undefined)
  }
}

const openFile = async (path: string): Promise<FileHandle | undefined> => {
  try {
    return await open(path, openFlags)
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO')) return undefined
    throw unreadable(error)
  }
}

const copy = async (
  intake: Pick<Intake, 'store'>,
  handle: FileHandle,
  file: SteadyFile,
): Promise<StoredFile | undefined> => {
  try {
    const before = await handle.stat()
    if (!before.isFile() || !isSameState(stateOf(before), file.state)) return undefined
    const stream = handle.createReadStream({ autoClose: false })
    const stored = await intake.store({ name: basename(file.path), stream, signal: file.signal })
    const isUnchanged = isSameState(stateOf(await handle.stat()), file.state)
    const now = await readState(file.root, file.path)
    if (isUnchanged && now && isSameState(now, file.state) && stored.content.bytes === file.state.bytes) return stored
    await stored[Symbol.asyncDispose]()
    return undefined
  } catch (error) {
    // The intake calls it so where the bytes do not come in to their end.
    if (error instanceof KuraError && error.code === 'request_cancelled') throw unreadable(error.cause)
    if (error instanceof KuraError || file.signal.aborted) throw error
    throw unreadable(error)
  }
}
