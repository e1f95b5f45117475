/**
 * What changed between two revisions, page by page; pages that did not change only on request. What was added and what was removed differ in
 * sign, underline and strike-through, not in colour alone.
 */
import { useEffect, useState } from 'preact/hooks'
import type { RevisionRecord } from '../../store/records.ts'
import { type Problem, problemOf } from '../api/request.ts'
import { compareRevisions, type PageDifference } from '../api/revisions.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { PageChange } from './page-change.tsx'

interface DifferenceViewProps {
  readonly documentId: string
  /** In the order of upload; at least two. */
  readonly revisions: readonly RevisionRecord[]
  readonly openPage: (revision: RevisionRecord, page: number) => void
}

interface PickerProps {
  readonly label: string
  readonly revisions: readonly RevisionRecord[]
  readonly chosen: string
  readonly choose: (id: string) => void
}

const RevisionPicker = ({ label, revisions, chosen, choose }: PickerProps) => (
  <label class="picker">
    <span>{label}</span>
    <select value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
      {revisions.map(({ id, label: name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  </label>
)

const useDifference = (documentId: string, from: string, to: string) => {
  const [pages, setPages] = useState<readonly PageDifference[] | undefined>(undefined)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  useEffect(() => {
    const controller = new AbortController()
    setPages(undefined)
    setProblem(undefined)
    compareRevisions(documentId, from, to, controller.signal).then(setPages, (error: unknown) => {
      if (!controller.signal.aborted) setProblem(problemOf(error))
    })
    return () => controller.abort()
  }, [documentId, from, to])
  return { pages, problem }
}

export const DifferenceView = ({ documentId, revisions, openPage }: DifferenceViewProps) => {
  const texts = useTexts()
  const [from, setFrom] = useState(revisions.at(-2)?.id ?? '')
  const [to, setTo] = useState(revisions.at(-1)?.id ?? '')
  const [all, setAll] = useState(false)
  const { pages, problem } = useDifference(documentId, from, to)
  const older = revisions.find(({ id }) => id === from)
  const newer = revisions.find(({ id }) => id === to)
  const changed = pages?.filter(({ change }) => change !== 'same') ?? []
  const shown = all ? (pages ?? []) : changed
  return (
    <section class="difference">
      <h2>{texts.difference.heading}</h2>
      <div class="difference-choice">
        <RevisionPicker label={texts.difference.older} revisions={revisions} chosen={from} choose={setFrom} />
        <RevisionPicker label={texts.difference.newer} revisions={revisions} chosen={to} choose={setTo} />
        <label class="check">
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
          <span>{texts.difference.all}</span>
        </label>
      </div>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {pages === undefined && problem === undefined && <p class="quiet">{texts.app.loading}</p>}
      {pages !== undefined && (
        <p class="quiet" role="status">
          {changed.length === 0 ? texts.difference.none : texts.difference.unchanged(pages.length - changed.length)}
        </p>
      )}
      <ol class="page-changes">
        {shown.map((page) => (
          <li key={`${page.from} ${page.to}`}>
            <PageChange page={page} older={older} newer={newer} openPage={openPage} />
          </li>
        ))}
      </ol>
    </section>
  )
}
