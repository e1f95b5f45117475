/**
 * The one question box. Enter sends, Shift + Enter starts a new line; the Enter that ends the input of a Chinese or Japanese
 * word (composition) never sends. The box grows with its text.
 */
import type { ComponentChildren, TargetedKeyboardEvent } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useTexts } from '../i18n/language-context.tsx'
import { Icon } from '../shell/icon.tsx'

interface QuestionBoxProps {
  readonly busy: boolean
  readonly followUp: boolean
  readonly onAsk: (question: string) => void
  readonly onStop: () => void
  readonly children: ComponentChildren
}

/** Key code of keys that an input method handles; Safari ends the composition before it tells of the Enter. */
const handledByInputMethod = 229

/** True for the Enter that sends. */
export const sends = (event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'isComposing' | 'keyCode'>): boolean =>
  event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== handledByInputMethod

export const QuestionBox = ({ busy, followUp, onAsk, onStop, children }: QuestionBoxProps) => {
  const texts = useTexts()
  const [question, setQuestion] = useState('')
  const box = useRef<HTMLTextAreaElement>(null)

  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    element.style.height = 'auto'
    if (question !== '') element.style.height = `${element.scrollHeight}px`
  }, [question])

  const submit = () => {
    const trimmed = question.trim()
    if (busy || trimmed === '') return
    onAsk(trimmed)
    setQuestion('')
    box.current?.focus()
  }
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    if (!sends(event)) return
    event.preventDefault()
    submit()
  }
  return (
    <form
      class="question-box"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <textarea
        ref={box}
        id="question"
        rows={followUp ? 1 : 2}
        aria-label={texts.ask.label}
        aria-describedby="question-keys"
        placeholder={followUp ? texts.ask.placeholderFollowUp : texts.ask.placeholder}
        value={question}
        onInput={(event) => setQuestion(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        enterkeyhint="send"
        autocomplete="off"
      />
      <div class="question-row">
        <div class="question-options">{children}</div>
        <span id="question-keys" class="question-keys">
          {texts.ask.keys}
        </span>
        {busy ? (
          <button type="button" class="primary stop" onClick={onStop}>
            <Icon name="stop" />
            {texts.ask.stop}
          </button>
        ) : (
          <button type="submit" class="primary" disabled={question.trim() === ''}>
            {texts.ask.send}
            <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  )
}
