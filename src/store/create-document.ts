/**
 * What an upload makes: a document with its first revision, or a further revision of a document, and the job that ingests it; or the finding
 * that the same content is there already. Called by documents.ts within one transaction.
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
import type { Principal } from '../core/principal.ts'
import { foldName, selectDocuments } from './document-rows.ts'
import { putInForce, sinceEver } from './effectivity.ts'
import { insertVerifiedAnswer } from './insert-verified-answer.ts'
import { type LedgerDatabase, type LedgerTransaction, timestamp } from './ledger-schema.ts'
import { addJob, nextSequence } from './revision-states.ts'
import type { NewVerifiedAnswer } from './verified-answer-content.ts'

/** The content of a revision and what the uploader says about it. */
export interface NewRevision {
  /** 64 hexadecimal digits. */
  readonly sha256: string
  readonly bytes: number
  /** The revision's label. @default its number within the document */
  readonly revision?: string | undefined
  /** What the uploader says that the language is. */
  readonly language?: Language | undefined
  /** Whether it answers only after somebody has put it in force. @default false */
  readonly draft?: boolean | undefined
  /** ISO 8601 UTC, past or future: it is in force from then on. @default now; of a document's first revision since ever */
  readonly effectiveFrom?: string | undefined
  /** Opens an encrypted file. */
  readonly password?: string | undefined
  /** Of a text file. */
  readonly encoding?: string | undefined
  /** It is no file, but a verified answer. */
  readonly answer?: NewVerifiedAnswer | undefined
}

export interface NewDocument extends NewRevision {
  readonly collectionId: CollectionId
  /** A label, cleaned already. */
  readonly name: string
  /** The document of which this is a revision. */
  readonly revisionOf?: DocumentId | undefined
  /** The document that it was inside of, and where. */
  readonly parent?: { readonly documentId: DocumentId; readonly entry: string } | undefined
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

/** @throws collection_not_found; document_not_found where `revisionOf` is not in the collection; revision_exists */
export const createDocument = async (
  trx: LedgerTransaction,
  principal: Principal,
  values: NewDocument,
): Promise<CreatedDocument> => {
  const collection = await trx
    .selectFrom('collections')
    .select('id')
    .where('id', '=', values.collectionId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (collection === undefined) throw new KuraError('collection_not_found', 'The collection is not there (any more).')
  if (values.revisionOf !== undefined) return addRevision(trx, principal, values, values.revisionOf)
  // What lies in a mail or an archive belongs to it, whatever else has the same content.
  const same = values.parent
    ? undefined
    : await selectSameContent(trx, values.collectionId, values.sha256).executeTakeFirst()
  if (same !== undefined) return duplicateOf(same)
  const documentId = createDocumentId()
  await trx
    .insertInto('documents')
    .values({
      id: documentId,
      collectionId: values.collectionId,
      sequence: await nextSequence(trx, 'documents'),
      name: values.name,
      searchName: foldName(values.name),
      parentId: values.parent?.documentId ?? null,
      entry: values.parent?.entry ?? null,
      createdAt: timestamp(),
    })
    .execute()
  return insertRevision(trx, principal, values, { documentId, ordinal: 1 })
}

/** Documents whose newest revision has this content, unless it failed or was cancelled; the oldest first. */
export const selectSameContent = (db: LedgerDatabase, collectionId: CollectionId, sha256: string) =>
  selectDocuments(db)
    .where('documents.collectionId', '=', collectionId)
    .where('documents.parentId', 'is', null)
    .where('revisions.sha256', '=', sha256)
    .where('revisions.status', 'not in', ['failed', 'cancelled'])
    .orderBy('documents.sequence')

const duplicateOf = (same: { id: DocumentId; revisionId: RevisionId }): CreatedDocument => ({
  duplicate: true,
  documentId: same.id,
  revisionId: same.revisionId,
  jobId: null,
})

const addRevision = async (
  trx: LedgerTransaction,
  principal: Principal,
  values: NewDocument,
  documentId: DocumentId,
): Promise<CreatedDocument> => {
  const newest = await selectDocuments(trx).where('documents.id', '=', documentId).executeTakeFirst()
  if (newest === undefined || newest.collectionId !== values.collectionId) {
    throw new KuraError('document_not_found', 'The collection has no document of the id that is to be revised.', {
      details: { documentId },
    })
  }
  if ((newest.format === 'answer') !== (values.answer !== undefined)) {
    throw new KuraError('revision_not_changeable', 'A verified answer is revised where its question is answered.')
  }
  const isOpen = newest.status !== 'failed' && newest.status !== 'cancelled'
  if (isOpen && newest.sha256 === values.sha256) return duplicateOf(newest)
  await refuseUsedLabel(trx, documentId, values.revision)
  return insertRevision(trx, principal, values, { documentId, ordinal: newest.ordinal + 1 })
}

/** Two revisions of one label could not be told apart in a citation; a failed one may be uploaded again. */
const refuseUsedLabel = async (
  trx: LedgerTransaction,
  documentId: DocumentId,
  label: string | undefined,
): Promise<void> => {
  if (label === undefined) return
  const used = await trx
    .selectFrom('revisions')
    .select('id')
    .where('documentId', '=', documentId)
    .where('label', '=', label)
    .where('status', 'not in', ['failed', 'cancelled'])
    .executeTakeFirst()
  if (used === undefined) return
  throw new KuraError('revision_exists', `The document has a revision "${label}" already.`, { details: { documentId } })
}

/** Its number, unless somebody called an earlier revision so. */
const defaultLabel = async (trx: LedgerTransaction, documentId: DocumentId, ordinal: number): Promise<string> => {
  const rows = await trx.selectFrom('revisions').select('label').where('documentId', '=', documentId).execute()
  const used = new Set(rows.map(({ label }) => label))
  let number = ordinal
  while (used.has(String(number))) number += 1
  return String(number)
}

const insertRevision = async (
  trx: LedgerTransaction,
  principal: Principal,
  values: NewDocument,
  of: { documentId: DocumentId; ordinal: number },
): Promise<CreatedDocument> => {
  const { documentId, ordinal } = of
  const revisionId = createRevisionId()
  const createdAt = timestamp()
  await trx
    .insertInto('revisions')
    .values({
      id: revisionId,
      documentId,
      ordinal,
      label: values.revision ?? (await defaultLabel(trx, documentId, ordinal)),
      sha256: values.sha256,
      bytes: values.bytes,
      languageHint: values.language ?? null,
      password: values.password ?? null,
      encoding: values.encoding ?? null,
      createdAt,
    })
    .execute()
  if (values.draft !== true) {
    // What is cited says of which time an answer holds; a signature holds from now on.
    const isSinceEver = ordinal === 1 && values.answer?.citations.length !== 0
    const usual = isSinceEver ? sinceEver : createdAt
    const effectiveFrom = values.effectiveFrom === undefined ? usual : timestamp(new Date(values.effectiveFrom))
    await putInForce(trx, principal, { documentId, revisionId, effectiveFrom })
  }
  if (values.answer) await insertVerifiedAnswer(trx, principal, { documentId, revisionId }, values.answer)
  const jobId = await addJob(trx, { revisionId, documentId, collectionId: values.collectionId })
  return { duplicate: false, documentId, revisionId, jobId }
}
