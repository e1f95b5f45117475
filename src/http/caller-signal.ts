/**
 * One `AbortSignal` for the work of a request: aborted when the caller goes away or the server begins to stop.
 * Linked by hand and released when the work ends, so that the server's long-lived signal does not collect listeners.
 */
import type { HttpContext } from './http-env.ts'

export interface CallerSignal extends Disposable {
  readonly signal: AbortSignal
  abort(): void
}

export const linkCallerSignal = (c: HttpContext): CallerSignal => {
  const controller = new AbortController()
  const sources = [c.req.raw.signal, c.env?.closing].filter((source) => source !== undefined)
  const abort = (): void => controller.abort()
  for (const source of sources) {
    if (source.aborted) abort()
    else source.addEventListener('abort', abort, { once: true })
  }
  return {
    signal: controller.signal,
    abort,
    [Symbol.dispose]: () => {
      for (const source of sources) source.removeEventListener('abort', abort)
    },
  }
}

/** Runs `work` with the signal. */
export const withCallerSignal = async <T>(c: HttpContext, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  using caller = linkCallerSignal(c)
  return await work(caller.signal)
}
