/**
 * One engine that speaks OpenAI's protocol: the model host on its Unix socket, or another one over HTTP. In: routes and bodies;
 * out: parsed answers and streams of events. Every failure of the wire, the engine or the answer's shape becomes a `KuraError` here.
 * Invariant: an aborted signal closes the connection, which is what stops the engine's work.
 */
import { createParser } from 'eventsource-parser'
import { Agent, type Dispatcher } from 'undici'
import { z } from 'zod'
import { isErrorCode, KuraError } from '../core/errors.ts'
import { errorBodySchema } from './host/protocol.ts'

const connectTimeoutMs = 5_000
/** Between two bytes of an answer; without a GPU a long prompt takes minutes to read. */
const silenceTimeoutMs = 300_000

const unreachableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
])

type Body = Record<string, unknown>

export class EngineConnection implements AsyncDisposable {
  /** Whether this is our own model host, which knows prompts and priorities. */
  readonly isHost: boolean
  readonly #agent: Agent
  readonly #origin: string
  /** Path of the OpenAI routes, without a slash at the end. */
  readonly #basePath: string

  /** @param baseUrl `unix:/path/of.sock`, or the address of the OpenAI routes, like `http://gpu-box:8000/v1` */
  constructor(baseUrl: string) {
    this.isHost = baseUrl.startsWith('unix:')
    const timeouts = { headersTimeout: silenceTimeoutMs, bodyTimeout: silenceTimeoutMs }
    if (this.isHost) {
      this.#agent = new Agent({
        ...timeouts,
        connect: { socketPath: baseUrl.slice('unix:'.length), timeout: connectTimeoutMs },
      })
      this.#origin = 'http://model-host'
      this.#basePath = '/v1'
    } else {
      const url = new URL(baseUrl)
      this.#agent = new Agent({ ...timeouts, connect: { timeout: connectTimeoutMs } })
      this.#origin = url.origin
      this.#basePath = url.pathname.replace(/\/+$/u, '')
    }
  }

  /**
   * @param route under the base path, like `/embeddings`; with `root` under the origin, like `/health`
   * @throws model_unavailable, model_busy, model_failed, and what the engine says
   */
  async call<Schema extends z.ZodType>(
    route: string,
    schema: Schema,
    options: { body?: Body; signal?: AbortSignal | undefined; root?: boolean } = {},
  ): Promise<z.output<Schema>> {
    const answer = await this.#request(route, options)
    const parsed = schema.safeParse(await this.#guard(answer.body.json(), options.signal))
    if (parsed.success) return parsed.data
    throw new KuraError('model_failed', `The model engine's answer to ${route} has not the expected form.`, {
      cause: z.prettifyError(parsed.error),
    })
  }

  /** The data of each server-sent event until `[DONE]`. Ending the iteration early closes the connection. */
  async *stream(route: string, options: { body: Body; signal?: AbortSignal | undefined }): AsyncGenerator<string> {
    const answer = await this.#request(route, options)
    const events: string[] = []
    const parser = createParser({ onEvent: (event) => events.push(event.data) })
    const decoder = new TextDecoder()
    const chunks = answer.body[Symbol.asyncIterator]()
    try {
      for (;;) {
        const chunk = await this.#guard(chunks.next(), options.signal)
        if (chunk.done === true) {
          throw new KuraError('model_unavailable', 'The model engine went away in the middle of an answer.')
        }
        parser.feed(decoder.decode(bytesSchema.parse(chunk.value), { stream: true }))
        for (const data of events.splice(0)) {
          if (data === '[DONE]') return
          yield data
        }
      }
    } finally {
      answer.body.destroy()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy()
  }

  async #request(
    route: string,
    options: { body?: Body; signal?: AbortSignal | undefined; root?: boolean },
  ): Promise<Dispatcher.ResponseData> {
    options.signal?.throwIfAborted()
    const request = this.#agent.request({
      origin: this.#origin,
      path: options.root === true ? route : this.#basePath + route,
      method: options.body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ?? null,
    })
    const answer = await this.#guard(request, options.signal)
    if (answer.statusCode < 400) return answer
    throw toError(answer.statusCode, await this.#guard(answer.body.text(), options.signal))
  }

  /** Wraps what goes wrong on the wire. */
  async #guard<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    try {
      return await work
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (unreachableCodes.has(code)) {
        throw new KuraError('model_unavailable', 'The model engine can not be reached, or went away.', { cause: error })
      }
      if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
        throw new KuraError('model_unavailable', `The model engine was silent for ${silenceTimeoutMs / 1_000} s.`, {
          cause: error,
        })
      }
      throw new KuraError('model_failed', 'The model engine gave an answer that can not be read.', { cause: error })
    }
  }
}

const bytesSchema = z.instanceof(Uint8Array)

/** The engine's own words stay in `cause`: other engines quote the input in them. */
const toError = (status: number, text: string): KuraError => {
  const body = parseErrorBody(text)
  const code = String(body?.error.code ?? '')
  // Codes that only our host gives; its messages are ours too.
  if (body !== undefined && isErrorCode(code)) {
    return new KuraError(code, body.error.message, { details: body.error.details ?? {} })
  }
  const said = body?.error.message ?? ''
  if (
    code === 'context_length_exceeded' ||
    (status === 400 && /context|too (long|large)|maximum/iu.test(said)) ||
    status === 413
  ) {
    return new KuraError('input_too_long', 'The input is longer than the model engine reads.', { cause: said })
  }
  if (status === 429 || status === 503) {
    return new KuraError(
      status === 429 ? 'model_busy' : 'model_unavailable',
      `The model engine answered with status ${status}.`,
      { cause: said },
    )
  }
  if (status === 404) {
    return new KuraError('model_unknown', 'The model engine does not serve this model or route.', { cause: said })
  }
  return new KuraError('model_failed', `The model engine answered with status ${status}.`, { cause: said })
}

/** The error in an answer or an event, if it is one. */
export const parseErrorBody = (text: string): z.output<typeof errorBodySchema> | undefined => {
  try {
    return errorBodySchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** An error that arrived as an event of a stream, whose status was 200. */
export const errorOfEvent = (data: string): KuraError | undefined =>
  parseErrorBody(data) === undefined ? undefined : toError(200, data)
