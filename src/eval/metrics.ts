/** Measures of retrieval and of answers. Ranks are of documents: passages of one document count once, at the best of them. */

import { figuresMissing } from '../answer/figures.ts'
import type { Answer } from '../core/answer.ts'
import type { DocumentId } from '../core/ids.ts'
import { foldText, questionTerms, searchTerms } from '../core/search-terms.ts'
import { termCoverage } from '../retrieval/term-coverage.ts'
import type { EvaluationQuery } from './question-set.ts'

export interface RetrievalMetrics {
  /** Answerable questions that name what is relevant. */
  readonly n: number
  readonly hit1: number
  readonly hit5: number
  readonly hit10: number
  readonly mrr10: number
  readonly ndcg10: number
}

/** For one question: the ids found, best first, each once, and those that are relevant. */
export interface RankedResult {
  readonly found: readonly string[]
  readonly relevant: ReadonlySet<string>
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length
export const round = (value: number, digits = 4): number => Number(value.toFixed(digits))

const discount = (rank: number): number => 1 / Math.log2(rank + 2)

/** Normalised discounted cumulative gain with gains 0 and 1 (Järvelin and Kekäläinen 2002). */
const ndcgAt10 = ({ found, relevant }: RankedResult): number => {
  const gained = found.slice(0, 10).reduce((sum, id, rank) => sum + (relevant.has(id) ? discount(rank) : 0), 0)
  const ideal = Array.from({ length: Math.min(10, relevant.size) }, (_, rank) => discount(rank)).reduce(
    (a, b) => a + b,
    0,
  )
  return ideal === 0 ? 0 : gained / ideal
}

export const retrievalMetrics = (results: readonly RankedResult[]): RetrievalMetrics => {
  const ranks = results.map(({ found, relevant }) => found.findIndex((id) => relevant.has(id)))
  const hitAt = (k: number) => round(mean(ranks.map((rank) => (rank >= 0 && rank < k ? 1 : 0))))
  return {
    n: results.length,
    hit1: hitAt(1),
    hit5: hitAt(5),
    hit10: hitAt(10),
    mrr10: round(mean(ranks.map((rank) => (rank >= 0 && rank < 10 ? 1 / (rank + 1) : 0)))),
    ndcg10: round(mean(results.map(ndcgAt10))),
  }
}

/** A long accepted answer counts as given when this share of its terms stands in the answer. */
const longAnswerCoverage = 0.5
const longAnswerTerms = 12

/** Blanks and punctuation aside; a number or a Latin word must not go on before or after it: 5 does not stand in 150. */
const holdsPhrase = (text: string, phrase: string): boolean => {
  const plain = (each: string) =>
    foldText(each)
      .replace(/(?<!\d)[\p{P}]|[\p{P}](?!\d)/gu, ' ')
      .replace(/\s+/gu, ' ')
      .trim()
  const wanted = plain(phrase)
  if (wanted === '') return false
  const pattern = wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s*')
  return new RegExp(`(?<![a-z\\d])(?<!\\d[.,])${pattern}(?![a-z\\d])(?![.,]\\d)`, 'u').test(plain(text))
}

/**
 * Whether one of the accepted answers is given: a short one must stand in the statements word for word (width, case, script and blanks
 * aside), of a long one half of the terms.
 */
export const isCorrect = (answer: Answer, accepted: readonly string[]): boolean =>
  holdsAnswer(answer.statements.map((statement) => statement.text).join('\n'), accepted)

const holdsAnswer = (text: string, accepted: readonly string[]): boolean => {
  const held = new Set(searchTerms(text))
  return accepted.some((each) => {
    const terms = questionTerms(each)
    if (terms.length > longAnswerTerms) return termCoverage(terms, held) >= longAnswerCoverage
    return holdsPhrase(text, each)
  })
}

/** @param recordsOf records of the corpus that each document is */
export const judge = (
  query: EvaluationQuery,
  answer: Answer,
  recordsOf: ReadonlyMap<DocumentId, readonly string[]>,
): JudgedAnswer => {
  const recordsIn = ({ documentId }: { readonly documentId: DocumentId }) => recordsOf.get(documentId) ?? []
  return {
    query,
    answer,
    citedRecords: answer.statements.flatMap(({ citations }) => citations.map(recordsIn)),
    isFound: answer.passages.some((passage) => recordsIn(passage).some((id) => query.relevant.includes(id))),
  }
}

/** Of the answerable questions with accepted answers whose record was found. */
interface QuoteMetrics {
  readonly n: number
  /** Questions whose best quote holds an accepted answer. */
  readonly first: number
  /** One of whose best three does. */
  readonly firstThree: number
}

export interface AnswerMetrics {
  readonly n: number
  readonly answered: number
  /** Of the answerable questions with accepted answers. */
  readonly correct: number
  readonly refusedAnswerable: number
  readonly answeredUnanswerable: number
  /** Share of citations whose document is one of the relevant ones; of answerable questions only. */
  readonly citationPrecision: number
  readonly statements: number
  /** Statements with a number, unit or code that their cited passages do not hold. */
  readonly unsupportedStatements: number
  readonly quotes: QuoteMetrics
}

export interface JudgedAnswer {
  readonly query: EvaluationQuery
  readonly answer: Answer
  /** For each citation of the answer: the corpus records that its document is. */
  readonly citedRecords: readonly (readonly string[])[]
  /** Whether one of its passages is of a relevant record. */
  readonly isFound: boolean
}

const isUnsupported = (answer: Answer, statement: Answer['statements'][number]): boolean => {
  const cited = new Set(statement.citations.map(({ passageId }) => passageId))
  const ground = answer.passages
    .filter(({ id }) => cited.has(id))
    .map(({ documentName, heading, text }) => `${documentName}\n${heading}\n${text}`)
  return statement.citations.length === 0 || figuresMissing(statement.text, ground.join('\n')).length > 0
}

const quoteMetrics = (judged: readonly JudgedAnswer[]): QuoteMetrics => {
  const asked = judged.filter(({ query, isFound }) => query.answerable && query.answers.length > 0 && isFound)
  const holdIn = (count: number) =>
    asked.filter(({ query, answer }) => {
      const shown = answer.quotes.slice(0, count)
      return holdsAnswer(
        shown.flatMap(({ header, before, text }) => [header ?? '', before ?? '', text]).join('\n'),
        query.answers,
      )
    }).length
  return { n: asked.length, first: holdIn(1), firstThree: holdIn(3) }
}

export const answerMetrics = (judged: readonly JudgedAnswer[]): AnswerMetrics => {
  const count = (predicate: (each: JudgedAnswer) => boolean) => judged.filter(predicate).length
  const answered = ({ answer }: JudgedAnswer) => answer.status === 'answered'
  const citations = judged
    .filter(({ query }) => query.answerable && query.relevant.length > 0)
    .flatMap(({ query, citedRecords }) =>
      citedRecords.map((records) => records.some((id) => query.relevant.includes(id))),
    )
  const statements = judged.flatMap(({ answer }) => answer.statements.map((statement) => ({ answer, statement })))
  return {
    n: judged.length,
    answered: count(answered),
    correct: count((each) => each.query.answerable && answered(each) && isCorrect(each.answer, each.query.answers)),
    refusedAnswerable: count((each) => each.query.answerable && !answered(each)),
    answeredUnanswerable: count((each) => !each.query.answerable && answered(each)),
    citationPrecision: round(mean(citations.map(Number))),
    statements: statements.length,
    unsupportedStatements: statements.filter(({ answer, statement }) => isUnsupported(answer, statement)).length,
    quotes: quoteMetrics(judged),
  }
}

/** p50 and p95 of times in milliseconds, nearest rank; null where there are none. */
export const percentiles = (times: readonly number[]): { p50: number | null; p95: number | null } => {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number) => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
    return value === undefined ? null : round(value, 1)
  }
  return { p50: at(0.5), p95: at(0.95) }
}
