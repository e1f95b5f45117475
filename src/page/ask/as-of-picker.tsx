/** Asks the past: the day whose revisions are to answer. Folded away, since nearly every question is about today. */
import { useRef } from 'preact/hooks'
import { useTexts } from '../i18n/language-context.tsx'
import { useFormatters } from '../shell/use-formatters.ts'

interface AsOfPickerProps {
  /** Such as 2026-03-04; empty for today. */
  readonly day: string
  readonly choose: (day: string) => void
}

/** Today where the reader is, in the form of date fields. */
const today = (): string => {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}

export const AsOfPicker = ({ day, choose }: AsOfPickerProps) => {
  const texts = useTexts()
  const format = useFormatters()
  const fold = useRef<HTMLDetailsElement>(null)
  const clear = () => {
    choose('')
    if (fold.current !== null) fold.current.open = false
  }
  return (
    <details class={day === '' ? 'as-of' : 'as-of as-of-past'} ref={fold}>
      <summary>{day === '' ? texts.ask.asOfToday : texts.ask.asOfDay(format.day(day))}</summary>
      <div class="as-of-choice">
        <label>
          <span>{texts.ask.asOf}</span>
          <input
            type="date"
            max={today()}
            value={day}
            onChange={(event) => choose(event.currentTarget.value >= today() ? '' : event.currentTarget.value)}
          />
        </label>
        <p class="quiet">{texts.ask.asOfHint}</p>
        {day !== '' && (
          <button type="button" class="plain small" onClick={clear}>
            {texts.ask.asOfClear}
          </button>
        )}
      </div>
    </details>
  )
}
