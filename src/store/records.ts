/**
 * What the ledger holds, as the rest of the program sees it: plain, read-only records. Times are ISO 8601 UTC strings.
 */
import type { DocumentFormat, Language, PageOutcome } from '../core/document.ts'
import type { CollectionId, DocumentId, JobId, RevisionId, WatchedFolderId } from '../core/ids.ts'

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

/** `answer`: verified answers, which are documents of their own kind. */
export const documentKinds = ['file', 'answer'] as const
export type DocumentKind = (typeof documentKinds)[number]

/**
 * A controlled revision's validity at a time. Only `effective` answers by default. `scheduled`: takes effect at a time to come, or as soon
 * as it is published; `draft`: until somebody puts it in force.
 */
export const revisionValidities = ['draft', 'scheduled', 'effective', 'superseded', 'withdrawn'] as const
export type RevisionValidity = (typeof revisionValidities)[number]

/** What becomes of a document whose file is gone from a watched folder. */
export const removalRules = ['keep', 'withdraw', 'remove'] as const
export type RemovalRule = (typeof removalRules)[number]

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

/** A document with the content that was uploaded last; `effectiveRevision` is the one that answers. */
export interface DocumentRecord {
  readonly id: DocumentId
  readonly collectionId: CollectionId
  /** The document that this one was inside of (a mail, an archive), and where. */
  readonly parent: { readonly documentId: DocumentId; readonly entry: string } | null
  /** The uploaded name: a label, never a path. */
  readonly name: string
  readonly status: DocumentStatus
  readonly revisionId: RevisionId
  /** The revision's label, "1" where none was given. */
  readonly revision: string
  /** The revision that is in force now; null where there is none. */
  readonly effectiveRevision: { readonly id: RevisionId; readonly label: string } | null
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

/** One content of a document. */
export interface RevisionRecord {
  readonly id: RevisionId
  readonly documentId: DocumentId
  /** 1-based, in the order of upload. */
  readonly ordinal: number
  readonly label: string
  readonly validity: RevisionValidity
  /** When it took or takes effect (the last time, after a roll-back); null for a draft, and where it is in force since ever. */
  readonly effectiveFrom: string | null
  /** When another one took its place, or it was withdrawn; null where neither is known. */
  readonly effectiveUntil: string | null
  readonly status: DocumentStatus
  readonly sha256: string
  readonly bytes: number
  readonly format: DocumentFormat | null
  readonly pages: PageCounts
  readonly chunks: number
  readonly error: FailureRecord | null
  readonly jobId: JobId | null
  readonly createdAt: string
  readonly publishedAt: string | null
}

/** A document of nearly the same text. */
export interface NearDuplicate {
  readonly documentId: DocumentId
  readonly documentName: string
  readonly revisionId: RevisionId
  /** 0 to 1. */
  readonly similarity: number
}

/** A table of the index, and how far it is built. */
export interface IndexRecord {
  readonly fingerprint: string
  /** Catalog name or path of the embedding model. */
  readonly model: string
  readonly dimensions: number
  readonly active: boolean
  readonly createdAt: string
  readonly activatedAt: string | null
  /** Published revisions that it holds, of all. */
  readonly progress: { readonly done: number; readonly total: number }
}

export interface WatchedFolderRecord {
  readonly id: WatchedFolderId
  readonly collectionId: CollectionId
  /** Absolute. */
  readonly path: string
  readonly whenRemoved: RemovalRule
  readonly createdAt: string
}

export interface WatchedFileRecord {
  /** Relative to the folder, with slashes. */
  readonly path: string
  readonly documentId: DocumentId | null
  readonly sha256: string | null
  readonly bytes: number
  readonly modifiedAt: string
  readonly error: FailureRecord | null
}

export interface PageSummary {
  readonly number: number
  /** A sheet's name. */
  readonly label: string | null
  readonly outcome: PageOutcome
  readonly characters: number
}

export const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled', 'dead'] as const
export type JobState = (typeof jobStates)[number]
/** `reading`: OCR of the pages that have no usable text. */
export const jobStages = ['queued', 'parsing', 'reading', 'chunking', 'embedding', 'publishing', 'done'] as const
export type JobStage = (typeof jobStages)[number]

export interface JobRecord {
  readonly id: JobId
  readonly documentId: DocumentId
  readonly documentName: string
  readonly revisionId: RevisionId
  readonly collectionId: CollectionId
  readonly state: JobState
  readonly stage: JobStage
  /** Pages while parsing and reading, chunks while embedding; 0 of 0 where a stage has no steps. */
  readonly progress: { readonly done: number; readonly total: number }
  /** Tries begun so far; `dead` after three that ended in the worker's or engine's failure. */
  readonly attempts: number
  readonly error: FailureRecord | null
  readonly createdAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
}
