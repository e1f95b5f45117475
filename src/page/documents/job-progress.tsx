/**
 * The stage of a running job with its steps, and a button to cancel it; after a failure what happened, a password where one opens the file,
 * and a button to retry.
 */
import { useState } from 'preact/hooks'
import type { JobRecord } from '../../store/records.ts'
import { cancelJob, isFinished, retryJob } from '../api/jobs.ts'
import { type Problem, problemOf } from '../api/request.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { Icon } from '../shell/icon.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { useFormatters } from '../shell/use-formatters.ts'
import { PasswordForm } from '../viewer/password-form.tsx'

interface JobProgressProps {
  readonly job: JobRecord
  readonly name: string
  /** Called after a cancel or retry was accepted. */
  readonly onChanged: (jobId: string) => void
}

/** Failures that a password mends. */
const locked = new Set(['pdf_encrypted', 'pdf_password_wrong'])

/** Such as "Reading page 12 of 300 (OCR)". */
const useStageLabel = ({ state, stage, progress: { done, total } }: JobRecord): string => {
  const { uploads } = useTexts()
  const format = useFormatters()
  if (state === 'queued') return uploads.stage.queued
  const step = total > 0 ? uploads.stepOf[stage] : undefined
  return step === undefined ? uploads.stage[stage] : step(format.count(done), format.count(total))
}

interface PartProps {
  readonly job: JobRecord
  readonly name: string
  readonly act: (call: () => Promise<void>) => void
}

const RunningJob = ({ job, name, act }: PartProps) => {
  const texts = useTexts()
  const label = useStageLabel(job)
  const { done, total } = job.progress
  return (
    <div class="job-running">
      <span class="job-stage">
        {label}
        {job.attempts > 1 && <span class="quiet"> · {texts.uploads.attempt(job.attempts)}</span>}
      </span>
      {job.state === 'running' && (
        <progress aria-label={`${name}: ${label}`} max={Math.max(1, total)} value={total > 0 ? done : undefined} />
      )}
      <button
        type="button"
        class="plain small"
        aria-label={texts.uploads.cancelNamed(name)}
        onClick={() => act(() => cancelJob(job.id))}
      >
        {texts.app.cancel}
      </button>
    </div>
  )
}

const EndedJob = ({ job, name, act }: PartProps) => {
  const texts = useTexts()
  const retry = (password: string) => act(() => retryJob(job.id, password))
  return (
    <div class="job-ended">
      {job.error !== null && <ProblemNotice problem={{ code: job.error.code, detail: job.error.message }} />}
      {job.error !== null && locked.has(job.error.code) ? (
        <PasswordForm label={texts.uploads.password} submitLabel={texts.uploads.passwordRetry} onSubmit={retry} />
      ) : (
        <button type="button" class="small" aria-label={texts.uploads.retryNamed(name)} onClick={() => retry('')}>
          <Icon name="retry" />
          {texts.app.retry}
        </button>
      )}
    </div>
  )
}

export const JobProgress = ({ job, name, onChanged }: JobProgressProps) => {
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const act = async (call: () => Promise<void>) => {
    setProblem(undefined)
    try {
      await call()
      onChanged(job.id)
    } catch (error) {
      setProblem(problemOf(error))
    }
  }
  const part = { job, name, act: (call: () => Promise<void>) => void act(call) }
  return (
    <div class="job">
      {!isFinished(job.state) && <RunningJob {...part} />}
      {isFinished(job.state) && job.state !== 'done' && <EndedJob {...part} />}
      {problem !== undefined && <ProblemNotice problem={problem} />}
    </div>
  )
}
