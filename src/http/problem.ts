/**
 * Errors on the wire: `application/problem+json` (RFC 9457) made from whatever was thrown.
 * In: an exception and the request's context. Out: one problem document with a code of `errorCodes`, and one log line for
 * what is not the caller's doing. Invariant: text of foreign errors never reaches the caller.
 */
import { z } from '@hono/zod-openapi'
import { HTTPException } from 'hono/http-exception'
import { errorCodes, isAbort, isErrorCode, KuraError } from '../core/errors.ts'
import type { HttpLogger } from './deps.ts'
import type { HttpContext } from './http-env.ts'

export const problemSchema = z
  .object({
    type: z.string().describe('Address of the page that explains the code, relative to this server.'),
    title: z.string().describe('What the code means, in a few words; the same for every problem of the code.'),
    status: z.number().int().describe('The HTTP status.'),
    code: z.string().describe('Stable code for programs, such as `collection_not_found`.'),
    detail: z.string().describe('What happened here, with the value or limit, in one sentence.'),
    requestId: z.string().describe('The same as in the header x-request-id and in the server log.'),
    remedy: z.string().describe('What to do about it.'),
    errors: z
      .array(
        z.object({
          field: z.string().describe('Path of the field, such as `collections.0`.'),
          message: z.string().describe('What is wrong with it, with the limit.'),
        }),
      )
      .optional()
      .describe('The fields that are not valid, where the code is `invalid_request`.'),
  })
  .openapi('Problem')

export type Problem = z.infer<typeof problemSchema>

const statusCodes: Readonly<Record<number, 'invalid_request' | 'request_too_large' | 'media_type_unsupported'>> = {
  400: 'invalid_request',
  413: 'request_too_large',
  415: 'media_type_unsupported',
}

/** Whatever was thrown, as a `KuraError`; what Kura did not foresee becomes `internal`. */
const asKuraError = (error: unknown, closing: boolean): KuraError => {
  if (error instanceof KuraError) return error
  if (isAbort(error)) {
    return closing
      ? new KuraError('server_stopping', 'The server is being stopped; the request was not finished.')
      : new KuraError('request_cancelled', 'The request was cancelled by the caller.')
  }
  if (error instanceof HTTPException) {
    const code = statusCodes[error.status]
    if (code === 'invalid_request') return new KuraError(code, 'The body is not well-formed JSON.', { cause: error })
    if (code === 'media_type_unsupported') {
      return new KuraError(code, 'The Content-Type of the body is not served here.', { cause: error })
    }
    if (code) return new KuraError(code, 'The body is too large.', { cause: error })
  }
  return new KuraError('internal', 'The request could not be served because of an error in the program.', {
    cause: error,
  })
}

const fieldErrors = z.array(z.object({ field: z.string(), message: z.string() }))

/** The document for an error that happened where there is no request context. */
export const problemFrom = (error: KuraError, requestId: string): Problem => {
  const entry = errorCodes[error.code]
  const errors = fieldErrors.safeParse(error.details.errors)
  // the caller may have named several collections: which one is unknown?
  const collection = error.code === 'collection_not_found' ? error.details.collection : undefined
  return {
    type: `/docs/errors#${error.code}`,
    title: entry.title,
    status: entry.status,
    code: error.code,
    detail: typeof collection === 'string' ? `${error.message} (${collection.slice(0, 100)})` : error.message,
    requestId,
    remedy: entry.remedy,
    ...(errors.success ? { errors: errors.data } : {}),
  }
}

/**
 * The problem document for an exception; what the operator or the makers must see is logged under the request id.
 */
export const describeProblem = (c: HttpContext, logger: HttpLogger, thrown: unknown): Problem => {
  const error = asKuraError(thrown, c.env?.closing?.aborted ?? false)
  const requestId = c.get('requestId') ?? ''
  if (error.kind !== 'input') {
    const level = error.kind === 'bug' ? 'error' : 'warn'
    logger[level]({ requestId, code: error.code, err: error }, 'request failed')
  }
  return problemFrom(error, requestId)
}

/** The response for an exception. OpenAI clients read the member `error`, which their routes get in addition. */
export const problemResponse = (c: HttpContext, logger: HttpLogger, thrown: unknown): Response => {
  const problem = describeProblem(c, logger, thrown)
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' }
  if (isErrorCode(problem.code) && errorCodes[problem.code].kind === 'transient') headers['retry-after'] = '2'
  if (problem.code === 'range_not_satisfiable' && thrown instanceof KuraError) {
    headers['content-range'] = `bytes */${thrown.details.bytes}`
  }
  if (problem.code === 'method_not_allowed' && thrown instanceof KuraError) headers.allow = String(thrown.details.allow)
  const body = new URL(c.req.url).pathname.startsWith('/v1/') ? { ...problem, error: openaiErrorOf(problem) } : problem
  return new Response(JSON.stringify(body), { status: problem.status, headers })
}

/** The same problem in the shape of the OpenAI protocol. */
export const openaiErrorOf = (problem: Problem) => ({
  message: `${problem.detail} ${problem.remedy}`,
  type: problem.status < 500 ? 'invalid_request_error' : 'server_error',
  param: problem.errors?.[0]?.field ?? null,
  code: problem.code,
})

const problemContent = { 'application/problem+json': { schema: problemSchema } }

/** One `responses` entry of a route: names the codes that it may carry. */
export const problemOf = (...codes: readonly (keyof typeof errorCodes)[]) => ({
  description: codes.map((code) => `\`${code}\`: ${errorCodes[code].title}.`).join(' '),
  content: problemContent,
})

/** What every route may answer. */
export const commonProblems = {
  403: problemOf('host_not_allowed'),
  500: problemOf('internal', 'disk_full'),
} as const

/** What routes that use a model may answer in addition. */
export const modelProblems = {
  499: problemOf('request_cancelled'),
  503: problemOf('model_unavailable', 'model_busy', 'model_failed', 'embedding_mismatch', 'server_stopping'),
} as const
