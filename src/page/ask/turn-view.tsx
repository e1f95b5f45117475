/**
 * One question with what has arrived of its answer: quotes word for word, statements with their sources, or an honest "not in
 * the documents", and the passages that were found. What arrives is announced to screen readers.
 */

import type { NearMiss } from '../../core/answer.ts'
import type { Texts } from '../i18n/en.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { useFormatters } from '../shell/use-formatters.ts'
import type { ViewerTarget } from '../viewer/viewer-target.ts'
import { AnswerFooter } from './answer-footer.tsx'
import { isUnderWay, type Turn } from './conversation.ts'
import { DegradedNotice } from './degraded-notice.tsx'
import { PassageList } from './passage-list.tsx'
import { QuoteList } from './quote-list.tsx'
import { StatementList } from './statement-list.tsx'

interface TurnViewProps {
  readonly turn: Turn
  readonly isLast: boolean
  readonly open: (target: ViewerTarget) => void
}

const phaseText = (turn: Turn, texts: Texts): string => {
  switch (turn.phase) {
    case 'searching':
      return texts.ask.searching
    case 'reading':
      return texts.ask.reading
    case 'writing':
      return texts.ask.writing
    case 'stopped':
      return texts.ask.stopped
    case 'done':
      return texts.ask.complete
    case 'failed':
      return ''
  }
}

interface NotFoundProps {
  readonly hasPassages: boolean
  readonly nearMisses: readonly NearMiss[]
}

const NotFound = ({ hasPassages, nearMisses }: NotFoundProps) => {
  const texts = useTexts()
  return (
    <div class="notice notice-not-found">
      <p class="notice-title">{texts.ask.notFoundTitle}</p>
      {nearMisses.map(({ asked, found }) => (
        <p key={asked}>{texts.ask.nearMiss(asked, found.join(texts.ask.listComma))}</p>
      ))}
      <p>{hasPassages ? texts.ask.notFoundText : texts.ask.notFoundEmpty}</p>
    </div>
  )
}

export const TurnView = ({ turn, isLast, open }: TurnViewProps) => {
  const texts = useTexts()
  const format = useFormatters()
  const { answer, passages } = turn
  const underWay = isUnderWay(turn)
  const notFound = answer?.status === 'not_found'
  // Where no model wrote the answer the best quotes are its statements: the others are not to stand before them.
  const isQuoted = turn.statements.some(({ kind }) => kind === 'quote')
  const quotes = isQuoted
    ? []
    : turn.quotes.filter(({ text }) => turn.statements.every((statement) => statement.text !== text))
  const language = answer?.language ?? passages[0]?.language ?? 'und'
  return (
    <article class="turn" aria-busy={underWay}>
      <h2 class="question">
        <span class="hidden">{texts.ask.questionLabel}: </span>
        {turn.question}
      </h2>
      {turn.asOf !== '' && <p class="as-of-note">{texts.ask.asOfAnswer(format.day(turn.asOf))}</p>}
      {answer !== undefined && <DegradedNotice codes={answer.degraded} />}
      <div aria-live={isLast ? 'polite' : 'off'} aria-relevant="additions">
        {notFound && <NotFound hasPassages={passages.length > 0} nearMisses={answer.nearMisses ?? []} />}
        {quotes.length > 0 && (
          <QuoteList
            quotes={quotes}
            title={notFound ? texts.ask.nearestQuotes : texts.ask.quotes}
            passages={passages}
            open={open}
          />
        )}
        {turn.statements.length > 0 && (
          <StatementList statements={turn.statements} passages={passages} language={language} open={open} />
        )}
      </div>
      <p class={underWay ? 'phase phase-active' : turn.phase === 'done' ? 'hidden' : 'phase'} role="status">
        {phaseText(turn, texts)}
      </p>
      {turn.problem !== undefined && <ProblemNotice problem={turn.problem} />}
      {answer !== undefined && <AnswerFooter answer={answer} format={format} />}
      {passages.length > 0 && (
        <PassageList
          passages={passages}
          title={notFound ? texts.ask.nearest : texts.ask.foundIn}
          expanded={notFound || turn.statements.length === 0}
          open={open}
        />
      )}
    </article>
  )
}
