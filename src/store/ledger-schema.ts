/**
 * The ledger's tables as TypeScript sees them; `migrations.ts` makes them. Columns are camelCase here and snake_case in the
 * database (Kysely's CamelCasePlugin). Only portable SQL: text, integers and JSON as text; times are ISO 8601 UTC text of one
 * length, so that they compare as strings; flags are 0 or 1.
 */
import type { Generated, Kysely, Transaction } from 'kysely'
import type { DocumentFormat, Language, PageOutcome } from '../core/document.ts'
import type {
  AnswerId,
  ChunkId,
  CollectionId,
  ConversationId,
  DocumentId,
  GapId,
  JobId,
  RevisionId,
  TuningId,
  WatchedFolderId,
} from '../core/ids.ts'
import type { GapReason } from './gap-records.ts'
import type { DocumentStatus, JobStage, JobState, RemovalRule } from './records.ts'
import type { GeneratedQuestion, QuestionRejection, TuningStage, TuningState } from './tuning-records.ts'

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
  /** The document that this one was inside of: a mail, an archive. */
  parentId: DocumentId | null
  /** Where it was inside of it. */
  entry: string | null
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
  status: Generated<DocumentStatus>
  format: DocumentFormat | null
  paginated: Generated<number>
  title: string | null
  language: Language | null
  pagesText: Generated<number>
  pagesOcr: Generated<number>
  pagesBlank: Generated<number>
  pagesFailed: Generated<number>
  errorCode: string | null
  errorMessage: string | null
  createdAt: string
  publishedAt: string | null
  /** All pages are in the ledger (some may still wait for OCR), and format, paginated and title are known. */
  parsedAt: string | null
  /** How many pages the parser said that there are. */
  pageTotal: number | null
  /** Opens the original, where it is encrypted. */
  password: string | null
  /** Of a text file, as the uploader said. */
  encoding: string | null
  /** What near-duplicates are found by; see `ingest/near-duplicates.ts`. */
  signature: string | null
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
  label: string | null
  /** JSON: CellRange[]; null where the page is no sheet. */
  cells: string | null
}

/**
 * "From this time on, this revision is the one in force" (or none, where it is null). In force at a time is what the last entry up to then
 * says, by `effectiveFrom` and then `sequence`; entries of revisions that are not published are passed over. A draft has no entry.
 */
interface EffectivityTable {
  sequence: number
  documentId: DocumentId
  revisionId: RevisionId | null
  effectiveFrom: string
  principalId: string
  recordedAt: string
}

interface NearDuplicatesTable {
  revisionId: RevisionId
  otherRevisionId: RevisionId
  /** 0 to 1: estimated share of common word sequences. */
  similarity: number
}

/** The tables of LanceDB: one for each embedding fingerprint. */
interface IndexesTable {
  fingerprint: string
  /** Catalog name or path of the embedding model. */
  model: string
  dimensions: number
  /** 1 for the one that questions are answered from. */
  active: Generated<number>
  createdAt: string
  activatedAt: string | null
}

interface IndexedRevisionsTable {
  revisionId: RevisionId
  fingerprint: string
  /** Rows in that index, counted there. */
  chunks: number
}

interface WatchedFoldersTable {
  id: WatchedFolderId
  collectionId: CollectionId
  path: string
  whenRemoved: RemovalRule
  createdAt: string
  deletedAt: string | null
}

