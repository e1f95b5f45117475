/**
 * Documents, pages, collections and jobs as the API gives them, read into the shared records of `src/store/records.ts`.
 * Absent fields become neutral values.
 */
import { documentFormats, type PageOutcome } from '../../core/document.ts'
import type { CollectionId, DocumentId, JobId, RevisionId } from '../../core/ids.ts'
import {
  type CollectionRecord,
  type DocumentRecord,
  documentStatuses,
  type FailureRecord,
  type JobRecord,
  jobStages,
  jobStates,
  type PageSummary,
} from '../../store/records.ts'
import { readLanguage } from './parse-answer.ts'
import { readFields, readList, readNumber, readText } from './read-values.ts'
import { send, sendForFields } from './request.ts'

const readTime = (value: unknown): string | null => readText(value) || null

const readFailure = (value: unknown): FailureRecord | null => {
  const failure = readFields(value)
  const code = readText(failure.code)
  return code === '' ? null : { code, message: readText(failure.message, readText(failure.detail)) }
}

export const readCollection = (value: unknown): CollectionRecord => {
  const collection = readFields(value)
  return {
    id: readText(collection.id) as CollectionId,
    name: readText(collection.name),
    description: readText(collection.description),
    documents: readNumber(collection.documents),
    createdAt: readText(collection.createdAt),
  }
}

export const readDocument = (value: unknown): DocumentRecord => {
  const document = readFields(value)
  const pages = readFields(document.pages)
  return {
    id: readText(document.id) as DocumentId,
    collectionId: readText(document.collectionId) as CollectionId,
    name: readText(document.name),
    status: documentStatuses.find((status) => status === document.status) ?? 'queued',
    revisionId: readText(document.revisionId) as RevisionId,
    revision: readText(document.revision, '1'),
    sha256: readText(document.sha256),
    bytes: readNumber(document.bytes),
    format: documentFormats.find((format) => format === document.format) ?? null,
    paginated: document.paginated !== false,
    title: readText(document.title) || null,
    language: document.language === null ? null : readLanguage(document.language),
    pages: {
      text: readNumber(pages.text),
      ocr: readNumber(pages.ocr),
      blank: readNumber(pages.blank),
      failed: readNumber(pages.failed),
    },
    chunks: readNumber(document.chunks),
    error: readFailure(document.error),
    jobId: (readText(document.jobId) || null) as JobId | null,
    createdAt: readText(document.createdAt),
    publishedAt: readTime(document.publishedAt),
  }
}

const readOutcome = (value: unknown): PageOutcome => {
  const outcome = readFields(value)
  switch (outcome.method) {
    case 'ocr':
      return { method: 'ocr', confidence: readNumber(outcome.confidence) }
    case 'blank':
      return { method: 'blank' }
    case 'failed':
      return { method: 'failed', errorCode: readText(outcome.errorCode) }
    default:
      return { method: 'text' }
  }
}

const readPageSummary = (value: unknown): PageSummary => {
  const page = readFields(value)
  return {
    number: readNumber(page.number, 1),
    outcome: readOutcome(page.outcome),
    characters: readNumber(page.characters),
  }
}

export const readJob = (value: unknown): JobRecord => {
  const job = readFields(value)
  const progress = readFields(job.progress)
  return {
    id: readText(job.id) as JobId,
    documentId: readText(job.documentId) as DocumentId,
    documentName: readText(job.documentName),
    revisionId: readText(job.revisionId) as RevisionId,
    collectionId: readText(job.collectionId) as CollectionId,
    state: jobStates.find((state) => state === job.state) ?? 'queued',
    stage: jobStages.find((stage) => stage === job.stage) ?? 'queued',
    progress: { done: readNumber(progress.done), total: readNumber(progress.total) },
    attempts: readNumber(job.attempts),
    error: readFailure(job.error),
    createdAt: readText(job.createdAt),
    startedAt: readTime(job.startedAt),
    finishedAt: readTime(job.finishedAt),
  }
}

export const listCollections = async (signal?: AbortSignal): Promise<CollectionRecord[]> => {
  const fields = await sendForFields('/api/collections', { signal })
  return readList(fields.collections, readCollection)
}

export const createCollection = async (name: string, description: string): Promise<CollectionRecord> => {
  const body = description === '' ? { name } : { name, description }
  return readCollection(await sendForFields('/api/collections', { method: 'POST', body }))
}

export interface DocumentFilter {
  readonly collection: string
  readonly status: string
  readonly q: string
}

export interface DocumentPage {
  readonly documents: readonly DocumentRecord[]
  readonly nextCursor: string | undefined
}

/** The newest documents that the filter lets through; `cursor` goes on where the former page ended. */
export const listDocuments = async (
  filter: DocumentFilter,
  cursor: string | undefined,
  signal?: AbortSignal,
): Promise<DocumentPage> => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...filter, cursor: cursor ?? '' })) {
    if (value !== '') query.set(name, value)
  }
  const search = query.toString()
  const fields = await sendForFields(search === '' ? '/api/documents' : `/api/documents?${search}`, { signal })
  return {
    documents: readList(fields.documents, readDocument),
    nextCursor: readText(fields.nextCursor) || undefined,
  }
}

export interface DocumentWithLedger {
  readonly document: DocumentRecord
  readonly ledger: readonly PageSummary[]
}

const documentPath = (id: string): string => `/api/documents/${encodeURIComponent(id)}`

export const getDocument = async (id: string, signal?: AbortSignal): Promise<DocumentWithLedger> => {
  const fields = await sendForFields(documentPath(id), { signal })
  return { document: readDocument(fields), ledger: readList(fields.pageLedger, readPageSummary) }
}

export const removeDocument = async (id: string): Promise<void> => {
  await send(documentPath(id), { method: 'DELETE' })
}

/** Where the uploaded file itself is served. */
export const originalPath = (id: string): string => `${documentPath(id)}/file`

/** The text of one page, as it was read. */
export const getPageText = async (id: string, page: number, signal?: AbortSignal): Promise<string> =>
  readText((await sendForFields(`${documentPath(id)}/pages/${page}`, { signal })).text)
