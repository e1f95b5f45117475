/**
 * Which revisions may answer at a time, asked from both ends: of some revisions those that may, and of some collections those that may not.
 * Called by documents.ts. Invariant: a published revision of a readable collection is in exactly one of the two.
 */
import { sql } from 'kysely'
import type { CollectionId, DocumentId, RevisionId } from '../core/ids.ts'
import { selectPublished } from './document-rows.ts'
import { revisionInForce } from './effectivity.ts'
import { idBatches } from './id-batches.ts'
import { type LedgerDatabase, timestamp } from './ledger-schema.ts'

export interface VisibleRevision {
  readonly documentId: DocumentId
  readonly documentName: string
  /** The revision's label. */
  readonly revision: string
  readonly collectionId: CollectionId
  readonly paginated: boolean
}

export const findVisible = async (
  db: LedgerDatabase,
  revisionIds: readonly RevisionId[],
  at: Date,
): Promise<Map<RevisionId, VisibleRevision>> => {
  const visible = new Map<RevisionId, VisibleRevision>()
  for (const ids of idBatches([...new Set(revisionIds)])) {
    const rows = await selectPublished(db)
      .where('revisions.id', 'in', ids)
      .where('revisions.id', '=', revisionInForce(timestamp(at)))
      .select(['revisions.id', 'documents.id as documentId', 'documents.name as documentName'])
      .select(['revisions.label as revision', 'documents.collectionId', 'revisions.paginated'])
      .execute()
    for (const { id, paginated, ...rest } of rows) visible.set(id, { ...rest, paginated: paginated === 1 })
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
      ]),
    )
    .where('revisions.id', '!=', sql<RevisionId>`coalesce(${revisionInForce(time)}, '')`)
    .select('revisions.id')
    .execute()
  return rows.map((row) => row.id)
}
