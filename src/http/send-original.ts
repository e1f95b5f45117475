/**
 * Sends an uploaded file back, whole or a range of it, in a way in which nothing in it can run in the reader's browser: markup
 * goes out as plain text, what a browser can not show as a download, and every file under a policy of its own.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { DocumentFormat } from '../core/document.ts'
import { KuraError, wrapError } from '../core/errors.ts'
import type { DocumentRecord } from '../store/records.ts'
import { parseByteRange } from './byte-range.ts'
import { contentDisposition } from './content-disposition.ts'
import type { HttpContext } from './http-env.ts'

interface Delivery {
  readonly type: string
  readonly kind: 'inline' | 'attachment'
  readonly policy: string
}

const sandbox = "sandbox; default-src 'none'; frame-ancestors 'none'"
const plainText: Delivery = { type: 'text/plain', kind: 'inline', policy: sandbox }

const deliveries: Readonly<Record<DocumentFormat, Delivery>> = {
  // no sandbox: it would keep the browser's own PDF viewer, which runs no script of ours, from opening
  pdf: {
    type: 'application/pdf',
    kind: 'inline',
    policy: "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'",
  },
  docx: {
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    kind: 'attachment',
    policy: sandbox,
  },
  markdown: plainText,
  html: plainText,
  text: plainText,
}
const unread: Delivery = { type: 'application/octet-stream', kind: 'attachment', policy: sandbox }

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
export const sendOriginal = async (c: HttpContext, record: DocumentRecord, file: string): Promise<Response> => {
  const delivery = record.format === null ? unread : deliveries[record.format]
  const etag = `"${record.sha256}"`
  const headers: Record<string, string> = {
    'content-type': delivery.type,
    'content-disposition': contentDisposition(delivery.kind, record.name),
    'content-security-policy': delivery.policy,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    etag,
  }
  if (c.req.header('if-none-match') === etag) return new Response(null, { status: 304, headers })
  const handle = await openOriginal(file)
  let handedOn = false
  try {
    const { size } = await handle.stat()
    const ifRange = c.req.header('if-range')
    const range = ifRange && ifRange !== etag ? undefined : parseByteRange(c.req.header('range'), size)
    headers['content-length'] = String(range ? range.last - range.first + 1 : size)
    if (range) headers['content-range'] = `bytes ${range.first}-${range.last}/${size}`
    const status = range ? 206 : 200
    if (c.req.method === 'HEAD') return new Response(null, { status, headers })
    const stream = handle.createReadStream(range ? { start: range.first, end: range.last } : {})
    handedOn = true
    return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, { status, headers })
  } finally {
    // the stream closes the handle by itself
    if (!handedOn) await handle.close()
  }
}