interface WatchedFilesTable {
  folderId: WatchedFolderId
  /** Relative to the folder, with slashes. */
  path: string
  /** null where the file could not be taken in. */
  documentId: DocumentId | null
  sha256: string | null
  bytes: number
  modifiedAt: string
  errorCode: string | null
  errorMessage: string | null
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
  /** How often in a row its worker vanished without having got any further. */
  abandoned: Generated<number>
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
  /** JSON: the collections that were asked. null in answers of before version 3, and where a time of the past was asked. */
  collectionIds: string | null
  /** JSON: GenerationRecord. null in answers of before version 3. */
  record: Generated<string | null>
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

/** A question of one collection that has no answer which helped, with those that are like it. */
interface GapsTable {
  id: GapId
  /** Ascending in the order of creation. */
  sequence: number
  collectionId: CollectionId
  /** The first that was asked, understood without the turns before it. */
  question: string
  /** What two questions have in common that are the same but for width, case, blanks and marks. */
  questionKey: string
  language: Language
  /** Of the embedding model that made `vector`; null where none was up. */
  fingerprint: string | null
  /** Base64 of the question's vector: 32-bit floats, little endian. */
  vector: string | null
  /** As the owner left it; see `gap-states.ts` for what it is now. */
  state: Generated<'open' | 'answered' | 'document_missing' | 'dismissed'>
  /** Which document is missing, or why it was dismissed. */
  note: string | null
  /** The document of its verified answer. */
  answerDocumentId: DocumentId | null
  /** 1: the verified answer itself was voted down since. */
  doubted: Generated<number>
  /** Rows of `gapQuestions`. */
  asked: Generated<number>
  createdAt: string
  lastAskedAt: string
  /** When the owner last did something about it. */
  changedAt: string
}

/** Each time that a gap was met; at most once for each answer and collection. */
interface GapQuestionsTable {
  answerId: AnswerId
  collectionId: CollectionId
  gapId: GapId
  question: string
  language: Language
  reason: GapReason
  askedAt: string
}

/** The content of a revision of format `answer`. */
interface VerifiedAnswersTable {
  revisionId: RevisionId
  text: string
  language: Language
  /** JSON: the questions that it answers, the first is the document's title. */
  questions: string
  /** Name of who answers for it. */
  verifiedBy: string
  /** 1: it may stand without a citation. */
  signed: number
  principalId: string
  verifiedAt: string
}

/** What a verified answer stands on. It answers only while each cited revision is in force. */
interface AnswerCitationsTable {
  revisionId: RevisionId
  ordinal: number
  citedDocumentId: DocumentId
  citedRevisionId: RevisionId
  passageId: ChunkId
  page: number
  /** Offsets into the page's text. */
  pageStart: number
  pageEnd: number
  quote: string
}

/** A run of `kura tune`, and what came of it. */
interface TuningsTable {
  id: TuningId
  /** Ascending in the order of creation. */
  sequence: number
  state: TuningState
  stage: TuningStage
  progressDone: number
  progressTotal: number
  remainingSeconds: number | null
  /** JSON: CollectionId[]. */
  collectionIds: string
  questionLimit: number
  seed: number
  embeddingModel: string
  /** Of the index that it belongs to. */
  fingerprint: string
  generationModel: string | null
  /** The process that runs or ran it. */
  owner: string
  cancelRequested: Generated<number>
  /** 1: better than the untuned system on the held-out part. */
  won: Generated<number>
  /** 1 for the one that questions are answered with; at most one. */
  active: Generated<number>
  /** JSON: what was fitted, as `src/tune/tuned-parts.ts` reads it. */
  tuned: string | null
  /** JSON: TuningReport. */
  report: string | null
  errorCode: string | null
  errorMessage: string | null
  createdAt: string
  finishedAt: string | null
}

/** One try to make a question of a passage; at most one for each passage, language and writer. */
interface GeneratedQuestionsTable extends GeneratedQuestion {
  /** Name of the model, or `rule`. */
  writer: string
  /** Why it is not used; null where it is good. */
  rejection: QuestionRejection | null
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
  gaps: GapsTable
  gapQuestions: GapQuestionsTable
  verifiedAnswers: VerifiedAnswersTable
  answerCitations: AnswerCitationsTable
  effectivity: EffectivityTable
  nearDuplicates: NearDuplicatesTable
  indexes: IndexesTable
  indexedRevisions: IndexedRevisionsTable
  watchedFolders: WatchedFoldersTable
  watchedFiles: WatchedFilesTable
  tunings: TuningsTable
  generatedQuestions: GeneratedQuestionsTable
  leases: { name: string; owner: string; expiresAt: string }
}

export type LedgerDatabase = Kysely<LedgerTables>
export type LedgerTransaction = Transaction<LedgerTables>
/** One numbered step of the schema. */
export type Migration = (db: LedgerTransaction) => Promise<void>

/** The time in the one form that the ledger holds. */
export const timestamp = (at: number | Date = Date.now()): string => new Date(at).toISOString()
