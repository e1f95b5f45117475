/** Answers and passages as text for a terminal. */
import type { AnswerView, PassageView } from './api-views.ts'

type Quote = AnswerView['quotes'][number]
type Statement = AnswerView['statements'][number]
type Citation = Statement['citations'][number]

const pageOf = (page: number, paginated: boolean | undefined): string => (paginated === false ? '' : `, page ${page}`)

const citationText = (
  citation: Pick<Citation, 'documentName' | 'page' | 'quote'>,
  paginated: boolean | undefined,
): string =>
  `     ↳ ${citation.documentName}${pageOf(citation.page, paginated)}: “${citation.quote.replace(/\s+/g, ' ').trim()}”`

export const statementText = (statement: Statement, passages: readonly PassageView[]): string => {
  const paginated = new Map(passages.map((passage) => [passage.documentId, passage.paginated]))
  return [
    `  • ${statement.text}`,
    ...statement.citations.map((each) => citationText(each, paginated.get(each.documentId))),
  ].join('\n')
}

const quoteText = (quote: Quote, passages: readonly PassageView[]): string => {
  const paginated = passages.find(({ documentId }) => documentId === quote.documentId)?.paginated
  return `  “${quote.text.replace(/\s+/g, ' ').trim()}” (${quote.documentName}${pageOf(quote.page, paginated)})`
}

export const answerText = (answer: AnswerView): string => {
  const { retrieve, firstStatement, total } = answer.timingsMs
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  const times = `found ${seconds(retrieve)}${firstStatement === undefined ? '' : `, first statement ${seconds(firstStatement)}`}, total ${seconds(total)}`
  const writer = answer.model ?? 'quotes, no model'
  const notes = [`  [${writer}; ${times}]`, ...answer.degraded.map((code) => `  degraded: ${code}`)]
  if (answer.status === 'answered') {
    return [...answer.statements.map((each) => statementText(each, answer.passages)), ...notes].join('\n')
  }
  const nearest = answer.quotes.slice(0, 2).map((quote) => quoteText(quote, answer.passages))
  return ['  Not found in the documents.', ...(nearest.length > 0 ? ['  Nearest:', ...nearest] : []), ...notes].join(
    '\n',
  )
}

export const passageText = (passage: PassageView, rank: number): string => {
  const pages =
    passage.pageStart === passage.pageEnd ? `${passage.pageStart}` : `${passage.pageStart}-${passage.pageEnd}`
  const where = [passage.documentName, ...(passage.paginated === false ? [] : [`page ${pages}`]), passage.heading]
    .filter(Boolean)
    .join(', ')
  const text = passage.text.replace(/\s+/g, ' ').trim()
  return `${rank}. ${where}  (${passage.scores.fused.toFixed(3)})\n   ${text.length > 240 ? `${text.slice(0, 240)}…` : text}`
}
