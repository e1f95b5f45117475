/**
 * The uploaded files, by content hash: `<folder>/<sha256[0:2]>/<sha256>`. In: a stream; out: its hash, its size and its head.
 * Nothing of the uploader's name gets into a path. Invariant: a file under its hash is whole and on the disk; what is on its way, or
 * not yet wanted for certain, lies in `<folder>/incoming` under the name of the process that writes it.
 */
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, type FileHandle, link, mkdir, open, opendir, rename, rm, stat, utimes } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { KuraError, wrapError } from '../core/errors.ts'
import { isProcessDead, processIdentity } from './process-identity.ts'

const headBytes = 4096
const incomingFolder = 'incoming'
const notWritten = 'The file could not be written to the folder of the originals.'
/** Temporary files of processes that can not be asked (another host) are taken for left behind after a day. */
const staleTempMs = 24 * 60 * 60 * 1000

interface WrittenFile {
  /** 64 hexadecimal digits. */
  readonly sha256: string
  readonly bytes: number
  /** The first 4 KiB, or all of a shorter file. */
  readonly head: Uint8Array
}

/** A file that has come in whole and is on the disk; disposing removes it, unless it was kept. */
export interface StagedOriginal extends WrittenFile, AsyncDisposable {
  /**
   * Puts it in its place under its hash, once. Content that is there already is kept once.
   * @throws data_not_writable disk_full
   */
  keep(): Promise<void>
}

export class Originals {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * Makes the folder where it is missing.
   * @throws data_not_writable disk_full
   */
  static async open(folder: string): Promise<Originals> {
    try {
      const incoming = join(folder, incomingFolder)
      await mkdir(incoming, { recursive: true })
      const probe = join(incoming, tempName())
      await (await open(probe, 'wx')).close()
      await rm(probe)
    } catch (error) {
      throw wrapError(error, 'data_not_writable', `The folder of the originals can not be written: ${folder}`)
    }
    return new Originals(folder)
  }

