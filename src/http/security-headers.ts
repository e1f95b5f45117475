/**
 * Headers that every response carries. The policy lets the page load nothing but what this server serves; routes that need
 * less or more (uploaded files) set their own policy, which is left as it is.
 */
import type { MiddlewareHandler } from 'hono'
import type { HttpEnv } from './http-env.ts'

const contentSecurityPolicy = [
  "default-src 'self'",
  // pdf.js decodes JPEG 2000 and colour profiles in WebAssembly
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  // pdf.js hands the fonts of a document to the browser as data
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const fixed: readonly (readonly [string, string])[] = [
  ['content-security-policy', contentSecurityPolicy],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['permissions-policy', 'camera=(), geolocation=(), microphone=()'],
]

/** Answers with data are never kept by caches unless the route says how long. */
export const securityHeaders = (): MiddlewareHandler<HttpEnv> =>
  async function securityHeaders(c, next) {
    await next()
    const { headers } = c.res
    for (const [name, value] of fixed) if (!headers.has(name)) headers.set(name, value)
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  }
