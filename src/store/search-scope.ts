/**
 * What a search of the index looks at, as its filter, and what it finds. Used by chunk-index.ts for both lanes.
 */
import { z } from 'zod'
import type { IndexedChunk, Language } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'
import type { CollectionId, RevisionId } from '../core/ids.ts'
import { inFilter } from './chunk-table.ts'

export interface ScoredChunk {
  readonly chunk: IndexedChunk
  /** Cosine similarity, or BM25. */
  readonly score: number
  /** L2-normalised, length = model dimensions. */
  readonly vector: Float32Array
}

export interface SearchScope {
  /** Nothing of other collections is looked at; an empty list finds nothing. */
  readonly collectionIds: readonly CollectionId[]
  readonly limit: number
  /** Only chunks of these languages. @default all */
  readonly languages?: readonly Language[]
  /** Chunks of these revisions are not looked at; thousands are no matter. @default none */
  readonly hidden?: readonly RevisionId[]
  readonly signal?: AbortSignal | undefined
}

/** A filter of LanceDB. */
export const scopeFilter = ({ collectionIds, languages, hidden = [] }: SearchScope): string =>
  [
    inFilter('collection_id', collectionIds),
    ...(languages === undefined ? [] : [inFilter('language', languages)]),
    ...(hidden.length === 0 ? [] : [`NOT (${inFilter('revision_id', hidden)})`]),
  ].join(' AND ')

/** @throws index_failed */
export const parseScore = (score: unknown): number => {
  const parsed = z.number().safeParse(score)
  if (!parsed.success) throw new KuraError('index_failed', 'The index returned a row without a score.')
  return parsed.data
}
