/**
 * Reads collections, documents, revisions, pages and jobs out of the API's JSON into the shared records of `src/store/records.ts`.
 * Absent fields become neutral values, so that the page stays up beside an older or newer server.
 */
import { documentFormats, type PageOutcome, unreadReasons } from '../../core/document.ts'
import type { CollectionId, DocumentId, JobId, RevisionId } from '../../core/ids.ts'
import {
  type CollectionRecord,
  type DocumentRecord,
  documentStatuses,
  type FailureRecord,
  type JobRecord,
  jobStages,
  jobStates,
  type NearDuplicate,
  type PageCounts,
  type PageSummary,
  type RevisionRecord,
  revisionValidities,
} from '../../store/records.ts'
import { readLanguage } from './parse-answer.ts'
import { readChoice, readFields, readNumber, readText } from './read-values.ts'

const readOrNull = (value: unknown): string | null => readText(value) || null
const readJobId = (value: unknown) => readOrNull(value) as JobId | null

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

const readCounts = (value: unknown): PageCounts => {
  const pages = readFields(value)
  return {
    text: readNumber(pages.text),
    ocr: readNumber(pages.ocr),
    blank: readNumber(pages.blank),
    failed: readNumber(pages.failed),
  }
}

const readFormat = (value: unknown) => documentFormats.find((format) => format === value) ?? null

const readParent = (value: unknown): DocumentRecord['parent'] => {
  const parent = readFields(value)
  const documentId = readText(parent.documentId)
  return documentId === '' ? null : { documentId: documentId as DocumentId, entry: readText(parent.entry) }
}

const readEffectiveRevision = (value: unknown): DocumentRecord['effectiveRevision'] => {
  const revision = readFields(value)
  const id = readText(revision.id)
  return id === '' ? null : { id: id as RevisionId, label: readText(revision.label) }
}

export const readDocument = (value: unknown): DocumentRecord => {
  const document = readFields(value)
  return {
    id: readText(document.id) as DocumentId,
    collectionId: readText(document.collectionId) as CollectionId,
    parent: readParent(document.parent),
    name: readText(document.name),
    status: readChoice(document.status, documentStatuses, 'queued'),
    revisionId: readText(document.revisionId) as RevisionId,
    revision: readText(document.revision, '1'),
    effectiveRevision: readEffectiveRevision(document.effectiveRevision),
    sha256: readText(document.sha256),
    bytes: readNumber(document.bytes),
    format: readFormat(document.format),
    paginated: document.paginated !== false,
    title: readOrNull(document.title),
    language: document.language === null ? null : readLanguage(document.language),
    pages: readCounts(document.pages),
    chunks: readNumber(document.chunks),
    error: readFailure(document.error),
    jobId: readJobId(document.jobId),
    createdAt: readText(document.createdAt),
    publishedAt: readOrNull(document.publishedAt),
  }
}

export const readRevision = (value: unknown): RevisionRecord => {
  const revision = readFields(value)
  return {
    id: readText(revision.id) as RevisionId,
    documentId: readText(revision.documentId) as DocumentId,
    ordinal: readNumber(revision.ordinal, 1),
    label: readText(revision.label),
    validity: readChoice(revision.validity, revisionValidities, 'draft'),
    effectiveFrom: readOrNull(revision.effectiveFrom),
    effectiveUntil: readOrNull(revision.effectiveUntil),
    status: readChoice(revision.status, documentStatuses, 'queued'),
    sha256: readText(revision.sha256),
    bytes: readNumber(revision.bytes),
    format: readFormat(revision.format),
    pages: readCounts(revision.pages),
    chunks: readNumber(revision.chunks),
    error: readFailure(revision.error),
    jobId: readJobId(revision.jobId),
    createdAt: readText(revision.createdAt),
    publishedAt: readOrNull(revision.publishedAt),
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
    case 'unread':
      return { method: 'unread', reason: readChoice(outcome.reason, unreadReasons, 'no_text') }
    default:
      return { method: 'text' }
  }
}

export const readPageSummary = (value: unknown): PageSummary => {
  const page = readFields(value)
  return {
    number: readNumber(page.number, 1),
    label: readOrNull(page.label),
    outcome: readOutcome(page.outcome),
    characters: readNumber(page.characters),
  }
}

export const readNearDuplicate = (value: unknown): NearDuplicate => {
  const near = readFields(value)
  return {
    documentId: readText(near.documentId) as DocumentId,
    documentName: readText(near.documentName),
    revisionId: readText(near.revisionId) as RevisionId,
    similarity: readNumber(near.similarity),
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
    state: readChoice(job.state, jobStates, 'queued'),
    stage: readChoice(job.stage, jobStages, 'queued'),
    progress: { done: readNumber(progress.done), total: readNumber(progress.total) },
    attempts: readNumber(job.attempts),
    error: readFailure(job.error),
    createdAt: readText(job.createdAt),
    startedAt: readOrNull(job.startedAt),
    finishedAt: readOrNull(job.finishedAt),
  }
}
