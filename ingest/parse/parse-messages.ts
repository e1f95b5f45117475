/**
 * What the parsing child and its parent say to each other, one JSON document a line: the parent sends a job; the child pages and
 * then `done` or `error`; then the parent may send the next job. zod-checked on arrival at both ends. Neighbours: `child.ts`, `parse-file.ts`.
 */
import { z } from 'zod'
import {
  type FileFormat,
  fileFormats,
  type ParsedDocument,
  type ParsedPage,
  unreadReasons,
} from '../../src/core/document.ts'

/** The part of a parsed document that is not pages. */
export type ParsedHead = Omit<ParsedDocument, 'pages' | 'format'> & { readonly format: FileFormat }

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
  /** For threads of the parser that send pages by themselves: which job they are of, and the lock of the channel. */
  readonly channel?: { readonly job: number; readonly lock: Int32Array<SharedArrayBuffer> }
  page(page: ParsedPage, total: number): Promise<void>
  attachment(attachment: Attachment): Promise<void>
}

/** What a parser is told beside the path. */
export type ParserOptions = Omit<ParseJob, 'path' | 'id'>

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
  /** The files that one child reads are numbered from 1. */
  id: z.number().int(),
  path: z.string(),
  format: z.enum(fileFormats),
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

/** The job that the reply is about. */
const job = z.number().int()

export const replySchema = z.discriminatedUnion('type', [
  z.object({ job, type: z.literal('page'), page: pageSchema, total: z.number().int().min(1) }),
  /** `worker` is the thread; it works on one page at a time. */
  z.object({ job, type: z.literal('begin'), page: z.number().int().min(1), worker: z.number().int().min(0) }),
  z.object({ job, type: z.literal('attachment'), entry: z.string().min(1), file: z.string().min(1) }),
  z.object({
    job,
    type: z.literal('done'),
    format: z.enum(fileFormats),
    paginated: z.boolean(),
    title: z.string().exactOptional(),
  }),
  z.object({ job, type: z.literal('error'), code: z.string(), message: z.string() }),
])
type ReplyBut<Type> = Type extends unknown ? Omit<Type, 'job'> : never
/** A reply as a parser gives it, before the channel adds the job; what arrives is checked by `replySchema`. */
export type ParseReply =
  | { readonly type: 'page'; readonly page: ParsedPage; readonly total: number }
  | ReplyBut<Exclude<z.infer<typeof replySchema>, { type: 'page' }>>
