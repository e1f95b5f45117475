/**
 * Refuses requests that a foreign web page makes through the reader's browser: names that were re-bound to this machine's
 * address (Host), and writes from another origin (Origin, Sec-Fetch-Site). Programs that send no such headers pass.
 * Ports are not compared in Host: tunnels and containers change them, and a foreign page can not use our name.
 */
import type { MiddlewareHandler } from 'hono'
import { KuraError } from '../core/errors.ts'
import type { HttpContext, HttpEnv } from './http-env.ts'

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])
const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

const parseHost = (host: string): URL | undefined => {
  // only what can stand in a Host header: no path, no credentials
  if (!/^[\w.:[\]-]+$/.test(host)) return undefined
  try {
    return new URL(`http://${host}`)
  } catch {
    return undefined
  }
}

const checkHost = (c: HttpContext, configuredHost: string): URL => {
  const host = parseHost(c.req.header('host') ?? new URL(c.req.url).host)
  const known =
    host &&
    (loopbackNames.has(host.hostname) ||
      /^127\.\d+\.\d+\.\d+$/.test(host.hostname) ||
      host.hostname === parseHost(configuredHost.includes('::') ? `[${configuredHost}]` : configuredHost)?.hostname)
  if (!host || !known) {
    throw new KuraError('host_not_allowed', 'The Host header names another server than this one.')
  }
  return host
}

const checkWriter = (c: HttpContext, host: URL): void => {
  const origin = c.req.header('origin')
  if (origin !== undefined) {
    let from: URL | undefined
    try {
      from = new URL(origin)
    } catch {
      from = undefined
    }
    // the scheme is not compared: a proxy in front may speak TLS
    if (!from || portedHost(from) !== portedHost(host, from.protocol)) {
      throw new KuraError('host_not_allowed', 'The Origin header is another page than the one of this server.')
    }
    return
  }
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new KuraError('host_not_allowed', 'The request comes from a page of another server.')
  }
}

/** `host:port` with the port that the protocol implies written out. */
const portedHost = (url: URL, protocol = url.protocol): string =>
  `${url.hostname}:${url.port || (protocol === 'https:' ? '443' : '80')}`

/** @throws host_not_allowed */
export const checkOrigin = (configuredHost: string): MiddlewareHandler<HttpEnv> =>
  async function checkOrigin(c, next) {
    const host = checkHost(c, configuredHost)
    if (!readingMethods.has(c.req.method)) checkWriter(c, host)
    await next()
  }
