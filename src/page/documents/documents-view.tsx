/**
 * The documents: upload, uploads under way, filters, and the list, newest first. Documents that are being processed show their
 * job live, whoever brought them in.
 */
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { CollectionRecord, JobRecord } from '../../store/records.ts'
import { type DocumentFilter, listCollections } from '../api/documents.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { CreateCollectionDialog } from './create-collection-dialog.tsx'
import { DocumentFilters } from './document-filters.tsx'
import { DocumentTable } from './document-table.tsx'
import { DocumentsTabs } from './documents-tabs.tsx'
import { InterruptedUploads } from './interrupted-uploads.tsx'
import { PausedBanner } from './paused-banner.tsx'
import { UploadArea } from './upload-area.tsx'
import { UploadList } from './upload-list.tsx'
import { useDocuments } from './use-documents.ts'
import { useQueue } from './use-queue.ts'
import type { UploadsControl } from './use-uploads.ts'

interface DocumentsViewProps {
  readonly uploads: UploadsControl
  readonly jobs: ReadonlyMap<string, JobRecord>
  readonly follow: (jobId: string) => void
  /** Changes whenever an upload was accepted. */
  readonly version: number
}

/** How often it is looked whether somebody has paused processing. */
const pausedLookMs = 10_000

const anything: DocumentFilter = { collection: '', status: '', q: '', kind: 'file' }

const useCollections = (version: number) => {
  const [collections, setCollections] = useState<readonly CollectionRecord[] | undefined>(undefined)
  const [reloads, setReloads] = useState(0)
  // both numbers stand for "look again"
  useEffect(() => {
    const controller = new AbortController()
    listCollections(controller.signal).then(setCollections, () => undefined)
    return () => controller.abort()
  }, [version, reloads])
  const reload = useCallback(() => setReloads((count) => count + 1), [])
  return { collections, reload }
}

export const DocumentsView = ({ uploads, jobs, follow, version }: DocumentsViewProps) => {
  const texts = useTexts()
  const [filter, setFilter] = useState(anything)
  const [creating, setCreating] = useState(false)
  const [chosen, setChosen] = useState('')
  const { collections, reload } = useCollections(version)
  const list = useDocuments(filter, version, jobs)
  const queue = useQueue(1, pausedLookMs)
  const target = collections?.find(({ id }) => id === chosen)?.id ?? collections?.[0]?.id ?? ''

  useEffect(() => {
    for (const { status, jobId } of list.documents) {
      if ((status === 'queued' || status === 'processing') && jobId !== null) follow(jobId)
    }
  }, [list.documents, follow])

  return (
    <div class="documents">
      <h1>{texts.documents.heading}</h1>
      <DocumentsTabs current="documents" />
      <PausedBanner control={queue} />
      <UploadArea
        collections={collections}
        target={target}
        choose={setChosen}
        create={() => setCreating(true)}
        add={uploads.add}
      />
      <InterruptedUploads uploads={uploads.uploads} />
      <UploadList control={uploads} jobs={jobs} follow={follow} />
      <DocumentFilters filter={filter} collections={collections ?? []} change={setFilter} />
      {list.problem !== undefined && <ProblemNotice problem={list.problem} />}
      <DocumentTable
        list={list}
        filtered={filter.collection !== '' || filter.status !== '' || filter.q !== ''}
        collections={collections ?? []}
        jobs={jobs}
        follow={follow}
      />
      {creating && (
        <CreateCollectionDialog
          close={() => setCreating(false)}
          onCreated={(id) => {
            setChosen(id)
            reload()
          }}
        />
      )}
    </div>
  )
}
