/** Search: passages for a query, without an answer. */
import { createRoute, z } from '@hono/zod-openapi'
import { passageSchema, presentPassage } from '../answer-schemas.ts'
import { withCallerSignal } from '../caller-signal.ts'
import { type HttpDeps, searchModes } from '../deps.ts'
import type { HttpApp } from '../http-env.ts'
import { asOfSchema, endOfMoment } from '../moment.ts'
import { commonProblems, modelProblems, problemOf } from '../problem.ts'
import { checkQuestion, collectionsSchema, questionSchema } from '../question.ts'
import { presentTrace, searchTraceSchema } from '../search-trace-schema.ts'

const requestSchema = z
  .strictObject({
    query: questionSchema('What to search for'),
    collections: collectionsSchema,
    limit: z.number().int().min(1).max(50).default(10).describe('How many passages at most.'),
    mode: z
      .enum(searchModes)
      .default('hybrid')
      .describe('`vector` finds by meaning, `text` by words, `hybrid` by both.'),
    asOf: asOfSchema,
    explain: z.boolean().default(false).describe('Whether to tell, in `trace`, how the passages were found.'),
  })
  .openapi('SearchRequest')

const search = createRoute({
  method: 'post',
  path: '/api/search',
  tags: ['Questions'],
  summary: 'Find passages',
  request: { body: { required: true, content: { 'application/json': { schema: requestSchema } } } },
  responses: {
    200: {
      description: 'The passages, best first; none where nothing was found.',
      content: {
        'application/json': {
          schema: z
            .object({
              passages: z.array(passageSchema).describe('The passages, best first.'),
              degraded: z
                .array(z.string())
                .describe('Codes of what did not work as it should; empty when all was well.'),
              trace: searchTraceSchema.optional().describe('Only where `explain` asked for it.'),
            })
            .openapi('SearchResponse'),
        },
      },
    },
    400: problemOf('invalid_request', 'question_empty'),
    404: problemOf('collection_not_found'),
    413: problemOf('question_too_long', 'request_too_large'),
    415: problemOf('media_type_unsupported'),
    ...modelProblems,
    ...commonProblems,
  },
})

export const addSearchRoutes = (app: HttpApp, { ledger, retriever }: Pick<HttpDeps, 'ledger' | 'retriever'>): void => {
  app.openapi(search, async (c) => {
    const { query, collections, limit, mode, asOf, explain } = c.req.valid('json')
    const principal = c.get('principal')
    const cleaned = checkQuestion(query)
    const collectionIds = await ledger.collections.readable(principal, collections)
    const at = asOf === undefined ? {} : { at: endOfMoment(asOf) }
    const found = await withCallerSignal(c, (signal) =>
      retriever.search(principal, { query: cleaned, collectionIds, limit, mode, explain, ...at, signal }),
    )
    const trace = found.trace && { trace: presentTrace(found.trace) }
    return c.json({ passages: found.passages.map(presentPassage), degraded: [...found.degraded], ...trace }, 200)
  })
}
