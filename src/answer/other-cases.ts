/**
 * Cases of their own: "every 3 months, or monthly in foundry service", 80 公斤，且每層最多 20 公斤. The first figure is said of all but the case that follows with a figure of
 * its own. In: canonical texts of a statement and its source (number-words.ts). Out: the words of a statement by which it gives a case the figure of the others. Pure.
 * Neighbours: subject.ts tells figures of different things apart; judge-support.ts asks.
 */
import { clausesOf } from './clauses.ts'
import { contentWords, holdsWord, wordGround } from './content-words.ts'
import { agree, figuresOf, type Measure } from './figures.ts'
import { isRival } from './subject.ts'

/** What the statement names of all that only the case is called by; nothing where that is less than half. */
const namesOf = (statement: string, others: readonly string[], itsCase: string): string[] => {
  const ours = wordGround(others.join('\n'))
  const spoken = wordGround(statement)
  const theirs = contentWords(itsCase).filter((word) => !holdsWord(word, ours))
  const named = theirs.filter((word) => holdsWord(word, spoken))
  return named.length * 2 >= theirs.length ? named.map(({ text }) => text) : []
}

export const casesMistaken = (statement: string, source: string): string[] => {
  const pieces = clausesOf(source).map(({ text }) => ({ text, measures: figuresOf(text).measures }))
  if (pieces.length < 2) return []
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
        const isAlone = all.every((each) => each.unit !== measure.unit || each.value === measure.value)
        return mistakenBy(measure, isAlone ? statement : text)
      }),
  )
}
