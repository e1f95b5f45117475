/** Below an answer: was it helpful, how long it took, which model wrote it. */
import type { FoundAnswer } from '../api/parse-answer.ts'
import { useTexts } from '../i18n/language-context.tsx'
import type { Formatters } from '../shell/use-formatters.ts'
import { FeedbackForm } from './feedback-form.tsx'

interface AnswerFooterProps {
  readonly answer: FoundAnswer
  readonly format: Formatters
}

export const AnswerFooter = ({ answer, format }: AnswerFooterProps) => {
  const texts = useTexts()
  const { retrieve, firstStatement, total } = answer.timingsMs
  const seconds = (ms: number | undefined) => (ms === undefined ? '' : texts.ask.seconds(format.seconds(ms)))
  return (
    <div class="answer-footer">
      <FeedbackForm answerId={answer.id} />
      <p class="timings">
        {answer.statements.length > 0 && (
          <span>{answer.model === undefined ? texts.ask.verbatim : texts.ask.model(answer.model)}</span>
        )}
        <span>{texts.ask.timings(seconds(retrieve), seconds(firstStatement), seconds(total))}</span>
      </p>
    </div>
  )
}
