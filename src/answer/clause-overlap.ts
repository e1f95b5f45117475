/** How much of one clause another holds: words, codes and numbers, counted. Tells which clause of a source a clause of a statement is about. */
import { contentWords, holdsWord, wordGround } from './content-words.ts'
import { figuresOf, holdsCode } from './figures.ts'

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
