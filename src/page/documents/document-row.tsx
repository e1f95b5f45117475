/** One document in the list. While it is being processed its job takes the place of the figures. */
import type { DocumentRecord, JobRecord } from '../../store/records.ts'
import { isFinished } from '../api/jobs.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { Icon } from '../shell/icon.tsx'
import { useFormatters } from '../shell/use-formatters.ts'
import { documentAddress } from '../shell/use-route.ts'
import { JobProgress } from './job-progress.tsx'
import { PageCountsLine } from './page-counts-line.tsx'
import { StatusBadge } from './status-badge.tsx'

interface DocumentRowProps {
  readonly document: DocumentRecord
  /** Name of its collection; empty if unknown. */
  readonly collection: string
  readonly job: JobRecord | undefined
  readonly follow: (jobId: string) => void
  readonly remove: (document: DocumentRecord) => void
}

export const DocumentRow = ({ document, collection, job, follow, remove }: DocumentRowProps) => {
  const texts = useTexts()
  const format = useFormatters()
  const running = job !== undefined && !isFinished(job.state)
  const status = running && job.state === 'running' ? 'processing' : running ? 'queued' : document.status
  const known = document.error === null ? undefined : (texts.errors[document.error.code]?.[0] ?? document.error.message)
  // before it has been read there is nothing that could be in force
  const inForce =
    document.effectiveRevision?.label ?? (document.publishedAt === null ? '' : texts.revisions.noneInForce)
  return (
    <tr>
      <th scope="row">
        <a href={documentAddress(document.id)}>{document.name}</a>
        <span class="quiet">
          {collection}
          {inForce !== '' && ` · ${texts.revisions.inForce}: ${inForce}`}
        </span>
      </th>
      <td>
        <StatusBadge status={status} />
        {running && <JobProgress job={job} name={document.name} onChanged={follow} />}
        {!running && known !== undefined && <span class="row-error">{known}</span>}
      </td>
      <td data-label={texts.documents.pages}>
        <PageCountsLine counts={document.pages} paginated={document.paginated} />
      </td>
      <td class="number" data-label={texts.documents.chunks}>
        {document.chunks > 0 ? format.count(document.chunks) : '–'}
      </td>
      <td data-label={texts.documents.language}>
        {document.language === null ? '–' : texts.languages[document.language]}
      </td>
      <td data-label={texts.documents.added}>
        <time dateTime={document.createdAt}>{format.time(document.createdAt)}</time>
      </td>
      <td class="row-actions">
        <button
          type="button"
          class="plain"
          aria-label={texts.documents.removeNamed(document.name)}
          title={texts.documents.remove}
          onClick={() => remove(document)}
        >
          <Icon name="remove" />
        </button>
      </td>
    </tr>
  )
}
