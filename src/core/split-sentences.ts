/**
 * Cuts a text into sentences, by rules, for English, Chinese and Japanese (libraries keep copies of long inputs or cut inside
 * `No. 5`). In: the text of a paragraph or an answer. Out: ranges of UTF-16 code units.
 * Invariant: the ranges are in order, do not overlap, begin and end with a character that is not blank, and together hold
 * every character that is not blank.
 * Neighbours: the chunker (segments), the answerer (quotes, statements).
 */
import type { Range } from './document.ts'

/** Never the end of a sentence: something always follows. */
const alwaysContinues = new Set(
  'e.g i.e eg ie vs cf approx ca viz esp incl excl resp dr mr mrs ms prof fig figs eqn tbl'.split(' '),
)
/** An abbreviation only before a number or a letter code: `No. 5`, `Sec. A2`; else an ordinary word. */
const continuesBeforeNumber = new Set(
  `no nos sec sect ch chap vol p pp art eq eqs tab ref refs rev ver pt para app item cat pos ser st dia
   jan feb mar apr jun jul aug sep sept oct nov dec`.split(/\s+/),
)
/** A unit at the end of a sentence, or the short form of a word inside it: `5 min. The lamp`, `the max. pressure`. */
const continuesUnlessOpened = new Set('min max temp nom typ qty'.split(' '))
const closers = new Set([...'」』）】〉》〕］｝”’)]}»›'])
const openers = new Set([...'「『（【〈《〔［｛“‘([{«‹'])
const straightQuotes = new Set(['"', "'"])
const fullStops = new Set([...'。！？；｡…‥!?．.'])
const hard = new Set([...'。！？；｡'])
const sentenceOpener =
  /^(?:The|Then|This|That|These|If|When|It|In|Do|A|An|After|Before|For|See|To|Use|Check|Press|Turn)\b/u
/** Begins a list item or a row: such a line never continues the one before. */
const listMarker =
  /^[ \t\u3000]*(?:[-*+•・‣▪●○■□◆◇▶►※✓–—][ \t\u3000]|\(?[0-9０-９]{1,3}[.)、．）][ \t\u3000]|\(?[A-Za-z][.)][ \t]|[（(][0-9０-９一二三四五六七八九十a-zA-Z]{1,3}[）)]|[①-⑳❶-❿⓪㈠-㈩]|[一二三四五六七八九十]{1,3}[、．]|第[0-9０-９一二三四五六七八九十百]{1,4}[章節节条條項款])/u
/** A row of a table in plain text: cells parted by tabs or bars. */
const tableRow = /\t|^\s*\||\S {0,3}\| {0,3}\S/u

/** @returns the sentences, list lines and rows of the text, without the blanks between them */
export const splitSentences = (text: string): Range[] => {
  const ranges: Range[] = []
  let start = 0
  const cutAt = (end: number): void => {
    const range = trim(text, start, end)
    if (range) ranges.push(range)
    start = end
  }
  let i = 0
  while (i < text.length) {
    const character = text.charAt(i)
    if (character === '\n' || character === '\r') {
      if (isLineEnd(text, start, i)) cutAt(i + 1)
      i += 1
    } else if (fullStops.has(character)) {
      const run = endOfRun(text, i)
      const end = endOfClosers(text, start, run)
      if (isSentenceEnd(text, start, i, run, end)) cutAt(end)
      i = Math.max(end, i + 1)
    } else i += 1
  }
  cutAt(text.length)
  return ranges
}

const trim = (text: string, from: number, to: number): Range | undefined => {
  let start = from
  let end = to
  while (start < end && isBlank(text.charAt(start))) start += 1
  while (end > start && isBlank(text.charAt(end - 1))) end -= 1
  return start < end ? { start, end } : undefined
}

const isBlank = (character: string): boolean => character === '' || /\s/u.test(character)

/** A line break ends a segment at a blank line, before a list item, and around table rows; else it is only a wrapped line. */
const isLineEnd = (text: string, start: number, at: number): boolean => {
  const rest = text.slice(at + 1, at + 400)
  const nextLine = /^[^\r\n]*/u.exec(rest)?.[0] ?? ''
  if (nextLine.trim() === '') return true
  if (listMarker.test(nextLine) || tableRow.test(nextLine)) return true
  const lineStart = Math.max(start, text.lastIndexOf('\n', at - 1) + 1)
  return tableRow.test(text.slice(lineStart, at))
}

const endOfRun = (text: string, from: number): number => {
  let end = from + 1
  while (end < text.length && fullStops.has(text.charAt(end))) end += 1
  return end
}

/** Closing quotes and brackets belong to the sentence they close; a straight quote closes where one is open. */
const endOfClosers = (text: string, start: number, from: number): number => {
  let end = from
  for (;;) {
    const character = text.charAt(end)
    if (closers.has(character)) end += 1
    else if (straightQuotes.has(character) && isOpenQuote(text, start, end)) end += 1
    else if (end > from && fullStops.has(character) && character !== '.') end += 1
    else return end
  }
}

