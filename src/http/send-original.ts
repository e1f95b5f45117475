/**
 * Sends an uploaded file back, whole or a range of it, in a way in which nothing in it can run in the reader's browser: markup
 * goes out as plain text, what a browser can not show as a download, and every file under a policy of its own.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { DocumentFormat } from '../core/document.ts'
import { KuraError, wrapError } from '../core/errors.ts'
import { parseByteRange } from './byte-range.ts'
import { contentDisposition } from './content-disposition.ts'
import type { HttpContext } from './http-env.ts'

interface Delivery {
  readonly type: string
  readonly kind: 'inline' | 'attachment'
  readonly policy: string
}

/** What is sent, and as what. */
export interface OriginalFile {
  readonly path: string
  readonly name: string
  readonly sha256: string
  readonly format: DocumentFormat | null
  /** Of a text file, where the uploader has said it. */
  readonly encoding: string | null
}

const sandbox = "sandbox; default-src 'none'; frame-ancestors 'none'"
const plainText: Delivery = { type: 'text/plain', kind: 'inline', policy: sandbox }
const download = (type: string): Delivery => ({ type, kind: 'attachment', policy: sandbox })
const office = 'application/vnd.openxmlformats-officedocument'

const deliveries: Readonly<Record<DocumentFormat, Delivery>> = {
  // no sandbox: it would keep the browser's own PDF viewer, which runs no script of ours, from opening
  pdf: {
    type: 'application/pdf',
    kind: 'inline',
    policy: "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'",
  },
  docx: download(`${office}.wordprocessingml.document`),
  xlsx: download(`${office}.spreadsheetml.sheet`),
  pptx: download(`${office}.presentationml.presentation`),
  csv: download('text/csv'),
  markdown: plainText,
  html: plainText,
  text: plainText,
  eml: download('message/rfc822'),
  msg: download('application/vnd.ms-outlook'),
  // which images browsers show is told by their first bytes
  image: download('application/octet-stream'),
  zip: download('application/zip'),
  doc: download('application/msword'),
  xls: download('application/vnd.ms-excel'),
  ppt: download('application/vnd.ms-powerpoint'),
  answer: plainText,
}
const unread = download('application/octet-stream')

/** Enough to know an image, and mostly to see whether a text is UTF-8. */
const sniffedBytes = 65_536

/** Images that every browser shows, by what their files begin with. */
const shownImages: readonly (readonly [string, RegExp])[] = [
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF.{4}WEBP/s],
]

/** The character set that the browser is told: as the uploader said, else UTF-8 where the text is that, else the browser's guess. */
const charsetOf = (head: Buffer, encoding: string | null): string | undefined => {
  try {
    if (encoding !== null) return new TextDecoder(encoding).encoding
    // `stream`: the last character may be cut off
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return 'utf-8'
  } catch {
    return undefined
  }
}

const deliveryOf = async (handle: FileHandle, { format, encoding }: OriginalFile): Promise<Delivery> => {
  const delivery = format === null ? unread : deliveries[format]
  if (format !== 'image' && !delivery.type.startsWith('text/')) return delivery
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(sniffedBytes), 0, sniffedBytes, 0)
  const head = buffer.subarray(0, bytesRead)
  if (format === 'image') {
    const start = head.subarray(0, 16).toString('latin1')
    const shown = shownImages.find(([, signature]) => signature.test(start))
    return shown ? { type: shown[0], kind: 'inline', policy: sandbox } : delivery
  }
  const charset = charsetOf(head, encoding)
  return charset === undefined ? delivery : { ...delivery, type: `${delivery.type}; charset=${charset}` }
}

const openOriginal = async (file: string): Promise<FileHandle> => {
  try {
    return await open(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new KuraError('file_not_found', 'The uploaded file is no longer in the store of originals.', {
        cause: error,
      })
    }
    throw wrapError(error, 'internal', 'The uploaded file could not be opened.')
  }
}

/** @throws file_not_found, range_not_satisfiable */
export const sendOriginal = async (c: HttpContext, file: OriginalFile): Promise<Response> => {
  const handle = await openOriginal(file.path)
  let handedOn = false
  try {
    const delivery = await deliveryOf(handle, file)
    const etag = `"${file.sha256}"`
    const headers: Record<string, string> = {
      'content-type': delivery.type,
      'content-disposition': contentDisposition(delivery.kind, file.name),
      'content-security-policy': delivery.policy,
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache',
      etag,
    }
    if (c.req.header('if-none-match') === etag) return new Response(null, { status: 304, headers })
    const { size } = await handle.stat()
    const ifRange = c.req.header('if-range')
    const range = ifRange && ifRange !== etag ? undefined : parseByteRange(c.req.header('range'), size)
    headers['content-length'] = String(range ? range.last - range.first + 1 : size)
    if (range) headers['content-range'] = `bytes ${range.first}-${range.last}/${size}`
    const status = range ? 206 : 200
    if (c.req.method === 'HEAD') return new Response(null, { status, headers })
    const stream = handle.createReadStream({ start: range?.first ?? 0, ...(range ? { end: range.last } : {}) })
    handedOn = true
    return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, { status, headers })
  } finally {
    // the stream closes the handle by itself
    if (!handedOn) await handle.close()
  }
}
