/**
 * Whether a source tells of another thing than the one that the question names: zone 2 where zone 3 is asked for, the outlet valve for the inlet valve, the Alpha Plus for the Alpha
 * Pro. In: the question, the quoted words and the headings over them, in one language. Out: yes or no. A slip is told only where the source puts the other in the place of the
 * one that is asked for: codes are near-miss.ts's, times premise.ts's. Used by `relevance.ts`.
 */
import { figuresOf } from './figures.ts'
import { isOppositeModified } from './opposites.ts'

/** What stands before a number that counts or bounds; what is numbered has another word there. */
const noNames = new Set(
  (
    'about above after all and are around approximately at before below below between both but by down equal equals every exactly first for from has have into is last least less max ' +
    'maximum min minimum more most next not of only or other over per plus set than that the then these this those times to under until up was were when with within'
  ).split(' '),
)
const largestLabel = 999

const singular = (word: string): string => word.toLowerCase().replace(/(?<=[^s])s$/, '')

/** The word that the number at a place belongs to: `zone` of "zone 3", 工程 of 第3工程, 号机 of 3号机. */
const nameAt = (canonical: string, start: number, end: number): string | undefined => {
  const [before, after] = [canonical.slice(0, start), canonical.slice(end)]
  if (before.endsWith('第')) return /^[\p{Script=Han}\p{Script=Katakana}ー]{1,2}/u.exec(after)?.[0]
  const numbered = /^号(?:\p{Script=Han}|[\p{Script=Katakana}ー]{2,})?/u.exec(after)?.[0]
  if (numbered !== undefined) return numbered
  const latin = /(?<![A-Za-z-])([A-Za-z]{3,})\s(?:no\.\s?|#\s?)?$/i.exec(before)?.[1]
  if (latin !== undefined) return noNames.has(latin.toLowerCase()) ? undefined : singular(latin)
  return /(?:[\p{Script=Katakana}ー]{2,}|\p{Script=Han}{2})\s?$/u.exec(before)?.[0].trim()
}

/** Which numbers a text gives each name: `zone` 2 and 3. Of a range, all of it. */
const labelsOf = (text: string): Map<string, Set<number>> => {
  const { canonical, measures } = figuresOf(text)
  const labels = new Map<string, Set<number>>()
  for (const [i, { value, unit, start, end, range }] of measures.entries()) {
    const number = Number(value)
    if (unit !== '' || !Number.isInteger(number) || number > largestLabel) continue
    const name = nameAt(canonical, start, end)
    if (name === undefined) continue
    const numbers = labels.get(name) ?? new Set()
    labels.set(name, numbers.add(number))
    const last = range === 'low' ? Number(measures[i + 1]?.value) : number
    for (let each = number; each <= Math.min(last, largestLabel); each += 1) numbers.add(each)
  }
  return labels
}

/** "What comes after stage 2?" is answered by stage 3. */
const relation =
  /\b(?:after|before|between|follow(?:s|ed|ing)?|next|previous|prior|than|instead|differ\w*|from)\b|之前|之[后後]|以前|以[后後]|[后後前次]|[从從]|から|より|間/i

const isOtherNumber = (question: string, said: string, labels: string): boolean => {
  if (relation.test(question)) return false
  const asked = labelsOf(question)
  if (asked.size === 0) return false
  const held = labelsOf(said)
  const above = labelsOf(labels)
  return [...asked].some(([name, numbers]) => {
    const there = held.get(name)
    return (
      there !== undefined && ![...numbers].some((number) => there.has(number) || above.get(name)?.has(number) === true)
    )
  })
}

const particles = '(?:\\s(?:de|del|della|der|van|von|of|the|la|le|du|di))*'
/** Two and more words with capitals, particles between them: `Alpha Pro`, `Tamara de Lempicka`. */
const names = new RegExp(`\\p{Lu}[\\p{L}\\p{N}]*(?:${particles}\\s\\p{Lu}[\\p{L}\\p{N}]*)+`, 'gu')
const partsOf = (name: string): string[] => name.match(/\p{Lu}[\p{L}\p{N}]*/gu) ?? []

/** They begin many names that have nothing in common. */
const commonFirst = /^(?:New|Old|Great|North|South|East|West|Northern|Southern|Eastern|Western|Saint|St|Mount|The)$/
const withoutAccents = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '')

/** The name that begins as another one and goes on otherwise, where neither the rest of the one that is asked for is there. */
const isOtherName = (question: string, said: string, labels: string): boolean => {
  const around = withoutAccents(`${labels}\n${said}`)
  // A question begins with a capital of its own.
  return (withoutAccents(question).slice(1).match(names) ?? []).some((name) => {
    const [first = '', ...rest] = partsOf(name)
    if (commonFirst.test(first) || rest.some((part) => around.toLowerCase().includes(part.toLowerCase()))) return false
    return new RegExp(`(?<![\\p{L}\\p{N}])${first}${particles}\\s\\p{Lu}[\\p{L}\\p{N}]`, 'u').test(withoutAccents(said))
  })
}

/** Asks for something, not whether something is so: that may well be denied by its opposite. */
const open =
  /\b(?:what|which|who|whom|whose|where|when|how|why)\b|什[么麼]|[哪谁誰]|多少|[几幾]|怎|如何|何|どの|どれ|どこ|だれ|いくつ|いくら|どう|なぜ/iu

const isOpposite = (question: string, said: string, labels: string): boolean => {
  if (!open.test(question)) return false
  const [asked = '', held = '', above = ''] = [question, said, labels].map((text) => figuresOf(text).canonical)
  return isOppositeModified(asked, held, above)
}

/**
 * @param said the quoted words
 * @param labels headings and names of documents over them
 */
export const isAskedOfAnother = (question: string, said: string, labels: string): boolean =>
  isOtherNumber(question, said, labels) || isOtherName(question, said, labels) || isOpposite(question, said, labels)