const isOpenQuote = (text: string, start: number, at: number): boolean => {
  const quote = text.charAt(at)
  let count = 0
  for (let i = start; i < at; i += 1) if (text.charAt(i) === quote) count += 1
  return count % 2 === 1
}

const isSentenceEnd = (text: string, start: number, at: number, run: number, end: number): boolean => {
  const stop = text.charAt(run - 1)
  const next = text.charAt(end)
  if (next === '') return true
  // 「停止。」と言った: what follows the quotation belongs to the sentence around it.
  if (end > run && /[\u3041-\u3096]/u.test(next)) return false
  if (!isBlank(next) && closesInsertion(text, start, run, end)) return false
  if ([...text.slice(at, run)].some((character) => hard.has(character))) return !isInsideBracket(text, start, at, end)
  if (/[…‥]/u.test(text.slice(at, run))) return isCjk(next) || (isBlank(next) && !/^\s*\p{Ll}/u.test(text.slice(end)))
  if (stop === '．') return !(isDigit(text.charAt(at - 1)) && isDigit(next))
  if (run - at > 2 && stop === '.') return /^\s+["'“‘(]?\p{Lu}/u.test(text.slice(end, end + 12))
  if (stop === '.') return isPeriodEnd(text, start, at, end)
  // A mark that stands alone is a sign among others: `; ! # &`.
  if (isBlank(text.charAt(at - 1))) return false
  return (isBlank(next) || isCjk(next) || openers.has(next)) && !/^\s*\p{Ll}/u.test(text.slice(end, end + 12))
}

/** `拧紧（注意方向。）后启动`: the bracket was opened inside the sentence, which goes on after it. */
const closesInsertion = (text: string, start: number, run: number, end: number): boolean => {
  if (!/[）)]/u.test(text.slice(run, end))) return false
  const from = Math.max(start, run - 300)
  const open = Math.max(text.lastIndexOf('（', run), text.lastIndexOf('(', run))
  return open > from && text.slice(from, open).trim() !== ''
}

/** `（1。2）` is one piece where the bracket is closed soon after; a bracket that is never closed holds nothing together. */
const isInsideBracket = (text: string, start: number, at: number, end: number): boolean => {
  const opened = text.slice(Math.max(start, at - 200), at).match(/[（(][^）)]*$/u)
  if (!opened) return false
  const rest = text.slice(at, at + 60)
  const closing = rest.search(/[）)]/u)
  return closing >= end - at && !rest.slice(0, closing).includes('\n')
}

const isDigit = (character: string): boolean => /[0-9０-９]/u.test(character)

const isCjk = (character: string): boolean =>
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u.test(character)

/** The ASCII full stop is also a decimal point, a part of names and addresses, and the mark of an abbreviation. */
const isPeriodEnd = (text: string, start: number, at: number, end: number): boolean => {
  const next = text.charAt(end)
  if (!isBlank(next)) return isCjk(next) && (isCjk(text.charAt(at - 1)) || end > at + 1)
  const following = /^\s+(\S{1,12})/u.exec(text.slice(end, end + 200))?.[1]
  if (following === undefined) return true
  if (/^["'“‘([]?\p{Ll}/u.test(following)) return false
  const token = /[^\s([（"“'‘]*$/u.exec(text.slice(Math.max(start, at - 40), at))?.[0] ?? ''
  return !isAbbreviation(text, start, at, token, following)
}

const isAbbreviation = (text: string, start: number, at: number, token: string, following: string): boolean => {
  const word = token.toLowerCase()
  const beforeNumber = /^[#(]?[0-9０-９]|^[A-Z]{1,2}[-.]?[0-9]|^[IVX]+\b/u.test(following)
  if (alwaysContinues.has(word)) return true
  if (continuesBeforeNumber.has(word)) return beforeNumber
  if (/^\d+$/u.test(token) && /^\d/u.test(following)) return true
  // `1. Remove the cover`, `Step 8. Close it`, `a. Press`, `2.3. Torque`: the number of the item that begins here.
  const first = text.slice(start, at).trimStart()
  if (/^(?:step|item|note|rule|point)\s\d{1,3}$/iu.test(first)) return true
  if (first === token && /^(?:[0-9]{1,3}(?:\.[0-9]{1,3})*|[A-Za-z]|[ivxIVX]{1,4})$/u.test(token)) return true
  // Initials and dotted abbreviations: `J. Smith`, `U.S. Navy`, `a.m. 5`; what opens a sentence ends them.
  const initials = /^(?:\p{L}\.)*\p{Lu}$/u.test(token) || /^(?:\p{L}\.)+\p{L}$/u.test(token)
  if (!initials && !continuesUnlessOpened.has(word)) return false
  return beforeNumber || !sentenceOpener.test(following)
}
