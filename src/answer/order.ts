/**
 * Which comes first: "close A before B", 先A再B, "from the tank to the pump", "A is heavier than B". Such a statement holds all words of its source also
 * where the two sides have changed places. In: canonical texts of a statement and its source. Out: whether a side stands on the other there.
 */
import { toSimplified } from '../core/chinese-script.ts'
import { clauseOverlap } from './clause-overlap.ts'
import { clausesOf } from './clauses.ts'
import { contentWords, holdsExactly, type WordGround, wordGround } from './content-words.ts'
import { figuresOf, holdsCode } from './figures.ts'

/** Named groups `a` (first, lesser in place) and `b`. Those that begin with a side begin at the start: from every place they would take quadratic time. */
const pattern = (source: string) => new RegExp(toSimplified(source), 'iu')
const kinds: readonly (readonly RegExp[])[] = [
  [
    pattern('^\\W*(?:before|prior to)\\s(?<b>[^,，]+)[,，]\\s*(?<a>.+)$'),
    pattern('^\\W*(?:after|once)\\s(?<a>[^,，]+)[,，]\\s*(?<b>.+)$'),
    pattern('^(?<a>.+?)\\b(?:before|prior to)\\b(?<b>.+)$'),
    pattern('^(?<b>.+?)\\bafter\\b(?<a>.+)$'),
    pattern('^(?<a>.+?)[,;]?\\s(?:and )?(?:then|followed by)\\s(?<b>.+)$'),
    pattern('先(?<a>.+?)[,，、]?\\s?(?:再|後(?!,)|然後|才)(?<b>[^,，]+)'),
    pattern('(?:まず|最初に)(?<a>.+?)[、,。].{0,4}?(?:次に|その後|それから)(?<b>.+)$'),
    pattern('^(?<b>.+?)(?:之前|以前|する前に|の前に|前)[、,，]?\\s?(?:應|須|請|必須|先|必ず)*(?<a>.+)$'),
    pattern(
      '^(?<a>.+?)(?:之後|以後|した後(?:で|に)?|の後(?:で|に)?|てから|後)[、,，]?\\s?(?:應|須|請|必須|再|才|方可)*(?<b>.+)$',
    ),
  ],
  [
    pattern('\\bfrom\\b(?<a>.+?)\\b(?:to|into)\\b(?<b>.+)$'),
    pattern('(?:從|由)(?<a>.+?)(?:到|至|流向|進入|送至|[換改變轉切][換成為作用]{1,2})(?<b>.+)$'),
    pattern('^(?<a>.+?)から(?<b>[^、,，]+?)(?:へ|まで|に)'),
  ],
  [
    pattern('^(?<a>.+?)\\bthan\\b(?<b>.+)$'),
    pattern('^(?<a>.+?)比(?!例|率|重|較)(?<b>.+)$'),
    pattern('^(?<b>.+?)より(?<a>.+)$'),
    pattern('(?:replace|substitute|swap|exchange)(?:s|d|ing)?\\b(?<a>.+?)\\b(?:with|by|for)\\b(?<b>.+)$'),
    pattern(
      '^(?<a>.+?)\\b(?:is|are|be) (?:replaced|driven|controlled|powered|supplied|connected|protected) (?:with|by|to)\\b(?<b>.+)$',
    ),
    pattern('^(?<a>.+?)\\binstead of\\b(?<b>.+)$'),
    pattern('^(?<a>.+?)\\b(?:drives|controls|feeds|powers|supplies|protects|cools|starts|stops|precedes)\\b(?<b>.+)$'),
  ],
]

/** The kind of "from the tank to the pump". */
const movement = 1

interface Sides {
  readonly a: string
  readonly b: string
}

const sidesOf = (text: string, patterns: readonly RegExp[]): Sides | undefined => {
  for (const each of patterns) {
    const groups = each.exec(text)?.groups
    if (groups?.a && groups.b) return { a: groups.a, b: groups.b }
  }
  return undefined
}

