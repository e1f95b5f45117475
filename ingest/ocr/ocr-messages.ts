/**
 * What the OCR child and its parent say to each other, one JSON document a line: the parent sends a job, the child what it does with which page, each
 * page that is done, and `done` or `error`; then the next job. zod-checked on arrival at both ends. Neighbours: `child.ts`, `ocr-process.ts`.
 */
import { z } from 'zod'
import type { ParsedPage } from '../../src/core/document.ts'
import { replySchema } from '../parse/parse-messages.ts'
import { readings } from './tesseract-readers.ts'

/** What pages of a document have in common; learnt from its first pages and kept when the child is started anew. */
const habitsSchema = z.object({
  reading: z.enum(readings).exactOptional(),
  /** Clockwise turn that set the last page upright. */
  quarter: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
  /** Confidence, 0 to 1, below which a page is looked at again, turned or in another language. */
  doubt: z.number(),
})
export type Habits = z.infer<typeof habitsSchema>

/** What holds for all jobs of a child. */
export const ocrSettingsSchema = z.object({
  /** Readers at a time, each with a thread of its own. */
  workers: z.number().int().min(1),
  /** Folder with the language data. */
  dataFolder: z.string(),
})
export type OcrSettings = Readonly<z.infer<typeof ocrSettingsSchema>>

export const ocrJobSchema = z.object({
  path: z.string(),
  format: z.enum(['pdf', 'image']),
  password: z.string().exactOptional(),
  /** The pages to read, in order. */
  pages: z.array(
    z.object({
      /** 1-based. */
      number: z.number().int().min(1),
      /** What it says as text already. */
      layer: z.array(
        z.object({ text: z.string(), x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
      ),
    }),
  ),
  habits: habitsSchema,
})
export type OcrJob = z.infer<typeof ocrJobSchema>
export type OcrJobPage = OcrJob['pages'][number]

const number = z.number().int().min(1)

export const ocrReplySchema = z.discriminatedUnion('type', [
  /** `draw` and `read` begin a stretch of work that the time limit holds for; `wait` ends it. */
  z.object({ type: z.literal('stage'), number, stage: z.enum(['draw', 'wait', 'read']) }),
  z.object({
    type: z.literal('page'),
    page: replySchema.options[0].shape.page,
    /** Something is printed on the page, text or not. */
    ink: z.boolean(),
    habits: habitsSchema,
  }),
  z.object({ type: z.literal('done') }),
  /** The file can not be opened. */
  z.object({ type: z.literal('error') }),
])
export type CheckedReply = z.infer<typeof ocrReplySchema>
export type OcrStage = Extract<CheckedReply, { type: 'stage' }>['stage']
/** A reply as it is sent; what arrives is checked by `ocrReplySchema`. */
export type OcrReply =
  | { readonly type: 'page'; readonly page: ParsedPage; readonly ink: boolean; readonly habits: Habits }
  | Exclude<CheckedReply, { type: 'page' }>
