/**
 * Reads a stream of server-sent events from a fetch response, whatever way the bytes were cut on the road: in the middle of a
 * character, a line or an event. Comments (heartbeats) are passed over; data that is no JSON is passed over as well.
 */
import { createParser } from 'eventsource-parser'

export interface ServerEvent {
  /** `message` where the server named none. */
  readonly event: string
  readonly data: unknown
}

const parseJson = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** Yields the events in order and ends with the stream. Leaving the loop early cancels the stream. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const waiting: ServerEvent[] = []
  const parser = createParser({
    onEvent: ({ event, data }) => {
      const parsed = parseJson(data)
      if (parsed !== undefined) waiting.push({ event: event ?? 'message', data: parsed.value })
    },
  })
  const decoder = new TextDecoder()
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      parser.feed(decoder.decode(value, { stream: true }))
      yield* waiting.splice(0)
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
