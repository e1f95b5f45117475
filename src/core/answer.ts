/**
 * What a question gets: passages, quotes, statements with checked citations, or "not found".
 * The shapes are those of the public contract (HTTP and command line); `not_found` is a value, never an error.
 */
import type { Box, Language, Segment } from './document.ts'
import type { AnswerId, ChunkId, CollectionId, ConversationId, DocumentId, RevisionId } from './ids.ts'

export interface PageBox extends Box {
  readonly page: number
}

export interface PageLabel {
  readonly page: number
  readonly label: string
}

export interface PassageScores {
  /** What the passages are ordered by; comparable within one search only. */
  readonly fused: number
  /** Cosine similarity, -1 to 1. */
  readonly vector?: number
  /** BM25. */
  readonly text?: number
  readonly identifier?: number
  readonly rerank?: number
}

/** A chunk returned for a question. */
export interface Passage {
  readonly id: ChunkId
  readonly documentId: DocumentId
  readonly documentName: string
  readonly revisionId: RevisionId
  /** The revision's label, for people. */
  readonly revision: string
  readonly collectionId: CollectionId
  readonly pageStart: number
  readonly pageEnd: number
  /** False where the document has no pages; the heading is the locator then. */
  readonly paginated: boolean
  readonly heading: string
  readonly text: string
  readonly segments: readonly Segment[]
  readonly language: Language
  /** Where each of `segments` stands on its page, in the same order; empty lists for formats without a layout. */
  readonly segmentBoxes: readonly (readonly PageBox[])[]
  /** Of those of its pages that have a name (sheets), in ascending order. */
  readonly pageLabels?: readonly PageLabel[]
  /** Sheets only: the cells of each of `segments`, e.g. `A5:D5`, in the same order; empty texts where they are not known. */
  readonly segmentCells?: readonly string[]
  /** Sheets only, where the passage lies on one: the cells of all of it, e.g. `A1:D1, A5:D9`. */
  readonly cells?: string
  readonly scores: PassageScores
}

/** Where a verbatim text stands. */
export interface QuotePlace {
  readonly passageId: ChunkId
  readonly documentId: DocumentId
  readonly documentName: string
  readonly revisionId: RevisionId
  /** The revision's label, for people. */
  readonly revision: string
  readonly page: number
  /** A sheet's name. */
  readonly pageLabel?: string
  /** Sheets only. */
  readonly cells?: string
  readonly boxes: readonly PageBox[]
}

/** A sentence or table row, verbatim. */
export interface Quote extends QuotePlace {
  readonly text: string
  /** Higher is better; comparable within one answer only. */
  readonly score: number
}

export interface Citation extends QuotePlace {
  /** Verbatim text of the cited passage. */
  readonly quote: string
}

export interface Statement {
  readonly text: string
  /** Never empty. */
  readonly citations: readonly Citation[]
}

export interface Answer {
  readonly id: AnswerId
  readonly conversationId: ConversationId
  readonly question: string
  /** The time whose revisions were asked, ISO 8601 UTC, where it was not the present. */
  readonly asOf?: string
  readonly status: 'answered' | 'not_found'
  readonly language: Language
  readonly quotes: readonly Quote[]
  readonly statements: readonly Statement[]
  readonly passages: readonly Passage[]
  /** Catalog name of the model that wrote the statements, or undefined where none did. */
  readonly model?: string
  /** Codes of what did not work as it should while this answer was made; empty when all was well. */
  readonly degraded: readonly string[]
  readonly timingsMs: { readonly retrieve: number; readonly firstStatement?: number; readonly total: number }
}

/**
 * What an answer tells while it is being made, in this order; the last is always `answer`, or an exception. Passages and quotes come once more where
 * the question was asked again in another language: they replace the former.
 */
export type AnswerEvent =
  | { readonly type: 'passages'; readonly passages: readonly Passage[] }
  | { readonly type: 'quotes'; readonly quotes: readonly Quote[] }
  | { readonly type: 'statement'; readonly statement: Statement }
  | { readonly type: 'answer'; readonly answer: Answer }
