/** The list of documents: a table on wide screens, cards on narrow ones (by style sheet). Deleting asks first. */
import { useState } from 'preact/hooks'
import type { CollectionRecord, DocumentRecord, JobRecord } from '../../store/records.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { DocumentRow } from './document-row.tsx'
import type { DocumentList } from './use-documents.ts'

interface DocumentTableProps {
  readonly list: DocumentList
  readonly filtered: boolean
  readonly collections: readonly CollectionRecord[]
  readonly jobs: ReadonlyMap<string, JobRecord>
  readonly follow: (jobId: string) => void
}

export const DocumentTable = ({ list, filtered, collections, jobs, follow }: DocumentTableProps) => {
  const texts = useTexts()
  const [removing, setRemoving] = useState<DocumentRecord | undefined>(undefined)
  const names = new Map<string, string>(collections.map(({ id, name }) => [id, name]))
  if (!list.loaded) return list.problem === undefined ? <p class="empty">{texts.app.loading}</p> : null
  if (list.documents.length === 0) {
    return <p class="empty">{filtered ? texts.documents.noneMatching : texts.documents.none}</p>
  }
  return (
    <>
      <table class="document-table">
        <thead>
          <tr>
            <th scope="col">{texts.documents.name}</th>
            <th scope="col">{texts.documents.status}</th>
            <th scope="col">{texts.documents.pages}</th>
            <th scope="col" class="number">
              {texts.documents.chunks}
            </th>
            <th scope="col">{texts.documents.language}</th>
            <th scope="col">{texts.documents.added}</th>
            <th scope="col">
              <span class="hidden">{texts.documents.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.documents.map((document) => (
            <DocumentRow
              key={document.id}
              document={document}
              collection={names.get(document.collectionId) ?? ''}
              job={document.jobId === null ? undefined : jobs.get(document.jobId)}
              follow={follow}
              remove={setRemoving}
            />
          ))}
        </tbody>
      </table>
      <p class="list-foot">
        <span class="quiet">{texts.documents.shown(list.documents.length)}</span>
        {list.hasMore && (
          <button type="button" onClick={list.more}>
            {texts.documents.more}
          </button>
        )}
      </p>
      {removing !== undefined && (
        <DeleteDialog
          document={removing}
          close={() => setRemoving(undefined)}
          onDeleted={() => list.forget(removing.id)}
        />
      )}
    </>
  )
}
