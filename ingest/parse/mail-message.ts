/**
 * The parts of a mail (MIME). In: the bytes of the message. Out: its head and the tree of its parts, transfer encodings undone, charsets not yet. Built on postal-mime,
 * whose ready texts are not used: it decodes with the runtime's decoders, which do not know all of Big5, and takes what names
 * no charset for UTF-8. Neighbours: `mail-words.ts`, `parse-eml.ts`.
 */
import PostalMime from 'postal-mime'
import { z } from 'zod'
import { KuraError, wrapError } from '../../src/core/errors.ts'
import { decodeText, isWide } from './decode-text.ts'
import { decodeWords } from './mail-words.ts'

export interface MailPart {
  /** Lower case, e.g. `text/html`. */
  readonly type: string
  readonly charset: string | undefined
  /** `inline` and `attachment` are the two that are in use. */
  readonly disposition: string
  readonly filename: string | undefined
  /** Without the angle brackets. */
  readonly contentId: string | undefined
  readonly location: string | undefined
  /** Parameters of the type, e.g. `smime-type`. */
  readonly parameters: Readonly<Record<string, string>>
  readonly content: Uint8Array
  readonly parts: readonly MailPart[]
  /** The first field of a name, lower case; decoded. */
  readonly field: (name: string) => string | undefined
}

const structuredSchema = z.object({ value: z.string(), params: z.record(z.string(), z.string()) })

/** What postal-mime holds of a part once a message is parsed. Its types leave it out; this is checked instead, and the version is pinned. */
const nodeSchema = z.object({
  contentType: z.object({ parsed: structuredSchema }),
  contentDisposition: z.object({ parsed: structuredSchema }),
  contentId: z.string().optional(),
  headers: z.array(z.object({ key: z.string(), value: z.string() })),
  content: z.instanceof(ArrayBuffer).nullable(),
  get childNodes(): z.ZodType<unknown[]> {
    return z.array(z.unknown())
  },
})
const parserSchema = z.object({ root: z.unknown() })

const nonEmpty = (text: string | undefined): string | undefined =>
  text === undefined || text === '' ? undefined : text

const toPart = (value: unknown): MailPart => {
  const node = nodeSchema.parse(value)
  const { value: type, params } = node.contentType.parsed
  const disposition = node.contentDisposition.parsed
  const field = (name: string): string | undefined => {
    const found = node.headers.find(({ key }) => key === name)
    return nonEmpty(found && decodeWords(found.value))
  }
  return {
    type,
    charset: nonEmpty(params.charset?.trim()),
    disposition: disposition.value,
    filename: nonEmpty(decodeWords(disposition.params.filename ?? params.name ?? '')),
    contentId: nonEmpty(node.contentId?.replace(/^\s*<|>\s*$/g, '')),
    location: field('content-location'),
    parameters: params,
    content: node.content ? new Uint8Array(node.content) : new Uint8Array(),
    parts: node.childNodes.map(toPart),
    field,
  }
}

const lineFeed = 0x0a
const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80)

/** Boundaries that any head in the message names; heads of parts stand behind them. */
const boundariesOf = (bytes: Buffer): Set<string> => {
  const found = bytes.toString('latin1').matchAll(/boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))/gi)
  return new Set([...found].map(([, quoted, plain]) => `--${quoted ?? plain}`))
}

/**
 * Lines of heads that hold bytes above ASCII as they are, rewritten in UTF-8: old mail programs wrote subjects and file names so, in the encoding of
 * their machine. All such lines are decoded together, as one of them is too short to tell.
 */
const mendHeads = (bytes: Buffer): Buffer => {
  if (isAscii(bytes)) return bytes
  const boundaries = boundariesOf(bytes)
  const raw: { readonly start: number; readonly end: number }[] = []
  let inHead = true
  for (let start = 0, end = 0; start < bytes.length; start = end) {
    const lineEnd = bytes.indexOf(lineFeed, start)
    end = lineEnd < 0 ? bytes.length : lineEnd + 1
    const line = bytes.subarray(start, end)
    if (line[0] === 0x2d && boundaries.has(line.toString('latin1').trimEnd())) inHead = true
    else if (line[0] === lineFeed || (line[0] === 0x0d && line[1] === lineFeed)) inHead = false
    else if (inHead && !isAscii(line)) raw.push({ start, end })
  }
  const decoded =
    decodeText(Buffer.concat(raw.map(({ start, end }) => bytes.subarray(start, end))))?.split(/(?<=\n)/) ?? []
  if (decoded.length !== raw.length) return bytes
  const parts: Buffer[] = []
  let kept = 0
  for (const [index, { start, end }] of raw.entries()) {
    parts.push(bytes.subarray(kept, start), Buffer.from(decoded[index] ?? ''))
    kept = end
  }
  return Buffer.concat([...parts, bytes.subarray(kept)])
}

const oneMail = (bytes: Buffer): Buffer => {
  if (!bytes.subarray(0, 5).equals(Buffer.from('From '))) return bytes
  const starts =
    bytes.toString('latin1').match(/(?:^|\r?\n\r?\n)From \S[^\r\n]*\d{4}[^\r\n]*\r?\n[!-9;-~]+:/g)?.length ?? 0
  if (starts > 1) {
    throw new KuraError('format_unsupported', `This is a mailbox of ${starts} mails: save each mail as a file (EML).`)
  }
  return bytes.subarray(bytes.indexOf(lineFeed) + 1)
}

/**
 * @param bytes a whole message, or a part of one with its head
 * @throws file_damaged, format_unsupported for a mailbox of several mails
 */
export const readMessage = async (bytes: Uint8Array): Promise<MailPart> => {
  // An editor may have saved the whole mail so.
  const wide = isWide(bytes) ? decodeText(bytes) : undefined
  const plain = wide === undefined ? bytes : Buffer.from(wide)
  const mail = mendHeads(oneMail(Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength)))
  try {
    // Mails in the mail are attachments.
    const parser = new PostalMime({ forceRfc822Attachments: true })
    await parser.parse(mail)
    return toPart(parserSchema.parse(parser).root)
  } catch (error) {
    throw wrapError(error, 'file_damaged', 'The mail can not be read: its structure is damaged.')
  }
}
