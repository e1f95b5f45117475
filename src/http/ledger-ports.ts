/**
 * What the HTTP API needs of the ledger's stores, and no more; the composition root's ledger satisfies it structurally.
 * Invariant: every call that reads or writes somebody's data takes the principal first. Neighbour: deps.ts.
 */
import type { Answer } from '../core/answer.ts'
import type { ParsedPage } from '../core/document.ts'
import type { AnswerId, CollectionId, DocumentId, GapId, JobId, RevisionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import type { QuestionVector } from '../core/question-vectors.ts'
import type { GapDetail, GapRecord, GapState } from '../store/gap-records.ts'
import type { PageText } from '../store/pages.ts'
import type {
  CollectionRecord,
  DocumentKind,
  DocumentRecord,
  DocumentStatus,
  JobRecord,
  JobState,
  NearDuplicate,
  PageSummary,
  RevisionRecord,
} from '../store/records.ts'
import type { RevisionChange } from '../store/revisions.ts'

export interface CollectionsPort {
  create(p: Principal, v: { readonly name: string; readonly description?: string }): Promise<CollectionRecord>
  list(p: Principal): Promise<readonly CollectionRecord[]>
  get(p: Principal, id: CollectionId): Promise<CollectionRecord>
  /** By id, else by exact name. */
  resolve(p: Principal, idOrName: string): Promise<CollectionRecord>
  update(
    p: Principal,
    id: CollectionId,
    v: { readonly name?: string; readonly description?: string },
  ): Promise<CollectionRecord>
  remove(p: Principal, id: CollectionId): Promise<void>
  /** All that the principal may read, or the given ids or names, checked. */
  readable(p: Principal, idsOrNames?: readonly string[]): Promise<readonly CollectionId[]>
}

export interface DocumentsPort {
  list(
    p: Principal,
    filter: {
      readonly collectionId?: CollectionId
      readonly status?: DocumentStatus
      readonly q?: string
      readonly kind?: DocumentKind
      readonly cursor?: string
      readonly limit?: number
    },
  ): Promise<{ readonly documents: readonly DocumentRecord[]; readonly nextCursor?: string | undefined }>
  get(p: Principal, id: DocumentId): Promise<DocumentRecord>
  /** What was found inside of it, in the order in which it was found. */
  children(p: Principal, id: DocumentId): Promise<readonly DocumentRecord[]>
  /** `encoding`: of a text file, as the uploader said. */
  sourceOf(id: RevisionId): Promise<{ readonly encoding: string | null }>
  remove(p: Principal, id: DocumentId): Promise<void>
}

export interface RevisionsPort {
  /** In the order of upload. */
  list(p: Principal, documentId: DocumentId): Promise<readonly RevisionRecord[]>
  /** By id, else by label. */
  get(p: Principal, documentId: DocumentId, idOrLabel: string): Promise<RevisionRecord>
  /** The one in force, else the one uploaded last. */
  shown(p: Principal, documentId: DocumentId): Promise<RevisionRecord>
  update(p: Principal, documentId: DocumentId, id: RevisionId, change: RevisionChange): Promise<RevisionRecord>
  nearDuplicates(p: Principal, id: RevisionId): Promise<readonly NearDuplicate[]>
}

export interface PagesPort {
  summary(p: Principal, revisionId: RevisionId): Promise<readonly PageSummary[]>
  get(p: Principal, revisionId: RevisionId, number: number): Promise<ParsedPage>
  texts(p: Principal, revisionId: RevisionId): Promise<readonly PageText[]>
}

export interface JobsPort {
  get(p: Principal, id: JobId): Promise<JobRecord>
  list(
    p: Principal,
    filter: { readonly states?: readonly JobState[]; readonly limit?: number },
  ): Promise<readonly JobRecord[]>
  cancel(p: Principal, id: JobId): Promise<JobRecord>
  retry(p: Principal, id: JobId, password?: string): Promise<JobRecord>
  /** No job is begun and those that run are given back, until `resume`. */
  pause(p: Principal): Promise<void>
  resume(p: Principal): Promise<void>
  isPaused(): Promise<boolean>
  counts(): Promise<Readonly<Record<JobState, number>>>
  oldestQueuedAt(): Promise<string | Date | null | undefined>
}

export interface ConversationsPort {
  getAnswer(p: Principal, id: AnswerId): Promise<Answer>
  feedback(
    p: Principal,
    id: AnswerId,
    v: {
      readonly rating: 'up' | 'down'
      readonly comment?: string
      readonly correction?: string
      /** Of the question, where it is voted down and an engine embeds. */
      readonly vector?: QuestionVector | undefined
    },
  ): Promise<void>
  /** The question as it was searched for. */
  standaloneOf(p: Principal, id: AnswerId): Promise<string>
}

export interface GapsPort {
  list(
    p: Principal,
    filter: {
      readonly collectionIds: readonly CollectionId[]
      readonly state?: GapState | undefined
      readonly cursor?: string | undefined
      readonly limit: number
    },
  ): Promise<{ readonly gaps: readonly GapRecord[]; readonly nextCursor?: string }>
  counts(p: Principal, collectionIds: readonly CollectionId[]): Promise<Readonly<Record<GapState, number>>>
  get(p: Principal, id: GapId): Promise<GapDetail>
  markMissing(p: Principal, id: GapId, note: string): Promise<GapDetail>
  dismiss(p: Principal, id: GapId, note: string | null): Promise<GapDetail>
  reopen(p: Principal, id: GapId): Promise<GapDetail>
}
