/**
 * Server-sent events from an async iterable: pulled only as fast as the caller reads, kept alive by comments, ended by the
 * caller's leaving or the server's stopping, with at most one `error` event. An error before the first event is thrown, so
 * that it gets its own HTTP status. Own code because `streamSSE` of hono sends an error twice and writes to the console.
 */
import { type CallerSignal, linkCallerSignal } from './caller-signal.ts'
import type { HttpContext } from './http-env.ts'

export interface ServerSentEvent {
  readonly event?: string
  readonly id?: string
  /** One line: JSON. */
  readonly data: string
}

const keepAliveMs = 15_000
const encoder = new TextEncoder()

const encode = ({ event, id, data }: ServerSentEvent): Uint8Array =>
  encoder.encode(`${event ? `event: ${event}\n` : ''}${id ? `id: ${id}\n` : ''}data: ${data}\n\n`)

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx would hold the events back
  'x-accel-buffering': 'no',
}

/**
 * @param start begins the work; must end soon after its signal is aborted
 * @param onError the last event, for an error after the first event
 * @throws what `start` throws before its first event
 */
export const eventStream = async (
  c: HttpContext,
  start: (signal: AbortSignal) => AsyncIterable<ServerSentEvent>,
  onError: (error: unknown) => ServerSentEvent,
): Promise<Response> => {
  if (c.req.method === 'HEAD') return new Response(null, { headers })
  const caller = linkCallerSignal(c)
  const iterator = start(caller.signal)[Symbol.asyncIterator]()
  let first: IteratorResult<ServerSentEvent>
  try {
    first = await iterator.next()
  } catch (error) {
    caller[Symbol.dispose]()
    throw error
  }
  return new Response(readableOf(first, iterator, caller, onError), { headers })
}

const readableOf = (
  first: IteratorResult<ServerSentEvent>,
  iterator: AsyncIterator<ServerSentEvent>,
  caller: CallerSignal,
  onError: (error: unknown) => ServerSentEvent,
): ReadableStream<Uint8Array> => {
  let waiting: IteratorResult<ServerSentEvent> | undefined = first
  let finished = false
  let timer: NodeJS.Timeout | undefined
  const finish = (): void => {
    finished = true
    clearInterval(timer)
    caller[Symbol.dispose]()
  }
  return new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setInterval(() => {
        if (!finished && (controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(': keep-alive\n\n'))
      }, keepAliveMs).unref()
    },
    async pull(controller) {
      let event: ServerSentEvent | undefined
      let ended = false
      try {
        const result = waiting ?? (await iterator.next())
        waiting = undefined
        ended = result.done === true
        event = ended ? undefined : result.value
      } catch (error) {
        // a caller who left gets nothing more
        if (finished) return
        ended = true
        event = onError(error)
      }
      if (finished) return
      if (event) controller.enqueue(encode(event))
      if (!ended) return
      finish()
      controller.close()
    },
    cancel() {
      finish()
      caller.abort()
      void Promise.resolve(iterator.return?.()).catch(() => undefined)
    },
  })
}
