/** Answers and passages as text for a terminal. */
import type { AnswerView, PassageView } from './api-views.ts'

type Quote = AnswerView['quotes'][number]
type Statement = AnswerView['statements'][number]
type Citation = Statement['citations'][number]

/** Where a quote stands: revision, and page or sheet and cells. */
const placeOf = (
  { documentName, revision, page, pageLabel, cells }: Omit<Citation, 'quote'>,
  paginated: boolean | undefined,
): string =>
  [
    documentName,
    `rev. ${revision}`,
    ...(pageLabel !== undefined ? [pageLabel] : paginated === false ? [] : [`page ${page}`]),
    ...(cells !== undefined ? [cells] : []),
  ].join(', ')

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

const paginatedOf = (passages: readonly PassageView[], documentId: string): boolean | undefined =>
  passages.find((passage) => passage.documentId === documentId)?.paginated

const bulletOf: Readonly<Record<NonNullable<Statement['kind']> | 'written', string>> = {
  written: '•',
  quote: '• (word for word)',
  step: '•',
  safety: '⚠',
}

export const statementText = (statement: Statement, passages: readonly PassageView[]): string =>
  [
    `  ${bulletOf[statement.kind ?? 'written']} ${statement.text}`,
    ...statement.citations.map(
      (each) => `     ↳ ${placeOf(each, paginatedOf(passages, each.documentId))}: “${oneLine(each.quote)}”`,
    ),
    ...(statement.differing ?? []).map(
      (each) =>
        `     ≠ other figures in ${placeOf(each, paginatedOf(passages, each.documentId))}: “${oneLine(each.quote)}”`,
    ),
  ].join('\n')

const quoteText = (quote: Quote, passages: readonly PassageView[]): string =>
  `  “${oneLine([quote.header, quote.before, quote.text].filter(Boolean).join(' / '))}” (${placeOf(quote, paginatedOf(passages, quote.documentId))})`

export const answerText = (answer: AnswerView): string => {
  const { retrieve, firstStatement, total } = answer.timingsMs
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  const times = `found ${seconds(retrieve)}${firstStatement === undefined ? '' : `, first statement ${seconds(firstStatement)}`}, total ${seconds(total)}`
  // What nothing was written of, no model has written.
  const writer = answer.model ?? (answer.status === 'answered' ? 'quotes, no model' : undefined)
  const notes = [
    `  [${[writer, times].filter(Boolean).join('; ')}]`,
    ...answer.degraded.map((code) => `  degraded: ${code}`),
  ]
  if (answer.status === 'answered') {
    return [...answer.statements.map((each) => statementText(each, answer.passages)), ...notes].join('\n')
  }
  const nearest = answer.quotes.slice(0, 2).map((quote) => quoteText(quote, answer.passages))
  const nearMisses = (answer.nearMisses ?? []).map(
    ({ asked, found }) =>
      `  The documents do not mention ${asked}${found.length > 0 ? `; they speak of ${found.join(', ')}` : ''}.`,
  )
  return [
    '  Not found in the documents.',
    ...nearMisses,
    ...(nearest.length > 0 ? ['  Nearest:', ...nearest] : []),
    ...notes,
  ].join('\n')
}

export const passageText = (passage: PassageView, rank: number): string => {
  const { documentName, revision, pageStart, pageEnd, pageLabel, cells, paginated, heading } = passage
  const page = pageLabel ?? (paginated ? `page ${pageStart === pageEnd ? pageStart : `${pageStart}-${pageEnd}`}` : '')
  const where = [documentName, `rev. ${revision}`, page, cells, heading].filter(Boolean).join(', ')
  const text = oneLine(passage.text)
  return `${rank}. ${where}  (${passage.scores.fused.toFixed(3)})\n   ${text.length > 240 ? `${text.slice(0, 240)}…` : text}`
}
