/**
 * Which parser a file needs, by its content. In: the head of the file, its path, its name. Out: a `FileFormat`. Containers are told
 * apart by what lies in them, texts by their first lines; a wrong name does no harm. Everything else is refused by the kind that was found.
 * Neighbours: `detect-zip.ts`, `compound-file.ts`, `detect-text.ts`; called by `parse-file.ts`.
 */
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type FileTypeResult, fileTypeFromBuffer } from 'file-type'
import type { FileFormat } from '../../src/core/document.ts'
import { findEncoding } from '../../src/core/encodings.ts'
import { KuraError, wrapError } from '../../src/core/errors.ts'
import { compoundSignature, namesInCompoundFile } from './compound-file.ts'
import { declaredCharset, decodeText, hasByteOrderMark } from './decode-text.ts'
import { detectTextFormat } from './detect-text.ts'
import { detectInZip } from './detect-zip.ts'
import { unsupported, unsupportedKind } from './unsupported-kind.ts'

const headBytes = 8192
/** A PDF may have as many bytes of something else before its header. */
const pdfPreambleBytes = 1024

/** TIFF, in either order of bytes, also with its directory at the end, where nobody looks for its kind; and BigTIFF. */
const tiffSignatures = [
  [0x49, 0x49, 0x2a, 0x00],
  [0x4d, 0x4d, 0x00, 0x2a],
  [0x49, 0x49, 0x2b, 0x00],
  [0x4d, 0x4d, 0x00, 0x2b],
]
const images = new Set(['png', 'apng', 'jpg', 'tif', 'bmp', 'webp', 'gif', 'avif'])
const tnefSignature = [0x78, 0x9f, 0x3e, 0x22]

const startsWith = (head: Uint8Array, bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte)

/** One part of an archive that was split. */
const splitSignature = [0x50, 0x4b, 0x07, 0x08]

const isZip = (head: Uint8Array): boolean =>
  startsWith(head, [0x50, 0x4b, 0x03, 0x04]) || startsWith(head, [0x50, 0x4b, 0x05, 0x06])

/** A header at the beginning, or after what a printer or a server put before it; not a text about PDF. */
const isPdf = (head: Uint8Array): boolean => {
  const text = Buffer.from(head.subarray(0, pdfPreambleBytes + 8)).toString('latin1')
  if (/^[\s\0\u00ef\u00bb\u00bf]*%PDF-/.test(text)) return true
  const at = text.search(/%PDF-\d/)
  return at >= 0 && / \d+ obj\b/.test(Buffer.from(head.subarray(at)).toString('latin1'))
}

/** The streams that make a compound file what it is. */
const byStream: readonly (readonly [name: RegExp, format: FileFormat])[] = [
  [/^(?:__properties_version1\.0|__nameid_version1\.0|__substg1\.0_.*)$/, 'msg'],
  [/^WordDocument$/, 'doc'],
  [/^(?:Workbook|Book)$/i, 'xls'],
  [/^PowerPoint Document$/, 'ppt'],
]
const refusedStreams: readonly (readonly [name: RegExp, kind: string])[] = [
  [/^VisioDocument$/, 'vsd'],
  [/^Quill$/, 'pub'],
  [/^FileHeader$|^\x05HwpSummaryInformation$/, 'hwp'],
  [/^MatOST$|^WksSSWorkBook$/, 'wps'],
  [/^[\u3800-\u4840]/, 'msi'],
]

/** @throws office_encrypted, format_unsupported, file_damaged */
const detectInCompoundFile = async (path: string): Promise<FileFormat> => {
  const names = await namesInCompoundFile(path, false)
  const has = (pattern: RegExp): boolean => names.some((name) => pattern.test(name))
  if (has(/^EncryptedPackage$/i)) {
    throw new KuraError('office_encrypted', 'The Office file is encrypted: it opens with a password only.')
  }
  const known = byStream.find(([name]) => has(name))
  if (known) return known[1]
  const refused = refusedStreams.find(([name]) => has(name))
  if (refused) throw unsupportedKind(refused[1])
  throw unsupported('an old Office container of an unknown kind', 'save it as PDF, DOCX, XLSX or PPTX')
}

/** Kinds whose mark is a few letters or bytes, as a text may begin with them too. */
const isCertain = (head: Uint8Array, text: string | undefined): boolean => text === undefined || head.includes(0)

/** Scripts, vector drawings and the like are text. */
const isTextKind = ({ mime }: FileTypeResult): boolean =>
  mime === 'application/xml' || mime === 'application/rtf' || mime.startsWith('text/')

interface FileToDetect {
  /** Where the whole file lies, for kinds that say what they are at their end. */
  readonly path: string
  /** The uploaded name. */
  readonly name: string
  /** What the uploader says of the encoding. */
  readonly encoding?: string | undefined
}

/** The head as text: in the encoding that was given or that the file itself names, where no other is certain. */
const decodeHead = (head: Uint8Array, given: string | undefined): string | undefined => {
  const label = given ?? declaredCharset(head)
  return decodeText(head, { cut: true, declared: label === undefined ? undefined : findEncoding(label) })
}

/**
 * @param head the first bytes of the file, 8 KiB if it has as many
 * @throws format_unsupported, file_empty, file_damaged, office_encrypted
 */
const detectFormat = async (head: Uint8Array, { path, name, encoding }: FileToDetect): Promise<FileFormat> => {
  if (head.length === 0) throw new KuraError('file_empty', 'The file has 0 bytes.')
  if (isPdf(head)) return 'pdf'
  if (isZip(head)) return detectInZip(path)
  if (startsWith(head, compoundSignature)) return detectInCompoundFile(path)
  if (startsWith(head, tnefSignature)) throw unsupportedKind('winmail')
  if (startsWith(head, splitSignature)) throw unsupported('a part of a split archive', 'pack the files into one ZIP')
  const text = decodeHead(head, encoding)
  if (text?.includes('\ufffd') === false && hasByteOrderMark(head)) return detectTextFormat(text, basename(name))
  const known = await fileTypeFromBuffer(head).catch(() => undefined)
  if (known && !isTextKind(known) && isCertain(head, text)) {
    if (images.has(known.ext)) return 'image'
    throw unsupportedKind(known.ext, known.mime)
  }
  if (tiffSignatures.some((signature) => startsWith(head, signature))) return 'image'
  if (text === undefined) throw unsupported('a binary file of an unknown kind', 'save it as PDF, DOCX or text')
  return detectTextFormat(text, basename(name))
}

/**
 * @param path any file
 * @param name the uploaded name
 * @param encoding what the uploader says of it
 * @throws file_not_found, file_empty, format_unsupported, file_damaged, office_encrypted
 */
export const detectFormatOf = async (path: string, name: string, encoding?: string): Promise<FileFormat> => {
  const { size } = await stat(path).catch((error: unknown) => {
    throw wrapError(error, 'file_not_found', 'The file can not be found.')
  })
  const handle = await open(path, 'r')
  try {
    const head = Buffer.alloc(Math.min(headBytes, size))
    await handle.read(head, 0, head.length, 0)
    return await detectFormat(head, { path, name, encoding })
  } finally {
    await handle.close()
  }
}
