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
  /** BM25 over the document's name and the headings. */
  readonly heading?: number
  /** Share of the question's codes that it holds, 0 to 1. */
  readonly identifier?: number
  /** By the reranking model, 0 to 1. */
  readonly rerank?: number
}

/** Where a copy of a passage's text stands: another document, revision or collection. */
export interface PassagePlace {
  readonly passageId: ChunkId
  readonly documentId: DocumentId
  readonly documentName: string
  readonly revisionId: RevisionId
  /** The revision's label, for people. */
  readonly revision: string
  readonly collectionId: CollectionId
  readonly pageStart: number
  readonly pageEnd: number
}

/** Who answers for a verified answer, and since when (ISO 8601 UTC). */
export interface VerifiedMark {
  readonly by: string
  readonly at: string
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
  /** Verified answers only; `answersQuestion`: the question is one that it was given for, or the same in other words. */
  readonly verified?: VerifiedMark & { readonly answersQuestion: boolean }
  readonly scores: PassageScores
  /** Other places of this text, or of a part of it; best first. */
  readonly alsoIn?: readonly PassagePlace[]
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

/** A sentence or table row, verbatim, with what it can not be understood without. */
export interface Quote extends QuotePlace {
  readonly text: string
  /** Of a table row: the head of its table, verbatim. */
  readonly header?: string
  /** The sentence before it, verbatim, where it begins with a pronoun. */
  readonly before?: string
  /** Where a procedure is asked for and it is a step of one: all of its steps, verbatim, in their order. */
  readonly steps?: readonly string[]
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
  /** Other documents that say the same with other figures: one of them may be out of date. Missing where there are none. */
  readonly differing?: readonly Citation[]
  /**
   * `quote`: a sentence of the documents, verbatim, where no model wrote one that holds. `step`: of a procedure, in its order. `safety`: a warning
   * that stands with what is cited, verbatim. Undefined: a sentence that the model wrote.
   */
  readonly kind?: 'quote' | 'step' | 'safety'
  /** A line of a verified answer, verbatim; a signed one without sources cites itself. */
  readonly verified?: VerifiedMark
}

/** A code that was asked for and stands in none of the documents. */
export interface NearMiss {
  readonly asked: string
  /** Similar ones that the documents speak of; may be empty. */
  readonly found: readonly string[]
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
  /** Of an answer that was not found; missing where there are none. */
  readonly nearMisses?: readonly NearMiss[]
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
