/** One open question: how it was asked and what was said of the answers, its verified answer, and what can be done about it. */
import { useEffect, useState } from 'preact/hooks'
import { dismissGap, type GapDetail, type GapExample, getGap, markGapMissing, reopenGap } from '../api/gaps.ts'
import { type Problem, problemOf } from '../api/request.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { Icon } from '../shell/icon.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { useFormatters } from '../shell/use-formatters.ts'
import { gapsAddress } from '../shell/use-route.ts'
import type { ViewerTarget } from '../viewer/viewer-target.ts'
import { GapAnswerForm } from './gap-answer-form.tsx'
import { GapAnswerView } from './gap-answer-view.tsx'
import { GapBadge } from './gaps-view.tsx'
import { NoteDialog } from './note-dialog.tsx'

/** While an answer is being made searchable. */
const lookEveryMs = 1_500

const useGap = (id: string) => {
  const [gap, setGap] = useState<GapDetail | undefined>(undefined)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const isPreparing = gap?.answer?.isPreparing === true
  useEffect(() => {
    const controller = new AbortController()
    const look = () =>
      getGap(id, controller.signal).then(setGap, (error: unknown) => {
        if (!controller.signal.aborted) setProblem(problemOf(error))
      })
    void look()
    const timer = isPreparing ? setInterval(look, lookEveryMs) : undefined
    return () => {
      controller.abort()
      clearInterval(timer)
    }
  }, [id, isPreparing])
  return { gap, setGap, problem, setProblem }
}

const Example = ({ example }: { readonly example: GapExample }) => {
  const texts = useTexts()
  const format = useFormatters()
  return (
    <li>
      <p>{example.question}</p>
      <p class="quiet">
        <time dateTime={example.askedAt}>{format.time(example.askedAt)}</time> · {texts.gaps.reasons[example.reason]}
      </p>
      {example.comment !== '' && <p class="gap-said">“{example.comment}”</p>}
      {example.correction !== '' && (
        <p class="gap-said">
          {texts.gaps.correction} “{example.correction}”
        </p>
      )}
    </li>
  )
}

type Open = 'answer' | 'missing' | 'dismiss' | undefined

interface GapDetailsProps {
  readonly id: string
  readonly open: (target: ViewerTarget) => void
}

export const GapDetails = ({ id, open: show }: GapDetailsProps) => {
  const texts = useTexts()
  const { gap, setGap, problem, setProblem } = useGap(id)
  const [open, setOpen] = useState<Open>(undefined)
  if (gap === undefined) {
    return (
      <div class="documents">
        <h1>{texts.gaps.heading}</h1>
        {problem === undefined ? <p class="empty">{texts.app.loading}</p> : <ProblemNotice problem={problem} />}
      </div>
    )
  }
  const done = (changed: GapDetail) => {
    setGap(changed)
    setOpen(undefined)
  }
  const reopen = () => void reopenGap(id).then(setGap, (error: unknown) => setProblem(problemOf(error)))
  return (
    <div class="documents gap">
      <a class="back" href={gapsAddress}>
        <Icon name="previous" /> {texts.gaps.back}
      </a>
      <h1 lang={gap.language === 'und' ? undefined : gap.language}>{gap.question}</h1>
      <p class="gap-facts">
        <GapBadge state={gap.state} />
        {gap.note !== '' && (
          <span>
            {texts.gaps.note} {gap.note}
          </span>
        )}
      </p>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {gap.answer !== undefined && <GapAnswerView answer={gap.answer} open={show} />}
      {open === 'answer' ? (
        <GapAnswerForm gap={gap} open={show} close={() => setOpen(undefined)} onAnswered={done} />
      ) : (
        <GapActions gap={gap} choose={setOpen} reopen={reopen} />
      )}
      <section>
        <h2>{texts.gaps.wordings}</h2>
        <ul class="gap-examples">
          {gap.examples.map((example) => (
            <Example key={example.answerId} example={example} />
          ))}
        </ul>
      </section>
      {open === 'missing' && (
        <NoteDialog
          title={texts.gaps.missing}
          label={texts.gaps.missingNote}
          required
          act={(note) => markGapMissing(id, note).then(done)}
          close={() => setOpen(undefined)}
        />
      )}
      {open === 'dismiss' && (
        <NoteDialog
          title={texts.gaps.dismiss}
          label={texts.gaps.dismissNote}
          required={false}
          act={(note) => dismissGap(id, note).then(done)}
          close={() => setOpen(undefined)}
        />
      )}
    </div>
  )
}

interface GapActionsProps {
  readonly gap: GapDetail
  readonly choose: (open: Open) => void
  readonly reopen: () => void
}

const GapActions = ({ gap, choose, reopen }: GapActionsProps) => {
  const texts = useTexts()
  const isSettled = gap.state === 'document_missing' || gap.state === 'dismissed'
  return (
    <div class="gap-actions">
      <button type="button" class="primary" onClick={() => choose('answer')}>
        {gap.answer === undefined ? texts.gaps.answer : texts.gaps.answerAgain}
      </button>
      {gap.state !== 'answered' && gap.state !== 'document_missing' && (
        <button type="button" onClick={() => choose('missing')}>
          {texts.gaps.missing}
        </button>
      )}
      {gap.state !== 'answered' && gap.state !== 'dismissed' && (
        <button type="button" onClick={() => choose('dismiss')}>
          {texts.gaps.dismiss}
        </button>
      )}
      {isSettled && (
        <button type="button" onClick={reopen}>
          {texts.gaps.reopen}
        </button>
      )}
    </div>
  )
}
