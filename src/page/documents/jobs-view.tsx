/** What is being processed: jobs under way and waiting, those that ended with a problem, those that finished lately; pause and go on. */
import { useEffect } from 'preact/hooks'
import type { JobRecord } from '../../store/records.ts'
import { isFinished } from '../api/jobs.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { useFormatters } from '../shell/use-formatters.ts'
import { documentAddress } from '../shell/use-route.ts'
import { DocumentsTabs } from './documents-tabs.tsx'
import { JobProgress } from './job-progress.tsx'
import { PausedBanner } from './paused-banner.tsx'
import { useQueue } from './use-queue.ts'

interface JobsViewProps {
  readonly jobs: ReadonlyMap<string, JobRecord>
  readonly follow: (jobId: string) => void
}

const listedJobs = 200
const lookEveryMs = 4_000
const shownFinished = 20

interface JobListProps {
  readonly title: string
  readonly jobs: readonly JobRecord[]
  readonly onChanged: (jobId: string) => void
}

const JobList = ({ title, jobs, onChanged }: JobListProps) => {
  const format = useFormatters()
  if (jobs.length === 0) return null
  return (
    <section class="jobs">
      <h2>
        {title} <span class="quiet">{format.count(jobs.length)}</span>
      </h2>
      <ul>
        {jobs.map((job) => (
          <li key={job.id} class="job-item">
            <p class="job-name">
              <a href={documentAddress(job.documentId)}>{job.documentName}</a>{' '}
              <time class="quiet" dateTime={job.finishedAt ?? job.createdAt}>
                {format.time(job.finishedAt ?? job.createdAt)}
              </time>
            </p>
            <JobProgress job={job} name={job.documentName} onChanged={onChanged} />
          </li>
        ))}
      </ul>
    </section>
  )
}

export const JobsView = ({ jobs: followed, follow }: JobsViewProps) => {
  const texts = useTexts()
  const control = useQueue(listedJobs, lookEveryMs)
  const { queue, problem, reload, pause } = control
  useEffect(() => {
    for (const { id, state } of queue?.jobs ?? []) if (state === 'running') follow(id)
  }, [queue, follow])
  // what is followed is newer than the last look, unless the job was begun again since
  const jobs = (queue?.jobs ?? []).map((job) => {
    const live = followed.get(job.id)
    return live !== undefined && !isFinished(job.state) ? live : job
  })
  const underWay = jobs.filter(({ state }) => !isFinished(state))
  const running = underWay.filter(({ state }) => state === 'running')
  const waiting = underWay.filter(({ state }) => state === 'queued').reverse()
  const troubled = jobs.filter(({ state }) => isFinished(state) && state !== 'done')
  const finished = jobs.filter(({ state }) => state === 'done').slice(0, shownFinished)
  const onChanged = (jobId: string) => {
    follow(jobId)
    reload()
  }
  return (
    <div class="documents">
      <div class="section-head">
        <h1>{texts.jobs.heading}</h1>
        {queue?.paused === false && (
          <button type="button" onClick={() => pause(true)}>
            {texts.jobs.pause}
          </button>
        )}
      </div>
      <DocumentsTabs current="jobs" />
      <PausedBanner control={control} />
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {queue === undefined && problem === undefined && <p class="empty">{texts.app.loading}</p>}
      {queue !== undefined && underWay.length === 0 && <p class="empty">{texts.jobs.none}</p>}
      <JobList title={texts.jobs.underWay} jobs={[...running, ...waiting]} onChanged={onChanged} />
      <JobList title={texts.jobs.troubled} jobs={troubled} onChanged={onChanged} />
      <JobList title={texts.jobs.finished} jobs={finished} onChanged={onChanged} />
    </div>
  )
}
