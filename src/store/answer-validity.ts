/**
 * Whether a verified answer still stands: it does while every revision that it cites is in force. In: a revision and a time. Out: conditions
 * for queries. Computed whenever somebody asks, never stored, so an answer expires at the minute at which a cited document is superseded,
 * withdrawn or deleted, and stands again when that is rolled back. Neighbours: effectivity.ts; visible-revisions.ts, document-rows.ts, gaps.ts.
 */
import { type RawBuilder, sql } from 'kysely'
import type { RevisionId } from '../core/ids.ts'
import { revisionInForce } from './effectivity.ts'

/**
 * True for a verified answer that rests on a revision which is not in force at the time; false for all other revisions.
 * @param revisionId an expression of the outer query; not a column of `documents` or `collections`
 */
export const isExpiredAnswer = (
  revisionId: RawBuilder<RevisionId>,
  at: string,
): RawBuilder<boolean> => sql<boolean>`exists (
  select 1 from answer_citations as cited
  join documents on documents.id = cited.cited_document_id
  join collections on collections.id = documents.collection_id
  where cited.revision_id = ${revisionId} and (documents.deleted_at is not null or collections.deleted_at is not null
    or cited.cited_revision_id <> coalesce(${revisionInForce(at)}, '')))`

/** True where the document of a gap's verified answer may answer at the time, or is on its way into the index. For queries on `gaps`. */
export const gapIsAnswered = (at: string): RawBuilder<boolean> => sql<boolean>`exists (
  select 1 from documents join revisions on revisions.document_id = documents.id
  where documents.id = gaps.answer_document_id and documents.deleted_at is null
    and (revisions.id = ${revisionInForce(at)} or revisions.status in ('queued', 'processing'))
    and not ${isExpiredAnswer(sql<RevisionId>`revisions.id`, at)})`
