/**
 * What travels with each request through the middleware, and what the server gives to the app beside the request.
 * `incoming` is there behind `startServer` only; in-process callers (`app.request`) have just the web request.
 */
import type { IncomingMessage } from 'node:http'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Principal } from '../core/principal.ts'

export interface HttpEnv {
  Variables: { requestId: string; principal: Principal }
  Bindings: {
    readonly incoming?: IncomingMessage
    /** Aborted when the server begins to stop: what runs long ends then. */
    readonly closing?: AbortSignal
  }
}

export type HttpContext = Context<HttpEnv>
export type HttpApp = OpenAPIHono<HttpEnv>
