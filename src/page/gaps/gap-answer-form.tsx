/** Writing a verified answer: the text, the wordings that it answers, the passages that it stands on, and a signature. */
import { useState } from 'preact/hooks'
import { answerGap, type GapDetail } from '../api/gaps.ts'
import type { FoundPassage } from '../api/parse-answer.ts'
import { type Problem, problemOf } from '../api/request.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import type { ViewerTarget } from '../viewer/viewer-target.ts'
import { PassagePicker } from './passage-picker.tsx'

interface GapAnswerFormProps {
  readonly gap: GapDetail
  readonly open: (target: ViewerTarget) => void
  readonly close: () => void
  readonly onAnswered: (gap: GapDetail) => void
}

/** Every wording that there is, once; the question of the gap first. */
const wordingsOf = ({ question, examples, answer }: GapDetail): string[] => [
  ...new Set([question, ...(answer?.questions ?? []), ...examples.map((example) => example.question)]),
]

export const GapAnswerForm = ({ gap, open, close, onAnswered }: GapAnswerFormProps) => {
  const texts = useTexts()
  const wordings = wordingsOf(gap)
  const correction = gap.examples.find((example) => example.correction !== '')?.correction ?? ''
  const [text, setText] = useState(gap.answer?.text ?? correction)
  const [questions, setQuestions] = useState<readonly string[]>(wordings)
  const [more, setMore] = useState('')
  const [chosen, setChosen] = useState<readonly FoundPassage[]>([])
  const [signedBy, setSignedBy] = useState(gap.answer?.signed ? gap.answer.by : '')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const isWhole = text.trim() !== '' && questions.length > 0 && (chosen.length > 0 || signedBy.trim() !== '')
  const submit = async () => {
    setBusy(true)
    setProblem(undefined)
    const others = more.split('\n').map((line) => line.trim())
    const all = [...new Set([...questions, ...others.filter((line) => line !== '')])]
    const passageIds = chosen.map(({ id }) => id)
    try {
      onAnswered(await answerGap(gap.id, { text: text.trim(), questions: all, passageIds, signedBy: signedBy.trim() }))
    } catch (error) {
      setProblem(problemOf(error))
      setBusy(false)
    }
  }
  const toggle = (wording: string, wanted: boolean) =>
    setQuestions(wordings.filter((each) => (each === wording ? wanted : questions.includes(each))))
  return (
    <form
      class="gap-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <label class="field">
        <span>{texts.gaps.answerText}</span>
        <textarea rows={5} maxLength={10_000} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        <small class="quiet">{texts.gaps.answerHint}</small>
      </label>
      <fieldset class="gap-wordings">
        <legend>{texts.gaps.alsoAnswers}</legend>
        {wordings.map((wording) => (
          <label key={wording} class="check">
            <input
              type="checkbox"
              checked={questions.includes(wording)}
              onChange={(event) => toggle(wording, event.currentTarget.checked)}
            />
            <span>{wording}</span>
          </label>
        ))}
        <label class="field">
          <span>{texts.gaps.otherWordings}</span>
          <textarea rows={2} maxLength={4000} value={more} onInput={(event) => setMore(event.currentTarget.value)} />
          <small class="quiet">{texts.gaps.otherWordingsHint}</small>
        </label>
      </fieldset>
      <PassagePicker gap={gap} chosen={chosen} choose={setChosen} open={open} />
      <label class="field">
        <span>{texts.gaps.sign}</span>
        <input
          type="text"
          maxLength={200}
          value={signedBy}
          onInput={(event) => setSignedBy(event.currentTarget.value)}
        />
        <small class="quiet">{texts.gaps.signHint}</small>
      </label>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <div class="gap-actions">
        <button type="button" onClick={close}>
          {texts.app.cancel}
        </button>
        <button type="submit" class="primary" disabled={busy || !isWhole}>
          {texts.gaps.save}
        </button>
      </div>
    </form>
  )
}
