/**
 * Chat completions as JSON or as server-sent events, from one generation. Errors found before the first event have a
 * status of their own; later ones arrive as an event with an error body.
 */
import { randomUUID } from 'node:crypto'
import { KuraError } from '../../core/errors.ts'
import { errorBody } from './error-body.ts'
import type { GenerationCall, GenerationEngine } from './generation-engine.ts'
import type { GenerationOutcome } from './generation-run.ts'
import type { ChatRequest, Logprob } from './protocol.ts'

const toCall = (
  body: ChatRequest,
  signal: AbortSignal,
  told: Pick<GenerationCall, 'onText' | 'onFirstToken'>,
): GenerationCall => ({
  messages: body.messages,
  maxTokens: body.max_completion_tokens ?? body.max_tokens,
  temperature: body.temperature,
  seed: body.seed,
  schema: body.response_format?.type === 'json_schema' ? body.response_format.json_schema.schema : undefined,
  signal,
  topLogprobs: body.logprobs ? body.top_logprobs : 0,
  ...told,
})

const usageOf = (outcome: GenerationOutcome) => ({
  prompt_tokens: outcome.promptTokens,
  completion_tokens: outcome.completionTokens,
  total_tokens: outcome.promptTokens + outcome.completionTokens,
  prompt_tokens_details: { cached_tokens: outcome.cachedTokens },
})

const headOf = (object: string, model: string) => ({
  id: `chatcmpl-${randomUUID()}`,
  object,
  created: Math.floor(Date.now() / 1_000),
  model,
})

/** OpenAI's form; the first entry is the likeliest token, which greedy generation takes. */
const logprobsOf = (likeliest: readonly Logprob[]) => ({
  content: likeliest.slice(0, 1).map((first) => ({ ...first, top_logprobs: likeliest })),
})

export const completeChat = async (
  engine: GenerationEngine,
  model: string,
  body: ChatRequest,
  signal: AbortSignal,
): Promise<Record<string, unknown>> => {
  let content = ''
  let logprobs: ReturnType<typeof logprobsOf> | undefined
  const generate = await engine.accept(
    toCall(body, signal, {
      onText: (text) => {
        content += text
      },
      onFirstToken: (likeliest) => {
        logprobs = logprobsOf(likeliest)
      },
    }),
  )
  const outcome = await generate()
  return {
    ...headOf('chat.completion', model),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content },
        ...(logprobs === undefined ? {} : { logprobs }),
        finish_reason: outcome.finishReason,
      },
    ],
    usage: usageOf(outcome),
  }
}

export const streamChat = async (
  engine: GenerationEngine,
  model: string,
  body: ChatRequest,
  signal: AbortSignal,
): Promise<Response> => {
  const encoder = new TextEncoder()
  const head = headOf('chat.completion.chunk', model)
  let send: (data: unknown) => void = () => undefined
  const sendDelta = (delta: Record<string, unknown>, finishReason: string | null): void =>
    send({ ...head, choices: [{ index: 0, delta, finish_reason: finishReason }] })
  const cancelled = new AbortController()
  const either = AbortSignal.any([signal, cancelled.signal])
  const generate = await engine.accept(
    toCall(body, either, {
      onText: (text) => sendDelta({ content: text }, null),
      onFirstToken: (likeliest) =>
        send({ ...head, choices: [{ index: 0, delta: {}, logprobs: logprobsOf(likeliest), finish_reason: null }] }),
    }),
  )
  const run = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    send = (data) => {
      if (!either.aborted) controller.enqueue(encoder.encode(`data: ${JSON.stringify(data)}\n\n`))
    }
    try {
      sendDelta({ role: 'assistant', content: '' }, null)
      const outcome = await generate()
      sendDelta({}, outcome.finishReason)
      if (body.stream_options?.include_usage === true) send({ ...head, choices: [], usage: usageOf(outcome) })
      if (!either.aborted) controller.enqueue(encoder.encode('data: [DONE]\n\n'))
    } catch (error) {
      send(
        errorBody(
          error instanceof KuraError
            ? error
            : new KuraError('model_failed', 'The generation failed.', { cause: error }),
        ),
      )
    } finally {
      if (!cancelled.signal.aborted) controller.close()
    }
  }
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      void run(controller)
    },
    cancel: () => cancelled.abort(new KuraError('request_cancelled', 'The caller closed the connection.')),
  })
  return new Response(stream, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
}
