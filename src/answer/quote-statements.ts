/**
 * The answer where no model may write, or where nothing that it wrote holds: the best sentences of the documents, verbatim, cited and marked as quotes; of a
 * procedure all of its steps. In: quotes, best first. Out: statements.
 */
import type { Statement } from '../core/answer.ts'
import { citationOf } from './cite.ts'
import { ProcedureCompleter } from './complete-procedure.ts'
import { speaksOfAnother } from './near-miss.ts'
import type { QuestionKind } from './question-kind.ts'
import { isRelevant } from './relevance.ts'
import type { SelectedQuote } from './select-quotes.ts'

const quoteLimit = 2
/** Share of the question's terms that a quote must hold to stand for statements that were all refuted. */
const minCoverageWhenRefuted = 0.5

export const quoteStatements = (
  question: string,
  quotes: readonly SelectedQuote[],
  { kind, isRefuted }: { readonly kind: QuestionKind; readonly isRefuted: boolean },
): Statement[] => {
  const passages = [...new Set(quotes.map(({ passage }) => passage))]
  const standing = quotes
    .map(({ passage, segment, text, coverage }) => {
      const statement: Statement = { text, kind: 'quote', citations: [citationOf(passage, segment)] }
      return { statement, coverage, documentId: passage.documentId }
    })
    .filter(
      ({ statement }) =>
        !speaksOfAnother(question, statement, passages) && isRelevant(question, kind, statement, passages),
    )
    // What a model wrote and code has refuted says little for the sources: only quotes that hold the question's own words stand then.
    .filter(({ coverage }) => !isRefuted || coverage >= minCoverageWhenRefuted)
  const [best] = standing
  // A second quote from another document is often beside the answer: with them 0.84 of citations were of a relevant record (xquad-en).
  const shown = standing.filter(({ documentId }) => documentId === best?.documentId).slice(0, quoteLimit)
  const completer = new ProcedureCompleter(passages, kind === 'procedure')
  const told = [...shown.flatMap(({ statement }) => completer.add(statement)), ...completer.rest()]
  return [...new Map(told.map((statement) => [statement.text, statement])).values()]
}
