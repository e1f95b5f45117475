/**
 * The ports that the HTTP API stands on: what it needs of the stores, the retriever, the answerer and the models, and no more.
 * The composition root (`src/kura.ts`) satisfies `HttpDeps` structurally; tests satisfy it with deterministic fakes.
 * Invariant: every call that reads or writes somebody's data takes the principal first.
 */
import type { Readable } from 'node:stream'
import type { AnswerDraft } from '../answer/gap-desk.ts'
import type { AnswerEvent, Passage } from '../core/answer.ts'
import type { Language } from '../core/document.ts'
import type { AnswerId, CollectionId, ConversationId, GapId, TuningId, WatchedFolderId } from '../core/ids.ts'
import type { ChoiceEffect, ModelRole, ModelsReport } from '../core/models-report.ts'
import type { Principal } from '../core/principal.ts'
import type { QuestionVector } from '../core/question-vectors.ts'
import type { Replay } from '../core/replay.ts'
import type { SearchTrace } from '../core/search-trace.ts'
import type { GapDetail } from '../store/gap-records.ts'
import type { ReceivedDocument, Registration, StoredFile } from '../store/intake.ts'
import type { PartialUploads } from '../store/partial-uploads.ts'
import type { RemovalRule, WatchedFileRecord, WatchedFolderRecord } from '../store/records.ts'
import type { TuningRecord } from '../store/tuning-records.ts'
import type {
  CollectionsPort,
  ConversationsPort,
  DocumentsPort,
  GapsPort,
  JobsPort,
  PagesPort,
  RevisionsPort,
} from './ledger-ports.ts'

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
  chooseModel(role: ModelRole, name: string): Promise<{ readonly name: string; readonly takesEffect: ChoiceEffect }>
  gauges(): Promise<Gauges>
  /** @throws answer_not_found, answer_not_recorded, model_missing, and what the engines throw */
  replayAnswer(p: Principal, id: AnswerId, options: { readonly signal: AbortSignal }): Promise<Replay>
  /** Resumable uploads that have not come in whole. */
  readonly partialUploads: PartialUploads
  readonly watches: WatchesPort
  readonly tunings: TuningsPort
}
