/**
 * A document with its page ledger and its revisions, looked at again whenever one of its jobs changes its state, or on request. Jobs that are
 * under way are followed.
 */
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { JobRecord, RevisionRecord } from '../../store/records.ts'
import { type DocumentDetail, getDocument } from '../api/documents.ts'
import { type Problem, problemOf } from '../api/request.ts'
import { listRevisions } from '../api/revisions.ts'

interface Detail {
  readonly detail: DocumentDetail | undefined
  /** In the order of upload. */
  readonly revisions: readonly RevisionRecord[]
  readonly problem: Problem | undefined
  readonly reload: () => void
}

interface Watched {
  readonly jobs: ReadonlyMap<string, JobRecord>
  readonly follow: (jobId: string) => void
  /** Changes whenever an upload was accepted. */
  readonly version: number
}

const isUnderWay = ({ status }: RevisionRecord): boolean => status === 'queued' || status === 'processing'

/** @param shownRevision whose pages are wanted; empty for the one that people mean who name none */
export const useDetail = (id: string, shownRevision: string, { jobs, follow, version }: Watched): Detail => {
  const [detail, setDetail] = useState<DocumentDetail | undefined>(undefined)
  const [revisions, setRevisions] = useState<readonly RevisionRecord[]>([])
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const [reloads, setReloads] = useState(0)
  const states = [...jobs.values()]
    .filter(({ documentId }) => documentId === id)
    .map((job) => `${job.id} ${job.state}`)
    .join()

  // `states`, `reloads` and `version` stand for "look again"
  useEffect(() => {
    const controller = new AbortController()
    const look = async () => {
      const [nextDetail, nextRevisions] = await Promise.all([
        getDocument(id, shownRevision, controller.signal),
        listRevisions(id, controller.signal),
      ])
      setDetail(nextDetail)
      setRevisions(nextRevisions)
    }
    look().catch((error: unknown) => controller.signal.aborted || setProblem(problemOf(error)))
    return () => controller.abort()
  }, [id, shownRevision, states, reloads, version])

  useEffect(() => {
    for (const revision of revisions) if (revision.jobId !== null && isUnderWay(revision)) follow(revision.jobId)
  }, [revisions, follow])
  // what failed can be tried again
  const { status, jobId } = detail?.document ?? {}
  useEffect(() => {
    if (jobId && status !== 'ready' && status !== 'ready_with_gaps') follow(jobId)
  }, [jobId, status, follow])

  const reload = useCallback(() => setReloads((count) => count + 1), [])
  return { detail, revisions, problem, reload }
}
