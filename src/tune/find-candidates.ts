/**
 * What the lanes find for a question, kept, so that weights, adapters and thresholds can be fitted without searching again. In: a question. Out: the
 * features and vectors of its candidates, and which of them hold its answer. Neighbours: src/retrieval searches; fit-*.ts read.
 */
import type { IndexedChunk } from '../core/document.ts'
import type { ChunkId, CollectionId, RevisionId } from '../core/ids.ts'
import type { Embedder } from '../core/models.ts'
import { collectFeatures } from '../retrieval/collect-features.ts'
import type { LaneFeatures } from '../retrieval/rank-candidates.ts'
import { prepareQuestion, searchLanes } from '../retrieval/search-lanes.ts'
import type { ChunkIndex } from '../store/chunk-index.ts'
import { holdsAnswer } from './check-question.ts'

export interface Candidates {
  /** Of the question; length = model dimensions, L2-normalised. */
  readonly vector: Float32Array
  readonly features: LaneFeatures
  /** Of the candidates, in the order of `features.candidates`. */
  readonly vectors: readonly Float32Array[]
  readonly chunks: ReadonlyMap<ChunkId, IndexedChunk>
  /** Those that hold the answer; never empty. */
  readonly right: ReadonlySet<ChunkId>
}

export interface FindingDeps {
  readonly index: ChunkIndex
  readonly embedder: Embedder
  readonly collectionIds: readonly CollectionId[]
  /** Revisions that may not answer. */
  readonly hidden: readonly RevisionId[]
}

/** Searches for one tuning: vectors and chunks that several questions find are kept once. */
export class CandidateFinder {
  readonly #deps: FindingDeps
  readonly #chunks = new Map<ChunkId, { readonly chunk: IndexedChunk; readonly vector: Float32Array }>()

  constructor(deps: FindingDeps) {
    this.#deps = deps
  }

  /**
   * undefined where no lane finds the answer among its first 50.
   * @throws what the engine and the index throw; AbortError
   */
  async find(
    asked: { readonly question: string; readonly answer: string },
    signal: AbortSignal,
  ): Promise<Candidates | undefined> {
    const { index, embedder, collectionIds, hidden } = this.#deps
    const [vector] = await embedder.embedQueries([asked.question], { signal, priority: 'ingestion' })
    if (!vector) return undefined
    const question = prepareQuestion(asked.question, vector)
    const withoutVectors = (error: unknown): undefined => {
      throw error
    }
    const lanes = await searchLanes(
      index,
      question,
      { collectionIds, hidden, signal },
      { mode: 'hybrid', withoutVectors },
    )
    for (const { chunk, vector: own } of Object.values(lanes).flat()) {
      if (!this.#chunks.has(chunk.id)) this.#chunks.set(chunk.id, { chunk, vector: own })
    }
    const { features } = collectFeatures(question, lanes, (await embedder.info({ signal })).name)
    const ids = features.candidates.map(({ id }) => id)
    const known = ids.flatMap((id) => this.#chunks.get(id) ?? [])
    const right = new Set(
      known.filter(({ chunk }) => holdsAnswer(chunk.text, asked.answer)).map(({ chunk }) => chunk.id),
    )
    if (right.size === 0) return undefined
    return {
      vector,
      features,
      vectors: known.map((each) => each.vector),
      chunks: new Map(known.map(({ chunk }) => [chunk.id, chunk])),
      right,
    }
  }
}
