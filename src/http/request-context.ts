/**
 * First middleware of every request: gives it an id and a principal, measures it and writes one log line.
 * The line holds the route's pattern, never the query, the body or a question.
 */
import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { localAdministrator } from '../core/principal.ts'
import type { HttpLogger } from './deps.ts'
import type { HttpEnv } from './http-env.ts'
import type { HttpMetrics } from './http-metrics.ts'

const saneRequestId = /^[A-Za-z0-9._-]{1,128}$/

/** `x-request-id` of the caller is kept where it is sane, so that a proxy's log and ours can be read together. */
export const requestContext = (logger: HttpLogger, metrics: HttpMetrics): MiddlewareHandler<HttpEnv> =>
  async function requestContext(c, next) {
    const given = c.req.header('x-request-id')
    const requestId = given && saneRequestId.test(given) ? given : randomUUID()
    c.set('requestId', requestId)
    c.set('principal', localAdministrator)
    const start = performance.now()
    await next()
    c.res.headers.set('x-request-id', requestId)
    const durationMs = performance.now() - start
    const pattern = routePath(c, -1)
    const route = pattern === '' || pattern === '/*' || pattern === '*' ? 'unmatched' : pattern
    const { status } = c.res
    metrics.observeRequest({ method: c.req.method, route, status }, durationMs)
    logger.info({ requestId, method: c.req.method, route, status, durationMs: Math.round(durationMs) }, 'request')
  }
