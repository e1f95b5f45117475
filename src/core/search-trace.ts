/**
 * Why a search found what it found: told on request, for people who tune a collection and for the evaluation. Plain data, made by
 * `src/retrieval`. Invariant: nothing of what the caller may not read is in it; of that, only how much there was.
 */
import type { Language } from './document.ts'
import type { ChunkId, DocumentId, RevisionId } from './ids.ts'

/** By meaning, by all words, by words of names and headings, by part numbers and codes. */
export type LaneName = 'vector' | 'text' | 'heading' | 'identifier'

export interface LaneTraceHit {
  readonly passageId: ChunkId
  readonly documentId: DocumentId
  readonly revisionId: RevisionId
  readonly documentName: string
  /** The first page that it lies on. */
  readonly page: number
  /** From 1. */
  readonly rank: number
  /** Cosine in the vector lane, BM25 in the others. */
  readonly score: number
}

/** A missing score means that the lane did not find it. */
export interface RankedTraceHit {
  readonly passageId: ChunkId
  readonly fused: number
  readonly vector?: number
  /** Added to the cosine before passages of several languages are compared. */
  readonly languageBonus: number
  readonly text?: number
  readonly heading?: number
  readonly identifier?: number
}

export interface MovedPassage {
  readonly passageId: ChunkId
  readonly into: ChunkId
}

export interface SearchTrace {
  /** Id of the tuning that was applied; missing where the built-in parameters ranked. */
  readonly ranking?: string
  readonly terms: readonly string[]
  /** Codes in the question that a passage holds. */
  readonly identifiers: readonly string[]
  readonly language: Language
  readonly lanes: Readonly<Record<LaneName, readonly LaneTraceHit[]>>
  /** Share of the question's terms in the best full text hit, 0 to 1. */
  readonly coverage: number
  /** What each lane counted for this question. */
  readonly weights: Readonly<Record<LaneName, number>>
  /** All candidates, best first, before anything was folded or joined. */
  readonly ranked: readonly RankedTraceHit[]
  /** Scores of the reranking model, for those that it was shown. */
  readonly reranked: readonly { readonly passageId: ChunkId; readonly score: number }[]
  readonly folded: readonly MovedPassage[]
  readonly joined: readonly MovedPassage[]
  /** Hits that the ledger did not let through: deleted, not in force at that time, or not readable. */
  readonly hiddenHits: number
}
