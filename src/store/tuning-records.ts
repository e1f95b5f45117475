/**
 * What the ledger holds of tunings and of the questions that were generated for them, as the rest of the program sees it. A tuning is a job and its result:
 * what was fitted on a customer's own documents, and how it did against the untuned system on the part that it was not fitted on.
 */
import type { Language } from '../core/document.ts'
import type { ChunkId, CollectionId, DocumentId, RevisionId, TuningId } from '../core/ids.ts'
import type { FailureRecord } from './records.ts'

/** `interrupted`: the process that ran it has ended; its questions are kept, and a new tuning with the same seed takes them over. */
export const tuningStates = ['running', 'done', 'cancelled', 'failed', 'interrupted'] as const
export type TuningState = (typeof tuningStates)[number]

export const tuningStages = ['sampling', 'writing', 'fitting', 'comparing', 'done'] as const
export type TuningStage = (typeof tuningStages)[number]

/** Why a generated question was thrown away. */
export const questionRejections = [
  'not_written',
  'wrong_language',
  'copy',
  'points_to_text',
  'names_nothing',
  'answer_not_in_passage',
  'duplicate',
  'not_findable',
] as const
export type QuestionRejection = (typeof questionRejections)[number]

/** Written by a model, or made of a heading or of a table row by rule. */
export const questionOrigins = ['model', 'heading', 'row'] as const
export type QuestionOrigin = (typeof questionOrigins)[number]

export interface GeneratedQuestion {
  readonly collectionId: CollectionId
  readonly documentId: DocumentId
  readonly revisionId: RevisionId
  /** The passage that it was made of. */
  readonly passageId: ChunkId
  /** Of the passage within its document, from 0. */
  readonly ordinal: number
  readonly question: string
  readonly language: Language
  readonly passageLanguage: Language
  /** The sentence or table row that answers it, verbatim. */
  readonly answer: string
  readonly origin: QuestionOrigin
  /** What wrote it; null where it was made by rule. */
  readonly model: string | null
}

/** One try: what came of it is kept, so that it is not made again. */
export interface QuestionTry extends GeneratedQuestion {
  /** undefined where the question is good. */
  readonly rejection?: QuestionRejection | undefined
}

export interface RetrievalFigures {
  readonly n: number
  /** Share of the questions whose answer is in the first passage, 0 to 1. */
  readonly hit1: number
  readonly hit5: number
  readonly mrr10: number
}

export interface RefusalFigures {
  readonly answerable: number
  /** Of these, those that are not refused. */
  readonly kept: number
  readonly unanswerable: number
  readonly refused: number
}

export interface BeforeAfter<Figures> {
  readonly before: Figures
  readonly after: Figures
}

/** `after - before` on the held-out part, by paired bootstrap. */
export interface Difference {
  readonly mean: number
  /** The 5th and the 95th percentile. */
  readonly low: number
  readonly high: number
}

/** `unchanged`: the fitting found nothing better than what is there; `too_few`: not enough questions to tell; `not_calibrated`: there is no threshold to fit. */
export const tuningOutcomes = ['won', 'not_better', 'worse_in_class', 'unchanged', 'too_few', 'not_calibrated'] as const
export type TuningOutcome = (typeof tuningOutcomes)[number]

export interface TuningReport {
  readonly questions: {
    /** Passages that a question was to be made of. */
    readonly tried: number
    readonly kept: number
    readonly fit: number
    readonly heldOut: number
    readonly rejected: Readonly<Partial<Record<QuestionRejection, number>>>
    /** Kept ones by where they come from. */
    readonly origins: Readonly<Partial<Record<QuestionOrigin, number>>>
  }
  readonly ranking: {
    readonly outcome: TuningOutcome
    /** Parameters that differ from the defaults. */
    readonly changed: Readonly<Record<string, BeforeAfter<number>>>
    /** Whether the vectors of questions are moved. */
    readonly adapter: boolean
    readonly figures: BeforeAfter<RetrievalFigures> | null
    /** Of the mean of the reciprocal ranks. */
    readonly difference: Difference | null
    readonly classes: Readonly<Record<string, BeforeAfter<RetrievalFigures>>>
  }
  readonly refusal: {
    readonly outcome: TuningOutcome
    readonly figures: BeforeAfter<RefusalFigures> | null
    /** Of the mean of the share kept and the share refused. */
    readonly difference: Difference | null
    readonly classes: Readonly<Record<string, BeforeAfter<RefusalFigures>>>
  }
}

export interface TuningRecord {
  readonly id: TuningId
  readonly state: TuningState
  readonly stage: TuningStage
  readonly progress: { readonly done: number; readonly total: number }
  /** Estimated; null where it has ended. */
  readonly remainingSeconds: number | null
  readonly collectionIds: readonly CollectionId[]
  /** Passages to make a question of each. */
  readonly limit: number
  readonly seed: number
  /** Embedding model, and the table of the index that it belongs to: it is applied to no other. */
  readonly embeddingModel: string
  readonly fingerprint: string
  /** What wrote the questions; null where they are made by rule. */
  readonly generationModel: string | null
  /** Whether something of it is better than the untuned system: only then it can be active. */
  readonly won: boolean
  /** Whether questions are answered with it now, where the index is the one that it belongs to. */
  readonly active: boolean
  readonly report: TuningReport | null
  readonly error: FailureRecord | null
  readonly createdAt: string
  readonly finishedAt: string | null
}
