/**
 * Words that turn a statement into its opposite (opposite-words.ts), held against what the source has in their place. In: a statement, or a question, and its source, as canonical
 * texts. Out: the words that stand against the source; whether it tells of the opposite thing.
 */
import { stemmer } from 'stemmer'
import { clauseOverlap } from './clause-overlap.ts'
import { clausesOf } from './clauses.ts'
import { contentWords } from './content-words.ts'
import { isModifier, isQualifier, pairs } from './opposite-words.ts'

/** What is done first and what then are two things: "close A before opening B". */
const stepBorder =
  /\b(?:before|after|until|prior to)\b|之前|之后|(?<=[^之以])前(?=[,，、に先应须]|$)|先|再|前に|后(?=[,，、に])|てから|でから/
const stepsOf = (text: string): string[] =>
  clausesOf(text).flatMap((clause) => clause.text.split(stepBorder).filter((step) => step.trim() !== ''))

/** For each pair: 1 for the first side, 2 for the second, 3 for both, 0 for none. */
type Sides = readonly number[]
const limit = 4_000
const known = new Map<string, Sides>()
const sidesOf = (text: string): Sides => {
  const found = known.get(text)
  if (found) return found
  const sides = pairs.map(([one, other]) => (one.test(text) ? 1 : 0) + (other.test(text) ? 2 : 0))
  if (known.size >= limit) known.clear()
  known.set(text, sides)
  return sides
}

const contradicts = (wanted: Sides, held: Sides): number =>
  wanted.findIndex((side, i) => {
    const other = held[i] ?? 0
    return side !== 0 && other !== 0 && (side & ~other) !== 0
  })

const wordAt = (text: string, pair: number): string => {
  const found = pairs[pair]
  return found ? (found[0].exec(text)?.[0] ?? found[1].exec(text)?.[0] ?? '') : ''
}

const countOf = (pattern: RegExp, text: string): number =>
  text.match(new RegExp(pattern.source, `g${pattern.flags}`))?.length ?? 0
/** One side stands more often than in the source, the other less: "the lowest and the lowest" from "the highest and the lowest". */
const isExchanged = (statement: string, source: string, one: RegExp, other: RegExp): boolean => {
  const [more, less] = [
    countOf(one, statement) - countOf(one, source),
    countOf(other, statement) - countOf(other, source),
  ]
  return (more > 0 && less < 0) || (more < 0 && less > 0)
}

const prefix = '(?:un|in|im|dis|non-?)'
/** Suitable and unsuitable. */
const prefixedOf = (statement: string, source: string): string | undefined => {
  const [own, other] = [statement, source].map((text) => new Set(text.toLowerCase().match(/[a-z]{4,}/g) ?? []))
  if (!own || !other) return undefined
  const isPrefixed = (long: string, short: string) =>
    long.length > short.length && new RegExp(`^${prefix}${short}$`).test(long)
  return [...own].find(
    (word) =>
      !other.has(word) &&
      [...other].some((each) => !own.has(each) && (isPrefixed(word, each) || isPrefixed(each, word))),
  )
}

/**
 * The words of the statement whose opposite the source has in their place.
 * @param statement canonical text, as the others
 * @param context what the source stands under; it may hold the word
 * @param byClause false where the two are in different languages
 */
export const oppositesOf = (statement: string, source: string, context: string, byClause = true): string[] => {
  const above = sidesOf(context)
  const wanted = sidesOf(statement)
  const held = sidesOf(source)
  const against = contradicts(
    wanted,
    held.map((side, i) => (side === 0 ? 0 : side | (above[i] ?? 0))),
  )
  if (against >= 0) return [wordAt(statement, against)]
  const prefixed = prefixedOf(statement, source)
  if (prefixed !== undefined) return [prefixed]
  const exchanged = pairs.findIndex(([one, other], i) => held[i] === 3 && isExchanged(statement, source, one, other))
  if (byClause && exchanged >= 0) return [wordAt(statement, exchanged)]
  // The source has both sides: which belongs to which is told by its clauses.
  if (!byClause || !wanted.some((side, i) => side !== 0 && held[i] === 3)) return []
  const clauses = stepsOf(source).map((text) => ({ text, sides: sidesOf(text) }))
  for (const text of stepsOf(statement)) {
    const sides = sidesOf(text)
    if (!sides.some((side, i) => (side === 1 || side === 2) && held[i] === 3)) continue
    const words = contentWords(pairs.reduce((rest, [one, other]) => rest.replace(one, ' ').replace(other, ' '), text))
    const scores = clauses.map((clause) => clauseOverlap(text, clause.text, words))
    const most = Math.max(...scores)
    if (most === 0) continue
    const nearest = clauses.filter((_, i) => scores[i] === most)
    const free = nearest.find((clause) => contradicts(sides, clause.sides) < 0)
    if (!free) {
      const first = nearest[0]
      return [first ? wordAt(text, contradicts(sides, first.sides)) : text]
    }
  }
  return []
}

