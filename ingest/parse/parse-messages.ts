/**
 * What the parsing child and its parent say to each other, one JSON document a line: the parent sends one job, the child pages and
 * then `done` or `error`. zod-checked on arrival at both ends. Neighbours: `child.ts`, `parse-file.ts`.
 */
import { z } from 'zod'
import { documentFormats, type ParsedDocument, type ParsedPage } from '../../src/core/document.ts'

/** The part of a parsed document that is not pages. */
export type ParsedHead = Omit<ParsedDocument, 'pages'>

/** Where a parser puts its pages, in order; it waits until each is taken, so that pages do not pile up in memory. */
export interface ParseSink {
  page(page: ParsedPage, total: number): Promise<void>
}

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
])

const pageSchema = z.object({
  number: z.number().int().min(1),
  outcome: outcomeSchema,
  text: z.string(),
  blocks: z.array(blockSchema),
  lines: z.array(z.object({ ...range, x: fraction, y: fraction, width: fraction, height: fraction })),
})

export const jobSchema = z.object({ path: z.string(), format: z.enum(documentFormats) })
export type ParseJob = z.infer<typeof jobSchema>

export const replySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('page'), page: pageSchema, total: z.number().int().min(1) }),
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
