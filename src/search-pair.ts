/**
 * A table of the index together with the embedding model that made it, and the retriever and answerer that stand on both. A question that has
 * begun on a pair ends on it: what it holds is closed only when nobody uses it any more.
 * Invariant: the vector of a question is compared only with vectors of its own model. Neighbours: search-indexes.ts chooses the pair.
 */
import { hasSameVectors, indexFingerprint } from '../ingest/chunk/index-fingerprint.ts'
import type { IndexTarget } from '../ingest/index-target.ts'
import { Answerer } from './answer/answerer.ts'
import type { Embedder, Generator } from './core/models.ts'
import type { EmbeddingSlot } from './models/embedding-slot.ts'
import { MatchedEmbedder } from './models/matched-embedder.ts'
import { Retriever } from './retrieval/retriever.ts'
import { ChunkIndex } from './store/chunk-index.ts'
import type { Ledger } from './store/ledger.ts'

export interface SearchPairDeps {
  readonly ledger: Ledger
  readonly indexUri: string
  readonly slot: EmbeddingSlot
  /** The table; undefined in a new data folder, where the model's own becomes known with the first look at it. */
  readonly table: IndexTable | undefined
  readonly generator: () => Generator | undefined
  /** Whether the table lacks documents now. */
  readonly isIncomplete: () => boolean
}

export interface IndexTable {
  readonly fingerprint: string
  readonly dimensions: number
}

export class SearchPair {
  readonly embedder: Embedder
  readonly retriever: Pick<Retriever, 'search'>
  readonly answerer: Answerer
  readonly #deps: SearchPairDeps
  #table: IndexTable | undefined
  #opening: Promise<ChunkIndex> | undefined
  #uses = 0
  #onUnused: (() => void) | undefined

  constructor(deps: SearchPairDeps) {
    this.#deps = deps
    this.#table = deps.table
    const { ledger, slot, generator, isIncomplete } = deps
    this.embedder = new MatchedEmbedder(
      slot.embedder,
      (model) => this.#table === undefined || hasSameVectors(indexFingerprint(model), this.#table.fingerprint),
    )
    const retriever = new Retriever({ ledger, index: () => this.index(), embedder: this.embedder })
    this.retriever = {
      search: async (principal, request) => {
        const result = await retriever.search(principal, request)
        return isIncomplete() ? { ...result, degraded: [...result.degraded, 'index_incomplete'] } : result
      },
    }
    this.answerer = new Answerer({ ledger, retriever: this.retriever, embedder: this.embedder, generator })
  }

  /** Undefined until the table is known. */
  get fingerprint(): string | undefined {
    return this.#table?.fingerprint
  }

  get isInUse(): boolean {
    return this.#uses > 0
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

  /** Keeps it open until the handle is disposed. */
  hold(): Disposable {
    this.#uses += 1
    let isHeld = true
    return {
      [Symbol.dispose]: () => {
        if (!isHeld) return
        isHeld = false
        this.#uses -= 1
        if (this.#uses === 0) this.#onUnused?.()
      },
    }
  }

  /** Resolves when nobody uses it any more, or at the signal; nobody may begin to. */
  async unused(signal: AbortSignal): Promise<void> {
    if (this.#uses === 0 || signal.aborted) return
    await new Promise<void>((resolve) => {
      this.#onUnused = resolve
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  /** Whoever still uses it gets errors. */
  async close(): Promise<void> {
    const index = await this.#opening?.catch(() => undefined)
    await index?.[Symbol.asyncDispose]()
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

/** Answers each question from the pair of the moment in which it begins, to its end. */
export const answerByPairs = (
  current: () => SearchPair,
): { readonly retriever: Pick<Retriever, 'search'>; readonly answerer: Pick<Answerer, 'ask'> } => ({
  retriever: {
    search: async (principal, request) => {
      const pair = current()
      using _held = pair.hold()
      return await pair.retriever.search(principal, request)
    },
  },
  answerer: {
    ask: async function* (principal, request) {
      const pair = current()
      using _held = pair.hold()
      yield* pair.answerer.ask(principal, request)
    },
  },
})