/** A word that another one is said of, and on which side of that it stands. */
interface Modified {
  readonly side: 'before' | 'behind'
  readonly word: string
}

const behind =
  /^(?:\s(?:of|to|for|from|the|an?)(?=\s))*\s?(?:的|の)?([A-Za-z][a-z-]{2,}|[\p{Script=Katakana}ー]{2,}|\p{Script=Han})/iu
const before = /([\p{Script=Katakana}ー]{2,}|\p{Script=Han}{2})[的の]?$/u

/** What each place of a pattern in the text is said of: `valve` of "the inlet valve", 溫度 of 溫度上限. */
const modifiedBy = (pattern: RegExp, text: string): Modified[] =>
  [...text.matchAll(new RegExp(pattern.source, `g${pattern.flags}`))].flatMap(({ 0: { length }, index }) => {
    const found: readonly (readonly [Modified['side'], string | undefined])[] = [
      ['behind', behind.exec(text.slice(index + length))?.[1]],
      ['before', before.exec(text.slice(0, index))?.[1]],
    ]
    return found.flatMap(([side, word]) =>
      word === undefined || contentWords(word).length === 0 ? [] : [{ side, word: stemmer(word.toLowerCase()) }],
    )
  })

/** The pairs of which the question has one side only, and the source the other. */
const exchangedFor = (question: string, said: string): { pair: number; own: RegExp; opposite: RegExp }[] => {
  const [wanted, held] = [sidesOf(question), sidesOf(said)]
  return pairs.flatMap(([one, other], pair) => {
    const side = wanted[pair]
    if ((side !== 1 && side !== 2) || ((held[pair] ?? 0) & (3 - side)) === 0) return []
    return [side === 1 ? { pair, own: one, opposite: other } : { pair, own: other, opposite: one }]
  })
}

/** "Front and rear panels", 前、後蓋. */
const bothSides = /[左前上][、,和与及・]?[右后下]/
const join = '\\s*(?:and|or|&|/|、|,|和|与|及|・|と|或)\\s*'
const areJoined = (one: RegExp, other: RegExp, text: string): boolean =>
  bothSides.test(text) ||
  new RegExp(`(?:${one.source})${join}(?:${other.source})|(?:${other.source})${join}(?:${one.source})`, one.flags).test(
    text,
  )

const isSaidOfOpposite = (own: RegExp, opposite: RegExp, question: string, said: string, labels: string): boolean => {
  const things = modifiedBy(own, question)
  if (things.length === 0) return false
  const [there, named] = [modifiedBy(opposite, said), modifiedBy(own, `${labels}\n${said}`)]
  const isAmong = (thing: Modified, all: readonly Modified[]): boolean =>
    all.some((each) => each.side === thing.side && each.word === thing.word)
  return (
    things.some((thing) => isAmong(thing, there)) &&
    !things.some((thing) => isAmong(thing, named)) &&
    !areJoined(own, opposite, said)
  )
}

/** Not 前輪 nor 前述. */
const begun = '(?![轮面门盖轴侧端部方进后罩板述者期提台列半])'
const beforeIt = new RegExp(`\\b(?:before|prior to)\\b|(?<=\\p{Script=Han}{2})[之以]?前${begun}`, 'iu')
const afterIt = new RegExp(`\\bafter\\b|(?<=\\p{Script=Han}{2})[之以]?后${begun}`, 'iu')

/**
 * Whether a source tells of the opposite of the thing that is asked about: of the outlet valve who asks for the inlet valve, of what is done before the start who asks what
 * comes after it.
 * @param question canonical text, as the others
 * @param labels what the source stands under; it may name the thing
 */
export const isOppositeModified = (question: string, said: string, labels: string): boolean =>
  isSaidOfOpposite(beforeIt, afterIt, question, said, labels) ||
  isSaidOfOpposite(afterIt, beforeIt, question, said, labels) ||
  exchangedFor(question, said).some(
    ({ pair, own, opposite }) => isModifier(pair) && isSaidOfOpposite(own, opposite, question, said, labels),
  )

/** 左護蓋 is as much on the left as 左側護蓋. */
const sideSign = /^[左右上下前后高低]/

/** Whether a source names only the other side, season or colour than the one that a value is asked of; parameters as above. */
export const isOppositeQualified = (question: string, said: string, labels: string): boolean =>
  exchangedFor(question, said).some(({ pair, own }) => {
    const [sign] = sideSign.exec(own.exec(question)?.[0] ?? '') ?? []
    const isNamed = (text: string): boolean => own.test(text) || (sign !== undefined && text.includes(sign))
    return isQualifier(pair) && !isNamed(said) && !isNamed(labels)
  })
