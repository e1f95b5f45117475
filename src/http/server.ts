/**
 * The app behind a port. Stopping goes in steps: no new connections, streams and waiting answers are told to end, what is left
 * after a few seconds is cut off.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener, RequestError } from '@hono/node-server'
import { KuraError, wrapError } from '../core/errors.ts'
import type { HttpApp } from './http-env.ts'
import { problemFrom } from './problem.ts'

export interface RunningServer extends AsyncDisposable {
  readonly port: number
  /** Where the page is, such as `http://127.0.0.1:8484`. */
  readonly url: string
  /** Resolves when every connection is closed; may be called again. */
  close(): Promise<void>
}

interface ServerOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** How long requests may go on after `close`. @default 5000 */
  readonly graceMs?: number
}

/** A file of a gigabyte over a slow line takes its time; Node's own limit of five minutes would cut it off. */
const requestTimeoutMs = 6 * 60 * 60 * 1000

const listenError = (error: NodeJS.ErrnoException, { host, port }: ServerOptions): Error => {
  if (error.code === 'EADDRINUSE') {
    return new KuraError('port_in_use', `Port ${port} of ${host} is taken by another program.`, { cause: error })
  }
  if (error.code === 'EACCES') {
    return new KuraError('setting_invalid', `KURA_PORT: this user may not serve on port ${port}.`, { cause: error })
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new KuraError('setting_invalid', 'KURA_HOST: this machine has no such address.', { cause: error })
  }
  return wrapError(error, 'internal', 'The server could not be started.')
}

const listen = (server: Server, options: ServerOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, options)))
    server.listen(options.port, options.host, resolve)
  })

/**
 * The open connections on which no request is being answered: kept alive, or opened by a browser in advance. Node's own
 * `closeIdleConnections` leaves the latter open, and each would hold a stopping server for seconds.
 */
const trackIdleSockets = (server: Server): ReadonlySet<Socket> => {
  const idle = new Set<Socket>()
  server.on('connection', (socket) => {
    idle.add(socket)
    socket.once('close', () => idle.delete(socket))
  })
  server.on('request', ({ socket }, response) => {
    idle.delete(socket)
    response.once('close', () => {
      if (!socket.destroyed) idle.add(socket)
    })
  })
  return idle
}

/** What never gets to the app's own error handler: a Host header that is no host, or something thrown that is no Error. */
const refuseRequest = (error: unknown): Response => {
  const reason =
    error instanceof RequestError
      ? new KuraError('invalid_request', 'The address or the Host header of the request is not well-formed.')
      : new KuraError('internal', 'The request could not be served because of an error in the program.')
  return new Response(JSON.stringify(problemFrom(reason, '')), {
    status: reason.status,
    headers: { 'content-type': 'application/problem+json', 'x-content-type-options': 'nosniff' },
  })
}

/** @throws port_in_use, setting_invalid */
export const startServer = async (app: HttpApp, options: ServerOptions): Promise<RunningServer> => {
  const closing = new AbortController()
  const server = createServer(
    { requestTimeout: requestTimeoutMs },
    getRequestListener((request, env) => app.fetch(request, { ...env, closing: closing.signal }), {
      hostname: options.host,
      errorHandler: refuseRequest,
    }),
  )
  const idle = trackIdleSockets(server)
  await listen(server, options)
  const { port } = server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed ??= new Promise<void>((resolve) => {
      const cut = setTimeout(() => server.closeAllConnections(), options.graceMs ?? 5000)
      const sweep = setInterval(() => {
        for (const socket of idle) socket.destroySoon()
      }, 50)
      server.close(() => {
        clearTimeout(cut)
        clearInterval(sweep)
        resolve()
      })
      closing.abort()
    })
    return closed
  }
  return { port, url: `http://${host}:${port}`, close, [Symbol.asyncDispose]: close }
}
