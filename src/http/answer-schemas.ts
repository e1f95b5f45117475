/**
 * Shapes of passages, quotes, statements and answers on the wire, described for /openapi.json, and the functions that make
 * them from the records of `core`. What is not named here (segments) stays inside.
 */
import { z } from '@hono/zod-openapi'
import type {
  Answer,
  Citation,
  PageBox,
  Passage,
  PassagePlace,
  Quote,
  QuotePlace,
  Statement,
  VerifiedMark,
} from '../core/answer.ts'
import { languages } from '../core/document.ts'

export const languageSchema = z
  .enum(languages)
  .describe('BCP 47 tag of the language; `und` where there is too little text to say.')
  .openapi('Language')

const fraction = (what: string) => z.number().describe(`${what}, as a fraction of the page, 0 to 1.`)

export const boxShape = {
  x: fraction('Left edge from the left of the page'),
  y: fraction('Upper edge from the top of the page'),
  width: fraction('Width'),
  height: fraction('Height'),
}

const pageBoxSchema = z
  .object({ page: z.number().int().describe('Page that the box lies on, from 1.'), ...boxShape })
  .openapi('PageBox')

const boxes = z.array(pageBoxSchema).describe('Where the text stands, line by line; empty for formats without layout.')

const passageId = z.string().describe('Id of the passage.')
const documentId = z.string().describe('Id of the document.')
const documentName = z.string().describe('Name that the document was uploaded under.')
const revisionId = z.string().describe("Id of the document's revision.")
const revision = z.string().describe("Label of the document's revision.")
const pageLabel = z.string().optional().describe('Name of the page, where it has one: that of a sheet.')
const cells = z.string().optional().describe('Cells of the sheet, such as `A5:D5`.')

const verifiedShape = {
  by: z.string().describe('Name of who answers for it.'),
  at: z.string().describe('When it was verified, ISO 8601 UTC.'),
}

export const passageSchema = z
  .object({
    id: passageId,
    documentId,
    documentName,
    revisionId,
    revision,
    collectionId: z.string().describe('Id of the collection.'),
    pageStart: z.number().int().describe('First page of the passage, from 1.'),
    pageEnd: z.number().int().describe('Last page of the passage.'),
    pageLabel,
    cells,
    paginated: z.boolean().describe('False where the format has no pages: go by `heading` then; pages are 1.'),
    heading: z.string().describe('Headings above the passage, from the outermost to the nearest.'),
    text: z.string().describe('The passage, as printed.'),
    language: languageSchema,
    boxes,
    verified: z
      .object({
        ...verifiedShape,
        answersQuestion: z.boolean().describe('Whether it was given for this question, or the same in other words.'),
      })
      .optional()
      .describe('The passage is a verified answer; missing for all others.'),
    scores: z
      .object({
        fused: z.number().describe('What the passages are ordered by; comparable within one search only.'),
        vector: z.number().optional().describe('Cosine similarity of the embeddings, -1 to 1.'),
        text: z.number().optional().describe('BM25 of the full-text search.'),
        heading: z.number().optional().describe("BM25 over the document's name and headings."),
        identifier: z.number().optional().describe('Share of the codes asked for that it holds, 0 to 1.'),
        rerank: z.number().optional().describe('Relevance by the reranking model, 0 to 1.'),
      })
      .describe('Scores of the lanes that found the passage.'),
    alsoIn: z
      .array(
        z
          .object({
            passageId,
            documentId,
            documentName,
            revisionId,
            revision,
            collectionId: z.string().describe('Id of the collection.'),
            pageStart: z.number().int().describe('First page, from 1.'),
            pageEnd: z.number().int().describe('Last page.'),
          })
          .openapi('PassagePlace'),
      )
      .optional()
      .describe('Other places where the same text, or a part of it, stands; missing where there are none.'),
  })
  .openapi('Passage')

const quoteSchema = z
  .object({
    text: z.string().describe('A sentence or table row, verbatim.'),
    header: z.string().optional().describe('Of a table row: the head of its table, verbatim.'),
    before: z.string().optional().describe('The sentence before it, verbatim, where it begins with a pronoun.'),
    steps: z
      .array(z.string())
      .optional()
      .describe('Of a step, where a procedure is asked for: all of its steps, verbatim, in their order.'),
    passageId,
    documentId,
    documentName,
    revisionId,
    revision,
    page: z.number().int().describe('Page that it stands on, from 1.'),
    pageLabel,
    cells,
    boxes,
    score: z.number().describe('Higher is better; comparable within one answer only.'),
  })
  .openapi('Quote')

const citationSchema = z
  .object({
    passageId,
    documentId,
    documentName,
    revisionId,
    revision,
    page: z.number().int().describe('Page that the quote stands on, from 1.'),
    pageLabel,
    cells,
    quote: z.string().describe('Text of the cited passage, verbatim.'),
    boxes,
  })
  .openapi('Citation')

export const statementSchema = z
  .object({
    text: z.string().describe('One statement of the answer.'),
    kind: z
      .enum(['quote', 'step', 'safety'])
      .optional()
      .describe(
        '`quote`: verbatim, no model wrote it. `step`: of a procedure, in its order. `safety`: a warning that stands with what is cited, verbatim. Missing: written by the model.',
      ),
    citations: z.array(citationSchema).describe('What it stands on; never empty.'),
    differing: z
      .array(citationSchema)
      .optional()
      .describe('Other documents that say the same with other figures: one of them may be out of date.'),
    verified: z
      .object(verifiedShape)
      .optional()
      .describe('It is a line of a verified answer, verbatim; missing for all others.'),
  })
  .openapi('Statement')

