/**
 * Resumable uploads on their way: `<folder>/<id>` holds the bytes that have come, `<id>.json` what the uploader said, `<id>.receipt` what
 * became of a file that was taken in. In: bytes by offset, from the tus server; out: whole files, for the intake.
 * Invariant: the bytes of an upload stay until its receipt is written, so whatever dies in between, asking again finishes it. What has not
 * been touched for a day is removed.
 */
import { createWriteStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { FileStore } from '@tus/file-store'
import { ERRORS, Upload } from '@tus/server'
import { z } from 'zod'
import { wrapError } from '../core/errors.ts'
import type { DocumentId, JobId, RevisionId } from '../core/ids.ts'

/** Since the last byte that came, or since the receipt. */
export const uploadExpiryMs = 24 * 60 * 60 * 1000
const sweepEveryMs = 60 * 60 * 1000
const diskCalls: ReadonlySet<unknown> = new Set(['open', 'write', 'close'])

/** What became of an upload that came in whole. */
export interface UploadReceipt {
  readonly id: DocumentId
  readonly revisionId: RevisionId
  /** null for a duplicate. */
  readonly jobId: JobId | null
  readonly duplicateOf?: DocumentId | undefined
}

const receiptSchema = z.object({
  size: z.number().int(),
  receipt: z.object({
    id: z.string().transform((id) => id as DocumentId),
    revisionId: z.string().transform((id) => id as RevisionId),
    jobId: z
      .string()
      .transform((id) => id as JobId)
      .nullable(),
    duplicateOf: z
      .string()
      .transform((id) => id as DocumentId)
      .optional(),
  }),
})

export class PartialUploads extends FileStore implements AsyncDisposable {
  readonly #folder: string
  #timer: NodeJS.Timeout | undefined

  private constructor(folder: string) {
    super({ directory: folder, expirationPeriodInMilliseconds: uploadExpiryMs })
    this.#folder = folder
    this.extensions = ['creation', 'creation-with-upload', 'termination', 'expiration']
  }

  /**
   * Makes the folder where it is missing, and removes what has expired, now and every hour until it is disposed.
   * @param folder on the disk of the originals, so that a whole file need not be copied
   * @throws data_not_writable disk_full
   */
  static async open(folder: string): Promise<PartialUploads> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const uploads = new PartialUploads(folder)
      await uploads.removeExpired()
      uploads.#timer = setInterval(() => void uploads.removeExpired().catch(() => undefined), sweepEveryMs).unref()
      return uploads
    } catch (error) {
      throw wrapError(error, 'data_not_writable', `The folder of partial uploads can not be written: ${folder}`)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
  }

  /** Where the bytes lie. */
  pathOf(id: string): string {
    return join(this.#folder, id)
  }

  /** Called by the tus server. The time of creation that it tells is that of the last byte: the expiry counts from there. */
  override async getUpload(id: string): Promise<Upload> {
    const path = this.pathOf(id)
    const finished = await this.#readReceipt(id)
    if (finished) {
      const touched = await changedAt(`${path}.receipt`)
      return new Upload({ id, size: finished.size, offset: finished.size, creation_date: toIso(touched) })
    }
    const upload = await super.getUpload(id)
    upload.creation_date = toIso(await changedAt(path))
    return upload
  }

  /** Called by the tus server. */
  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    if (await this.#readReceipt(id)) return offset
    const file = createWriteStream(this.pathOf(id), { flags: 'r+', start: offset })
    try {
      await pipeline(stream, file)
    } catch (error) {
      // what the disk threw, not what the sender did
      if (!(error instanceof Error && 'syscall' in error && diskCalls.has(error.syscall))) throw error
      throw wrapError(error, 'data_not_writable', 'The upload could not be written to the disk.')
    }
    return offset + file.bytesWritten
  }

  /** Called by the tus server: the uploader gave up. */
  override async remove(id: string): Promise<void> {
    if ((await changedAt(`${this.pathOf(id)}.json`)) === undefined && !(await this.#readReceipt(id))) {
      throw ERRORS.FILE_NOT_FOUND
    }
    await this.discard(id)
  }

  /** Undefined where the upload is not finished, or not known. */
  async receiptOf(id: string): Promise<UploadReceipt | undefined> {
    return (await this.#readReceipt(id))?.receipt
  }

  /**
   * The upload was taken in: from now on there is the receipt only.
   * @param size in bytes
   */
  async finish(id: string, size: number, receipt: UploadReceipt): Promise<void> {
    const path = this.pathOf(id)
    const temp = `${path}.receipt.new`
    try {
      const handle = await open(temp, 'w', 0o600)
      try {
        await handle.writeFile(JSON.stringify({ size, receipt }))
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(temp, `${path}.receipt`)
      await Promise.all([rm(path, { force: true }), rm(`${path}.json`, { force: true })])
    } catch (error) {
      throw wrapError(error, 'data_not_writable', 'The receipt of the upload could not be written.')
    }
  }

  /** Removes all of an upload; no effect where there is nothing. */
  async discard(id: string): Promise<void> {
    const path = this.pathOf(id)
    const names = [path, `${path}.json`, `${path}.receipt`, `${path}.receipt.new`]
    await Promise.all(names.map((name) => rm(name, { force: true })))
  }

  /** Removes uploads that nothing has happened to for a day. */
  async removeExpired(now = Date.now()): Promise<void> {
    const newest = new Map<string, number>()
    for (const name of await readdir(this.#folder)) {
      const id = name.replace(/\..*$/, '')
      const at = (await changedAt(join(this.#folder, name))) ?? 0
      newest.set(id, Math.max(newest.get(id) ?? 0, at))
    }
    for (const [id, at] of newest) if (now - at > uploadExpiryMs) await this.discard(id)
  }

  async #readReceipt(id: string): Promise<z.infer<typeof receiptSchema> | undefined> {
    try {
      return receiptSchema.parse(JSON.parse(await readFile(`${this.pathOf(id)}.receipt`, 'utf8')))
    } catch {
      // one that is not there, or was not written whole: the bytes are still there then
      return undefined
    }
  }
}

const toIso = (time: number | undefined): string => new Date(time ?? 0).toISOString()

/** Milliseconds since 1970; undefined where there is no such file. */
const changedAt = async (path: string): Promise<number | undefined> => {
  try {
    return (await stat(path)).mtimeMs
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
