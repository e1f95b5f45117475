/**
 * How an answer came about, so that it can be made again: stored beside the answer (column `answers.record`), read by `kura replay`.
 * `Answerer` fills it while it answers and hands it to `ConversationStore.record(principal, { …, record })`:
 * - once a question: `kura` (core/kura-version.ts), `collectionIds` and `language` as requested, `embedding` from `embedder.info()` (left out
 *   where the engine was down), `ranking` as the search result names its parameters;
 * - once for each call of `generate` that drafts statements, redone ones included, in order: a `DraftRecord`, also where the draft said
 *   "not found", was dropped or broke off. `messages`, `schema` and `settings` are what was handed to `generate`, `model` is what
 *   `generator.info()` said just before, `text` all that came back, `sources` one for each numbered block, in order, exactly as the model read it.
 * A draft of the first attempt may name passages that the answer has no more (the question was asked again in another language).
 */
import type { Language } from './document.ts'
import type { ChunkId, CollectionId, RevisionId } from './ids.ts'
import type { AdapterInfo, ChatMessage, GenerationRequest } from './models.ts'

export interface DraftSourceRecord {
  readonly passageId: ChunkId
  readonly revisionId: RevisionId
  /** What the model read of the passage, locator included. */
  readonly text: string
}

export interface DraftRecord {
  /** `sha256`: of the prompt file, hexadecimal (`PromptTemplate.sha256`). */
  readonly prompt: { readonly id: string; readonly version: number; readonly sha256: string }
  /** `sha256`: of the model file; unknown where another engine writes. */
  readonly model: { readonly name: string; readonly sha256?: string; readonly adapter?: AdapterInfo }
  readonly settings: {
    readonly temperature: number
    readonly seed?: number
    readonly maxTokens: number
    /** Budget of the sources in tokens. */
    readonly sourceTokens: number
  }
  readonly messages: readonly ChatMessage[]
  readonly schema?: NonNullable<GenerationRequest['schema']>
  readonly sources: readonly DraftSourceRecord[]
  /** What the model wrote, as it came. */
  readonly text: string
}

export interface GenerationRecord {
  /** Version of Kura. */
  readonly kura: string
  readonly collectionIds: readonly CollectionId[]
  /** Where the asker wished for one. */
  readonly language?: Language
  readonly embedding?: { readonly name: string; readonly fingerprint: string }
  /** Version of the ranking parameters; `built-in` where the search does not name one. */
  readonly ranking: string
  /** Empty where no model was asked: the answer is quotes, or was refused before. */
  readonly drafts: readonly DraftRecord[]
}
