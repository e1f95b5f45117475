/**
 * Whether a statement that holds is about what was asked: a small model that does not find the answer writes down something else that stands in the sources.
 * In: the question and the statement. Out: yes, where enough of the question's words stand in what it says or rests on. Measured with the 1.5B on xquad and
 * jsquad: statements beside the question have 0 to 0.29 of its terms, right ones 0.47 and more, but for bare words ("中東"), which quotes stand in for.
 * What the question takes for granted must not be denied there (premise.ts), and it is to be of the thing that is asked about (asked-of-another.ts). Across languages words can not be compared; every statement passes.
 */
import type { Citation, Passage, Statement } from '../core/answer.ts'
import { detectLanguage } from '../core/detect-language.ts'
import { questionTerms, searchTerms } from '../core/search-terms.ts'
import { familyOf } from '../retrieval/language-bias.ts'
import { termCoverage } from '../retrieval/term-coverage.ts'
import { isAskedOfAnother } from './asked-of-another.ts'
import { keepsPremise } from './premise.ts'
import type { QuestionKind } from './question-kind.ts'
import { citedSegments, withHeader } from './segment-text.ts'

const minShare = 0.3

/** A row with the names of its columns: they may be what it tells of, No. 1 and No. 2. */
const quotedWithHeader = (passage: Passage, citation: Citation): string => {
  const row = citedSegments(passage, citation).find(({ kind }) => kind === 'row')
  return row ? withHeader(passage, row) : citation.quote
}

export const isRelevant = (
  question: string,
  kind: QuestionKind,
  statement: Pick<Statement, 'text' | 'citations'>,
  passages: readonly Passage[],
): boolean => {
  const grounds = statement.citations.flatMap((citation) => {
    const passage = passages.find(({ id }) => id === citation.passageId)
    return passage ? [{ passage, citation }] : []
  })
  const asked = familyOf(detectLanguage(question, grounds[0]?.passage.language))
  if (grounds.some(({ passage }) => familyOf(passage.language) !== asked)) return true
  const labels = grounds.map(({ passage: { documentName, heading } }) => `${documentName}\n${heading}`).join('\n')
  const quotes = grounds.map(({ passage, citation }) => quotedWithHeader(passage, citation)).join('\n')
  const texts = grounds.map(({ passage }) => passage.text).join('\n')
  if (!keepsPremise(question, `${statement.text}\n${quotes}`, `${labels}\n${texts}`)) return false
  // A step or an item says nothing of what it is a step of.
  const spoken = kind === 'fact' ? quotes : texts
  if (isAskedOfAnother(question, spoken, labels)) return false
  const held = new Set(searchTerms([statement.text, labels, spoken].join('\n')))
  return termCoverage(questionTerms(question), held) >= minShare
}
