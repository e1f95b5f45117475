/**
 * Reads what the model writes sentence by sentence, so that one can be checked and shown while the next is being written. In: pieces of text.
 * Out: sentences without list marks, emphasis, table lines and source numbers of the model's own. Ends at the words that say "not found".
 */
import { splitSentences } from '../core/split-sentences.ts'

/** What the prompt tells the model to write where the sources do not hold the answer; "the tool was not found" is an alarm's meaning. */
export const notFound = /\bNOT[\s_]FOUND\b|^\W*[Nn]ot[\s_-]*found\W*$/

/** `1. `, `- `, `**`, `[2]`: the model's own marks; citations are made by code. */
const clean = (sentence: string): string =>
  sentence
    .replace(/^\s*(?:[-*•]\s+|\(?\d{1,2}[.)、](?!\d)\s*|#+\s+)/u, '')
    .replace(/\*\*|`/g, '')
    .replace(/\s*\[\d+(?:,\s*\d+)*\]/g, '')
    .trim()

const tableRow = /^\|(.+?)\|?$/
/** Between the head and the rows of a table in Markdown. */
const tableRule = /^\|[\s|:-]*$/
const onlyNotFound = /^\W*not[\s_-]*found\W*$/i

/** Whether a text says anything: letters or digits, not marks alone. */
export const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text)

/** @param isTerm whether the sources themselves write NOT FOUND, as alarms do: only a sentence of nothing else is the model's verdict then */
export async function* readSentences(pieces: AsyncIterable<string>, isTerm = false): AsyncGenerator<string> {
  const isVerdict = isTerm ? onlyNotFound : notFound
  for await (const written of withoutTableHeads(readRaw(pieces))) {
    const sentence = clean(written)
    if (isVerdict.test(sentence)) return
    if (hasWords(sentence)) yield sentence
  }
}

async function* readRaw(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let text = ''
  for await (const piece of pieces) {
    text += piece
    const ranges = splitSentences(text)
    // The last one may go on.
    for (const { start, end } of ranges.slice(0, -1)) yield text.slice(start, end)
    text = text.slice(ranges.at(-1)?.start ?? 0)
  }
  yield text.trim()
}

/** The head of a table that the model draws says nothing; its rows are read as sentences. */
async function* withoutTableHeads(sentences: AsyncIterable<string>): AsyncGenerator<string> {
  let row: string | undefined
  for await (const sentence of sentences) {
    if (tableRule.test(sentence)) {
      row = undefined
      continue
    }
    if (row !== undefined) yield row
    const cells = tableRow.exec(sentence)?.[1]?.split('|')
    row = cells?.map((cell) => cell.trim()).join(', ')
    if (row === undefined) yield sentence
  }
  if (row !== undefined) yield row
}
