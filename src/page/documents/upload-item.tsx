/** One upload: bytes while it is sent, then its job, then the outcome. */
import type { ComponentChildren } from 'preact'
import type { JobRecord } from '../../store/records.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { Icon } from '../shell/icon.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { useFormatters } from '../shell/use-formatters.ts'
import { documentAddress } from '../shell/use-route.ts'
import { JobProgress } from './job-progress.tsx'
import { StatusBadge } from './status-badge.tsx'
import type { Upload } from './use-uploads.ts'

interface UploadItemProps {
  readonly upload: Upload
  readonly job: JobRecord | undefined
  readonly cancel: (key: number) => void
  readonly retry: (key: number) => void
  readonly follow: (jobId: string) => void
}

/** While bytes are sent. */
const Sending = ({ upload, cancel }: Pick<UploadItemProps, 'upload' | 'cancel'>) => {
  const texts = useTexts()
  const format = useFormatters()
  const { file, phase, sentBytes } = upload
  const share = file.size === 0 ? 1 : sentBytes / file.size
  const label =
    phase === 'waiting'
      ? texts.uploads.waiting
      : share < 1
        ? texts.uploads.sending(format.percent(share))
        : texts.uploads.checking
  const sent = texts.uploads.sent(format.bytes(sentBytes), format.bytes(file.size))
  return (
    <div class="job-running">
      <span class="job-stage">
        {label}
        {phase === 'sending' && share < 1 && <span class="quiet"> · {sent}</span>}
      </span>
      <progress
        aria-label={`${file.name}: ${label}`}
        max={1}
        value={phase === 'sending' && share >= 1 ? undefined : share}
      />
      <button
        type="button"
        class="plain small"
        aria-label={texts.uploads.cancelNamed(file.name)}
        onClick={() => cancel(upload.key)}
      >
        {texts.app.cancel}
      </button>
      {upload.interrupted && (
        <p class="upload-interrupted" role="status">
          {texts.uploads.interrupted}
        </p>
      )}
    </div>
  )
}

/** After the file was accepted: the job's stages, then the document's status. */
const Accepted = ({ upload, job, follow }: Pick<UploadItemProps, 'upload' | 'job' | 'follow'>) => {
  const texts = useTexts()
  if (job === undefined) return <span class="job-stage">{texts.uploads.stage.queued}</span>
  if (job.state !== 'done') return <JobProgress job={job} name={upload.file.name} onChanged={follow} />
  return (
    <span class="upload-done">
      <StatusBadge status="ready" />
      <a href={documentAddress(upload.documentId)}>{texts.uploads.show}</a>
    </span>
  )
}

interface OutcomeProps extends Omit<UploadItemProps, 'retry'> {
  readonly retryButton: ComponentChildren
}

/** What the upload's phase looks like. */
const Outcome = ({ upload, job, cancel, follow, retryButton }: OutcomeProps) => {
  const texts = useTexts()
  switch (upload.phase) {
    case 'waiting':
    case 'sending':
      return <Sending upload={upload} cancel={cancel} />
    case 'accepted':
      return <Accepted upload={upload} job={job} follow={follow} />
    case 'duplicate':
      return (
        <span class="upload-done">
          {texts.uploads.duplicate} <a href={documentAddress(upload.documentId)}>{texts.uploads.show}</a>
        </span>
      )
    case 'failed':
      return (
        <div class="job-ended">
          {upload.problem !== undefined && <ProblemNotice problem={upload.problem} />}
          {retryButton}
        </div>
      )
    case 'cancelled':
      return (
        <span class="upload-done">
          {texts.uploads.cancelled} {retryButton}
        </span>
      )
  }
}

export const UploadItem = ({ upload, job, cancel, retry, follow }: UploadItemProps) => {
  const texts = useTexts()
  const format = useFormatters()
  const retryButton = (
    <button
      type="button"
      class="small"
      aria-label={texts.uploads.retryNamed(upload.file.name)}
      onClick={() => retry(upload.key)}
    >
      <Icon name="retry" />
      {texts.app.retry}
    </button>
  )
  return (
    <li class="upload">
      <p class="upload-name">
        {upload.file.name} <span class="quiet">{format.bytes(upload.file.size)}</span>
        {upload.fields.revision !== undefined && (
          <span class="quiet"> · {texts.revisions.short(upload.fields.revision)}</span>
        )}
      </p>
      <Outcome upload={upload} job={job} cancel={cancel} follow={follow} retryButton={retryButton} />
    </li>
  )
}
