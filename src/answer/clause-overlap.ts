/** How much of one clause another holds: words, codes and numbers, counted. Tells which clause of a source a clause of a statement is about. */
import { contentWords, holdsWord, wordGround } from './content-words.ts'
import { figuresOf, holdsCode } from './figures.ts'

/** The clauses that hold most of the text; all of them where none holds anything. */
export const nearestClauses = <T extends { readonly text: string }>(text: string, clauses: readonly T[]): T[] => {
  const counts = clauses.map((each) => clauseOverlap(text, each.text))
  const most = Math.max(0, ...counts)
  return clauses.filter((_, i) => counts[i] === most)
}

/**
 * @param clause what is looked for
 * @param words its words, where some are not to count
 */
export const clauseOverlap = (clause: string, other: string, words = contentWords(clause)): number => {
  const ground = wordGround(other)
  const { codes, measures } = figuresOf(clause)
  const held = figuresOf(other)
  return (
    words.filter((word) => holdsWord(word, ground)).length +
    codes.filter(({ value }) => holdsCode(value, held.canonical)).length +
    measures.filter(({ value }) => held.measures.some((each) => each.value === value)).length
  )
}
