/**
 * The command line speaks HTTP only, to a running server (`--url`) or to an app inside this process: one way to do each thing, and
 * whatever the command line can do, other programs can do by API.
 */
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { z } from 'zod'
import { isErrorCode, KuraError } from '../core/errors.ts'

export type ApiFetch = (path: string, init?: RequestInit) => Promise<Response>

/** @param url base URL of a running server */
export const remoteFetch = (url: string, apiKey: string | undefined): ApiFetch => {
  const base = url.replace(/\/+$/, '')
  return async (path, init) => {
    const headers = new Headers(init?.headers)
    if (apiKey) headers.set('authorization', `Bearer ${apiKey}`)
    try {
      return await fetch(`${base}${path}`, { ...init, headers })
    } catch (error) {
      if (init?.signal?.aborted) throw error
      throw new KuraError('server_unreachable', `No Kura server answers at ${base}.`, { cause: error })
    }
  }
}

const problemSchema = z.object({ code: z.string(), detail: z.string().optional(), title: z.string().optional() })

const throwProblem = async (response: Response): Promise<never> => {
  const parsed = problemSchema.safeParse(await response.json().catch(() => undefined))
  if (!parsed.success) throw new KuraError('internal', `The server answered ${response.status} with no explanation.`)
  const { code, detail, title } = parsed.data
  throw new KuraError(isErrorCode(code) ? code : 'internal', detail ?? title ?? code)
}

export class ApiClient {
  readonly #fetch: ApiFetch

  constructor(apiFetch: ApiFetch) {
    this.#fetch = apiFetch
  }

  /** @throws the server's problem as a `KuraError` with its code */
  async request(path: string, init?: RequestInit): Promise<Response> {
    const response = await this.#fetch(path, init)
    return response.ok ? response : throwProblem(response)
  }

  async get<T>(path: string, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
    const response = await this.request(path, signal ? { signal } : {})
    return schema.parse(await response.json())
  }

  async post<T>(path: string, body: unknown, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
    const response = await this.request(path, { ...jsonPost(body), ...(signal ? { signal } : {}) })
    return schema.parse(await response.json())
  }

  /** Server-sent events of a GET, or of a POST where there is a body. */
  async *events(
    path: string,
    options: { body?: unknown; signal?: AbortSignal } = {},
  ): AsyncGenerator<EventSourceMessage> {
    const init = options.body === undefined ? {} : jsonPost(options.body)
    const response = await this.request(path, { ...init, ...(options.signal ? { signal: options.signal } : {}) })
    const ready: EventSourceMessage[] = []
    const parser = createParser({ onEvent: (event) => ready.push(event) })
    const decoder = new TextDecoder()
    for await (const bytes of response.body ?? []) {
      parser.feed(decoder.decode(bytes, { stream: true }))
      yield* ready.splice(0)
    }
  }
}

const jsonPost = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
