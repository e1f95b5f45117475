/** The stage of a running job with its steps, and a button to cancel it; after a failure what happened and a button to retry. */
import { useState } from 'preact/hooks'
import type { JobRecord } from '../../store/records.ts'
import { cancelJob, isFinished, retryJob } from '../api/jobs.ts'
import { type Problem, problemOf } from '../api/request.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { Icon } from '../shell/icon.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { useFormatters } from '../shell/use-formatters.ts'

interface JobProgressProps {
  readonly job: JobRecord
  readonly name: string
  /** Called after a cancel or retry was accepted. */
  readonly onChanged: (jobId: string) => void
}

export const JobProgress = ({ job, name, onChanged }: JobProgressProps) => {
  const texts = useTexts()
  const format = useFormatters()
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const act = (call: (id: string) => Promise<void>) => async () => {
    setProblem(undefined)
    try {
      await call(job.id)
      onChanged(job.id)
    } catch (error) {
      setProblem(problemOf(error))
    }
  }
  const { done, total } = job.progress
  const running = !isFinished(job.state)
  const label = texts.uploads.stage[job.state === 'queued' ? 'queued' : job.stage]
  return (
    <div class="job">
      {running && (
        <div class="job-running">
          <span class="job-stage">
            {label}
            {total > 0 && <span class="job-step"> {texts.uploads.step(format.count(done), format.count(total))}</span>}
            {job.attempts > 1 && <span class="quiet"> · {texts.uploads.attempt(job.attempts)}</span>}
          </span>
          {job.state === 'running' && (
            <progress aria-label={`${name}: ${label}`} max={Math.max(1, total)} value={total > 0 ? done : undefined} />
          )}
          <button
            type="button"
            class="plain small"
            aria-label={texts.uploads.cancelNamed(name)}
            onClick={act(cancelJob)}
          >
            {texts.app.cancel}
          </button>
        </div>
      )}
      {(job.state === 'failed' || job.state === 'dead' || job.state === 'cancelled') && (
        <div class="job-ended">
          {job.error !== null && <ProblemNotice problem={{ code: job.error.code, detail: job.error.message }} />}
          <button type="button" class="small" aria-label={texts.uploads.retryNamed(name)} onClick={act(retryJob)}>
            <Icon name="retry" />
            {texts.app.retry}
          </button>
        </div>
      )}
      {problem !== undefined && <ProblemNotice problem={problem} />}
    </div>
  )
}
