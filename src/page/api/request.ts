/**
 * Calls Kura's own API. Every failure leaves here as a `RequestFailed` with the problem to show (code, title, detail, request
 * id); an abort leaves as the browser's AbortError. Only same-origin addresses are ever called.
 */
import { type Fields, readFields, readNumber, readText } from './read-values.ts'

/** What the server said went wrong (application/problem+json), or what the page found itself. */
export interface Problem {
  readonly code: string
  /** 0 where no answer came. */
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly remedy: string
  readonly requestId: string
}

export class RequestFailed extends Error {
  override readonly name = 'RequestFailed'
  readonly problem: Problem

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.title}`)
    this.problem = problem
  }
}

/** Reads a problem document; absent fields become empty. */
export const readProblem = (value: unknown, status: number, requestId = ''): Problem => {
  const fields = readFields(value)
  return {
    code: readText(fields.code, status === 0 ? 'server_unreachable' : 'internal'),
    status: readNumber(fields.status, status),
    title: readText(fields.title),
    detail: readText(fields.detail),
    remedy: readText(fields.remedy),
    requestId: readText(fields.requestId, requestId),
  }
}

export const isAbortError = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'

/** The problem behind anything that was thrown. */
export const problemOf = (error: unknown): Problem =>
  error instanceof RequestFailed ? error.problem : readProblem({ code: 'page_failed', title: String(error) }, 0)

/** The problem that a failed response tells. */
const problemOfResponse = async (response: Response): Promise<Problem> => {
  const body: unknown = await response.json().catch(() => undefined)
  return readProblem(body, response.status, response.headers.get('x-request-id') ?? '')
}

interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
  readonly accept?: string
}

/**
 * Sends one request and gives the successful response.
 *
 * @throws RequestFailed with code `server_unreachable` when no answer came
 */
export const send = async (path: string, options: RequestOptions = {}): Promise<Response> => {
  const headers: Record<string, string> = { accept: options.accept ?? 'application/json' }
  if (options.body !== undefined) headers['content-type'] = 'application/json'
  let response: Response
  try {
    response = await fetch(path, {
      method: options.method ?? 'GET',
      headers,
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
  } catch (error) {
    if (isAbortError(error)) throw error
    throw new RequestFailed(readProblem(undefined, 0))
  }
  if (!response.ok) throw new RequestFailed(await problemOfResponse(response))
  return response
}

/** Sends one request and gives the fields of the JSON answer; none for an empty answer. */
export const sendForFields = async (path: string, options: RequestOptions = {}): Promise<Fields> => {
  const response = await send(path, options)
  return readFields(await response.json().catch(() => undefined))
}
