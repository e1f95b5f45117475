/**
 * Cases of their own: "every 3 months, or monthly in foundry service", 80 公斤，且每層最多 20 公斤. The first figure is said of all but the case that follows with a figure of
 * its own; and what follows from one condition does not follow from another. In: canonical texts of a statement and its source (number-words.ts). Out: the words or clauses
 * by which the statement gives a case what is another's. Pure. Neighbours: subject.ts tells figures of different things apart; judge-support.ts asks.
 */
import { nearestClauses } from './clause-overlap.ts'
import { clausesOf, isBareCondition } from './clauses.ts'
import { contentWords, holdsWord, wordGround } from './content-words.ts'
import { agree, figuresOf, isOnlyOfUnit, type Measure } from './figures.ts'
import { isRival } from './subject.ts'

/** What the statement names of all that only the case is called by; nothing where that is less than half. */
const namesOf = (statement: string, others: readonly string[], itsCase: string): string[] => {
  const ours = wordGround(others.join('\n'))
  const spoken = wordGround(statement)
  const theirs = contentWords(itsCase).filter((word) => !holdsWord(word, ours))
  const named = theirs.filter((word) => holdsWord(word, spoken))
  return named.length * 2 >= theirs.length ? named.map(({ text }) => text) : []
}

const borderOfCases = /[;；]/

/** "If holes appear, lower the temperature; if the film wrinkles, lower the speed": what follows from one condition does not follow from the other. */
const wrongConsequence = (statement: string, source: string): string[] => {
  const cases = source.split(borderOfCases).map((text) => ({ text }))
  const [condition, ...consequences] = clausesOf(statement).map(({ text }) => text)
  if (cases.length < 2 || condition === undefined || !isBareCondition(condition)) return []
  const meant = nearestClauses(condition, cases)
  return consequences.filter((text) => !nearestClauses(text, cases).some((each) => meant.includes(each)))
}

/** @returns words or clauses of the statement; none where each case has what is its own */
export const casesMistaken = (statement: string, source: string): string[] => {
  const wrong = wrongConsequence(statement, source)
  const pieces = clausesOf(source).map(({ text }) => ({ text, measures: figuresOf(text).measures }))
  if (pieces.length < 2 || wrong.length > 0) return wrong
  const all = figuresOf(statement).measures
  const mistakenBy = (measure: Measure, text: string): string[] => {
    const holds = ({ measures }: (typeof pieces)[number]) => measures.some((each) => agree(measure, each, source))
    const others = pieces.filter(holds).map((each) => each.text)
    // What comes first lends its subject to what follows: only a later one is a case of its own.
    const cases = others.length === 0 ? [] : pieces.slice(pieces.findLastIndex(holds) + 1)
    return cases
      .filter(({ measures }) => measures.some((each) => isRival(measure, each)))
      .flatMap((each) => namesOf(text, others, each.text))
  }
  return clausesOf(statement).flatMap(({ text }) =>
    figuresOf(text)
      .measures.filter(({ unit }) => unit !== '')
      .flatMap((measure) => {
        // What the whole statement says is said of its only figure of the kind.
        return mistakenBy(measure, isOnlyOfUnit(measure, all) ? statement : text)
      }),
  )
}
