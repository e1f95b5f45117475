/**
 * The ports that the HTTP API stands on: what it needs of the stores, the retriever, the answerer and the models, and no more.
 * The composition root (`src/kura.ts`) satisfies `HttpDeps` structurally; tests satisfy it with deterministic fakes.
 * Invariant: every call that reads or writes somebody's data takes the principal first.
 */
import type { Readable } from 'node:stream'
import type { AnswerDraft } from '../answer/gap-desk.ts'
import type { Answer, AnswerEvent, Passage } from '../core/answer.ts'
import type { Language, ParsedPage } from '../core/document.ts'
import type {
  AnswerId,
  CollectionId,
  ConversationId,
  DocumentId,
  GapId,
  JobId,
  RevisionId,
  TuningId,
  WatchedFolderId,
} from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import type { QuestionVector } from '../core/question-vectors.ts'
import type { Replay } from '../core/replay.ts'
import type { SearchTrace } from '../core/search-trace.ts'
import type { GapDetail, GapRecord, GapState } from '../store/gap-records.ts'
import type { ReceivedDocument, Registration, StoredFile } from '../store/intake.ts'
import type { PageText } from '../store/pages.ts'
import type { PartialUploads } from '../store/partial-uploads.ts'
import type {
  CollectionRecord,
  DocumentKind,
  DocumentRecord,
  DocumentStatus,
  JobRecord,
  JobState,
  NearDuplicate,
  PageSummary,
  RemovalRule,
  RevisionRecord,
  WatchedFileRecord,
  WatchedFolderRecord,
} from '../store/records.ts'
import type { RevisionChange } from '../store/revisions.ts'
import type { TuningRecord } from '../store/tuning-records.ts'

