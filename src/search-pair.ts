/**
 * A table of the index together with the embedding model that made it, and the retriever and answerer that stand on both. A question that has
 * begun on a pair ends on it: what it holds is closed only when nobody uses it any more.
 * Invariant: the vector of a question is compared only with vectors of its own model. Neighbours: search-indexes.ts chooses the pair.
 */
import { hasSameVectors, indexFingerprint } from '../ingest/chunk/index-fingerprint.ts'
import type { IndexTarget } from '../ingest/index-target.ts'
import { Answerer } from './answer/answerer.ts'
import type { AnswerEvent } from './core/answer.ts'
import type { Embedder, Reranker } from './core/models.ts'
import { UseCount } from './core/use-count.ts'
import type { EmbeddingSlot } from './models/embedding-slot.ts'
import type { HeldGenerator } from './models/generation-slots.ts'
import { MatchedEmbedder } from './models/matched-embedder.ts'
import { defaultRankingParameters } from './retrieval/ranking-parameters.ts'
import { Retriever, type SearchResult } from './retrieval/retriever.ts'
import { ChunkIndex } from './store/chunk-index.ts'
import type { Ledger } from './store/ledger.ts'
import type { QuestionLease } from './store/question-lease.ts'
import type { ActiveTuning, AppliedTuning } from './tune/active-tuning.ts'

export interface SearchPairDeps {
  readonly ledger: Ledger
  readonly indexUri: string
  readonly slot: EmbeddingSlot
  /** The table; undefined in a new data folder, where the model's own becomes known with the first look at it. */
  readonly table: IndexTable | undefined
  /** The model that writes for a question, from its beginning to its end. */
  readonly holdGenerator: () => HeldGenerator
  readonly reranker: () => Reranker | undefined
  /** Whether the table lacks documents now. */
  readonly isIncomplete: () => boolean
  /** What was fitted on the customer's own documents, and is switched on. */
  readonly tuning: Pick<ActiveTuning, 'appliedTo'>
}

export interface IndexTable {
  readonly fingerprint: string
  readonly dimensions: number
}

export class SearchPair {
  readonly embedder: Embedder
  readonly retriever: Pick<Retriever, 'search'>
  /** Kept open while it is held. */
  readonly uses = new UseCount()
  readonly #deps: SearchPairDeps
  #table: IndexTable | undefined
  #opening: Promise<ChunkIndex> | undefined

  constructor(deps: SearchPairDeps) {
    this.#deps = deps
    this.#table = deps.table
    const { ledger, slot, reranker, isIncomplete } = deps
    this.embedder = new MatchedEmbedder(
      slot.embedder,
      (model) => this.#table === undefined || hasSameVectors(indexFingerprint(model), this.#table.fingerprint),
    )
    const retriever = new Retriever({
      ledger,
      index: () => this.index(),
      embedder: this.embedder,
      parameters: () => this.#tuning?.parameters ?? defaultRankingParameters,
      reranker,
      adaptQuery: (vector) => this.#tuning?.adaptQuery(vector) ?? vector,
    })
    this.retriever = {
      search: async (principal, request) => {
        const result = named(await retriever.search(principal, request), this.#tuning)
        return isIncomplete() ? { ...result, degraded: [...result.degraded, 'index_incomplete'] } : result
      },
    }
  }

  /** Answers from here, to the end, and with the model that writes in the moment in which the question begins. */
  async *ask(...[principal, request]: Parameters<Answerer['ask']>): AsyncGenerator<AnswerEvent> {
    const { ledger, holdGenerator } = this.#deps
    const { retriever, embedder } = this
    using _held = this.uses.hold()
    using writing = holdGenerator()
    const answerer = new Answerer({
      ledger,
      retriever,
      embedder,
      generator: () => writing.generator,
      calibration: () => this.#tuning?.calibration,
    })
    yield* answerer.ask(principal, request)
  }

  /** Undefined until the table is known. */
  get fingerprint(): string | undefined {
    return this.#table?.fingerprint
  }

  /** Opened by the first call; a failed opening is tried again by the next. @throws index_damaged, model_unavailable */
  index(): Promise<ChunkIndex> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  /** For a worker in this process. */
  async target(): Promise<IndexTarget> {
    const { embedder } = this.#deps.slot
    const [model, index] = await Promise.all([embedder.info(), this.index()])
    return { model, index, embedder, fingerprint: this.#table?.fingerprint ?? indexFingerprint(model) }
  }

  /** Whoever still uses it gets errors. */
  async close(): Promise<void> {
    const index = await this.#opening?.catch(() => undefined)
    await index?.[Symbol.asyncDispose]()
  }

  get #tuning(): AppliedTuning | undefined {
    return this.#deps.tuning.appliedTo(this.fingerprint)
  }

  async #open(): Promise<ChunkIndex> {
    this.#table ??= await this.#registerOwn()
    return ChunkIndex.open(this.#deps.indexUri, this.#table)
  }

  async #registerOwn(): Promise<IndexTable> {
    const { ledger, slot } = this.#deps
    const active = await ledger.indexes.active()
    if (active) return active
    const model = await slot.embedder.info()
    const { dimensions } = model
    return ledger.indexes.register({ fingerprint: indexFingerprint(model), model: slot.name, dimensions })
  }
}

/** The result with the name of what it was ranked with. */
const named = (result: SearchResult, tuning: AppliedTuning | undefined): SearchResult => {
  if (!tuning) return result
  const { id: ranking } = tuning
  return { ...result, ranking, ...(result.trace ? { trace: { ...result.trace, ranking } } : {}) }
}

/** Answers each question from the pair of the moment in which it begins, to its end; ingestion gives way meanwhile. */
export const answerByPairs = (
  current: () => SearchPair,
  questions: QuestionLease,
): { readonly retriever: Pick<Retriever, 'search'>; readonly answerer: Pick<Answerer, 'ask'> } => ({
  retriever: {
    search: async (principal, request) => {
      const pair = current()
      using _held = pair.uses.hold()
      return await pair.retriever.search(principal, request)
    },
  },
  answerer: {
    async *ask(principal, request) {
      using _asked = questions.begin()
      yield* current().ask(principal, request)
    },
  },
})
