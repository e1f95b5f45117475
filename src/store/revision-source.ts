/**
 * What the ingestion worker needs to read a revision: its original, what the uploader has said, and how far an earlier try got.
 * Called by documents.ts.
 */
import type { DocumentFormat, Language } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'
import type { CollectionId, DocumentId, RevisionId } from '../core/ids.ts'
import type { LedgerDatabase } from './ledger-schema.ts'

/** What a revision is read from. */
export interface RevisionSource {
  readonly sha256: string
  readonly name: string
  /** The revision's label. */
  readonly label: string
  readonly documentId: DocumentId
  readonly collectionId: CollectionId
  readonly parentId: DocumentId | null
  /** As the uploader said. */
  readonly language: Language | null
  /** As an earlier try found it. */
  readonly foundLanguage: Language | null
  readonly password: string | null
  readonly encoding: string | null
  /** Of the parsed document, where all its pages are in the ledger already. */
  readonly head: { readonly format: DocumentFormat; readonly paginated: boolean; readonly title?: string } | null
}

/** @throws document_not_found */
export const findSource = async (db: LedgerDatabase, revisionId: RevisionId): Promise<RevisionSource> => {
  const row = await db
    .selectFrom('revisions')
    .innerJoin('documents', 'documents.id', 'revisions.documentId')
    .select(['revisions.sha256', 'documents.name', 'documents.id as documentId', 'documents.collectionId'])
    .select(['documents.parentId', 'revisions.languageHint as language', 'revisions.password', 'revisions.encoding'])
    .select(['revisions.parsedAt', 'revisions.format', 'revisions.paginated', 'revisions.title', 'revisions.label'])
    .select('revisions.language as foundLanguage')
    .where('revisions.id', '=', revisionId)
    .where('documents.deletedAt', 'is', null)
    .executeTakeFirst()
  if (row === undefined) throw new KuraError('document_not_found', 'The document was deleted.')
  const { parsedAt, format, paginated, title, ...source } = row
  return {
    ...source,
    head:
      parsedAt === null || format === null
        ? null
        : { format, paginated: paginated === 1, ...(title === null ? {} : { title }) },
  }
}
