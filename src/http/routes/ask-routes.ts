/**
 * Questions: the whole answer as JSON, or server-sent events while it is made. A caller who leaves stops the model.
 */
import { createRoute, z } from '@hono/zod-openapi'
import type { Answer, AnswerEvent } from '../../core/answer.ts'
import { languages } from '../../core/document.ts'
import { KuraError } from '../../core/errors.ts'
import type { ConversationId } from '../../core/ids.ts'
import { answerSchema, presentAnswer, presentPassage, presentQuote, presentStatement } from '../answer-schemas.ts'
import { withCallerSignal } from '../caller-signal.ts'
import type { AnswererPort, HttpDeps } from '../deps.ts'
import { eventStream, type ServerSentEvent } from '../event-stream.ts'
import type { HttpApp } from '../http-env.ts'
import { asOfSchema, endOfMoment } from '../moment.ts'
import { commonProblems, describeProblem, modelProblems, problemOf } from '../problem.ts'
import { checkQuestion, collectionsSchema, questionSchema } from '../question.ts'

const askLanguages = languages.filter((language) => language !== 'und')

const requestSchema = z
  .strictObject({
    question: questionSchema('The question'),
    collections: collectionsSchema,
    conversationId: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('Conversation that the question goes on with; a new one is begun where it is left out.'),
    language: z
      .enum(askLanguages)
      .optional()
      .describe("Language of the answer; the question's own where it is left out."),
    asOf: asOfSchema,
    stream: z.boolean().default(false).describe('True for server-sent events while the answer is made.'),
  })
  .openapi('AskRequest')

const ask = createRoute({
  method: 'post',
  path: '/api/ask',
  tags: ['Questions'],
  summary: 'Ask a question',
  description:
    'With `stream: true` the events are `passages` `{passages: Passage[]}`, `quotes` `{quotes: Quote[]}`, `statement` ' +
    '(Statement, one each), `answer` (Answer, the last), or `error` (Problem, the last).',
  request: { body: { required: true, content: { 'application/json': { schema: requestSchema } } } },
  responses: {
    200: {
      description: 'The answer; `status` says whether the documents hold one.',
      content: {
        'application/json': { schema: answerSchema },
        'text/event-stream': { schema: z.string().describe('Server-sent events whose data is JSON.') },
      },
    },
    400: problemOf('invalid_request', 'question_empty'),
    404: problemOf('collection_not_found', 'conversation_not_found'),
    413: problemOf('question_too_long', 'request_too_large'),
    415: problemOf('media_type_unsupported'),
    ...modelProblems,
    ...commonProblems,
  },
})

/** The answer that ends the events. */
const lastAnswer = async (events: AsyncIterable<AnswerEvent>): Promise<Answer> => {
  let answer: Answer | undefined
  for await (const event of events) if (event.type === 'answer') answer = event.answer
  if (!answer) throw new KuraError('internal', 'The answer was not finished.')
  return answer
}

const presentEvent = (event: AnswerEvent): object => {
  switch (event.type) {
    case 'passages':
      return { passages: event.passages.map(presentPassage) }
    case 'quotes':
      return { quotes: event.quotes.map(presentQuote) }
    case 'statement':
      return presentStatement(event.statement)
    case 'answer':
      return presentAnswer(event.answer)
  }
}

async function* serverEvents(events: AsyncIterable<AnswerEvent>): AsyncGenerator<ServerSentEvent> {
  for await (const event of events) yield { event: event.type, data: JSON.stringify(presentEvent(event)) }
}

export const addAskRoutes = (
  app: HttpApp,
  { ledger, answerer, logger }: Pick<HttpDeps, 'ledger' | 'answerer' | 'logger'>,
): void => {
  app.openapi(ask, async (c) => {
    const { question, collections, conversationId, language, asOf, stream } = c.req.valid('json')
    const principal = c.get('principal')
    const cleaned = checkQuestion(question)
    const request: Parameters<AnswererPort['ask']>[1] = {
      question: cleaned,
      collectionIds: await ledger.collections.readable(principal, collections),
      ...(conversationId === undefined ? {} : { conversationId: conversationId as ConversationId }),
      ...(language === undefined ? {} : { language }),
      ...(asOf === undefined ? {} : { at: endOfMoment(asOf) }),
    }
    if (!stream) {
      const answer = await withCallerSignal(c, (signal) => lastAnswer(answerer.ask(principal, { ...request, signal })))
      return c.json(presentAnswer(answer), 200)
    }
    return eventStream(
      c,
      (signal) => serverEvents(answerer.ask(principal, { ...request, signal })),
      (error) => ({ event: 'error', data: JSON.stringify(describeProblem(c, logger, error)) }),
    )
  })
}
