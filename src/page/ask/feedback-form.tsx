/** Thumbs up or down, sent at once; then an optional comment. */
import { useState } from 'preact/hooks'
import { type Problem, problemOf } from '../api/request.ts'
import { type Rating, sendFeedback } from '../api/send-feedback.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { Icon } from '../shell/icon.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'

export const FeedbackForm = ({ answerId }: { readonly answerId: string }) => {
  const texts = useTexts()
  const [rating, setRating] = useState<Rating | undefined>(undefined)
  const [comment, setComment] = useState('')
  const [commented, setCommented] = useState(false)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)

  const submit = async (next: Rating, text: string) => {
    setRating(next)
    setProblem(undefined)
    try {
      await sendFeedback(answerId, next, text)
      setCommented(text !== '')
    } catch (error) {
      setProblem(problemOf(error))
    }
  }
  const thumb = (value: Rating) => (
    <button
      type="button"
      class="thumb"
      aria-pressed={rating === value}
      aria-label={texts.feedback[value]}
      title={texts.feedback[value]}
      onClick={() => void submit(value, '')}
    >
      <Icon name={value} />
    </button>
  )
  return (
    <div class="feedback">
      <fieldset class="thumbs">
        <legend>{texts.feedback.question}</legend>
        {thumb('up')}
        {thumb('down')}
      </fieldset>
      <p role="status" class="feedback-thanks">
        {rating !== undefined && problem === undefined && (commented || comment === '') ? texts.feedback.thanks : ''}
      </p>
      {rating !== undefined && !commented && (
        <form
          class="comment"
          onSubmit={(event) => {
            event.preventDefault()
            if (comment.trim() !== '') void submit(rating, comment.trim())
          }}
        >
          <input
            type="text"
            maxLength={2000}
            aria-label={rating === 'up' ? texts.feedback.commentUp : texts.feedback.comment}
            placeholder={rating === 'up' ? texts.feedback.commentUp : texts.feedback.comment}
            value={comment}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
          <button type="submit" disabled={comment.trim() === ''}>
            {texts.feedback.send}
          </button>
        </form>
      )}
      {problem !== undefined && <ProblemNotice problem={problem} />}
    </div>
  )
}
