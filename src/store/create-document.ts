/**
 * Making a document: the document, its first revision and the job that ingests it, or the finding that the collection holds the
 * same content already. Called by documents.ts within one transaction.
 */
import type { Language } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'
import {
  type CollectionId,
  createDocumentId,
  createRevisionId,
  type DocumentId,
  type JobId,
  type RevisionId,
} from '../core/ids.ts'
import { foldName, selectDocuments } from './document-rows.ts'
import { type LedgerDatabase, type LedgerTransaction, timestamp } from './ledger-schema.ts'
import { addJob, nextSequence } from './revision-states.ts'

export interface NewDocument {
  readonly collectionId: CollectionId
  /** A label, cleaned already. */
  readonly name: string
  /** 64 hexadecimal digits. */
  readonly sha256: string
  readonly bytes: number
  /** The revision's label. @default "1" */
  readonly revision?: string | undefined
  /** What the uploader says that the language is. */
  readonly language?: Language | undefined
  /** ISO 8601 UTC; it does not answer before that time. */
  readonly effectiveFrom?: string | undefined
}

/** `duplicate`: the same content was there already, the ids are those of that document, and no job was made. */
export type CreatedDocument =
  | {
      readonly duplicate: false
      readonly documentId: DocumentId
      readonly revisionId: RevisionId
      readonly jobId: JobId
    }
  | { readonly duplicate: true; readonly documentId: DocumentId; readonly revisionId: RevisionId; readonly jobId: null }

/** @throws collection_not_found */
export const createDocument = async (trx: LedgerTransaction, values: NewDocument): Promise<CreatedDocument> => {
  const collection = await trx
    .selectFrom('collections')
    .select('id')
    .where('id', '=', values.collectionId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (collection === undefined) throw new KuraError('collection_not_found', 'The collection is not there (any more).')
  const same = await selectSameContent(trx, values.collectionId, values.sha256).executeTakeFirst()
  if (same !== undefined) {
    return { duplicate: true, documentId: same.id, revisionId: same.revisionId, jobId: null }
  }
  return insertDocument(trx, values)
}

/** Documents whose newest revision has this content, unless it failed or was cancelled; the oldest first. */
export const selectSameContent = (db: LedgerDatabase, collectionId: CollectionId, sha256: string) =>
  selectDocuments(db)
    .where('documents.collectionId', '=', collectionId)
    .where('revisions.sha256', '=', sha256)
    .where('revisions.status', 'not in', ['failed', 'cancelled'])
    .orderBy('documents.sequence')

const insertDocument = async (trx: LedgerTransaction, values: NewDocument): Promise<CreatedDocument> => {
  const documentId = createDocumentId()
  const revisionId = createRevisionId()
  const createdAt = timestamp()
  await trx
    .insertInto('documents')
    .values({
      id: documentId,
      collectionId: values.collectionId,
      sequence: await nextSequence(trx, 'documents'),
      name: values.name,
      searchName: foldName(values.name),
      createdAt,
    })
    .execute()
  await trx
    .insertInto('revisions')
    .values({
      id: revisionId,
      documentId,
      ordinal: 1,
      label: values.revision ?? '1',
      sha256: values.sha256,
      bytes: values.bytes,
      languageHint: values.language ?? null,
      effectiveFrom: values.effectiveFrom === undefined ? null : timestamp(new Date(values.effectiveFrom)),
      createdAt,
    })
    .execute()
  const jobId = await addJob(trx, { revisionId, documentId, collectionId: values.collectionId })
  return { duplicate: false, documentId, revisionId, jobId }
}
