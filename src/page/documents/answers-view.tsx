/** The verified answers: documents of their own kind, in a list of their own. */
import { useMemo } from 'preact/hooks'
import type { JobRecord } from '../../store/records.ts'
import type { DocumentFilter } from '../api/documents.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { DocumentTable } from './document-table.tsx'
import { DocumentsTabs } from './documents-tabs.tsx'
import { useDocuments } from './use-documents.ts'

interface AnswersViewProps {
  readonly jobs: ReadonlyMap<string, JobRecord>
  readonly follow: (jobId: string) => void
}

export const AnswersView = ({ jobs, follow }: AnswersViewProps) => {
  const texts = useTexts()
  const filter = useMemo<DocumentFilter>(() => ({ collection: '', status: '', q: '', kind: 'answer' }), [])
  const list = useDocuments(filter, 0, jobs)
  return (
    <div class="documents">
      <h1>{texts.gaps.answersTab}</h1>
      <DocumentsTabs current="answers" />
      {list.problem !== undefined && <ProblemNotice problem={list.problem} />}
      {list.loaded && list.documents.length === 0 ? (
        <p class="empty">{texts.gaps.noAnswers}</p>
      ) : (
        <DocumentTable list={list} filtered={false} collections={[]} jobs={jobs} follow={follow} />
      )}
    </div>
  )
}
