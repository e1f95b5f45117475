/**
 * Whether one sentence or row holds a statement in its language. In: the statement and the ground. Out: how much of its words stand there, or what failed:
 * figures that are not there, bounds, moods and opposites that differ, figures that are another thing's, or too few words.
 */
import { toSimplified } from '../core/chinese-script.ts'
import { clauseOverlap } from './clause-overlap.ts'
import { boundsMissing, extremesMissing } from './comparison.ts'
import { contentWords, shareHeld, wordGround } from './content-words.ts'
import { figuresMissing, figuresOf, figuresRepeated } from './figures.ts'
import { rewriteNumbers } from './number-words.ts'
import { oppositesOf } from './opposites.ts'
import { isRankOfFirst, isSwapped } from './order.ts'
import { casesMistaken } from './other-cases.ts'
import type { Ground } from './passage-grounds.ts'
import { moodsAgree } from './polarity.ts'
import { lentNames, misreferred, withoutCase } from './reference.ts'
import { limitsPassed } from './restrictions.ts'
import { crossedFigures, foreignWords, isManner, isOutOfOrder, saidOtherwise } from './subject.ts'
import { misplacedCells, tellsNoCell } from './table-row.ts'

export interface Failure {
  /**
   * figures: a number, unit or code that is not there. comparison: it is there, but bounds otherwise, or in another order. negation: forbidden, permitted or
   * opposed there. subject: there it is said of something else. meaning: too few of the words. empty: nothing was said.
   */
  readonly reason: 'figures' | 'negation' | 'comparison' | 'subject' | 'meaning' | 'empty'
  /** What was missed, as far as it can be named. */
  readonly missing: readonly string[]
}

export type Judgement =
  | { readonly supported: true; readonly coverage: number }
  | { readonly supported: false; readonly failure: Failure; readonly coverage: number }

/** Share of the statement's words that the ground and its context must hold. */
const minCoverage = 0.6
/** Below it, a sentence is not worth a closer look. */
const minShared = 0.25
/** Share of a second sentence's words that the statement must name, so that it is not about another thing. */
const minNamed = 0.6

/** Case is kept: mW is not MW. */
const squeezed = (text: string): string => toSimplified(text.normalize('NFKC')).replace(/\s+/g, '')

const coverageOf = (statement: string, ground: Ground): number => {
  const words = contentWords(statement)
  if (words.length === 0) return 1
  const held = wordGround(`${ground.text}\n${ground.context}`)
  return words.reduce((sum, word) => sum + shareHeld(word, held), 0) / words.length
}

/** Where a pronoun goes on about the sentence before, that one lends its name: most of what else is told must stand with the pronoun. */
const isToldThere = (whole: string, { pronounPart }: Ground): boolean => {
  if (pronounPart === '') return true
  const statement = withoutCase(whole, pronounPart)
  const { measures, codes } = figuresOf(statement)
  const lent = lentNames(statement, pronounPart)
  const words = contentWords(statement).filter((word) => !isManner(word) && !lent.has(word.text))
  const told = words.length + measures.length + codes.length
  return clauseOverlap(statement, pronounPart, words) * 2 > told
}

/** A part of a statement rests on a sentence that the whole statement speaks of. */
const isNamedIn = (whole: string, ground: Ground): boolean => {
  const words = contentWords(ground.text)
  const spoken = wordGround(whole)
  const shares = words.map((word) => shareHeld(word, spoken))
  return (
    shares.reduce((sum, share) => sum + share, 0) >= words.length * minNamed &&
    (shares[0] ?? 1) > 0 &&
    words.every((word, i) => !word.isTopic || (shares[i] ?? 0) > 0)
  )
}

/** The words by which a statement says of another thing, case or person what its source says; undefined where it does not. */
const saidOfAnother = (statement: string, ground: Ground): readonly string[] | undefined => {
  const { text, context, before, besideWords: beside, row } = ground
  // What the sentence before a pronoun tells besides is not what is told.
  const said = ground.pronounPart || text
  const checks: readonly (() => readonly string[])[] = [
    () => foreignWords(statement, text, context, { before, beside }),
    () => misreferred(statement, text, ground),
    () => limitsPassed(statement, said),
    ...(row
      ? [() => misplacedCells(statement, row)]
      : [() => crossedFigures(statement, said), () => casesMistaken(statement, said)]),
  ]
  for (const check of checks) {
    const words = check()
    if (words.length > 0) return words
  }
  return !row && (isOutOfOrder(statement, text) || saidOtherwise(statement, text, ground.beside)) ? [] : undefined
}

/** @param whole the statement that `text` is a part of */
export const judgeSupport = (text: string, ground: Ground, whole?: string): Judgement => {
  // What stands there word for word needs no comparison; a table row as it is has no names of columns.
  if (squeezed(text) === squeezed(ground.verbatim)) return { supported: true, coverage: 1 }
  const statement = rewriteNumbers(text)
  const coverage = coverageOf(statement, ground)
  const fails = (reason: Failure['reason'], missing: readonly string[] = []): Judgement => ({
    supported: false,
    failure: { reason, missing },
    coverage,
  })
  if (coverage < minShared || !isToldThere(statement, ground)) return fails('meaning')
  const figures = [...figuresMissing(text, ground.text, ground.context), ...figuresRepeated(text, ground.text)]
  if (figures.length > 0) return fails('figures', figures)
  if (whole !== undefined && !ground.row && !isNamedIn(whole, ground)) return fails('subject')
  const another = saidOfAnother(statement, ground)
  if (another) return fails('subject', another)
  if (ground.row && tellsNoCell(statement, ground.row, ground.context)) return fails('meaning')
  const bounds = [
    ...boundsMissing(text, ground.text),
    ...extremesMissing(statement, `${ground.text}\n${ground.context}`),
  ]
  if (bounds.length > 0) return fails('comparison', bounds)
  if (isSwapped(statement, ground.text) || isRankOfFirst(statement, ground.text)) return fails('comparison')
  const opposites = oppositesOf(statement, ground.text, ground.context)
  if (opposites.length > 0) return fails('negation', opposites)
  // A column called "recommended" does not recommend, and what the sentence before forbids is not what is told.
  const predicate = ground.row ? rewriteNumbers(ground.row.cells.join(' ; ')) : ground.pronounPart || ground.text
  if (!moodsAgree(statement, predicate)) return fails('negation')
  return coverage >= minCoverage ? { supported: true, coverage } : fails('meaning')
}