  /**
   * Streams the file to the disk within small memory. The stream is read to its end, or destroyed where this throws; no temporary
   * file stays then.
   * @throws file_empty file_too_large disk_full; request_cancelled where the stream breaks off; AbortError
   */
  async stage(
    stream: Readable,
    options: { maxBytes: number; signal?: AbortSignal | undefined },
  ): Promise<StagedOriginal> {
    holdErrors(stream)
    const temp = join(this.#folder, incomingFolder, tempName())
    const discard = (): Promise<void> => rm(temp, { force: true })
    try {
      const written = await this.#writeTemp(temp, stream, options)
      return { ...written, keep: () => this.#keep(temp, written.sha256), [Symbol.asyncDispose]: discard }
    } catch (error) {
      stream.destroy()
      await discard()
      throw wrapError(error, 'data_not_writable', notWritten)
    }
  }

  /**
   * Takes a file that lies on the disk in whole already: by a second name where the file system can give one, else by a copy. The file
   * itself stays where it is.
   * @throws file_empty file_too_large disk_full data_not_writable; AbortError
   */
  async adopt(path: string, options: { maxBytes: number; signal?: AbortSignal | undefined }): Promise<StagedOriginal> {
    const temp = join(this.#folder, incomingFolder, tempName())
    const discard = (): Promise<void> => rm(temp, { force: true })
    try {
      await linkOrCopy(path, temp)
      const written = await measure(temp, options)
      return { ...written, keep: () => this.#keep(temp, written.sha256), [Symbol.asyncDispose]: discard }
    } catch (error) {
      await discard()
      throw wrapError(error, 'data_not_writable', notWritten)
    }
  }

  /** Where the content lies or would lie. */
  pathOf(sha256: string): string {
    if (!isSha256(sha256)) throw new KuraError('internal', 'A content hash has 64 hexadecimal digits.')
    return join(this.#folder, sha256.slice(0, 2), sha256)
  }

  async has(sha256: string): Promise<boolean> {
    try {
      return (await stat(this.pathOf(sha256))).isFile()
    } catch (error) {
      if (isMissing(error)) return false
      throw wrapError(error, 'internal', 'The folder of the originals can not be read.')
    }
  }

  /** No effect where it is not there. */
  async remove(sha256: string): Promise<void> {
    try {
      await rm(this.pathOf(sha256), { force: true })
    } catch (error) {
      throw wrapError(error, 'data_not_writable', 'The original can not be removed.')
    }
  }

  /**
   * Content hashes of all files. With `olderThanMs` only those that arrived at least so long ago: the file of an upload is here a
   * moment before the ledger knows of it, and must not be taken for a leftover.
   */
  async *list(options: { olderThanMs?: number } = {}): AsyncIterable<string> {
    for await (const folder of await opendir(this.#folder)) {
      if (!folder.isDirectory() || !/^[0-9a-f]{2}$/.test(folder.name)) continue
      for await (const file of await opendir(join(this.#folder, folder.name))) {
        if (!isSha256(file.name)) continue
        const age = options.olderThanMs === undefined ? undefined : await ageOf(this.pathOf(file.name))
        if (age === undefined || age >= (options.olderThanMs ?? 0)) yield file.name
      }
    }
  }

  /** Removes what processes that are gone have left half-written. */
  async cleanTemp(): Promise<void> {
    const incoming = join(this.#folder, incomingFolder)
    for await (const file of await opendir(incoming)) {
      const path = join(incoming, file.name)
      const owner = decodeURIComponent(file.name.replace(/\.[^.]*$/, ''))
      if (isProcessDead(owner) || ((await ageOf(path)) ?? 0) > staleTempMs) await rm(path, { force: true })
    }
  }

  async #writeTemp(
    temp: string,
    stream: Readable,
    options: { maxBytes: number; signal?: AbortSignal | undefined },
  ): Promise<WrittenFile> {
    if (options.signal?.aborted === true) throw abortError()
    const stop = () => stream.destroy(abortError())
    options.signal?.addEventListener('abort', stop, { once: true })
    const handle = await open(temp, 'wx')
    try {
      const written = await copy(stream, handle, options)
      await handle.sync()
      return written
    } finally {
      options.signal?.removeEventListener('abort', stop)
      await handle.close()
    }
  }

  async #keep(temp: string, sha256: string): Promise<void> {
    const path = this.pathOf(sha256)
    try {
      // Also where the content is there already: the file gets today's date, and so is not cleared away as a leftover meanwhile.
      const now = new Date()
      await utimes(temp, now, now)
      const made = await mkdir(dirname(path), { recursive: true })
      await rename(temp, path)
      await syncFolder(dirname(path))
      if (made !== undefined) await syncFolder(this.#folder)
    } catch (error) {
      throw wrapError(error, 'data_not_writable', notWritten)
    }
  }
}

/**
 * A stream that breaks off while nobody reads it yet would end the whole process, were there no listener. Whoever reads it later gets
 * the error all the same.
 */
export const holdErrors = (stream: Readable): void => {
  stream.on('error', () => undefined)
}

const isSha256 = (name: string): boolean => /^[0-9a-f]{64}$/.test(name)

let tempCount = 0
const tempName = (): string => {
  tempCount += 1
  return `${encodeURIComponent(processIdentity())}.${tempCount}`
}

const abortError = (): Error => new DOMException('The upload was aborted.', 'AbortError')

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

const ageOf = async (path: string): Promise<number | undefined> => {
  try {
    return Date.now() - (await stat(path)).mtimeMs
  } catch (error) {
    if (isMissing(error)) return undefined
    throw wrapError(error, 'internal', `The file can not be looked at: ${basename(path)}`)
  }
}

const linkOrCopy = async (from: string, to: string): Promise<void> => {
  try {
    await link(from, to)
  } catch (error) {
    if (isMissing(error)) throw error
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  }
}

/** Reads a file that lies on the disk, and makes sure that it does. */
const measure = async (
  path: string,
  options: { maxBytes: number; signal?: AbortSignal | undefined },
): Promise<WrittenFile> => {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
    const stream = handle.createReadStream({ autoClose: false, ...(options.signal ? { signal: options.signal } : {}) })
    return await copy(stream, undefined, options)
  } finally {
    await handle.close()
  }
}

/** Reads the stream, to the handle if there is one; what the stream throws is the sender's, what the handle throws is the disk's. */
const copy = async (
  stream: Readable,
  handle: FileHandle | undefined,
  options: { maxBytes: number; signal?: AbortSignal | undefined },
): Promise<WrittenFile> => {
  const hash = createHash('sha256')
  const head: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunksOf(stream, options.signal)) {
    if (bytes < headBytes) head.push(Uint8Array.from(chunk.subarray(0, headBytes - bytes)))
    bytes += chunk.length
    if (bytes > options.maxBytes) {
      throw new KuraError('file_too_large', `The file has more than ${options.maxBytes} bytes.`, {
        details: { maxBytes: options.maxBytes },
      })
    }
    hash.update(chunk)
    await handle?.writeFile(chunk)
  }
  if (bytes === 0) throw new KuraError('file_empty', 'The file has 0 bytes.')
  return { sha256: hash.digest('hex'), bytes, head: Buffer.concat(head) }
}

async function* chunksOf(stream: Readable, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]()
  while (true) {
    let next: IteratorResult<Uint8Array | string>
    try {
      next = await chunks.next()
    } catch (error) {
      if (signal?.aborted === true) throw abortError()
      throw new KuraError('request_cancelled', 'The file broke off before its end.', { cause: error })
    }
    if (next.done === true) return
    yield typeof next.value === 'string' ? Buffer.from(next.value) : next.value
  }
}

/** A renamed file is safe from a power cut only when its folder is written too. */
const syncFolder = async (folder: string): Promise<void> => {
  // Folders can not be opened on Windows.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
