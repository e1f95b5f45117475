import { describe, expect, it } from 'vitest'
import { readEvents, type ServerEvent } from '../../src/page/api/read-events.ts'

const streamOf = (chunks: readonly Uint8Array[], onCancel = () => {}) => {
  const waiting = [...chunks]
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = waiting.shift()
      if (chunk === undefined) controller.close()
      else controller.enqueue(chunk)
    },
    cancel: onCancel,
  })
}

const collect = async (chunks: readonly Uint8Array[]): Promise<ServerEvent[]> => {
  const events: ServerEvent[] = []
  for await (const event of readEvents(streamOf(chunks))) events.push(event)
  return events
}

const bytes = (text: string) => new TextEncoder().encode(text)

describe('readEvents', () => {
  it('gives the same events wherever the bytes are cut, even inside a character', async () => {
    const whole = bytes('event: passages\ndata: {"name":"油圧プレス"}\n\nevent: answer\ndata: {"n":2}\n\n')
    const expected = [
      { event: 'passages', data: { name: '油圧プレス' } },
      { event: 'answer', data: { n: 2 } },
    ]
    for (let cut = 0; cut <= whole.length; cut += 1) {
      expect(await collect([whole.slice(0, cut), whole.slice(cut)])).toEqual(expected)
    }
  })

  it('passes over heartbeats and over data that is no JSON', async () => {
    expect(await collect([bytes(': beat\n\nevent: job\ndata: <html>\n\nevent: job\ndata: {"a":1}\n\n')])).toEqual([
      { event: 'job', data: { a: 1 } },
    ])
  })

  it('calls an event without a name "message"', async () => {
    expect(await collect([bytes('data: 1\n\n')])).toEqual([{ event: 'message', data: 1 }])
  })

  it('leaves out an event that the stream did not finish', async () => {
    expect(await collect([bytes('event: answer\ndata: {"n":1}')])).toEqual([])
  })

  it('cancels the stream when the reader stops early', async () => {
    let cancelled = false
    const stream = streamOf([bytes('data: 1\n\n'), bytes('data: 2\n\n'), bytes('data: 3\n\n')], () => {
      cancelled = true
    })
    for await (const event of readEvents(stream)) {
      expect(event.data).toBe(1)
      break
    }
    expect(cancelled).toBe(true)
  })
})
