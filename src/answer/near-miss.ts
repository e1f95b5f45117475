/**
 * Who asks for X-200 must not be told of X-100. In: the question and the passages that were found. Out: the codes asked for that no passage holds, each with
 * the similar ones that the documents speak of. The identifier lane finds a code wherever it stands, so what no passage holds is not in the documents.
 */
import type { NearMiss, Passage, Statement } from '../core/answer.ts'
import { type Identifier, identifiersOf, identifiersOfName, seriesOf } from '../core/identifiers.ts'
import { escapePattern } from './units.ts'

/** Similar codes that are named. */
const namedLimit = 3

const identifiersIn = (passage: Pick<Passage, 'documentName' | 'heading'>, text: string): Identifier[] => [
  ...identifiersOfName(passage.documentName),
  ...identifiersOf(`${passage.heading}\n${text}`),
]

/** One character put in, left out or another, or two neighbours changed about. */
const isOneSlipAway = (a: string, b: string): boolean => {
  if (a === b || Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start += 1
  const [restOfA, restOfB] = [a.slice(start), b.slice(start)]
  if (restOfA.slice(1) === restOfB.slice(1) || restOfA.slice(1) === restOfB || restOfA === restOfB.slice(1)) return true
  return restOfA[0] === restOfB[1] && restOfA[1] === restOfB[0] && restOfA.slice(2) === restOfB.slice(2)
}

/** Of one series, or easily taken for each other, PPR-9087 and PPR-9078. */
const isSimilar = (a: string, b: string): boolean =>
  a !== b && ((seriesOf(a) !== '' && seriesOf(a) === seriesOf(b)) || (a.length > 3 && isOneSlipAway(a, b)))

/** As the text writes it; identifiers keep no capitals. */
const asWritten = ({ spelling }: Identifier, text: string): string =>
  new RegExp(escapePattern(spelling), 'i').exec(text.normalize('NFKC'))?.[0] ?? spelling.toUpperCase()

/** Codes of the question, each once. */
const codesOf = (question: string): Identifier[] => [
  ...new Map(identifiersOf(question).map((each) => [each.key, each])).values(),
]

export const nearMissesOf = (question: string, passages: readonly Passage[]): NearMiss[] => {
  const asked = codesOf(question)
  if (asked.length === 0) return []
  const texts = passages.map((passage) => `${passage.documentName}\n${passage.heading}\n${passage.text}`)
  const found = passages.flatMap((passage, i) =>
    identifiersIn(passage, passage.text).map((identifier) => ({ identifier, text: texts[i] ?? '' })),
  )
  const held = new Set(found.map(({ identifier }) => identifier.key))
  const isHeld = (code: Identifier) =>
    // `ISO 9001` is also a reading of `ISO 9001-2015`: one reading that is held will do.
    held.has(code.key) ||
    asked.some((other) => other.key !== code.key && other.key.includes(code.key) && held.has(other.key))
  return asked
    .filter((code) => !isHeld(code))
    .map((code) => {
      const similar = found.filter(({ identifier }) => isSimilar(code.key, identifier.key))
      const named = similar.map(({ identifier, text }) => asWritten(identifier, text))
      return { asked: asWritten(code, question), found: [...new Set(named)].slice(0, namedLimit) }
    })
}

/** Whether a statement rests on what is said of a similar code, and not of the one that is asked for. */
export const speaksOfAnother = (
  question: string,
  statement: Pick<Statement, 'text' | 'citations'>,
  passages: readonly Passage[],
): boolean => {
  const asked = codesOf(question)
  if (asked.length === 0) return false
  const ground = statement.citations.flatMap(({ passageId, quote }) => {
    const passage = passages.find(({ id }) => id === passageId)
    return passage ? identifiersIn(passage, quote) : []
  })
  const held = new Set(ground.map(({ key }) => key))
  // Who compares two of a series asks for both.
  const wanted = new Set(asked.map(({ key }) => key))
  return asked.some(
    ({ key }) => !held.has(key) && ground.some((other) => !wanted.has(other.key) && isSimilar(key, other.key)),
  )
}
