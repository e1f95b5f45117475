/**
 * Schemas of what the ledger and the index keep as JSON: blocks and lines of a page, segments of a chunk, answers. Everything
 * that is read back passes through one of them, so that a damaged or foreign row is an error where it is read.
 */
import { z } from 'zod'
import type { Answer } from '../core/answer.ts'
import { type Block, type LineBox, languages, type Segment } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'
import type { AnswerId, ChunkId, CollectionId, ConversationId, DocumentId, RevisionId } from '../core/ids.ts'

const offset = z.number().int().nonnegative()
const range = { start: offset, end: offset }
const box = { x: z.number(), y: z.number(), width: z.number(), height: z.number() }
const idOf = <Id extends string>() => z.custom<Id>((value) => typeof value === 'string' && value !== '')

const blocks: z.ZodType<readonly Block[]> = z.array(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('heading'), level: z.number().int(), ...range }),
    z.object({ kind: z.literal('paragraph'), ...range }),
    z.object({ kind: z.literal('list-item'), ...range }),
    z.object({ kind: z.literal('code'), ...range }),
    z.object({
      kind: z.literal('table'),
      header: z.exactOptional(z.object(range)),
      rows: z.array(z.object(range)),
      ...range,
    }),
  ]),
)

const lines: z.ZodType<readonly LineBox[]> = z.array(z.object({ ...range, ...box }))

const segmentList = z.array(
  z.object({
    ...range,
    page: z.number().int(),
    pageStart: offset,
    pageEnd: offset,
    kind: z.enum(['sentence', 'row', 'header', 'heading']),
  }),
)
const segments: z.ZodType<readonly Segment[]> = segmentList

const headingPath: z.ZodType<readonly string[]> = z.array(z.string())

const pageBoxes = z.array(z.object({ page: z.number().int(), ...box }))

const passage = z.object({
  id: idOf<ChunkId>(),
  documentId: idOf<DocumentId>(),
  documentName: z.string(),
  revisionId: idOf<RevisionId>(),
  revision: z.string(),
  collectionId: idOf<CollectionId>(),
  pageStart: z.number().int(),
  pageEnd: z.number().int(),
  paginated: z.boolean(),
  heading: z.string(),
  text: z.string(),
  segments: segmentList,
  language: z.enum(languages),
  segmentBoxes: z.array(pageBoxes),
  scores: z.object({
    fused: z.number(),
    vector: z.exactOptional(z.number()),
    text: z.exactOptional(z.number()),
    identifier: z.exactOptional(z.number()),
    rerank: z.exactOptional(z.number()),
  }),
})

const answer: z.ZodType<Answer> = z.object({
  id: idOf<AnswerId>(),
  conversationId: idOf<ConversationId>(),
  question: z.string(),
  status: z.enum(['answered', 'not_found']),
  language: z.enum(languages),
  quotes: z.array(
    z.object({
      text: z.string(),
      passageId: idOf<ChunkId>(),
      documentId: idOf<DocumentId>(),
      documentName: z.string(),
      page: z.number().int(),
      boxes: pageBoxes,
      score: z.number(),
    }),
  ),
  statements: z.array(
    z.object({
      text: z.string(),
      citations: z.array(
        z.object({
          passageId: idOf<ChunkId>(),
          documentId: idOf<DocumentId>(),
          documentName: z.string(),
          revision: z.string(),
          page: z.number().int(),
          quote: z.string(),
          boxes: pageBoxes,
        }),
      ),
    }),
  ),
  passages: z.array(passage),
  model: z.exactOptional(z.string()),
  degraded: z.array(z.string()),
  timingsMs: z.object({ retrieve: z.number(), firstStatement: z.exactOptional(z.number()), total: z.number() }),
})

/**
 * Makes the parser of one column.
 * @throws data_damaged from the parser; the message names the column, never its content
 */
const columnParser =
  <Value>(name: string, schema: z.ZodType<Value>) =>
  (json: string): Value => {
    try {
      return schema.parse(JSON.parse(json))
    } catch (error) {
      // The cause is left out: a JSON syntax error quotes the text.
      const where = error instanceof z.ZodError ? `, at "${error.issues[0]?.path.join('.')}"` : ''
      throw new KuraError('data_damaged', `The stored column "${name}" is not what it should be${where}.`)
    }
  }

export const parseBlocks = columnParser('blocks', blocks)
export const parseLines = columnParser('lines', lines)
export const parseSegments = columnParser('segments', segments)
export const parseHeadingPath = columnParser('heading_path', headingPath)
export const parseAnswer = columnParser('answer', answer)
