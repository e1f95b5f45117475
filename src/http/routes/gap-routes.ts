/** Gaps: questions without an answer that helped, grouped; their owner answers them, notes a missing document, or dismisses them. */
import { createRoute, z } from '@hono/zod-openapi'
import type { CitationRequest } from '../../answer/cited-place.ts'
import { languages } from '../../core/document.ts'
import type { ChunkId, DocumentId, GapId } from '../../core/ids.ts'
import { gapStates } from '../../store/gap-records.ts'
import type { HttpDeps } from '../deps.ts'
import { gapAnsweredSchema, gapDetailSchema, gapListSchema, presentGap, presentGapDetail } from '../gap-schemas.ts'
import type { HttpApp } from '../http-env.ts'
import { commonProblems, problemOf } from '../problem.ts'
import { checkQuestion, cleanText, questionSchema } from '../question.ts'

const tags = ['Gaps']
const params = z.object({ id: z.string().describe('Id of the gap.') })
const jsonOf = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } })
const notFound = problemOf('gap_not_found')
const bodyProblems = {
  400: problemOf('invalid_request'),
  413: problemOf('request_too_large'),
  415: problemOf('media_type_unsupported'),
} as const
const maxAnswerCharacters = 10_000
const maxQuestions = 20
const maxCitations = 20

const text = (max: number, what: string) =>
  z
    .string()
    .transform(cleanText)
    .pipe(z.string().min(1).max(max))
    .describe(what)
    .openapi({ minLength: 1, maxLength: max })

const quote = text(
  2000,
  'Words of the page, verbatim; the sentence nearest to the answer where it is left out.',
).optional()

const citationRequestSchema = z
  .union([
    z.strictObject({ passageId: z.string().min(1).max(200).describe('Id of a passage, as a search gives it.'), quote }),
    z.strictObject({
      documentId: z.string().min(1).max(200).describe('Id of a document of the collection.'),
      page: z.number().int().min(1).describe('Page of its revision in force; 1 where it has no pages.'),
      quote,
    }),
  ])
  .openapi('CitationRequest')

const answerRequestSchema = z
  .strictObject({
    text: text(maxAnswerCharacters, 'The answer. It is given word for word, each line as a statement.'),
    language: z.enum(languages).exclude(['und']).optional().describe('Its language; found out where it is left out.'),
    questions: z
      .array(questionSchema('A wording that it answers'))
      .min(1)
      .max(maxQuestions)
      .optional()
      .describe('Wordings that it answers, in whatever languages; the question of the gap where it is left out.'),
    citations: z.array(citationRequestSchema).max(maxCitations).default([]).describe('What it stands on.'),
    signedBy: text(200, 'Name of who answers for it; needed where nothing is cited.').optional(),
  })
  .openapi('AnswerRequest')

const list = createRoute({
  method: 'get',
  path: '/api/gaps',
  tags,
  summary: 'List questions without an answer that helped',
  description: 'Questions that found nothing and answers that were voted down; like ones are grouped.',
  request: {
    query: z.strictObject({
      collection: z.string().max(300).optional().describe('Only of this collection, by id or name.'),
      state: z.enum(gapStates).optional().describe('Only in this state.'),
      cursor: z.string().max(100).optional().describe('`nextCursor` of the page before.'),
      limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many at most.'),
    }),
  },
  responses: {
    200: { description: 'The gaps.', content: jsonOf(gapListSchema) },
    400: problemOf('invalid_request'),
    404: problemOf('collection_not_found'),
    ...commonProblems,
  },
})

const get = createRoute({
  method: 'get',
  path: '/api/gaps/{id}',
  tags,
  summary: 'Read a gap: wordings, what was said, nearest passages, its verified answer',
  request: { params },
  responses: { 200: { description: 'The gap.', content: jsonOf(gapDetailSchema) }, 404: notFound, ...commonProblems },
})

