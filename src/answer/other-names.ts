/**
 * Names that the documents themselves give to what is asked for: who asks for a password is asking for a "memorized secret — commonly referred to as a password", and
 * every rule on it speaks of memorized secrets. In: a question and the passages found for it, in its language. Out: the question with the other names in brackets.
 */
import type { Passage } from '../core/answer.ts'
import { foldText } from '../core/search-terms.ts'
import { contentWords, type Word } from './content-words.ts'

/** Names that are added. */
const nameLimit = 2
/** Words of a name. */
const wordLimit = 3
/** Characters on either side of a marker that can hold a name. */
const reach = 60

const quotation = '["“”\'‘’「『」』]'
const often = '(?:also|commonly|often|sometimes|usually|generally|informally|colloquially|otherwise|formerly|better)'
const naming = '(?:referred to as|known as|called|named|abbreviated (?:as|to))'
const article = '(?:an?\\s|the\\s)?'
/** Stands between a thing's name and another one: apart from the sentence, or with a word that says that there are two. */
const markers = [
  `\\s*[,(（—–-]{1,2}\\s*(?:${often}\\s){0,2}(?:referred to as|known as|abbreviated (?:as|to))\\s${article}${quotation}?`,
  `(?:\\s*[,(（—–-]{1,2}\\s*|\\s(?:(?:is|are|was|were)\\s)?)(?:${often}\\s){1,2}${naming}\\s${article}${quotation}?`,
  `\\s*[,(（—–-]{1,2}\\s*(?:hereinafter|hereafter)\\s(?:${naming}\\s)?${article}${quotation}?`,
  `[,，、(（]?(?:又|亦|也|俗|簡|简|或|舊|旧)(?:稱|称|名|叫)(?:為|为|作)?${quotation}?|[,，、(（]?以下(?:簡稱|简称|稱|称)(?:為|为)?${quotation}?`,
  `(?:は)?[、(（]?(?:以下|通称|別名|略称|略して)(?:は)?[、:：]?${quotation}?`,
]
const marker = new RegExp(markers.join('|'), 'gu')
/** 主軸は、スピンドルとも呼ばれる. */
const calledToo = new RegExp(`は、?${quotation}?(?=.{2,20}?${quotation}?とも(?:いう|言う|呼ぶ|呼ばれ|称))`, 'gu')
/** Lockout tagout (LOTO), 可程式邏輯控制器（PLC）. */
const abbreviation = /\s?[(（](?=([A-Z]{2,6})[)）])/gu

const endOf = ({ start, text }: Word): number => start + text.length

/** Words that follow one another without any other between them. */
const isRun = (text: string, one: Word | undefined, next: Word | undefined): boolean =>
  one !== undefined && next !== undefined && /^[\s-]?$/.test(text.slice(endOf(one), next.start))

/** What is named so is what the name is part of: "a native of Warsaw". */
const partOf = /(?:^|\s)(?:of|in|from|for|to|on|at|by|with)\s(?:the\s|an?\s)?$/i

const nameBefore = (text: string): string => {
  const words = contentWords(text)
  const last = words.at(-1)
  if (last === undefined || text.slice(endOf(last)).trim() !== '') return ''
  let first = words.length - 1
  while (words.length - first < wordLimit && isRun(text, words[first - 1], words[first])) first -= 1
  const start = words[first]?.start ?? 0
  return partOf.test(text.slice(0, start)) ? '' : text.slice(start, endOf(last))
}

/** Whether the letters stand in the words, in order, each word's first among them: LOTO, lockout tagout. */
const spells = ([word, ...rest]: readonly string[], letters: string): boolean => {
  if (word === undefined) return letters === ''
  if (word[0] !== letters[0]) return false
  let taken = 0
  for (const character of word) {
    if (character !== letters[taken]) continue
    taken += 1
    if (spells(rest, letters.slice(taken))) return true
  }
  return false
}

const particles = new Set('of the and for on in to'.split(' '))

/** The words that an abbreviation stands for; of Chinese and Japanese the word before it. */
const abbreviated = (text: string, letters: string): string => {
  if (!/[A-Za-z]$/.test(text)) return nameBefore(text)
  const words = [...text.matchAll(/[A-Za-z]+/g)].map(({ 0: word, index }) => ({ word: word.toLowerCase(), index }))
  for (let first = words.length - 1; first >= 0 && words.length - first <= letters.length * 2; first -= 1) {
    const spelled = words.slice(first).flatMap(({ word }) => (particles.has(word) ? [] : [word]))
    if (spells(spelled, letters.toLowerCase())) return text.slice(words[first]?.index)
  }
  return ''
}

const nameAfter = (text: string): string => {
  const words = contentWords(text)
  const [first] = words
  if (first === undefined || text.slice(0, first.start).trim() !== '') return ''
  let last = 0
  while (last + 1 < wordLimit && isRun(text, words[last], words[last + 1])) last += 1
  return text.slice(first.start, endOf(words[last] ?? first))
}

const namesIn = (text: string): readonly (readonly [string, string])[] => {
  const plain = text.normalize('NFKC').replaceAll(/\s+/g, ' ')
  const before = (at: number) => plain.slice(Math.max(0, at - reach), at)
  const named = [...plain.matchAll(marker), ...plain.matchAll(calledToo)].map((match) => {
    const end = match.index + match[0].length
    return [nameBefore(before(match.index)), nameAfter(plain.slice(end, end + reach))] as const
  })
  const short = [...plain.matchAll(abbreviation)].map(
    ({ index, 1: letters = '' }) => [abbreviated(before(index).trimEnd(), letters), letters] as const,
  )
  return [...named, ...short].filter(([formal, other]) => formal.length > 1 && other.length > 1)
}

/** Where the name ends in the question; a Latin one stands as a word. */
const endIn = (question: string, name: string): number | undefined => {
  const [text, wanted] = [foldText(question), foldText(name)]
  const at = text.indexOf(wanted)
  const isLetter = (character: string | undefined) => /[a-z\d]/.test(character ?? '')
  const isPart = isLetter(text[at - 1]) && isLetter(wanted[0])
  return at < 0 || isPart || isLetter(text[at + wanted.length]) ? undefined : at + wanted.length
}

/** @param passages in the question's language; those of others are not to be given */
export const withOtherNames = (question: string, passages: readonly Passage[]): string => {
  let named = question.normalize('NFKC')
  let left = nameLimit
  for (const [formal, other] of passages.flatMap(({ text }) => namesIn(text))) {
    if (left === 0) break
    const end = endIn(named, other) ?? endIn(named, formal)
    const added = endIn(named, other) === undefined ? other : formal
    if (end === undefined || endIn(named, added) !== undefined) continue
    named = `${named.slice(0, end)} (${added})${named.slice(end)}`
    left -= 1
  }
  return left === nameLimit ? question : named
}
