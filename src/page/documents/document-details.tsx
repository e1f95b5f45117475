/** One document: its figures, its job, what went wrong, its revisions and their differences, and the outcome of every page. */
import { useState } from 'preact/hooks'
import type { DocumentRecord, JobRecord, RevisionRecord } from '../../store/records.ts'
import { type DocumentDetail, originalPath } from '../api/documents.ts'
import { isFinished } from '../api/jobs.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { Icon } from '../shell/icon.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { documentsAddress } from '../shell/use-route.ts'
import { targetOfPage, type ViewerTarget } from '../viewer/viewer-target.ts'
import { DeleteDialog } from './delete-dialog.tsx'
import { DifferenceView } from './difference-view.tsx'
import { DocumentFigures } from './document-figures.tsx'
import { JobProgress } from './job-progress.tsx'
import { PageLedger } from './page-ledger.tsx'
import { ChildList, InsideOf, NearDuplicates } from './related-documents.tsx'
import { RevisionDialog } from './revision-dialog.tsx'
import { RevisionTable } from './revision-table.tsx'
import { StatusBadge } from './status-badge.tsx'
import { UploadList } from './upload-list.tsx'
import { useDetail } from './use-detail.ts'
import type { UploadsControl } from './use-uploads.ts'

interface DocumentDetailsProps {
  readonly id: string
  readonly uploads: UploadsControl
  readonly jobs: ReadonlyMap<string, JobRecord>
  readonly follow: (jobId: string) => void
  readonly open: (target: ViewerTarget) => void
  /** Changes whenever an upload was accepted. */
  readonly version: number
}

const isRead = ({ status }: RevisionRecord): boolean => status === 'ready' || status === 'ready_with_gaps'

const BackLink = () => (
  <a class="back" href={documentsAddress}>
    <Icon name="previous" />
    {useTexts().documents.heading}
  </a>
)

interface HeadProps {
  readonly document: DocumentRecord
  readonly job: JobRecord | undefined
  readonly follow: (jobId: string) => void
}

/** Name, state, and what is going on or went wrong. */
const Head = ({ document, job, follow }: HeadProps) => {
  const unfinished = job !== undefined && job.state !== 'done'
  return (
    <>
      <div class="details-head">
        <h1>{document.name}</h1>
        <StatusBadge status={document.status} />
      </div>
      {document.title !== null && document.title !== document.name && <p class="quiet">{document.title}</p>}
      <InsideOf parent={document.parent} />
      {unfinished && <JobProgress job={job} name={document.name} onChanged={follow} />}
      {document.error !== null && !(unfinished && isFinished(job.state)) && (
        <ProblemNotice problem={{ code: document.error.code, detail: document.error.message }} />
      )}
    </>
  )
}

interface PagesProps {
  readonly ledger: DocumentDetail['ledger']
  readonly revisions: readonly RevisionRecord[]
  readonly shown: string
  readonly choose: (revisionId: string) => void
  readonly openPage: (page: number) => void
}

const Pages = ({ ledger, revisions, shown, choose, openPage }: PagesProps) => {
  const texts = useTexts()
  if (ledger.length === 0 && revisions.length < 2) return null
  return (
    <section class="ledger">
      <div class="section-head">
        <h2>{texts.documents.ledger}</h2>
        {revisions.length > 1 && (
          <label class="picker">
            <span>{texts.revisions.ofPages}</span>
            <select value={shown} onChange={(event) => choose(event.currentTarget.value)}>
              {[...revisions].reverse().map(({ id, label }) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {ledger.length > 0 && <PageLedger pages={ledger} openPage={openPage} />}
    </section>
  )
}

interface ActionsProps {
  readonly document: DocumentRecord
  readonly revisionId: string
  readonly open: () => void
}

const Actions = ({ document, revisionId, open }: ActionsProps) => {
  const texts = useTexts()
  const [removing, setRemoving] = useState(false)
  return (
    <div class="details-actions">
      <button type="button" class="primary" onClick={open}>
        <Icon name="page" />
        {texts.documents.open}
      </button>
      <a class="button" href={originalPath(document.id, revisionId)} target="_blank" rel="noreferrer">
        <Icon name="external" />
        {texts.viewer.original}
      </a>
      <button type="button" class="danger-plain" onClick={() => setRemoving(true)}>
        <Icon name="remove" />
        {texts.documents.remove}
      </button>
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

export const DocumentDetails = ({ id, uploads, jobs, follow, open, version }: DocumentDetailsProps) => {
  const texts = useTexts()
  const [chosen, setChosen] = useState('')
  const [adding, setAdding] = useState(false)
  const { detail, revisions, problem, reload } = useDetail(id, chosen, { jobs, follow, version })
  if (problem !== undefined || detail === undefined) {
    return (
      <div class="documents">
        <BackLink />
        {problem === undefined ? <p class="empty">{texts.app.loading}</p> : <ProblemNotice problem={problem} />}
      </div>
    )
  }
  const { document, ledger, ledgerRevision: shown, children, nearDuplicates } = detail
  const openPage = (revisionId: string, page: number) => {
    const revision = revisions.find((candidate) => candidate.id === revisionId)?.label ?? ''
    open(targetOfPage({ documentId: id, documentName: document.name, revisionId, revision }, page))
  }
  const read = revisions.filter(isRead)
  return (
    <div class="documents">
      <BackLink />
      <Head document={document} job={document.jobId === null ? undefined : jobs.get(document.jobId)} follow={follow} />
      <NearDuplicates found={nearDuplicates} />
      <Actions document={document} revisionId={shown} open={() => openPage(shown, 1)} />
      <DocumentFigures document={document} />
      <UploadList control={uploads} jobs={jobs} follow={follow} revisionOf={id} />
      <RevisionTable
        revisions={revisions}
        paginated={document.paginated}
        add={() => setAdding(true)}
        onChanged={reload}
      />
      {read.length > 1 && (
        <DifferenceView
          key={read.at(-1)?.id}
          documentId={id}
          revisions={read}
          openPage={(revision, page) => openPage(revision.id, page)}
        />
      )}
      <ChildList found={children} />
      <Pages
        ledger={ledger}
        revisions={revisions}
        shown={shown}
        choose={setChosen}
        openPage={(page) => openPage(shown, page)}
      />
      {adding && (
        <RevisionDialog
          document={document}
          upload={(file, fields) => uploads.add([file], document.collectionId, fields)}
          close={() => setAdding(false)}
        />
      )}
    </div>
  )
}