export const answerSchema = z
  .object({
    id: z.string().describe('Id of the answer, for feedback.'),
    conversationId: z.string().describe('Send it with the next question to go on with the conversation.'),
    question: z.string().describe('The question as it was asked.'),
    asOf: z
      .string()
      .optional()
      .describe('The time whose revisions were asked, ISO 8601 UTC; missing where it was the present.'),
    status: z
      .enum(['answered', 'not_found'])
      .describe('`not_found`: the documents do not say; `passages` are the nearest ones then.'),
    language: languageSchema,
    quotes: z.array(quoteSchema).describe('The sentences that answer best, verbatim, best first.'),
    statements: z.array(statementSchema).describe('The answer, statement by statement, each checked and cited.'),
    passages: z.array(passageSchema).describe('What was found for the question, best first.'),
    nearMisses: z
      .array(
        z.object({
          asked: z.string().describe('A code of the question that stands in none of the documents.'),
          found: z.array(z.string()).describe('Similar ones that the documents speak of.'),
        }),
      )
      .optional()
      .describe('Why it was not found, where it was for codes that were asked for.'),
    model: z.string().optional().describe('Model that wrote the statements; missing where none did.'),
    degraded: z.array(z.string()).describe('Codes of what did not work as it should; empty when all was well.'),
    timingsMs: z
      .object({
        retrieve: z.number().describe('Until the passages were found.'),
        firstStatement: z.number().optional().describe('Until the first statement was checked.'),
        total: z.number().describe('Until the answer was whole.'),
      })
      .describe('Times in milliseconds since the question came in.'),
  })
  .openapi('Answer')

const presentMark = ({ by, at }: VerifiedMark) => ({ by, at })

const presentBox = ({ page, x, y, width, height }: PageBox) => ({ page, x, y, width, height })

/** Sentences that share a printed line share its box. */
const distinctBoxes = (boxes: readonly PageBox[]) => [
  ...new Map(
    boxes.map((box) => [`${box.page}/${box.x}/${box.y}/${box.width}/${box.height}`, presentBox(box)]),
  ).values(),
]

/** A passage may lie on more than one sheet. */
const pageLabelOf = ({ pageLabels = [] }: Passage): string | undefined =>
  pageLabels.length === 0 ? undefined : pageLabels.map(({ label }) => label).join(', ')

const presentPassagePlace = (place: PassagePlace) => ({
  passageId: place.passageId,
  documentId: place.documentId,
  documentName: place.documentName,
  revisionId: place.revisionId,
  revision: place.revision,
  collectionId: place.collectionId,
  pageStart: place.pageStart,
  pageEnd: place.pageEnd,
})

export const presentPassage = (p: Passage): z.infer<typeof passageSchema> => ({
  id: p.id,
  documentId: p.documentId,
  documentName: p.documentName,
  revisionId: p.revisionId,
  revision: p.revision,
  collectionId: p.collectionId,
  pageStart: p.pageStart,
  pageEnd: p.pageEnd,
  pageLabel: pageLabelOf(p),
  cells: p.cells,
  paginated: p.paginated,
  heading: p.heading,
  text: p.text,
  language: p.language,
  boxes: distinctBoxes(p.segmentBoxes.flat()),
  verified: p.verified && { ...presentMark(p.verified), answersQuestion: p.verified.answersQuestion },
  scores: {
    fused: p.scores.fused,
    vector: p.scores.vector,
    text: p.scores.text,
    heading: p.scores.heading,
    identifier: p.scores.identifier,
    rerank: p.scores.rerank,
  },
  alsoIn: p.alsoIn?.map(presentPassagePlace),
})

const presentPlace = (p: QuotePlace) => ({
  passageId: p.passageId,
  documentId: p.documentId,
  documentName: p.documentName,
  revisionId: p.revisionId,
  revision: p.revision,
  page: p.page,
  pageLabel: p.pageLabel,
  cells: p.cells,
  boxes: p.boxes.map(presentBox),
})

export const presentQuote = (q: Quote): z.infer<typeof quoteSchema> => ({
  text: q.text,
  header: q.header,
  before: q.before,
  steps: q.steps && [...q.steps],
  ...presentPlace(q),
  score: q.score,
})

const presentCitation = (c: Citation): z.infer<typeof citationSchema> => ({ ...presentPlace(c), quote: c.quote })

export const presentStatement = (s: Statement): z.infer<typeof statementSchema> => ({
  text: s.text,
  kind: s.kind,
  citations: s.citations.map(presentCitation),
  differing: s.differing?.map(presentCitation),
  verified: s.verified && presentMark(s.verified),
})

export const presentAnswer = (a: Answer): z.infer<typeof answerSchema> => ({
  id: a.id,
  conversationId: a.conversationId,
  question: a.question,
  asOf: a.asOf,
  status: a.status,
  language: a.language,
  quotes: a.quotes.map(presentQuote),
  statements: a.statements.map(presentStatement),
  passages: a.passages.map(presentPassage),
  nearMisses: a.nearMisses?.map(({ asked, found }) => ({ asked, found: [...found] })),
  model: a.model,
  degraded: [...a.degraded],
  timingsMs: {
    retrieve: a.timingsMs.retrieve,
    firstStatement: a.timingsMs.firstStatement,
    total: a.timingsMs.total,
  },
})