interface CollectionsPort {
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

interface DocumentsPort {
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

interface PagesPort {
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

interface ConversationsPort {
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

interface GapsPort {
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

interface GapDeskPort {
  /** A new verified answer, or a revision of the one that the gap has. */
  answer(
    p: Principal,
    id: GapId,
    draft: AnswerDraft,
  ): Promise<{ readonly gap: GapDetail; readonly document: ReceivedDocument }>
}

interface IntakePort {
  /** Where it throws, nothing of the stream is kept. @throws file_empty, file_too_large, file_name_invalid, disk_full */
  store(file: { readonly name: string; readonly stream: Readable; readonly signal: AbortSignal }): Promise<StoredFile>
  /** The same for a file that lies on the disk of the originals in whole; it stays where it is. */
  adopt(file: { readonly name: string; readonly path: string }): Promise<StoredFile>
  /** Makes the document of the file. @throws collection_not_found, disk_full */
  register(p: Principal, file: StoredFile, as: Registration): Promise<ReceivedDocument>
}

export const searchModes = ['hybrid', 'vector', 'text'] as const
type SearchMode = (typeof searchModes)[number]

export interface RetrieverPort {
  search(
    p: Principal,
    request: {
      readonly query: string
      readonly collectionIds: readonly CollectionId[]
      readonly limit: number
      readonly mode: SearchMode
      /** The time whose revisions are asked; now where it is left out. */
      readonly at?: Date
      /** Whether to tell how the passages were found. */
      readonly explain?: boolean
      readonly signal?: AbortSignal
    },
  ): Promise<{
    /** Best first. */
    readonly passages: readonly Passage[]
    /** Codes of what did not work as it should; empty when all was well. */
    readonly degraded: readonly string[]
    /** Where it was asked for. */
    readonly trace?: SearchTrace
  }>
}

export interface AnswererPort {
  /** The last event is the answer. Ending the iteration early, or the signal, stops the engine. */
  ask(
    p: Principal,
    request: {
      readonly question: string
      readonly collectionIds: readonly CollectionId[]
      readonly conversationId?: ConversationId
      /** Earlier turns that the caller sends along (OpenAI protocol), oldest first; never together with `conversationId`. */
      readonly history?: readonly { readonly question: string; readonly answer: string }[]
      readonly language?: Language
      /** The time whose revisions are asked; now where it is left out. */
      readonly at?: Date
      readonly signal?: AbortSignal
    },
  ): AsyncIterable<AnswerEvent>
}

export const componentStates = ['ok', 'degraded', 'down'] as const

/** Whether the parts are up, and what works less well than it should. */
export interface Health {
  readonly ready: boolean
  readonly components: readonly {
    readonly name: string
    readonly state: (typeof componentStates)[number]
    /** One sentence for people. */
    readonly detail: string
  }[]
  /** Codes, empty when all is well. */
  readonly degraded: readonly string[]
}

export const modelRoles = ['embedding', 'generation', 'reranking'] as const
export const modelStates = ['ready', 'starting', 'missing', 'down', 'external', 'off'] as const

/** `building`: takes over when it holds every document; `kept`: of a former model, to go back to. */
export const indexStates = ['answering', 'building', 'kept'] as const

/** When a choice of a model takes effect. */
export const choiceEffects = ['at_once', 'when_built', 'when_loaded', 'next_start'] as const

/** What is chosen for each role and why, what could be chosen, and the tables of the index. */
export interface ModelsReport {
  readonly indexes: readonly {
    /** Name of the embedding model, as it is chosen by. */
    readonly model: string
    readonly active: boolean
    readonly state: (typeof indexStates)[number]
    /** Documents' revisions that it holds, of all. */
    readonly progress: { readonly done: number; readonly total: number }
    /** One sentence for people. */
    readonly detail: string
  }[]
  /** The embedding model that is to take over, and how far that is; null where the chosen one answers. */
  readonly change: { readonly model: string; readonly detail: string } | null
  readonly chosen: readonly {
    readonly role: (typeof modelRoles)[number]
    /** Catalog or file name; null where the role is off. */
    readonly name: string | null
    /** `external`: another engine by KURA_*_URL; `missing`: the file is not on this machine. */
    readonly state: (typeof modelStates)[number]
    /** Why this one was chosen, or why there is none. */
    readonly reason: string
  }[]
  readonly catalog: readonly {
    readonly name: string
    readonly role: (typeof modelRoles)[number]
    readonly title: string
    readonly licence: string
    readonly bytes: number
    readonly contextTokens: number
    readonly parameters: number
    readonly quantization: string
    /** The file is on this machine. */
    readonly installed: boolean
  }[]
  /** LoRA adapters, each used by its name like a model of the catalog. */
  readonly adapters: readonly {
    readonly name: string
    /** Catalog name or path of the model that it is laid over. */
    readonly base: string
    readonly bytes: number
    readonly sha256: string
    readonly scale: number
    /** Its file and that of the model are on this machine. */
    readonly installed: boolean
  }[]
}

/** Figures for /metrics that only the composition root can tell; undefined where a part is not up. */
export interface Gauges {
  readonly indexRows: number | undefined
  /** Published revisions that the index in use lacks. */
  readonly indexMissing: number | undefined
  /** By kind; empty before the first comparison. */
  readonly reconciled: Readonly<Record<string, number>>
  readonly modelHostRestarts: number | undefined
}

/** The part of a pino logger that is used here. */
export interface HttpLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export const watchStates = ['starting', 'watching', 'unavailable', 'off'] as const

/** A watched folder and how it stands. */
export interface WatchedFolderInfo extends WatchedFolderRecord {
  /** `off`: no server runs on this data folder. */
  readonly state: (typeof watchStates)[number]
  /** Why it is unavailable. */
  readonly reason: string | null
  readonly fileCount: number
  readonly failedCount: number
  readonly waitingCount: number
  readonly comparedAt: string | null
}

interface WatchesPort {
  list(p: Principal): Promise<readonly WatchedFolderInfo[]>
  get(p: Principal, id: WatchedFolderId): Promise<WatchedFolderInfo>
  /** By path, those behind `after`. */
  files(
    p: Principal,
    id: WatchedFolderId,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly WatchedFileRecord[]>
  /** Watched at once. @throws watch_path_invalid, watch_exists, collection_not_found */
  add(
    p: Principal,
    v: { readonly path: string; readonly collectionId: CollectionId; readonly whenRemoved: RemovalRule },
  ): Promise<WatchedFolderInfo>
  remove(p: Principal, id: WatchedFolderId): Promise<void>
}

interface TuningsPort {
  /** @throws tuning_running, model_unavailable, index_damaged */
  start(
    p: Principal,
    v: {
      readonly collectionIds: readonly CollectionId[]
      readonly limit?: number | undefined
      readonly seed?: number | undefined
    },
  ): Promise<TuningRecord>
  /** Newest first, and the one that questions are answered with. */
  list(p: Principal): Promise<{ readonly tunings: readonly TuningRecord[]; readonly applied: TuningId | null }>
  get(p: Principal, id: TuningId): Promise<TuningRecord>
  cancel(p: Principal, id: TuningId): Promise<TuningRecord>
  /** @throws tuning_not_found, tuning_not_applicable */
  activate(p: Principal, id: TuningId): Promise<TuningRecord>
  revert(p: Principal): Promise<void>
}

export interface HttpDeps {
  readonly settings: { readonly host: string; readonly maxFileBytes: number }
  readonly logger: HttpLogger
  readonly ledger: {
    readonly collections: CollectionsPort
    readonly documents: DocumentsPort
    readonly revisions: RevisionsPort
    readonly pages: PagesPort
    readonly jobs: JobsPort
    readonly conversations: ConversationsPort
    readonly gaps: GapsPort
  }
  readonly originals: { pathOf(sha256: string): string }
  readonly intake: IntakePort
  readonly retriever: RetrieverPort
  readonly answerer: AnswererPort
  readonly gapDesk: GapDeskPort
  /** undefined where no engine embeds now. */
  embedQuestion(question: string, signal: AbortSignal): Promise<QuestionVector | undefined>
  health(): Promise<Health>
  listModels(): Promise<ModelsReport>
  /** @throws model_unknown, model_missing, model_invalid, invalid_request, setting_invalid */
  chooseModel(
    role: (typeof modelRoles)[number],
    name: string,
  ): Promise<{ readonly name: string; readonly takesEffect: (typeof choiceEffects)[number] }>
  gauges(): Promise<Gauges>
  /** @throws answer_not_found, answer_not_recorded, model_missing, and what the engines throw */
  replayAnswer(p: Principal, id: AnswerId, options: { readonly signal: AbortSignal }): Promise<Replay>
  /** Resumable uploads that have not come in whole. */
  readonly partialUploads: PartialUploads
  readonly watches: WatchesPort
  readonly tunings: TuningsPort
}
