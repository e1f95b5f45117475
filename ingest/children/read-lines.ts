/**
 * Lines of a stream of bytes: what a child and its parent say to each other, one JSON document a line. Used by `file-child.ts` and `serve-jobs.ts`.
 */
import type { Readable } from 'node:stream'

const newline = 0x0a

/** Splits at line feeds only: a line separator inside a JSON string is no end of line. A last line without one is left out. */
export async function* readLines(stream: Readable): AsyncGenerator<string, undefined> {
  let parts: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let begin = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, begin)) {
      parts.push(chunk.subarray(begin, end))
      yield Buffer.concat(parts).toString('utf8')
      parts = []
      begin = end + 1
    }
    if (begin < chunk.length) parts.push(chunk.subarray(begin))
  }
}
