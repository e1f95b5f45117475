/**
 * Which revisions may answer at a time, asked from both ends: of some revisions those that may, and of some collections those that may not.
 * A verified answer may while what it cites may (answer-validity.ts).
 * Called by documents.ts. Invariant: a published revision of a readable collection is in exactly one of the two.
 */
import { sql } from 'kysely'
import type { VerifiedMark } from '../core/answer.ts'
import type { CollectionId, DocumentId, RevisionId } from '../core/ids.ts'
import { isExpiredAnswer } from './answer-validity.ts'
import { selectPublished } from './document-rows.ts'
import { revisionInForce } from './effectivity.ts'
import { idBatches } from './id-batches.ts'
import { parseTexts } from './json-columns.ts'
import { type LedgerDatabase, timestamp } from './ledger-schema.ts'

export interface VisibleRevision {
  readonly documentId: DocumentId
  readonly documentName: string
  /** The revision's label. */
  readonly revision: string
  readonly collectionId: CollectionId
  readonly paginated: boolean
  /** Of a verified answer: who answers for it since when, and the questions that it was given for. */
  readonly verifiedAnswer?: VerifiedMark & { readonly questions: readonly string[] }
}

const expired = (time: string) => isExpiredAnswer(sql<RevisionId>`revisions.id`, time)

export const findVisible = async (
  db: LedgerDatabase,
  revisionIds: readonly RevisionId[],
  at: Date,
): Promise<Map<RevisionId, VisibleRevision>> => {
  const visible = new Map<RevisionId, VisibleRevision>()
  const time = timestamp(at)
  for (const ids of idBatches([...new Set(revisionIds)])) {
    const rows = await selectPublished(db)
      .where('revisions.id', 'in', ids)
      .where('revisions.id', '=', revisionInForce(time))
      .where(sql<boolean>`not ${expired(time)}`)
      .leftJoin('verifiedAnswers', 'verifiedAnswers.revisionId', 'revisions.id')
      .select(['verifiedAnswers.verifiedBy', 'verifiedAnswers.verifiedAt', 'verifiedAnswers.questions'])
      .select(['revisions.id', 'documents.id as documentId', 'documents.name as documentName'])
      .select(['revisions.label as revision', 'documents.collectionId', 'revisions.paginated'])
      .execute()
    for (const { id, paginated, verifiedBy, verifiedAt, questions, ...rest } of rows) {
      visible.set(id, {
        ...rest,
        paginated: paginated === 1,
        ...(verifiedBy === null || verifiedAt === null || questions === null
          ? {}
          : { verifiedAnswer: { by: verifiedBy, at: verifiedAt, questions: parseTexts(questions) } }),
      })
    }
  }
  return visible
}

export const findHidden = async (
  db: LedgerDatabase,
  collectionIds: readonly CollectionId[],
  at: Date,
): Promise<RevisionId[]> => {
  if (collectionIds.length === 0) return []
  const time = timestamp(at)
  const rows = await selectPublished(db)
    .leftJoin(
      (from) =>
        from
          .selectFrom('effectivity')
          .select((select) => ['documentId', select.fn.countAll<number>().as('entries')])
          .select((select) => select.fn.min('effectiveFrom').as('first'))
          .select((select) => select.fn.min('revisionId').as('only'))
          .groupBy('documentId')
          .as('decided'),
      (join) => join.onRef('decided.documentId', '=', 'documents.id'),
    )
    .where('documents.collectionId', 'in', collectionIds)
    // Nearly all documents have one entry, which holds: the look into all entries is for the others.
    .where((where) =>
      where.or([
        where('decided.entries', 'is', null),
        where('decided.entries', '>', 1),
        where('decided.first', '>', time),
        where('decided.only', 'is', null),
        where('decided.only', '!=', where.ref('revisions.id')),
        where('revisions.format', '=', 'answer'),
      ]),
    )
    .where((where) =>
      where.or([
        where('revisions.id', '!=', sql<RevisionId>`coalesce(${revisionInForce(time)}, '')`),
        where.and([where('revisions.format', '=', 'answer'), expired(time)]),
      ]),
    )
    .select('revisions.id')
    .execute()
  return rows.map((row) => row.id)
}
