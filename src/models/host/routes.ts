/**
 * The host's HTTP face: OpenAI's shapes over the engines. In: bodies, parsed here; out: JSON, or server-sent events for streams.
 * Invariants: every request ends its work when its connection closes; every error has OpenAI's body with our code in it.
 */
import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import { KuraError } from '../../core/errors.ts'
import { completeChat, streamChat } from './chat-route.ts'
import type { Engines } from './engines.ts'
import { errorBody } from './error-body.ts'
import { chatRequestSchema, embeddingsRequestSchema, rerankRequestSchema, tokenizeRequestSchema } from './protocol.ts'

type HostContext = Context<{ Bindings: HttpBindings }>

const maxBodyBytes = 64 * 1024 * 1024
/** Of one text to be tokenized or embedded: far beyond any model, but tokenized in well under a second. */
const maxTextLength = 1_000_000

export const createRoutes = (engines: Engines): Hono<{ Bindings: HttpBindings }> => {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: (c) =>
        errorResponse(c, new KuraError('input_too_long', `The body is larger than ${maxBodyBytes} bytes.`)),
    }),
  )
  app.onError((error, c) => errorResponse(c, error))
  app.notFound((c) => errorResponse(c, new KuraError('not_found', 'The model host does not serve this address.')))

  app.get('/health', async (c) => c.json(await engines.health()))
  app.get('/v1/models', (c) =>
    c.json({
      object: 'list',
      data: engines
        .states()
        .map((model) => ({ id: model.name, object: 'model', created: 0, owned_by: 'kura', ...model })),
    }),
  )
  app.post('/v1/embeddings', async (c) => embed(c, engines))
  app.post('/v1/rerank', async (c) => rerank(c, engines))
  app.post('/tokenize', async (c) => tokenize(c, engines))
  app.post('/v1/chat/completions', async (c) => {
    const body = await parseBody(c, chatRequestSchema)
    const closed = closingSignal(c)
    const engine = engines.get('generation', body.ordinal)
    const name = engines.nameOf('generation', body.ordinal)
    return body.stream ? streamChat(engine, name, body, closed) : c.json(await completeChat(engine, name, body, closed))
  })
  return app
}

const embed = async (c: HostContext, engines: Engines): Promise<Response> => {
  const body = await parseBody(c, embeddingsRequestSchema)
  body.input.forEach(checkLength)
  if (body.titles !== undefined && body.titles.length !== body.input.length) {
    throw new KuraError('invalid_request', `titles has ${body.titles.length} entries, input ${body.input.length}.`)
  }
  const { vectors, tokens } = await engines.get('embedding').embed({
    inputs: body.input,
    titles: body.titles,
    kind: body.input_type,
    priority: body.priority,
    signal: closingSignal(c),
  })
  const encode = (vector: Float32Array): number[] | string =>
    body.encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector]
  return c.json({
    object: 'list',
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: encode(vector) })),
    model: engines.nameOf('embedding'),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  })
}

const rerank = async (c: HostContext, engines: Engines): Promise<Response> => {
  const body = await parseBody(c, rerankRequestSchema)
  ;[body.query, ...body.documents].forEach(checkLength)
  const scores = await engines.get('reranking').rerank(body.query, body.documents, closingSignal(c))
  return c.json({
    model: engines.nameOf('reranking'),
    results: scores.map((score, index) => ({ index, relevance_score: score })),
  })
}

const tokenize = async (c: HostContext, engines: Engines): Promise<Response> => {
  const body = await parseBody(c, tokenizeRequestSchema)
  const texts = body.contents ?? [body.content ?? '']
  texts.forEach(checkLength)
  const engine = engines.get(body.role ?? engines.tokenizingRole, body.ordinal)
  const tokens = texts.map((text) => engine.tokenize(text))
  const counts = tokens.map((list) => list.length)
  if (body.contents === undefined) return c.json({ tokens: tokens[0], count: counts[0] })
  return c.json({ counts, ...(body.tokens ? { tokens } : {}) })
}

const checkLength = (text: string): void => {
  if (text.length > maxTextLength) {
    throw new KuraError('input_too_long', `A text has ${text.length} characters; at most ${maxTextLength} are read.`, {
      details: { limit: maxTextLength },
    })
  }
}

const parseBody = async <Schema extends z.ZodType>(c: HostContext, schema: Schema): Promise<z.output<Schema>> => {
  let body: unknown
  try {
    body = await c.req.json()
  } catch (error) {
    throw new KuraError('invalid_request', 'The body is not JSON.', { cause: error })
  }
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new KuraError('invalid_request', `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not valid'}.`)
}

/** Aborted when the connection closes before the answer is out. */
const closingSignal = (c: HostContext): AbortSignal => {
  const controller = new AbortController()
  const { outgoing } = c.env
  const abort = () => {
    if (!outgoing.writableFinished)
      controller.abort(new KuraError('request_cancelled', 'The caller closed the connection.'))
  }
  if (outgoing.destroyed) abort()
  else outgoing.once('close', abort)
  return controller.signal
}

const errorResponse = (c: Context, error: unknown): Response => {
  const failure =
    error instanceof KuraError ? error : new KuraError('internal', 'The model host failed.', { cause: error })
  return c.json(errorBody(failure), failure.status as ContentfulStatusCode)
}