const answer = createRoute({
  method: 'post',
  path: '/api/gaps/{id}/answer',
  tags,
  summary: 'Give a verified answer',
  description:
    'It becomes a document of the collection, is given first whenever this is asked, and expires when a revision that it cites is not in force any more. Given anew, it is a revision of the former one.',
  request: { params, body: { required: true, content: jsonOf(answerRequestSchema) } },
  responses: {
    202: { description: 'It is kept, and will be searchable in seconds.', content: jsonOf(gapAnsweredSchema) },
    ...bodyProblems,
    400: problemOf('invalid_request', 'signature_missing', 'quote_not_found', 'question_empty'),
    404: problemOf('gap_not_found', 'passage_not_found', 'document_not_found', 'page_not_found'),
    409: problemOf('citation_not_allowed'),
    ...commonProblems,
  },
})

/** What a settled gap is answered with. */
const settling = {
  200: { description: 'The gap.', content: jsonOf(gapDetailSchema) },
  ...bodyProblems,
  404: notFound,
  409: problemOf('gap_not_changeable'),
  ...commonProblems,
} as const

const missing = createRoute({
  method: 'post',
  path: '/api/gaps/{id}/missing-document',
  tags,
  summary: 'Note that a document is missing',
  request: {
    params,
    body: {
      required: true,
      content: jsonOf(
        z.strictObject({ note: text(2000, 'Which document would answer it.') }).openapi('MissingDocument'),
      ),
    },
  },
  responses: settling,
})

const dismiss = createRoute({
  method: 'post',
  path: '/api/gaps/{id}/dismiss',
  tags,
  summary: 'Dismiss a gap',
  description: 'It stays dismissed, however often it is asked.',
  request: {
    params,
    body: { content: jsonOf(z.strictObject({ note: text(2000, 'Why.').optional() }).openapi('Dismissal')) },
  },
  responses: settling,
})

const reopen = createRoute({
  method: 'post',
  path: '/api/gaps/{id}/reopen',
  tags,
  summary: 'Put a gap back among the open ones',
  request: { params },
  responses: settling,
})

const toCitation = (request: z.infer<typeof citationRequestSchema>): CitationRequest =>
  'passageId' in request
    ? { passageId: request.passageId as ChunkId, quote: request.quote }
    : { documentId: request.documentId as DocumentId, page: request.page, quote: request.quote }

export const addGapRoutes = (
  app: HttpApp,
  { ledger: { gaps, collections }, gapDesk }: Pick<HttpDeps, 'ledger' | 'gapDesk'>,
): void => {
  app.openapi(list, async (c) => {
    const principal = c.get('principal')
    const { collection, state, cursor, limit } = c.req.valid('query')
    const collectionIds = await collections.readable(principal, collection === undefined ? undefined : [collection])
    const found = await gaps.list(principal, { collectionIds, state, cursor, limit })
    const counts = await gaps.counts(principal, collectionIds)
    const next = found.nextCursor === undefined ? {} : { nextCursor: found.nextCursor }
    return c.json({ gaps: found.gaps.map(presentGap), counts: { ...counts }, ...next }, 200)
  })
  app.openapi(get, async (c) => {
    const gap = await gaps.get(c.get('principal'), c.req.valid('param').id as GapId)
    return c.json(presentGapDetail(gap), 200)
  })
  app.openapi(answer, async (c) => {
    const { text, language, questions, signedBy, citations } = c.req.valid('json')
    const id = c.req.valid('param').id as GapId
    const { gap, document } = await gapDesk.answer(c.get('principal'), id, {
      text,
      language,
      questions: questions?.map(checkQuestion),
      signedBy,
      citations: citations.map(toCitation),
    })
    return c.json({ gap: presentGapDetail(gap), jobId: document.jobId }, 202)
  })
  app.openapi(missing, async (c) => {
    const id = c.req.valid('param').id as GapId
    return c.json(presentGapDetail(await gaps.markMissing(c.get('principal'), id, c.req.valid('json').note)), 200)
  })
  app.openapi(dismiss, async (c) => {
    const { note = null } = c.req.valid('json')
    const id = c.req.valid('param').id as GapId
    return c.json(presentGapDetail(await gaps.dismiss(c.get('principal'), id, note)), 200)
  })
  app.openapi(reopen, async (c) => {
    const id = c.req.valid('param').id as GapId
    return c.json(presentGapDetail(await gaps.reopen(c.get('principal'), id)), 200)
  })
}
