/**
 * Bounds the bodies that are read into memory. Multipart bodies and pieces of resumable uploads are not: they are streamed to disk by the
 * upload routes, and no other route reads them.
 */
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { KuraError } from '../core/errors.ts'
import type { HttpEnv } from './http-env.ts'

/** Largest JSON body. */
export const maxBodyBytes = 1024 * 1024

const refuse = (): never => {
  throw new KuraError('request_too_large', `The body is larger than ${maxBodyBytes} bytes (1 MiB).`)
}

/** @throws request_too_large */
export const limitBody = (): MiddlewareHandler<HttpEnv> => {
  const limitStream = bodyLimit({ maxSize: maxBodyBytes, onError: refuse })
  return async function limitBody(c, next) {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
    if (/^(multipart\/|application\/offset\+octet-stream)/i.test(c.req.header('content-type') ?? '')) return next()
    const length = c.req.header('content-length')
    // a declared length is enforced by Node's parser: the body need not be touched here
    if (length === undefined) return limitStream(c, next)
    if (Number(length) > maxBodyBytes) refuse()
    return next()
  }
}
