/**
 * Reads what the model writes sentence by sentence, so that one can be checked and shown while the next is being written. In: pieces of text.
 * Out: sentences without list marks, emphasis and source numbers of the model's own. Ends at the words that say "not found".
 */
import { splitSentences } from '../core/split-sentences.ts'

/** What the prompt tells the model to write where the sources do not hold the answer; "the tool was not found" is an alarm's meaning. */
const notFound = /\bNOT[\s_]FOUND\b|^\W*[Nn]ot[\s_-]*found\W*$/

/** `1. `, `- `, `**`, `[2]`: the model's own marks; citations are made by code. */
const clean = (sentence: string): string =>
  sentence
    .replace(/^\s*(?:[-*•]\s+|\(?\d{1,2}[.)、](?!\d)\s*|#+\s+)/u, '')
    .replace(/\*\*|`/g, '')
    .replace(/\s*\[\d+(?:,\s*\d+)*\]/g, '')
    .trim()

const hasWords = /[\p{L}\p{N}]/u

export async function* readSentences(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let text = ''
  for await (const piece of pieces) {
    text += piece
    const ranges = splitSentences(text)
    // The last one may go on.
    for (const { start, end } of ranges.slice(0, -1)) {
      const sentence = clean(text.slice(start, end))
      if (notFound.test(sentence)) return
      if (hasWords.test(sentence)) yield sentence
    }
    text = text.slice(ranges.at(-1)?.start ?? 0)
  }
  const last = clean(text)
  if (hasWords.test(last) && !notFound.test(last)) yield last
}
