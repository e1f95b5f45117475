/** Collections, documents and their pages: what the API is asked about them. */
import type { DocumentId } from '../../core/ids.ts'
import type {
  CollectionRecord,
  DocumentKind,
  DocumentRecord,
  DocumentStatus,
  NearDuplicate,
  PageSummary,
} from '../../store/records.ts'
import { documentStatuses } from '../../store/records.ts'
import { readCollection, readDocument, readNearDuplicate, readPageSummary } from './read-records.ts'
import { readChoice, readFields, readList, readText } from './read-values.ts'
import { send, sendForFields } from './request.ts'

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
  readonly kind: DocumentKind
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

/** A file that was inside another one, as a document of its own. */
interface ChildDocument {
  readonly id: DocumentId
  readonly name: string
  /** Where it lay. */
  readonly entry: string
  readonly status: DocumentStatus
}

export interface DocumentDetail {
  readonly document: DocumentRecord
  /** Id of the revision that the page ledger is of: the one asked for, else the newest. */
  readonly ledgerRevision: string
  readonly ledger: readonly PageSummary[]
  readonly children: readonly ChildDocument[]
  readonly nearDuplicates: readonly NearDuplicate[]
}

const readChild = (value: unknown): ChildDocument => {
  const child = readFields(value)
  return {
    id: readText(child.id) as DocumentId,
    name: readText(child.name),
    entry: readText(child.entry),
    status: readChoice(child.status, documentStatuses, 'queued'),
  }
}

export const documentPath = (id: string): string => `/api/documents/${encodeURIComponent(id)}`

/** @param revision id of a revision; empty for the one that people mean who name none */
const revisionQuery = (revision: string): string => (revision === '' ? '' : `?revision=${encodeURIComponent(revision)}`)

export const getDocument = async (id: string, revision = '', signal?: AbortSignal): Promise<DocumentDetail> => {
  const fields = await sendForFields(documentPath(id) + revisionQuery(revision), { signal })
  return {
    document: readDocument(fields),
    ledgerRevision: readText(readFields(fields.pageLedgerRevision).id),
    ledger: readList(fields.pageLedger, readPageSummary),
    children: readList(fields.children, readChild),
    nearDuplicates: readList(fields.nearDuplicates, readNearDuplicate),
  }
}

export const removeDocument = async (id: string): Promise<void> => {
  await send(documentPath(id), { method: 'DELETE' })
}

/** Where the uploaded file itself is served. */
export const originalPath = (id: string, revision = ''): string => `${documentPath(id)}/file${revisionQuery(revision)}`

/** The text of one page, as it was read. */
export const getPageText = async (id: string, revision: string, page: number, signal?: AbortSignal): Promise<string> =>
  readText((await sendForFields(`${documentPath(id)}/pages/${page}${revisionQuery(revision)}`, { signal })).text)
