/**
 * The listed documents: pages of the filtered list joined together, each record renewed when its job ends. A change of the
 * filter, or an upload, begins again from the first page.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { DocumentRecord, JobRecord } from '../../store/records.ts'
import { type DocumentFilter, getDocument, listDocuments } from '../api/documents.ts'
import { isFinished } from '../api/jobs.ts'
import { type Problem, problemOf } from '../api/request.ts'

export interface DocumentList {
  readonly documents: readonly DocumentRecord[]
  /** False until the first page has come. */
  readonly loaded: boolean
  readonly hasMore: boolean
  readonly problem: Problem | undefined
  readonly more: () => void
  readonly forget: (id: string) => void
}

interface Listed {
  readonly documents: readonly DocumentRecord[]
  readonly cursor: string | undefined
  readonly loaded: boolean
}

/** Asks again for each document whose job has ended since. */
const useRenewal = (jobs: ReadonlyMap<string, JobRecord>, renewed: (record: DocumentRecord) => void): void => {
  const states = useRef(new Map<string, string>())
  useEffect(() => {
    for (const job of jobs.values()) {
      const before = states.current.get(job.id)
      states.current.set(job.id, job.state)
      if (before === job.state || !isFinished(job.state)) continue
      getDocument(job.documentId).then(
        ({ document }) => renewed(document),
        () => undefined,
      )
    }
  }, [jobs, renewed])
}

export const useDocuments = (
  filter: DocumentFilter,
  version: number,
  jobs: ReadonlyMap<string, JobRecord>,
): DocumentList => {
  const [listed, setListed] = useState<Listed>({ documents: [], cursor: undefined, loaded: false })
  const [problem, setProblem] = useState<Problem | undefined>(undefined)

  // `version` stands for "look again"
  useEffect(() => {
    const controller = new AbortController()
    listDocuments(filter, undefined, controller.signal).then(
      ({ documents, nextCursor }) => {
        setListed({ documents, cursor: nextCursor, loaded: true })
        setProblem(undefined)
      },
      (error: unknown) => controller.signal.aborted || setProblem(problemOf(error)),
    )
    return () => controller.abort()
  }, [filter, version])

  const more = useCallback(() => {
    const { cursor } = listed
    if (cursor === undefined) return
    listDocuments(filter, cursor).then(
      (page) =>
        setListed((now) =>
          now.cursor === cursor
            ? { documents: [...now.documents, ...page.documents], cursor: page.nextCursor, loaded: true }
            : now,
        ),
      (error: unknown) => setProblem(problemOf(error)),
    )
  }, [filter, listed])
  const renewed = useCallback((record: DocumentRecord) => {
    setListed((now) => ({ ...now, documents: now.documents.map((old) => (old.id === record.id ? record : old)) }))
  }, [])
  const forget = useCallback((id: string) => {
    setListed((now) => ({ ...now, documents: now.documents.filter((document) => document.id !== id) }))
  }, [])
  useRenewal(jobs, renewed)
  return {
    documents: listed.documents,
    loaded: listed.loaded,
    hasMore: listed.cursor !== undefined,
    problem,
    more,
    forget,
  }
}
