import { describe, expect, it } from 'vitest'
import { TextStream } from '../../src/models/host/text-stream.ts'

/** Tokens are bytes here: the hardest case for characters and stop texts. */
const byteStream = (stops: readonly string[]) =>
  new TextStream<number>((tokens) => new TextDecoder().decode(Uint8Array.from(tokens)), stops)

const feed = (stream: TextStream<number>, text: string): string[] =>
  [...new TextEncoder().encode(text)].map((byte) => stream.push(byte))

describe('TextStream', () => {
  it('hands out characters only when they are whole', () => {
    const pieces = feed(byteStream([]), '油壓')
    expect(pieces).toEqual(['', '', '油', '', '', '壓'])
  })

  it('never shows a stop text nor its beginning', () => {
    const stream = byteStream(['<|end|>'])
    expect(feed(stream, 'done<|end|>and more').join('')).toBe('done')
    expect(stream.stopped).toBe(true)
    expect(stream.end()).toBe('')
  })

  it('gives back what only looked like a stop text', () => {
    const stream = byteStream(['<|end|>'])
    expect(feed(stream, 'a <|en').join('')).toBe('a ')
    expect(feed(stream, 'try').join('')).toBe('<|entry')
    expect(stream.stopped).toBe(false)
  })

  it('hands out at the end what it held back', () => {
    const stream = byteStream(['<|end|>'])
    expect(feed(stream, 'x <|').join('') + stream.end()).toBe('x <|')
  })

  it('lets a broken character through rather than holding text back for ever', () => {
    const stream = byteStream([])
    const out = Array.from({ length: 8 }, () => stream.push(0xff)).join('')
    expect(out).toBe('\uFFFD'.repeat(8))
  })
})
