/**
 * The OpenAI protocol, so that existing chat clients can ask Kura: POST /v1/chat/completions and GET /v1/models. Answers are
 * grounded like those of /api/ask; the client keeps the conversation and sends it along.
 */
import { createRoute, z } from '@hono/zod-openapi'
import type { Answer, AnswerEvent } from '../../core/answer.ts'
import { KuraError } from '../../core/errors.ts'
import { createAnswerId } from '../../core/ids.ts'
import { answerSchema, presentAnswer } from '../answer-schemas.ts'
import { withCallerSignal } from '../caller-signal.ts'
import { chatPieces, readChat } from '../chat-completion.ts'
import type { AnswererPort, HttpDeps } from '../deps.ts'
import { eventStream, type ServerSentEvent } from '../event-stream.ts'
import type { HttpApp } from '../http-env.ts'
import { commonProblems, describeProblem, modelProblems, openaiErrorOf, problemOf } from '../problem.ts'
import { checkQuestion, cleanText } from '../question.ts'

/** The one model name that is offered; whatever name a client sends is taken. */
const modelName = 'kura'
const tags = ['OpenAI protocol']

const partSchema = z.looseObject({
  type: z.string().describe('Kind of the part; only `text` is read.'),
  text: z.string().optional().describe('The text.'),
})

const requestSchema = z
  .looseObject({
    model: z.string().optional().describe('Any name; the answer always comes from Kura.'),
    messages: z
      .array(
        z.looseObject({
          role: z.string().describe('`user` and `assistant` are read; others are passed over.'),
          content: z
            .union([z.string(), z.array(partSchema)])
            .nullish()
            .describe('Text, or parts with text.'),
        }),
      )
      .min(1)
      .max(200)
      .describe('The conversation, oldest first; the last user message is the question.'),
    stream: z.boolean().nullish().describe('True for server-sent events while the answer is made.'),
  })
  .openapi('ChatCompletionRequest')

const completionSchema = z
  .object({
    id: z.string().describe('Id of the completion.'),
    object: z.literal('chat.completion').describe('Always `chat.completion`.'),
    created: z.number().int().describe('Unix time in seconds.'),
    model: z.string().describe('Always `kura`.'),
    choices: z
      .array(
        z.object({
          index: z.number().int().describe('Always 0.'),
          message: z
            .object({
              role: z.literal('assistant').describe('Always `assistant`.'),
              content: z.string().describe('The statements with numbered sources.'),
            })
            .describe('The answer as a message.'),
          finish_reason: z.literal('stop').describe('Always `stop`.'),
        }),
      )
      .describe('One choice.'),
    kura: answerSchema.describe('The answer with its citations, as of /api/ask.'),
  })
  .openapi('ChatCompletion')

const complete = createRoute({
  method: 'post',
  path: '/v1/chat/completions',
  tags,
  summary: 'Ask a question (OpenAI chat completions)',
  description: 'Problem documents carry the member `error` in addition, as clients of this protocol expect.',
  request: { body: { required: true, content: { 'application/json': { schema: requestSchema } } } },
  responses: {
    200: {
      description: 'The answer.',
      content: {
        'application/json': { schema: completionSchema },
        'text/event-stream': { schema: z.string().describe('Chunks `chat.completion.chunk`, then `[DONE]`.') },
      },
    },
    400: problemOf('invalid_request', 'question_empty'),
    413: problemOf('question_too_long', 'request_too_large'),
    415: problemOf('media_type_unsupported'),
    ...modelProblems,
    ...commonProblems,
  },
})

const models = createRoute({
  method: 'get',
  path: '/v1/models',
  tags,
  summary: 'List the models (OpenAI)',
  responses: {
    200: {
      description: 'The one model.',
      content: {
        'application/json': {
          schema: z
            .object({
              object: z.literal('list').describe('Always `list`.'),
              data: z
                .array(
                  z.object({
                    id: z.string().describe('Always `kura`.'),
                    object: z.literal('model').describe('Always `model`.'),
                    created: z.number().int().describe('Unix time in seconds.'),
                    owned_by: z.string().describe('Always `kura`.'),
                  }),
                )
                .describe('The models.'),
            })
            .openapi('ModelList'),
        },
      },
    },
    ...commonProblems,
  },
})

type Message = z.infer<typeof requestSchema>['messages'][number]

const textOf = ({ content }: Message): string =>
  typeof content === 'string'
    ? content
    : (content ?? []).map(({ type, text }) => (type === 'text' ? (text ?? '') : '')).join('\n')

const now = (): number => Math.floor(Date.now() / 1000)

async function* chunkEvents(events: AsyncIterable<AnswerEvent>): AsyncGenerator<ServerSentEvent> {
  const head = { id: `chatcmpl-${createAnswerId()}`, object: 'chat.completion.chunk', created: now(), model: modelName }
  const chunk = (delta: object, finishReason: 'stop' | null, more: object = {}): ServerSentEvent => ({
    data: JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason: finishReason }], ...more }),
  })
  let begun = false
  for await (const piece of chatPieces(events)) {
    if (!begun) yield chunk({ role: 'assistant', content: '' }, null)
    begun = true
    if ('text' in piece) yield chunk({ content: piece.text }, null)
    else yield chunk({}, 'stop', { kura: presentAnswer(piece.answer) })
  }
  yield { data: '[DONE]' }
}

const completionOf = async (events: AsyncIterable<AnswerEvent>): Promise<z.infer<typeof completionSchema>> => {
  let content = ''
  let answer: Answer | undefined
  for await (const piece of chatPieces(events)) {
    if ('text' in piece) content += piece.text
    else answer = piece.answer
  }
  if (!answer) throw new KuraError('internal', 'The answer was not finished.')
  return {
    id: `chatcmpl-${answer.id}`,
    object: 'chat.completion',
    created: now(),
    model: modelName,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    kura: presentAnswer(answer),
  }
}

export const addOpenaiRoutes = (
  app: HttpApp,
  { ledger, answerer, logger }: Pick<HttpDeps, 'ledger' | 'answerer' | 'logger'>,
): void => {
  const started = now()
  app.openapi(models, (c) =>
    c.json(
      {
        object: 'list' as const,
        data: [{ id: modelName, object: 'model' as const, created: started, owned_by: 'kura' }],
      },
      200,
    ),
  )
  app.openapi(complete, async (c) => {
    const { messages, stream } = c.req.valid('json')
    const principal = c.get('principal')
    const chat = readChat(messages.map((message) => ({ role: message.role, content: textOf(message) })))
    const request: Parameters<AnswererPort['ask']>[1] = {
      question: checkQuestion(chat.question),
      history: chat.history.map(({ question, answer }) => ({
        question: cleanText(question),
        answer: cleanText(answer),
      })),
      collectionIds: await ledger.collections.readable(principal),
    }
    if (!stream) {
      const completion = await withCallerSignal(c, (signal) =>
        completionOf(answerer.ask(principal, { ...request, signal })),
      )
      return c.json(completion, 200)
    }
    return eventStream(
      c,
      (signal) => chunkEvents(answerer.ask(principal, { ...request, signal })),
      (error) => ({ data: JSON.stringify({ error: openaiErrorOf(describeProblem(c, logger, error)) }) }),
    )
  })
}
