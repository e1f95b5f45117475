/**
 * What other documents say in the same words with other figures: seven versions of a manual that were uploaded as seven documents all answer, and only
 * one of them is right. In: a statement and what was found beside it. Out: the places that give another value, for the reader to decide.
 * Invariant: the words agree letter for letter, so what is named is the same sentence, or the same row of the same table.
 */
import type { Citation, Passage, Statement } from '../core/answer.ts'
import type { DocumentId } from '../core/ids.ts'
import { foldText } from '../core/search-terms.ts'
import { citationOf } from './cite.ts'
import { headerBefore, segmentText } from './segment-text.ts'

/** Less is no sentence. */
const minLetters = 6

interface Saying {
  readonly citation: Citation
  readonly documentId: DocumentId
  /** With its figures. */
  readonly text: string
  /** Without them, under the head of its table. */
  readonly wording: string
}

const sayingsOf = (passage: Passage): Saying[] =>
  passage.segments
    .filter(({ kind }) => kind === 'sentence' || kind === 'row')
    .flatMap((segment) => {
      const text = foldText(segmentText(passage, segment)).replace(/\s+/gu, '')
      const words = text.replace(/\d+(?:[.,]\d+)*/gu, '#')
      if (words === text || (words.match(/\p{L}/gu) ?? []).length < minLetters) return []
      const header = segment.kind === 'row' ? headerBefore(passage, segment) : undefined
      const wording = `${header ? foldText(segmentText(passage, header)) : ''}\n${words}`
      return [{ citation: citationOf(passage, segment), documentId: passage.documentId, text, wording }]
    })

/** Each text once: passages may overlap. */
const distinct = (sayings: readonly Saying[]): Saying[] => [
  ...new Map(sayings.map((each) => [`${each.documentId} ${each.wording} ${each.text}`, each])).values(),
]

export const differingSources = (
  { citations }: Pick<Statement, 'citations'>,
  passages: readonly Passage[],
): Citation[] => {
  const sayings = distinct(passages.flatMap(sayingsOf))
  const cited = sayings.filter(({ citation }) =>
    citations.some(({ passageId, quote }) => passageId === citation.passageId && quote.includes(citation.quote)),
  )
  return cited.flatMap((own) => {
    const alike = sayings.filter(({ wording }) => wording === own.wording)
    // Rows and steps that a document has several of, told apart by their figures alone, are not values of one thing.
    const isOnly = ({ documentId }: Saying) => alike.filter((each) => each.documentId === documentId).length === 1
    const others = alike.filter((each) => each.documentId !== own.documentId && each.text !== own.text)
    return isOnly(own) ? others.filter(isOnly).map(({ citation }) => citation) : []
  })
}
