/**
 * What the parsing child and its parent say to each other: the parent sends one JSON document, the job; the child one a line, pages and
 * then `done` or `error`. zod-checked on arrival at both ends. Neighbours: `child.ts`, `parse-file.ts`.
 */
import { z } from 'zod'
import { documentFormats, type ParsedDocument, type ParsedPage, unreadReasons } from '../../src/core/document.ts'

/** The part of a parsed document that is not pages. */
export type ParsedHead = Omit<ParsedDocument, 'pages'>

/** A file inside a file: an entry of an archive, an attachment of a mail. */
export interface Attachment {
  /** Its path inside the container, with slashes; unique there. What people see is its last part. */
  readonly entry: string
  /** Absolute path of the unpacked file. */
  readonly file: string
}

/** Where a parser puts its pages, in order, and attachments; it waits until each is taken, so that they do not pile up in memory. */
export interface ParseSink {
  /**
   * Said before a page is worked on, by parsers that can go on without a page that never ends. Their pages may come in any order.
   */
  begin?(page: number): void
  /** Of the channel, for threads of the parser that send pages by themselves. */
  readonly lock?: Int32Array<SharedArrayBuffer>
  page(page: ParsedPage, total: number): Promise<void>
  attachment(attachment: Attachment): Promise<void>
}

/** What a parser is told beside the path. */
export type ParserOptions = Omit<ParseJob, 'path'>

const range = { start: z.number().int().min(0), end: z.number().int().min(0) }
const rangeSchema = z.object(range)
const fraction = z.number().min(0).max(1)

const blockSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('heading'), level: z.number().int(), ...range }),
  z.object({ kind: z.literal('paragraph'), ...range }),
  z.object({ kind: z.literal('list-item'), ...range }),
  z.object({ kind: z.literal('code'), ...range }),
  z.object({ kind: z.literal('table'), header: rangeSchema.exactOptional(), rows: z.array(rangeSchema), ...range }),
])

const outcomeSchema = z.discriminatedUnion('method', [
  z.object({ method: z.literal('text') }),
  z.object({ method: z.literal('ocr'), confidence: z.number() }),
  z.object({ method: z.literal('blank') }),
  z.object({ method: z.literal('failed'), errorCode: z.string() }),
  z.object({ method: z.literal('unread'), reason: z.enum(unreadReasons) }),
])

const pageSchema = z.object({
  number: z.number().int().min(1),
  label: z.string().exactOptional(),
  outcome: outcomeSchema,
  text: z.string(),
  blocks: z.array(blockSchema),
  lines: z.array(z.object({ ...range, x: fraction, y: fraction, width: fraction, height: fraction })),
  cells: z.array(z.object({ ...range, cells: z.string() })).exactOptional(),
})

export const jobSchema = z.object({
  path: z.string(),
  format: z.enum(documentFormats),
  /** The uploaded name; a label. */
  name: z.string(),
  /** Opens an encrypted file. */
  password: z.string().exactOptional(),
  /** Label of the Encoding Standard; takes the place of any guess. */
  encoding: z.string().exactOptional(),
  /** An empty folder for unpacked and converted files; the parent removes it. */
  scratchFolder: z.string(),
  /** Pages that are there already. */
  skip: z.array(z.number().int()).readonly().exactOptional(),
  /** Pages that ended a parser before this one; they are not touched. */
  broken: z.array(z.number().int()).readonly().exactOptional(),
  /** One page after the other, so that it is known which one ends the parser. */
  alone: z.boolean().exactOptional(),
  /** Resident memory that the process may have. */
  memoryBytes: z.number().exactOptional(),
})
export type ParseJob = z.infer<typeof jobSchema>

export const replySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('page'), page: pageSchema, total: z.number().int().min(1) }),
  /** `worker` is the thread; it works on one page at a time. */
  z.object({ type: z.literal('begin'), page: z.number().int().min(1), worker: z.number().int().min(0) }),
  z.object({ type: z.literal('attachment'), entry: z.string().min(1), file: z.string().min(1) }),
  z.object({
    type: z.literal('done'),
    format: z.enum(documentFormats),
    paginated: z.boolean(),
    title: z.string().exactOptional(),
  }),
  z.object({ type: z.literal('error'), code: z.string(), message: z.string() }),
])
/** A reply as it is sent; what arrives is checked by `replySchema`. */
export type ParseReply =
  | { readonly type: 'page'; readonly page: ParsedPage; readonly total: number }
  | Exclude<z.infer<typeof replySchema>, { type: 'page' }>
