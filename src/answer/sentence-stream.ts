/**
 * Reads what the model writes sentence by sentence, so that one can be checked and shown while the next is being written. In: pieces of text.
 * Out: sentences without list marks, emphasis, table lines and source numbers of the model's own. Ends at the words that say "not found".
 */
import { splitSentences } from '../core/split-sentences.ts'
import { withoutSourceNumbers } from './source-numbers.ts'

/** What the prompt tells the model to write where the sources do not hold the answer; "the tool was not found" is an alarm's meaning. */
export const notFound = /\bNOT[\s_]FOUND\b|^\W*[Nn]ot[\s_-]*found\W*$/

/** `1. `, `- `, `**`, `[2]`: the model's own marks; citations are made by code. */
const clean = (sentence: string): string =>
  withoutSourceNumbers(
    sentence.replace(/^\s*(?:[-*•]\s+|\(?\d{1,2}[.)、](?!\d)\s*|#+\s+)/u, '').replace(/\*\*|`/g, ''),
  ).trim()

const tableRow = /^\|(.+?)\|?$/
/** Between the head and the rows of a table in Markdown. */
const tableRule = /^\|[\s|:-]*$/
/** The same in a sentence, said of the sources that the prompt gives; of "this manual" it may be the manual's own. */
const notInSources = new RegExp(
  [
    "^\\W*(?:the )?(?:sources|passages|(?:provided|given) (?:sources?|passages?|text|information|context))\\b.{0,40}\\b(?:do(?:es)?|did)(?: not|n't) .{0,20}\\b(?:contain|mention|provide|specify|say|state|include|give|answer|describe|list)",
    '^\\W*(?:根據|根据)?(?:來源|来源|提供的(?:資料|资料|資訊|信息|文件|內容|内容)).{0,12}(?:沒有|没有|並未|并未|未)(?:明確|明确)?(?:提到|提及|說明|说明|提供|包含|包括|指出|記載|记载|回答)',
    '^\\W*(?:出典|提供された(?:資料|情報|文書)).{0,20}(?:記載|情報|言及|説明|含ま|書か).{0,8}(?:ません|ない)',
  ].join('|'),
  'iu',
)
/** "Follow these steps:" says nothing by itself. */
const leadIn = /[:：]$/
const onlyNotFound = /^\W*not[\s_-]*found\W*$/i

/** Whether a text says anything: letters or digits, not marks alone. */
export const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text)

/** @param isTerm whether the sources themselves write NOT FOUND, as alarms do: only a sentence of nothing else is the model's verdict then */
export async function* readSentences(pieces: AsyncIterable<string>, isTerm = false): AsyncGenerator<string> {
  const isVerdict = (sentence: string) =>
    (isTerm ? onlyNotFound.test(sentence) : notFound.test(sentence)) || notInSources.test(sentence)
  for await (const written of withoutTableHeads(readRaw(pieces))) {
    const sentence = clean(written)
    if (isVerdict(sentence)) return
    if (hasWords(sentence) && !leadIn.test(sentence)) yield sentence
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
