/**
 * The answer where no model may write, or where nothing that it wrote holds: the best sentences of the documents, verbatim, cited and marked as quotes; of a
 * procedure all of its steps. In: quotes, best first. Out: statements.
 */
import type { Statement } from '../core/answer.ts'
import { citationOf } from './cite.ts'
import { ProcedureCompleter } from './complete-procedure.ts'
import { figuresOf } from './figures.ts'
import { speaksOfAnother } from './near-miss.ts'
import type { QuestionKind } from './question-kind.ts'
import { isRelevant } from './relevance.ts'
import { aroundQuote, type SelectedQuote } from './select-quotes.ts'
import { procedureWith } from './steps.ts'
import { cellsOf, rowText } from './table-row.ts'

const quoteLimit = 2
/** Share of the question's terms that a quote must hold then. */
const minCoverageInDoubt = 0.5

/** Word for word: a row with the names of its columns, a sentence that begins with a pronoun with the one before it. */
const wordsOf = ({ passage, segment, text }: SelectedQuote): string => {
  const { header, before } = aroundQuote(passage, segment)
  if (header !== undefined) return rowText(cellsOf(text), cellsOf(header)).replaceAll(' ; ', '; ')
  return before === undefined ? text : `${before}${passage.language === 'en' ? ' ' : ''}${text}`
}

/** Each gives another value of one unit: "at least 8 characters if chosen by the subscriber", "at least 6 characters if chosen randomly". */
const areRivals = (one: string, other: string): boolean => {
  const held = figuresOf(other).measures
  return figuresOf(one).measures.some((measure) => {
    const ofUnit = held.filter(({ unit }) => unit !== '' && unit === measure.unit)
    return ofUnit.length > 0 && ofUnit.every(({ value }) => value !== measure.value)
  })
}

/** @param options.isInDoubt what a model wrote was refuted, and no calibration can say how much was found */
export const quoteStatements = (
  question: string,
  quotes: readonly SelectedQuote[],
  { kind, isInDoubt }: { readonly kind: QuestionKind; readonly isInDoubt: boolean },
): Statement[] => {
  const passages = [...new Set(quotes.map(({ passage }) => passage))]
  const standing = quotes
    .map((quote) => {
      const { passage, segment, coverage } = quote
      const statement: Statement = { text: wordsOf(quote), kind: 'quote', citations: [citationOf(passage, segment)] }
      return { statement, coverage, passage, segment }
    })
    .filter(
      ({ statement }) =>
        !speaksOfAnother(question, statement, passages) && isRelevant(question, kind, statement, passages),
    )
    .filter(({ coverage }) => !isInDoubt || coverage >= minCoverageInDoubt)
  const [best] = standing
  // A second quote from another document is often beside the answer: with them 0.84 of citations were of a relevant record (xquad-en).
  const near = standing.filter(({ passage }) => passage.documentId === best?.passage.documentId)
  const shown = near.slice(0, quoteLimit)
  // A value is not shown without the one that the same passage gives for another case.
  const rival = near
    .slice(quoteLimit)
    .find(({ statement, passage }) =>
      shown.some((each) => each.passage === passage && areRivals(each.statement.text, statement.text)),
    )
  if (rival) shown.push(rival)
  // Headings and warnings are often nearer to the question than the steps that they lead to.
  const isStep = ({ passage, segment }: (typeof near)[number]): boolean => procedureWith(passage, segment) !== undefined
  const step = kind === 'procedure' && !shown.some(isStep) ? near.find(isStep) : undefined
  if (step) shown.push(step)
  const completer = new ProcedureCompleter(passages, kind === 'procedure')
  const told = [...shown.flatMap(({ statement }) => completer.add(statement)), ...completer.rest()]
  return [...new Map(told.map((statement) => [statement.text, statement])).values()]
}
