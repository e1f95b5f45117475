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
/** Stands between a thing's name and another one. */
const markers = [
  `\\s*[,(（—–-]{0,2}\\s*(?:(?:is|are|was|were)\\s)?(?:${often}\\s){0,2}(?:referred to as|known as|abbreviated (?:as|to))\\s(?:an?\\s|the\\s)?${quotation}?`,
  `\\s*[,(（—–-]{1,2}\\s*(?:also|commonly|often|sometimes|usually|hereinafter|hereafter)\\s(?:called|named)?\\s?(?:an?\\s|the\\s)?${quotation}?`,
  `[,，、(（]?(?:又|亦|也|俗|簡|简|或|舊|旧)(?:稱|称|名|叫)(?:為|为|作)?${quotation}?|[,，、(（]?以下(?:簡稱|简称|稱|称)(?:為|为)?${quotation}?`,
  `(?:は)?[、(（]?(?:以下|通称|別名|略称|略して)(?:は)?[、:：]?${quotation}?`,
  '\\s?[(（](?=[A-Z]{2,6}[)）])',
]
const marker = new RegExp(markers.join('|'), 'gu')
/** 主軸は、スピンドルとも呼ばれる. */
const calledToo = new RegExp(`は、?${quotation}?(?=.{2,20}?${quotation}?とも(?:いう|言う|呼ぶ|呼ばれ|称))`, 'gu')

const endOf = ({ start, text }: Word): number => start + text.length

/** Words that follow one another without any other between them. */
const isRun = (text: string, one: Word | undefined, next: Word | undefined): boolean =>
  one !== undefined && next !== undefined && /^[\s-]?$/.test(text.slice(endOf(one), next.start))

const nameBefore = (text: string): string => {
  const words = contentWords(text)
  const last = words.at(-1)
  if (last === undefined || text.slice(endOf(last)).trim() !== '') return ''
  let first = words.length - 1
  while (words.length - first < wordLimit && isRun(text, words[first - 1], words[first])) first -= 1
  return text.slice(words[first]?.start, endOf(last))
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
  return [...plain.matchAll(marker), ...plain.matchAll(calledToo)].flatMap((match) => {
    const end = match.index + match[0].length
    const formal = nameBefore(plain.slice(Math.max(0, match.index - reach), match.index))
    const other = nameAfter(plain.slice(end, end + reach))
    return formal.length < 2 || other.length < 2 ? [] : [[formal, other] as const]
  })
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
