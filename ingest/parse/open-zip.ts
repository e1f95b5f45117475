/**
 * Opens a ZIP container whatever a server or a mail program has put behind its end. In: a path. Out: yauzl's `ZipFile`, entry by entry.
 * Neighbours: `zip-guard.ts`, `office-package.ts`.
 */
import { readFile, stat } from 'node:fs/promises'
import { fromBufferPromise, type Options, openPromise, type ZipFile } from 'yauzl'
import { wrapError } from '../../src/core/errors.ts'

/** The record that ends a container, without its comment. */
const endRecord = Buffer.from('PK\u0005\u0006', 'latin1')
const endRecordBytes = 22
/** Only a container that fits into memory is looked through for its real end. */
const maxRepairBytes = 256 * 2 ** 20

/** The container up to its real end; undefined where there is none. */
const withoutTail = async (path: string): Promise<Buffer | undefined> => {
  if ((await stat(path)).size > maxRepairBytes) return undefined
  const bytes = await readFile(path)
  const start = bytes.lastIndexOf(endRecord)
  if (start < 0 || start + endRecordBytes > bytes.length) return undefined
  const end = start + endRecordBytes + bytes.readUInt16LE(start + endRecordBytes - 2)
  return end < bytes.length ? bytes.subarray(0, end) : undefined
}

/** @throws file_damaged */
export const openZip = async (path: string, more: Options = {}): Promise<ZipFile> => {
  const options = { lazyEntries: true, autoClose: false, validateEntrySizes: false, ...more }
  try {
    return await openPromise(path, options)
  } catch (error) {
    const whole = await withoutTail(path).catch(() => undefined)
    if (whole) return fromBufferPromise(whole, options)
    throw wrapError(error, 'file_damaged', 'The ZIP container of the file is damaged.')
  }
}
