/**
 * Which revision of a document is in force when. In: entries "from this time on, this revision" (or none). Out: the revision in force at a
 * time, as a subquery for every question and as a value for people. Documents.ts, revisions.ts and publish-revision.ts build on it.
 * Invariants: what is in force is computed from the entries, never stored, so a revision takes effect at its minute without anybody doing
 * anything; a revision that is not published is passed over, so the one before it answers until its text is there.
 */
import { sql } from 'kysely'
import type { DocumentId, RevisionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { type LedgerDatabase, type LedgerTransaction, timestamp } from './ledger-schema.ts'
import type { RevisionValidity } from './records.ts'

/**
 * From when a document's first revision is in force where nobody has said it: what is uploaded without a date was in force before, and every date
 * that a later revision is given comes after it.
 */
export const sinceEver = '0001-01-01T00:00:00.000Z'

/** The id of the revision of `documents.id` that is in force at the time; null where none is. For queries that have that table. */
export const revisionInForce = (at: string) => sql<RevisionId | null>`(
  select entry.revision_id from effectivity as entry
  left join revisions as candidate on candidate.id = entry.revision_id
  where entry.document_id = documents.id and entry.effective_from <= ${at}
    and (entry.revision_id is null or candidate.published_at is not null)
  order by entry.effective_from desc, entry.sequence desc limit 1)`

/** @param revisionId null: from then on no revision is in force */
export const putInForce = async (
  trx: LedgerTransaction,
  principal: Principal,
  entry: { documentId: DocumentId; revisionId: RevisionId | null; effectiveFrom: string },
): Promise<void> => {
  const last = await trx
    .selectFrom('effectivity')
    .select('sequence')
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  await trx
    .insertInto('effectivity')
    .values({ ...entry, sequence: (last?.sequence ?? 0) + 1, principalId: principal.id, recordedAt: timestamp() })
    .execute()
}

export interface EffectivityEntry {
  readonly revisionId: RevisionId | null
  readonly effectiveFrom: string
}

/** The entries of a document in the order in which they apply, those of unpublished revisions too. */
export const entriesOf = (db: LedgerDatabase, documentId: DocumentId): Promise<EffectivityEntry[]> =>
  db
    .selectFrom('effectivity')
    .select(['sequence', 'revisionId', 'effectiveFrom'])
    .where('documentId', '=', documentId)
    .orderBy('effectiveFrom')
    .orderBy('sequence')
    .execute()

export interface Validity {
  readonly validity: RevisionValidity
  readonly effectiveFrom: string | null
  readonly effectiveUntil: string | null
}

/**
 * What a revision is at a time.
 * @param entries of its document, as `entriesOf` gives them
 * @param published the published revisions of the document
 */
export const validityOf = (
  revisionId: RevisionId,
  entries: readonly EffectivityEntry[],
  published: ReadonlySet<RevisionId>,
  at: string,
): Validity => {
  const own = entries.findLast((entry) => entry.revisionId === revisionId)
  if (!own) return { validity: 'draft', effectiveFrom: null, effectiveUntil: null }
  const applying = entries.filter((entry) => entry.revisionId === null || published.has(entry.revisionId))
  const index = applying.findLastIndex((entry) => entry.revisionId === revisionId)
  const next = index < 0 ? undefined : applying.slice(index + 1).find((entry) => entry.revisionId !== revisionId)
  const effectiveFrom = own.effectiveFrom === sinceEver ? null : own.effectiveFrom
  const times = { effectiveFrom, effectiveUntil: next?.effectiveFrom ?? null }
  if (index < 0 || own.effectiveFrom > at) {
    // A second entry may lie ahead while an earlier one holds.
    const current = applying.findLast((entry) => entry.effectiveFrom <= at)
    return { validity: current?.revisionId === revisionId ? 'effective' : 'scheduled', ...times }
  }
  if (next === undefined || next.effectiveFrom > at) return { validity: 'effective', ...times }
  return { validity: next.revisionId === null ? 'withdrawn' : 'superseded', ...times }
}
