/** Answers that were given: read one again, say whether it helped. */
import { createRoute, z } from '@hono/zod-openapi'
import type { AnswerId } from '../../core/ids.ts'
import { answerSchema, presentAnswer } from '../answer-schemas.ts'
import type { HttpDeps } from '../deps.ts'
import type { HttpApp } from '../http-env.ts'
import { commonProblems, problemOf } from '../problem.ts'
import { cleanText } from '../question.ts'

const tags = ['Questions']
/** Longest wait for the vector of a question; it is grouped by its words then. */
const embedMs = 2_000
const params = z.object({ id: z.string().describe('Id of the answer.') })
const textSchema = (max: number, what: string) =>
  z.string().transform(cleanText).pipe(z.string().max(max)).optional().describe(what).openapi({ maxLength: max })

const feedbackSchema = z
  .strictObject({
    rating: z.enum(['up', 'down']).describe('Whether the answer helped.'),
    comment: textSchema(4000, 'What was good or wrong about it.'),
    correction: textSchema(10_000, 'What the right answer is.'),
  })
  .openapi('Feedback')

const get = createRoute({
  method: 'get',
  path: '/api/answers/{id}',
  tags,
  summary: 'Read an answer again',
  request: { params },
  responses: {
    200: { description: 'The answer.', content: { 'application/json': { schema: answerSchema } } },
    404: problemOf('answer_not_found'),
    ...commonProblems,
  },
})

const feedback = createRoute({
  method: 'post',
  path: '/api/answers/{id}/feedback',
  tags,
  summary: 'Rate or correct an answer',
  request: { params, body: { required: true, content: { 'application/json': { schema: feedbackSchema } } } },
  responses: {
    204: { description: 'The feedback is kept.' },
    400: problemOf('invalid_request'),
    404: problemOf('answer_not_found'),
    413: problemOf('request_too_large'),
    415: problemOf('media_type_unsupported'),
    ...commonProblems,
  },
})

export const addAnswerRoutes = (
  app: HttpApp,
  { ledger: { conversations }, embedQuestion }: Pick<HttpDeps, 'ledger' | 'embedQuestion'>,
): void => {
  app.openapi(get, async (c) => {
    const answer = await conversations.getAnswer(c.get('principal'), c.req.valid('param').id as AnswerId)
    return c.json(presentAnswer(answer), 200)
  })
  app.openapi(feedback, async (c) => {
    const { rating, comment, correction } = c.req.valid('json')
    const principal = c.get('principal')
    const id = c.req.valid('param').id as AnswerId
    // Only what is voted down is grouped with its like. A vote is not lost, nor kept waiting, for a busy engine.
    const vector =
      rating === 'down'
        ? await embedQuestion(await conversations.standaloneOf(principal, id), AbortSignal.timeout(embedMs)).catch(
            () => undefined,
          )
        : undefined
    await conversations.feedback(principal, id, {
      rating,
      vector,
      ...(comment ? { comment } : {}),
      ...(correction ? { correction } : {}),
    })
    return c.body(null, 204)
  })
}
