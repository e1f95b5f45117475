/**
 * The step that makes a revision answer. Called by documents.ts within one transaction, after its rows lie in the index.
 */
import type { Language, PageOutcome } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'
import type { RevisionId } from '../core/ids.ts'
import { activeFingerprint, recordIndexed } from './indexes.ts'
import { type LedgerTransaction, timestamp } from './ledger-schema.ts'
import type { PageCounts } from './records.ts'

export interface Publication {
  readonly language: Language
  /** What near-duplicates are found by; '' where there is too little text. */
  readonly signature: string
  /** Rows in the index, counted there. */
  readonly chunks: number
  /** Of the index that they lie in. */
  readonly fingerprint: string
}

/** @throws document_not_found, job_cancelled, index_incomplete, internal */
export const publishRevision = async (
  trx: LedgerTransaction,
  revisionId: RevisionId,
  publication: Publication,
): Promise<void> => {
  const revision = await findPublishable(trx, revisionId)
  await refuseOtherIndex(trx, publication.fingerprint)
  const pages = await countPages(trx, revisionId, revision.pageTotal)
  const now = timestamp()
  await trx
    .updateTable('revisions')
    .set({
      language: publication.language,
      signature: publication.signature,
      pagesText: pages.text,
      pagesOcr: pages.ocr,
      pagesBlank: pages.blank,
      pagesFailed: pages.failed,
      status: pages.failed > 0 ? 'ready_with_gaps' : 'ready',
      errorCode: null,
      errorMessage: null,
      publishedAt: revision.publishedAt ?? now,
    })
    .where('id', '=', revisionId)
    .execute()
  await recordIndexed(trx, revisionId, publication)
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
    .select(['revisions.pageTotal', 'revisions.publishedAt', 'documents.deletedAt'])
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

/** While the document was embedded, another model's index may have taken over: what is published must be in the one that answers. */
const refuseOtherIndex = async (trx: LedgerTransaction, fingerprint: string): Promise<void> => {
  if ((await activeFingerprint(trx)) === fingerprint) return
  throw new KuraError('index_incomplete', 'Questions are answered from another index by now.')
}

/** @throws internal where a page is missing or still waits for OCR */
const countPages = async (
  trx: LedgerTransaction,
  revisionId: RevisionId,
  total: number | null,
): Promise<PageCounts> => {
  const rows = await trx
    .selectFrom('pages')
    .select((select) => ['method', select.fn.countAll<number>().as('count')])
    .where('revisionId', '=', revisionId)
    .groupBy('method')
    .execute()
  const counted = new Map(rows.map((row) => [row.method, row.count]))
  const count = (method: PageOutcome['method']): number => counted.get(method) ?? 0
  const pages = { text: count('text'), ocr: count('ocr'), blank: count('blank'), failed: count('failed') }
  const accounted = pages.text + pages.ocr + pages.blank + pages.failed
  if (count('unread') > 0 || (total !== null && accounted !== total)) {
    throw new KuraError('internal', `${accounted} of ${total} pages are accounted for.`)
  }
  return pages
}
