/**
 * Whether a source tells of another thing than the one that the question names: zone 2 where zone 3 is asked for, the outlet valve for the inlet valve, the Alpha Plus for the Alpha
 * Pro. In: the question, the quoted words and the headings over them, in one language. Out: yes or no. A slip is told only where the source puts the other in the place of the
 * one that is asked for: codes are near-miss.ts's, times premise.ts's. Used by `relevance.ts`.
 */
import { stemmer } from 'stemmer'
import { figuresOf } from './figures.ts'
import { isOppositeModified, isOppositeQualified } from './opposites.ts'

/** What stands before a number that counts or bounds; what is numbered has another word there. */
const noNames = new Set(
  (
    'about above after all and are around approximately at before below between both but by down equal equals every exactly first for from has have into is last least less max ' +
    'maximum min minimum more most next not of only or other over per plus set than that the then these this those times to under until up was were when with within'
  ).split(' '),
)
const largestLabel = 999

const nameOf = (word: string): string | undefined =>
  noNames.has(word.toLowerCase()) ? undefined : stemmer(word.toLowerCase())

/** The word that the number at a place belongs to: `zone` of "zone 3", 工 of 第3工程, 号机 of 3号机, 级 of 2级过滤器. */
const nameAt = (canonical: string, start: number, end: number): string | undefined => {
  const [before, after] = [canonical.slice(0, start), canonical.slice(end).trimStart()]
  if (before.trimEnd().endsWith('第')) return /^(?:\p{Script=Han}|[\p{Script=Katakana}ー]{2,})/u.exec(after)?.[0]
  const numbered = /^(?:号(?:\p{Script=Han}|[\p{Script=Katakana}ー]{2,})?|[级道段]|次侧|回目)/u.exec(after)?.[0]
  if (numbered !== undefined) return numbered
  const latin = /(?<![A-Za-z-])([A-Za-z]{3,})(?::\s?|\s)(?:no\.\s?|#\s?)?$/i.exec(before)?.[1]
  if (latin !== undefined) return nameOf(latin)
  return /([\p{Script=Katakana}ー]{2,}|\p{Script=Han}{2})(?::\s?|\s?)$/u.exec(before)?.[1]
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']
const ordinal = new RegExp(`\\b(${ordinals.join('|')}|(\\d{1,2})(?:st|nd|rd|th))\\s([a-z]{3,})`, 'gi')
/** Line B, Bライン, B線, ラインB, and in rows "Line: B". */
const lettered =
  /(?<![A-Za-z-])([A-Za-z]{3,})(?::\s?|\s)([A-H])(?![\w'’-])|(?<![A-Za-z0-9-])([A-H])\s?(\p{Script=Han}|[\p{Script=Katakana}ー]{2,})|([\p{Script=Katakana}ー]{2,}|\p{Script=Han}(?=\p{Script=Han}?(?::\s?|\s?)[A-H]))\p{Script=Han}?(?::\s?|\s?)([A-H])(?![A-Za-z0-9-])/gu

/** Which numbers, or letters, a text gives each name: `zone` 2 and 3. */
const labelsOf = (text: string): Map<string, Set<string>> => {
  const { canonical, measures } = figuresOf(text)
  const labels = new Map<string, Set<string>>()
  const add = (name: string | undefined, label: string): void => {
    if (name !== undefined) labels.set(name, (labels.get(name) ?? new Set()).add(label))
  }
  for (const { value, unit, start, end } of measures) {
    if (!Number.isInteger(Number(value)) || Number(value) > largestLabel) continue
    // 1回目 is the first time, not one time.
    const isOrdinal = canonical.startsWith('回目', start + value.length)
    if (unit === '' || isOrdinal) add(nameAt(canonical, start, isOrdinal ? start + value.length : end), value)
  }
  for (const [, word = '', digits, name = ''] of text.matchAll(ordinal)) {
    add(nameOf(name), digits ?? String(ordinals.indexOf(word.toLowerCase()) + 1))
  }
  for (const [, word, letter, first, han, katakana, last] of canonical.matchAll(lettered)) {
    add(word === undefined ? (han ?? katakana) : nameOf(word), letter ?? first ?? last ?? '')
  }
  return labels
}

/** "Zones 1 to 4", 5號至10號. */
const rangeOf = /(\d{1,3})\s?\p{Script=Han}?\s?(?:~|至|到|から|to|through)\s?(?:第|[a-z]+\s)?(\d{1,3})/gu

/** "What comes after stage 2?" is answered by stage 3. */
const relation =
  /\b(?:after|before|between|follow(?:s|ed|ing)?|next|previous|prior|than|instead|differ\w*|from)\b|[之以][前后後]|(?:した|する|の)[前後]|[前後]に|下一|上一|次[のはに]|[从從]|から|より|の間/i

const isOtherNumber = (question: string, said: string, labels: string): boolean => {
  if (relation.test(question)) return false
  const asked = labelsOf(question)
  if (asked.size === 0) return false
  const [held, above] = [labelsOf(said), labelsOf(labels)]
  const ranges = [...figuresOf(said).canonical.matchAll(rangeOf)].map(
    ([, from, to]) => [Number(from), Number(to)] as const,
  )
  const isHeld = (name: string, label: string): boolean =>
    held.get(name)?.has(label) === true ||
    held.get('number')?.has(label) === true ||
    above.get(name)?.has(label) === true ||
    ranges.some(([from, to]) => from <= Number(label) && Number(label) <= to)
  /** Letters name other things than numbers do. */
  const isLike = (label: string, other: string): boolean => /\d/.test(label) === /\d/.test(other)
  return [...asked].some(([name, wanted]) => {
    const there = [...(held.get(name) ?? [])]
    return [...wanted].every((label) => there.some((other) => isLike(label, other)) && !isHeld(name, label))
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
  /\b(?:what|which|who|whom|whose|where|when|how|why)\b|什[么麼]|[哪谁誰]|多少|[几幾]|怎|如何|何|どの|どれ|どこ|だれ|いくつ|いくら|いつ|どう|なぜ|は[?？]?$/iu

/** Asks what comes in the place of a thing. */
const turn =
  /\b(?:reliev\w+|replac\w+|instead|(?:go|goes|switch\w*|chang\w*) (?:back|over))\b|接班|交班|改回|切回|切換|切换|戻[すし]|交代|代わり/i

/** Asks who, what to do, why, or what holds in some case: the other side may well be the one, the remedy, the cause, the case. */
const asksForAct =
  /[誰谁]|だれ|\b(?:whom?|why|how (?:do|does|can|should|to)|what (?:should|must|to|do|does|happens|causes?)|causes?|reason|fix|remedy|solution|if|when .+ (?:is|are|has|have|does)|before|after)\b|怎|如何|[为為]什[么麼]|[为為]何|原因|[对對]策|対処|処置|[时時](?:候|に|は|[,，、應应該该要須须])|如果|若|なぜ|どう|場合|とき|たら|れば/iu

const isOpposite = (question: string, said: string, labels: string): boolean => {
  if (!open.test(question) || turn.test(question)) return false
  // "How high" asks for a height, of whatever is low or high.
  const named = question.replace(/\b(?:how (?:high|low|hot|cold|large|small)|highest|lowest)\b/i, '')
  const [asked = '', held = '', above = ''] = [named, said, labels].map((text) => figuresOf(text).canonical)
  return (
    isOppositeModified(asked, held, above) || (!asksForAct.test(question) && isOppositeQualified(asked, held, above))
  )
}

/**
 * @param said the quoted words
 * @param labels headings and names of documents over them
 */
export const isAskedOfAnother = (question: string, said: string, labels: string): boolean =>
  isOtherNumber(question, said, labels) || isOtherName(question, said, labels) || isOpposite(question, said, labels)
