/**
 * Schemas of what the ledger and the index keep as JSON: blocks and lines of a page, segments of a chunk, answers. Everything
 * that is read back passes through one of them, so that a damaged or foreign row is an error where it is read.
 */
import { z } from 'zod'
import type { Answer } from '../core/answer.ts'
import { type Block, type CellRange, type LineBox, languages, type Segment } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'
import type { DraftRecord, GenerationRecord } from '../core/generation-record.ts'
import type { AnswerId, ChunkId, CollectionId, ConversationId, DocumentId, RevisionId } from '../core/ids.ts'
import { tuningReport } from './tuning-report-column.ts'

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

const cells: z.ZodType<readonly CellRange[]> = z.array(z.object({ ...range, cells: z.string() }))

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

const verifiedMark = z.object({ by: z.string(), at: z.string() })

/** Where a passage stands. */
const standing = {
  documentId: idOf<DocumentId>(),
  documentName: z.string(),
  revisionId: idOf<RevisionId>(),
  revision: z.string(),
  collectionId: idOf<CollectionId>(),
  pageStart: z.number().int(),
  pageEnd: z.number().int(),
}

const passagePlace = z.object({ passageId: idOf<ChunkId>(), ...standing })

const passage = z.object({
  id: idOf<ChunkId>(),
  ...standing,
  paginated: z.boolean(),
  heading: z.string(),
  text: z.string(),
  segments: segmentList,
  language: z.enum(languages),
  segmentBoxes: z.array(pageBoxes),
  pageLabels: z.exactOptional(z.array(z.object({ page: z.number().int(), label: z.string() }))),
  segmentCells: z.exactOptional(z.array(z.string())),
  cells: z.exactOptional(z.string()),
  verified: z.exactOptional(verifiedMark.extend({ answersQuestion: z.boolean() })),
  scores: z.object({
    fused: z.number(),
    vector: z.exactOptional(z.number()),
    text: z.exactOptional(z.number()),
    heading: z.exactOptional(z.number()),
    identifier: z.exactOptional(z.number()),
    rerank: z.exactOptional(z.number()),
  }),
  alsoIn: z.exactOptional(z.array(passagePlace)),
})

/** What names the place of a quote. Answers of version 0.1 do not say the revision: it is known by the passage. */
const place = {
  passageId: idOf<ChunkId>(),
  documentId: idOf<DocumentId>(),
  documentName: z.string(),
  revisionId: z.exactOptional(idOf<RevisionId>()),
  revision: z.exactOptional(z.string()),
  page: z.number().int(),
  pageLabel: z.exactOptional(z.string()),
  cells: z.exactOptional(z.string()),
  boxes: pageBoxes,
}

const citation = z.object({ ...place, quote: z.string() })

const storedAnswer = z.object({
  id: idOf<AnswerId>(),
  conversationId: idOf<ConversationId>(),
  question: z.string(),
  asOf: z.exactOptional(z.string()),
  status: z.enum(['answered', 'not_found']),
  language: z.enum(languages),
  quotes: z.array(
    z.object({
      text: z.string(),
      header: z.exactOptional(z.string()),
      before: z.exactOptional(z.string()),
      steps: z.exactOptional(z.array(z.string())),
      ...place,
      score: z.number(),
    }),
  ),
  statements: z.array(
    z.object({
      text: z.string(),
      citations: z.array(citation),
      differing: z.exactOptional(z.array(citation)),
      verified: z.exactOptional(verifiedMark),
      kind: z.exactOptional(z.enum(['quote', 'step', 'safety'])),
    }),
  ),
  nearMisses: z.exactOptional(z.array(z.object({ asked: z.string(), found: z.array(z.string()) }))),
  passages: z.array(passage),
  model: z.exactOptional(z.string()),
  degraded: z.array(z.string()),
  timingsMs: z.object({ retrieve: z.number(), firstStatement: z.exactOptional(z.number()), total: z.number() }),
})

const answer: z.ZodType<Answer> = storedAnswer.transform((stored, context) => {
  const revisions = new Map(stored.passages.map(({ id, revisionId, revision }) => [id, { revisionId, revision }]))
  const withRevision = <Place extends { passageId: ChunkId; revisionId?: RevisionId; revision?: string }>(
    quoted: Place,
  ) => {
    const { revisionId = revisions.get(quoted.passageId)?.revisionId } = quoted
    const { revision = revisions.get(quoted.passageId)?.revision } = quoted
    if (revisionId !== undefined && revision !== undefined) return { ...quoted, revisionId, revision }
    context.addIssue({ code: 'custom', message: 'no revision', path: ['quotes'] })
    return z.NEVER
  }
  return {
    ...stored,
    quotes: stored.quotes.map(withRevision),
    statements: stored.statements.map(({ differing, ...statement }) => ({
      ...statement,
      citations: statement.citations.map(withRevision),
      ...(differing === undefined ? {} : { differing: differing.map(withRevision) }),
    })),
  }
})

const sha256 = z.string().length(64)

const draft: z.ZodType<DraftRecord> = z.object({
  prompt: z.object({ id: z.string(), version: z.number().int(), sha256 }),
  model: z.object({
    name: z.string(),
    sha256: z.exactOptional(sha256),
    adapter: z.exactOptional(z.object({ name: z.string(), sha256, scale: z.number() })),
  }),
  settings: z.object({
    temperature: z.number(),
    seed: z.exactOptional(z.number().int()),
    maxTokens: z.number().int(),
    sourceTokens: z.number().int(),
  }),
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
  schema: z.exactOptional(z.object({ name: z.string(), schema: z.record(z.string(), z.unknown()) })),
  sources: z.array(z.object({ passageId: idOf<ChunkId>(), revisionId: idOf<RevisionId>(), text: z.string() })),
  text: z.string(),
})

const generationRecord: z.ZodType<GenerationRecord> = z.object({
  kura: z.string(),
  collectionIds: z.array(idOf<CollectionId>()),
  language: z.exactOptional(z.enum(languages)),
  embedding: z.exactOptional(z.object({ name: z.string(), fingerprint: z.string() })),
  ranking: z.string(),
  drafts: z.array(draft),
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

export const parseTexts = columnParser('questions', z.array(z.string()))
export const parseCollectionIds = columnParser('collection_ids', z.array(idOf<CollectionId>()))
export const parseBlocks = columnParser('blocks', blocks)
export const parseCells = columnParser('cells', cells)
export const parseLines = columnParser('lines', lines)
export const parseSegments = columnParser('segments', segments)
export const parseHeadingPath = columnParser('heading_path', headingPath)
export const parseGenerationRecord = columnParser('record', generationRecord)
export const parseAnswer = columnParser('answer', answer)
export const parseTuningReport = columnParser('report', tuningReport)
