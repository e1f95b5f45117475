/**
 * The ledger's tables as TypeScript sees them; `migrations.ts` makes them. Columns are camelCase here and snake_case in the
 * database (Kysely's CamelCasePlugin). Only portable SQL: text, integers and JSON as text; times are ISO 8601 UTC text of one
 * length, so that they compare as strings; flags are 0 or 1.
 */
import type { Generated, Kysely, Transaction } from 'kysely'
import type { DocumentFormat, Language, PageOutcome } from '../core/document.ts'
import type { AnswerId, CollectionId, ConversationId, DocumentId, JobId, RevisionId } from '../core/ids.ts'
import type { DocumentStatus, JobStage, JobState, RevisionStatus } from './records.ts'

interface CollectionsTable {
  id: CollectionId
  name: string
  description: string
  /** Number of the newest claim of a job of this collection: who was served last waits behind the others. */
  lastClaim: Generated<number>
  createdAt: string
  deletedAt: string | null
}

interface DocumentsTable {
  id: DocumentId
  collectionId: CollectionId
  /** Ascending in the order of creation. */
  sequence: number
  name: string
  /** The name folded (NFKC, lower case), for searching. */
  searchName: string
  createdAt: string
  deletedAt: string | null
}

interface RevisionsTable {
  id: RevisionId
  documentId: DocumentId
  /** 1-based within the document; the highest is the one that a document's record shows. */
  ordinal: number
  label: string
  sha256: string
  bytes: number
  languageHint: Language | null
  effectiveFrom: string | null
  status: Generated<DocumentStatus>
  validity: Generated<RevisionStatus>
  format: DocumentFormat | null
  paginated: Generated<number>
  title: string | null
  language: Language | null
  chunks: Generated<number>
  pagesText: Generated<number>
  pagesOcr: Generated<number>
  pagesBlank: Generated<number>
  pagesFailed: Generated<number>
  /** Of the embedding that the published chunks were made with. */
  fingerprint: string | null
  errorCode: string | null
  errorMessage: string | null
  createdAt: string
  publishedAt: string | null
  /** When the leftovers of a revision that does not answer any more were removed from the index. */
  purgedAt: string | null
}

interface PagesTable {
  revisionId: RevisionId
  number: number
  method: PageOutcome['method']
  confidence: number | null
  errorCode: string | null
  characters: number
  text: string
  /** JSON: Block[]. */
  blocks: string
  /** JSON: LineBox[]. */
  lines: string
}

interface JobsTable {
  id: JobId
  revisionId: RevisionId
  documentId: DocumentId
  collectionId: CollectionId
  sequence: number
  state: Generated<JobState>
  stage: Generated<JobStage>
  progressDone: Generated<number>
  progressTotal: Generated<number>
  attempts: Generated<number>
  /** Of the attempts those that ended in a failure that may pass. */
  failures: Generated<number>
  owner: string | null
  leaseExpiresAt: string | null
  /** Not before this time. */
  runAfter: string | null
  cancelRequested: Generated<number>
  errorCode: string | null
  errorMessage: string | null
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
}

interface ConversationsTable {
  id: ConversationId
  principalId: string
  createdAt: string
}

interface AnswersTable {
  id: AnswerId
  conversationId: ConversationId
  /** 1-based within the conversation. */
  ordinal: number
  question: string
  standalone: string
  /** JSON: Answer. */
  answer: string
  promptId: string
  promptVersion: string
  createdAt: string
}

interface FeedbackTable {
  answerId: AnswerId
  principalId: string
  rating: 'up' | 'down'
  comment: string | null
  correction: string | null
  createdAt: string
}

export interface LedgerTables {
  meta: { key: string; value: string }
  collections: CollectionsTable
  documents: DocumentsTable
  revisions: RevisionsTable
  pages: PagesTable
  jobs: JobsTable
  conversations: ConversationsTable
  answers: AnswersTable
  feedback: FeedbackTable
  leases: { name: string; owner: string; expiresAt: string }
}

export type LedgerDatabase = Kysely<LedgerTables>
export type LedgerTransaction = Transaction<LedgerTables>

/** The time in the one form that the ledger holds. */
export const timestamp = (at: number | Date = Date.now()): string => new Date(at).toISOString()
