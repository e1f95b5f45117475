/**
 * The step that makes a revision answer. Called by documents.ts within one transaction, after its rows lie in the index.
 */
import type { DocumentFormat, Language } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'
import type { RevisionId } from '../core/ids.ts'
import { type LedgerTransaction, timestamp } from './ledger-schema.ts'
import type { PageCounts } from './records.ts'

export interface Publication {
  readonly format: DocumentFormat
  readonly paginated: boolean
  readonly title?: string | undefined
  readonly language: Language
  /** Rows in the index, counted there. */
  readonly chunks: number
  /** Of the embedding that they were made with. */
  readonly fingerprint: string
}

/** @throws document_not_found; job_cancelled */
export const publishRevision = async (
  trx: LedgerTransaction,
  revisionId: RevisionId,
  publication: Publication,
): Promise<void> => {
  const revision = await findPublishable(trx, revisionId)
  const pages = await countPages(trx, revisionId)
  const newer = await trx
    .selectFrom('revisions')
    .select('id')
    .where('documentId', '=', revision.documentId)
    .where('ordinal', '>', revision.ordinal)
    .where('validity', '=', 'effective')
    .executeTakeFirst()
  const now = timestamp()
  await trx
    .updateTable('revisions')
    .set({
      format: publication.format,
      paginated: publication.paginated ? 1 : 0,
      title: publication.title ?? null,
      language: publication.language,
      chunks: publication.chunks,
      fingerprint: publication.fingerprint,
      pagesText: pages.text,
      pagesOcr: pages.ocr,
      pagesBlank: pages.blank,
      pagesFailed: pages.failed,
      status: pages.failed > 0 ? 'ready_with_gaps' : 'ready',
      // Revisions may be done in another order than they were uploaded in: the newest one stands.
      validity: newer === undefined ? 'effective' : 'superseded',
      errorCode: null,
      errorMessage: null,
      publishedAt: revision.publishedAt ?? now,
    })
    .where('id', '=', revisionId)
    .execute()
  await trx
    .updateTable('revisions')
    .set({ validity: 'superseded' })
    .where('documentId', '=', revision.documentId)
    .where('ordinal', '<', revision.ordinal)
    .where('validity', '=', 'effective')
    .execute()
  // The job ends here, so that no crash can leave a published document with a job that runs once more.
  await trx
    .updateTable('jobs')
    .set({ state: 'done', stage: 'done', leaseExpiresAt: null, finishedAt: now, errorCode: null, errorMessage: null })
    .where('revisionId', '=', revisionId)
    .where('state', '=', 'running')
    .execute()
}

const findPublishable = async (trx: LedgerTransaction, revisionId: RevisionId) => {
  const revision = await trx
    .selectFrom('revisions')
    .innerJoin('documents', 'documents.id', 'revisions.documentId')
    .select(['revisions.documentId', 'revisions.ordinal', 'revisions.publishedAt', 'documents.deletedAt'])
    .where('revisions.id', '=', revisionId)
    .executeTakeFirst()
  if (revision === undefined) throw new KuraError('document_not_found', 'There is no revision of this id.')
  const cancelled = await trx
    .selectFrom('jobs')
    .select('id')
    .where('revisionId', '=', revisionId)
    .where('state', '=', 'running')
    .where('cancelRequested', '=', 1)
    .executeTakeFirst()
  if (revision.deletedAt !== null || cancelled !== undefined) {
    throw new KuraError('job_cancelled', 'The document was deleted or its job cancelled before it was published.')
  }
  return revision
}

const countPages = async (trx: LedgerTransaction, revisionId: RevisionId): Promise<PageCounts> => {
  const rows = await trx
    .selectFrom('pages')
    .select((select) => ['method', select.fn.countAll<number>().as('count')])
    .where('revisionId', '=', revisionId)
    .groupBy('method')
    .execute()
  const counted = new Map(rows.map((row) => [row.method, row.count]))
  return {
    text: counted.get('text') ?? 0,
    ocr: counted.get('ocr') ?? 0,
    blank: counted.get('blank') ?? 0,
    failed: counted.get('failed') ?? 0,
  }
}
