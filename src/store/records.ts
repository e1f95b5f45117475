/**
 * What the ledger holds, as the rest of the program sees it: plain, read-only records. Times are ISO 8601 UTC strings.
 */
import type { DocumentFormat, Language, PageOutcome } from '../core/document.ts'
import type { CollectionId, DocumentId, JobId, RevisionId } from '../core/ids.ts'

export interface CollectionRecord {
  readonly id: CollectionId
  readonly name: string
  readonly description: string
  /** Documents that are not deleted, whatever their status. */
  readonly documents: number
  readonly createdAt: string
}

/** Where a document stands on its way to being searchable. `ready_with_gaps`: searchable, but some pages failed. */
export const documentStatuses = ['queued', 'processing', 'ready', 'ready_with_gaps', 'failed', 'cancelled'] as const
export type DocumentStatus = (typeof documentStatuses)[number]

/** A controlled revision's validity. Only `effective` answers by default. */
export type RevisionStatus = 'draft' | 'effective' | 'superseded' | 'withdrawn'

export interface PageCounts {
  readonly text: number
  readonly ocr: number
  readonly blank: number
  readonly failed: number
}

/** Why a revision or job failed: a code of `errorCodes` and a sentence. */
export interface FailureRecord {
  readonly code: string
  readonly message: string
}

export interface DocumentRecord {
  readonly id: DocumentId
  readonly collectionId: CollectionId
  /** The uploaded name: a label, never a path. */
  readonly name: string
  readonly status: DocumentStatus
  readonly revisionId: RevisionId
  /** The revision's label, "1" where none was given. */
  readonly revision: string
  readonly sha256: string
  readonly bytes: number
  readonly format: DocumentFormat | null
  readonly paginated: boolean
  readonly title: string | null
  readonly language: Language | null
  readonly pages: PageCounts
  readonly chunks: number
  readonly error: FailureRecord | null
  /** The newest job of the revision. */
  readonly jobId: JobId | null
  readonly createdAt: string
  readonly publishedAt: string | null
}

export interface PageSummary {
  readonly number: number
  readonly outcome: PageOutcome
  readonly characters: number
}

export const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled', 'dead'] as const
export type JobState = (typeof jobStates)[number]
export const jobStages = ['queued', 'parsing', 'chunking', 'embedding', 'publishing', 'done'] as const
export type JobStage = (typeof jobStages)[number]

export interface JobRecord {
  readonly id: JobId
  readonly documentId: DocumentId
  readonly documentName: string
  readonly revisionId: RevisionId
  readonly collectionId: CollectionId
  readonly state: JobState
  readonly stage: JobStage
  /** Pages while parsing, chunks while embedding; 0 of 0 where a stage has no steps. */
  readonly progress: { readonly done: number; readonly total: number }
  /** Tries begun so far; `dead` after three that ended in the worker's or engine's failure. */
  readonly attempts: number
  readonly error: FailureRecord | null
  readonly createdAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
}
