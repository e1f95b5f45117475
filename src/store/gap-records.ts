/**
 * Gaps and verified answers as the rest of the program sees them: plain, read-only records. Times are ISO 8601 UTC strings.
 */
import type { Passage, VerifiedMark } from '../core/answer.ts'
import type { Language } from '../core/document.ts'
import type { AnswerId, ChunkId, CollectionId, DocumentId, GapId, RevisionId } from '../core/ids.ts'
import type { DocumentStatus } from './records.ts'

/**
 * `open`: nobody has looked after it; `answered`: by a verified answer that may answer now, or is on its way into the index; `expired`: its
 * verified answer may not answer any more, as what it cites is not in force; `document_missing`: a document is to be had first.
 */
export const gapStates = ['open', 'expired', 'answered', 'document_missing', 'dismissed'] as const
export type GapState = (typeof gapStates)[number]

/** Why a question is in the list. */
export const gapReasons = ['not_found', 'voted_down'] as const
export type GapReason = (typeof gapReasons)[number]

/** A question without an answer that helped, with those that are like it. */
export interface GapRecord {
  readonly id: GapId
  readonly collectionId: CollectionId
  /** The first that was asked. */
  readonly question: string
  readonly language: Language
  readonly state: GapState
  /** Which document is missing, or why it was dismissed. */
  readonly note: string | null
  /** How often it was met, in whatever words. */
  readonly asked: number
  /** Of these, answers that were voted down. */
  readonly votedDown: number
  readonly lastAskedAt: string
  readonly createdAt: string
  /** The document of its verified answer. */
  readonly answerDocumentId: DocumentId | null
}

/** One time that a gap was met. */
export interface GapExample {
  readonly answerId: AnswerId
  readonly question: string
  readonly language: Language
  readonly reason: GapReason
  readonly comment: string | null
  /** What the reader says that the right answer is. */
  readonly correction: string | null
  readonly askedAt: string
}

export interface GapDetail extends GapRecord {
  /** The newest of each wording, newest first. */
  readonly examples: readonly GapExample[]
  /** What was found for the newest of them, best first, as far as it may answer now. */
  readonly nearest: readonly Passage[]
  readonly answer: VerifiedAnswerRecord | null
}

/** A place that a verified answer stands on. */
export interface CitedPlace {
  readonly documentId: DocumentId
  readonly documentName: string
  readonly revisionId: RevisionId
  /** The revision's label. */
  readonly revision: string
  readonly passageId: ChunkId
  readonly page: number
  /** Offsets into the page's text. */
  readonly pageStart: number
  readonly pageEnd: number
  /** Verbatim. */
  readonly quote: string
  /** Whether the cited revision is in force now. */
  readonly inForce: boolean
}

export interface VerifiedAnswerRecord extends VerifiedMark {
  readonly documentId: DocumentId
  readonly revisionId: RevisionId
  readonly text: string
  readonly language: Language
  readonly questions: readonly string[]
  /** Somebody answers for it by name; it may have no citation then. */
  readonly signed: boolean
  readonly citations: readonly CitedPlace[]
  /** How far its document is. */
  readonly status: DocumentStatus
  /** Whether it may answer now. */
  readonly inForce: boolean
}
