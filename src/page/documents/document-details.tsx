/** One document: its figures, its job, what went wrong, and the outcome of every page. */
import { useEffect, useState } from 'preact/hooks'
import type { JobRecord } from '../../store/records.ts'
import { type DocumentWithLedger, getDocument, originalPath } from '../api/documents.ts'
import { isFinished } from '../api/jobs.ts'
import { type Problem, problemOf } from '../api/request.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { Icon } from '../shell/icon.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { documentsAddress } from '../shell/use-route.ts'
import { targetOfPage, type ViewerTarget } from '../viewer/viewer-target.ts'
import { DeleteDialog } from './delete-dialog.tsx'
import { DocumentFigures } from './document-figures.tsx'
import { JobProgress } from './job-progress.tsx'
import { PageLedger } from './page-ledger.tsx'
import { StatusBadge } from './status-badge.tsx'

interface DocumentDetailsProps {
  readonly id: string
  readonly jobs: ReadonlyMap<string, JobRecord>
  readonly follow: (jobId: string) => void
  readonly open: (target: ViewerTarget) => void
}

export const DocumentDetails = ({ id, jobs, follow, open }: DocumentDetailsProps) => {
  const texts = useTexts()
  const [shown, setShown] = useState<DocumentWithLedger | undefined>(undefined)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [removing, setRemoving] = useState(false)
  const job = shown?.document.jobId ? jobs.get(shown.document.jobId) : undefined
  const jobState = job?.state

  // a job that ends changes the document: looked at again whenever the state of the job changes
  useEffect(() => {
    const controller = new AbortController()
    getDocument(id, controller.signal).then(setShown, (error: unknown) => {
      if (!controller.signal.aborted) setProblem(problemOf(error))
    })
    return () => controller.abort()
  }, [id, jobState])
  useEffect(() => {
    const { status, jobId } = shown?.document ?? {}
    if (jobId && status !== 'ready' && status !== 'ready_with_gaps') follow(jobId)
  }, [shown, follow])

  const back = (
    <a class="back" href={documentsAddress}>
      <Icon name="previous" />
      {texts.documents.heading}
    </a>
  )
  if (problem !== undefined) {
    return (
      <div class="documents">
        {back}
        <ProblemNotice problem={problem} />
      </div>
    )
  }
  if (shown === undefined) return <p class="empty">{texts.app.loading}</p>
  const { document, ledger } = shown
  const unfinished = job !== undefined && job.state !== 'done'
  return (
    <div class="documents">
      {back}
      <div class="details-head">
        <h1>{document.name}</h1>
        <StatusBadge status={document.status} />
      </div>
      {document.title !== null && document.title !== document.name && <p class="quiet">{document.title}</p>}
      {unfinished && <JobProgress job={job} name={document.name} onChanged={follow} />}
      {document.error !== null && !(unfinished && isFinished(job.state)) && (
        <ProblemNotice problem={{ code: document.error.code, detail: document.error.message }} />
      )}
      <div class="details-actions">
        <button type="button" class="primary" onClick={() => open(targetOfPage(id, document.name, 1))}>
          <Icon name="page" />
          {texts.documents.open}
        </button>
        <a class="button" href={originalPath(id)} target="_blank" rel="noreferrer">
          <Icon name="external" />
          {texts.viewer.original}
        </a>
        <button type="button" class="danger-plain" onClick={() => setRemoving(true)}>
          <Icon name="remove" />
          {texts.documents.remove}
        </button>
      </div>
      <DocumentFigures document={document} />
      {ledger.length > 0 && (
        <PageLedger pages={ledger} openPage={(page) => open(targetOfPage(id, document.name, page))} />
      )}
      {removing && (
        <DeleteDialog
          document={document}
          close={() => setRemoving(false)}
          onDeleted={() => {
            location.hash = documentsAddress
          }}
        />
      )}
    </div>
  )
}