/** What of `part` stands in one side only. */
const standsOnly = (part: string, here: string, there: string): boolean => {
  const [own, other]: [WordGround, WordGround] = [wordGround(here), wordGround(there)]
  const words = contentWords(part)
  const { codes, measures } = figuresOf(part)
  const valuesOf = (text: string) => figuresOf(text).measures.map(({ value }) => value)
  return (
    words.some((word) => holdsExactly(word, own) && !holdsExactly(word, other)) ||
    codes.some(({ value }) => holdsCode(value, here) && !holdsCode(value, there)) ||
    measures.some(({ value }) => valuesOf(here).includes(value) && !valuesOf(there).includes(value))
  )
}

/** Whether the statement names an order at all: two sentences together do not say one. */
export const namesOrder = (statement: string): boolean => sidesOf(statement, kinds[0] ?? []) !== undefined

const pastTense = /(?<!\b(?:is|are|was|were|be|been|being|the|a|an)\s)\b[a-z]{2,}ed\b(?! by\b)/gi

/** "The Tran defeated the Mongols" turned about: who does it and whom it is done to. */
const isTurnedAbout = (statement: string, source: string): boolean => {
  const [own, other] = [statement, source].map((text) => [...text.matchAll(pastTense)])
  return (own ?? []).some((verb) => {
    const [same, ...more] = (other ?? []).filter((each) => each[0].toLowerCase() === verb[0].toLowerCase())
    if (!same || more.length > 0) return false
    const before = statement.slice(0, verb.index)
    const after = statement.slice(verb.index + verb[0].length)
    const doer = source.slice(0, same.index)
    const done = source.slice(same.index + same[0].length)
    return standsOnly(before, done, doer) && standsOnly(after, doer, done)
  })
}

/** Whether a side of the statement holds what stands only on the other side in the source. */
export const isSwapped = (statement: string, source: string): boolean => {
  if (sidesSwapped(statement, source) || isTurnedAbout(statement, source)) return true
  // A sentence may say two orders: what comes before the work, what after.
  const pieces = clausesOf(source).map(({ text }) => text)
  if (pieces.length < 2) return false
  return clausesOf(statement).some(({ text }) => {
    const overlaps = pieces.map((piece) => clauseOverlap(text, piece))
    const most = Math.max(...overlaps)
    return most > 0 && pieces.every((piece, i) => overlaps[i] !== most || sidesSwapped(text, piece))
  })
}

/** Names what comes before the one that is ranked: フランスに次ぐ2位, 僅次於法國, "second only to France". */
const behind = [
  pattern('(?<first>[^、,，。;；はがで%]{1,30})に次(?:ぐ|いで)'),
  pattern('次於(?<first>[^、,，。;；的]{1,20})'),
  pattern('\\b(?:second|third|next) (?:only )?(?:to|after)\\s(?<first>[^,;.]{1,40})'),
]
const rank = /\d\s?(?:位|名|大)|第\s?\d|\b(?:second|third|rank(?:s|ed)?|place|largest|biggest)\b/iu

/** Whether the statement gives the rank to the one that the source puts before it. */
export const isRankOfFirst = (statement: string, source: string): boolean => {
  if (!rank.test(statement) || behind.some((each) => each.test(statement))) return false
  const spoken = wordGround(statement)
  return behind.some((each) => {
    const first = each.exec(source)?.groups?.first
    return first !== undefined && contentWords(first).some((word) => holdsExactly(word, spoken))
  })
}

/** 操作員在每班開始前, 開關每班開始前: what comes later is the same, whoever or whatever is named before it. */
const endsAlike = (one: string, other: string): boolean => {
  const [end] = /\p{Script=Han}{3}\s*$/u.exec(one) ?? []
  return end !== undefined && other.trimEnd().endsWith(end.trimEnd())
}

const sidesSwapped = (statement: string, source: string): boolean =>
  kinds.some((patterns, kind) => {
    const wanted = sidesOf(statement, patterns)
    const held = wanted && sidesOf(source, patterns)
    if (!wanted || !held) return false
    if (kind === 0 && endsAlike(wanted.b, held.b)) return false
    const [isAMoved, isBMoved] = [standsOnly(wanted.a, held.b, held.a), standsOnly(wanted.b, held.a, held.b)]
    // What moves goes from one side to the other: one that has changed places will do, as the other may be spelled otherwise.
    return kind === movement ? isAMoved || isBMoved : isAMoved && isBMoved
  })
