/**
 * Which parser a file needs, by its content. In: the head of the file, its path, its name. Out: a `DocumentFormat`. The name decides only
 * between Markdown, HTML and plain text where the content leaves it open. Everything else is refused by the kind that was found.
 */
import { open, stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { fileTypeFromBuffer, fileTypeFromFile } from 'file-type'
import type { DocumentFormat } from '../../src/core/document.ts'
import { KuraError, wrapError } from '../../src/core/errors.ts'
import { decodeText } from './decode-text.ts'
import { findEntry } from './zip-guard.ts'

const headBytes = 4096

const extensions: Readonly<Record<string, DocumentFormat>> = {
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.mdown': 'markdown',
  '.mkd': 'markdown',
  '.html': 'html',
  '.htm': 'html',
  '.xhtml': 'html',
  '.txt': 'text',
  '.text': 'text',
  '.log': 'text',
}

const unsupported = (kind: string): KuraError =>
  new KuraError('format_unsupported', `This is ${kind}, which can not be read.`, { details: { kind } })

/** A PDF may have up to 1,024 bytes of something else before its header. */
const isPdf = (head: Uint8Array): boolean => Buffer.from(head.subarray(0, 1029)).includes('%PDF-')

const startsWith = (head: Uint8Array, bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte)

const isZip = (head: Uint8Array): boolean =>
  startsWith(head, [0x50, 0x4b, 0x03, 0x04]) || startsWith(head, [0x50, 0x4b, 0x05, 0x06])

const detectInZip = async (path: string): Promise<DocumentFormat> => {
  if (await findEntry(path, 'word/document.xml')) return 'docx'
  // Some programs name the main part otherwise; the container's list of types tells.
  const known = await fileTypeFromFile(path).catch(() => undefined)
  if (known && ['docx', 'docm', 'dotx', 'dotm'].includes(known.ext)) return 'docx'
  throw unsupported(known ? `a ${known.ext.toUpperCase()} file` : 'a ZIP archive')
}

/** Text that begins like a page of the web. */
const looksLikeHtml = (text: string): boolean =>
  /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i.test(text) ||
  (text.match(/<\/?(?:p|div|table|tr|td|h[1-6]|ul|ol|li|span|br)\b[^>]*>/gi)?.length ?? 0) >= 8

const looksLikeMarkdown = (text: string): boolean =>
  [
    /^#{1,6} \S/m,
    /^\|?\s*:?-{3,}:?\s*\|/m,
    /^```/m,
    /\[[^\]\n]+\]\([^)\s]+\)/,
    /^[*-] \S/m,
    /\*\*\S[^*\n]*\*\*/,
  ].filter((sign) => sign.test(text)).length >= 2

const detectInText = (head: Uint8Array, name: string): DocumentFormat => {
  const text = decodeText(head, { cut: true })
  if (text === undefined) throw unsupported('a binary file of an unknown kind')
  const byName = extensions[extname(name).toLowerCase()]
  if (/^\s*(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html)\b/i.test(text)) return 'html'
  if (/^\{\\rtf/.test(text)) throw unsupported('an RTF file')
  if (byName) return byName
  if (looksLikeHtml(text)) return 'html'
  return looksLikeMarkdown(text) ? 'markdown' : 'text'
}

/**
 * @param head the first bytes of the file, 4 KiB if it has as many
 * @param path where the whole file lies, for kinds that say what they are at their end
 * @param name the uploaded name
 * @throws format_unsupported, file_empty, file_damaged
 */
export const detectFormat = async (head: Uint8Array, path: string, name: string): Promise<DocumentFormat> => {
  if (head.length === 0) throw new KuraError('file_empty', 'The file has 0 bytes.')
  if (isPdf(head)) return 'pdf'
  if (isZip(head)) return detectInZip(path)
  const known = await fileTypeFromBuffer(head).catch(() => undefined)
  // A text file may begin with what looks like a magic number of two letters: only kinds that are not text are refused by it.
  if (known && known.mime !== 'application/xml' && decodeText(head, { cut: true }) === undefined) {
    throw unsupported(
      known.ext === 'cfb' ? 'an old Office file (DOC, XLS, PPT or MSG)' : `a ${known.ext.toUpperCase()} file`,
    )
  }
  return detectInText(head, basename(name))
}

/** As `detectFormat`, reading the head itself. @throws file_not_found as well */
export const detectFormatOf = async (path: string, name: string): Promise<DocumentFormat> => {
  const { size } = await stat(path).catch((error: unknown) => {
    throw wrapError(error, 'file_not_found', 'The file can not be found.')
  })
  const handle = await open(path, 'r')
  try {
    const head = Buffer.alloc(Math.min(headBytes, size))
    await handle.read(head, 0, head.length, 0)
    return await detectFormat(head, path, name)
  } finally {
    await handle.close()
  }
}
