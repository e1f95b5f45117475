/** Uploads of this page session, each from its first byte to "ready": all of them, or the revisions of one document. */
import type { JobRecord } from '../../store/records.ts'
import { isFinished } from '../api/jobs.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { UploadItem } from './upload-item.tsx'
import { isUnderWay, type Upload, type UploadsControl } from './use-uploads.ts'

interface UploadListProps {
  readonly control: UploadsControl
  readonly jobs: ReadonlyMap<string, JobRecord>
  readonly follow: (jobId: string) => void
  /** Only revisions of this document. */
  readonly revisionOf?: string
}

const isOver = (upload: Upload, job: JobRecord | undefined): boolean => {
  if (isUnderWay(upload)) return false
  return upload.phase !== 'accepted' || (job !== undefined && isFinished(job.state))
}

export const UploadList = ({ control, jobs, follow, revisionOf }: UploadListProps) => {
  const texts = useTexts()
  const { cancel, retry, forget } = control
  const uploads = control.uploads.filter(({ fields }) => revisionOf === undefined || fields.revisionOf === revisionOf)
  if (uploads.length === 0) return null
  const over = new Set(uploads.filter((upload) => isOver(upload, jobs.get(upload.jobId))).map(({ key }) => key))
  return (
    <section class="uploads">
      <div class="uploads-head">
        <h2>{texts.uploads.heading}</h2>
        {over.size > 0 && (
          <button type="button" class="plain" onClick={() => forget(over)}>
            {texts.uploads.clear}
          </button>
        )}
      </div>
      <ul>
        {uploads.map((upload) => (
          <UploadItem
            key={upload.key}
            upload={upload}
            job={jobs.get(upload.jobId)}
            cancel={cancel}
            retry={retry}
            follow={follow}
          />
        ))}
      </ul>
    </section>
  )
}
