/**
 * The last look at the best candidates by a reranking model, where one is installed. In: the question and ranked candidates. Out: the same in a
 * new order, or in the old one with the reason why. A model that is too slow for this machine is shown fewer, and then none for a while: an
 * order in time is worth more than a better one too late.
 */
import type { IndexedChunk } from '../core/document.ts'
import { type ErrorCode, isAbort, KuraError } from '../core/errors.ts'
import type { ChunkId } from '../core/ids.ts'
import type { Reranker } from '../core/models.ts'
import type { RankedCandidate } from './rank-candidates.ts'

const mostDocuments = 20
/** Fewer are not worth the wait. */
const leastDocuments = 5
const patienceMs = 2_000
const restMs = 10 * 60 * 1000
const skipped = 'reranking_skipped' satisfies ErrorCode

export interface Reranked {
  readonly ranked: readonly RankedCandidate[]
  /** 0 to 1, of those that the model was shown. */
  readonly scores: ReadonlyMap<ChunkId, number>
  /** Code of what went wrong. */
  readonly degraded?: ErrorCode
}

export class RerankStage {
  readonly #reranker: () => Reranker | undefined
  #documents = mostDocuments
  #restsUntil = 0

  /** @param reranker undefined where none is installed */
  constructor(reranker: () => Reranker | undefined) {
    this.#reranker = reranker
  }

  /** @param weight share of the model's score in the new order, 0 to 1 */
  async rerank(
    query: string,
    ranked: readonly RankedCandidate[],
    chunks: ReadonlyMap<ChunkId, IndexedChunk>,
    options: { readonly weight: number; readonly signal?: AbortSignal | undefined },
  ): Promise<Reranked> {
    const reranker = this.#reranker()
    if (!reranker || options.weight === 0 || ranked.length < 2) return { ranked, scores: new Map() }
    if (performance.now() < this.#restsUntil) return { ranked, scores: new Map(), degraded: skipped }
    const shown = ranked.slice(0, this.#documents)
    const patience = AbortSignal.timeout(patienceMs)
    const signal = options.signal ? AbortSignal.any([options.signal, patience]) : patience
    try {
      const found = await reranker.rerank(
        query,
        shown.map(({ features }) => textOf(chunks.get(features.id))),
        {
          signal,
          priority: 'question',
        },
      )
      const scores = new Map(shown.map(({ features }, i) => [features.id, found[i] ?? 0]))
      return { ranked: [...reorder(shown, scores, options.weight), ...ranked.slice(shown.length)], scores }
    } catch (error) {
      options.signal?.throwIfAborted()
      if (patience.aborted) return { ranked, scores: new Map(), degraded: this.#slowDown() }
      if (isAbort(error) || !(error instanceof KuraError)) throw error
      return { ranked, scores: new Map(), degraded: skipped }
    }
  }

  #slowDown(): typeof skipped {
    this.#documents = Math.floor(this.#documents / 2)
    if (this.#documents < leastDocuments) {
      this.#documents = leastDocuments
      this.#restsUntil = performance.now() + restMs
    }
    return skipped
  }
}

const textOf = (chunk: IndexedChunk | undefined): string =>
  chunk ? [[chunk.documentName, ...chunk.headingPath].join(' > '), chunk.text].join('\n') : ''

/** All stay above those that were not shown. A code that was asked for counts more than any likeness. */
const reorder = (
  shown: readonly RankedCandidate[],
  scores: ReadonlyMap<ChunkId, number>,
  weight: number,
): RankedCandidate[] => {
  const best = shown[0]?.fused || 1
  const worst = shown.at(-1)?.fused ?? 0
  const scoreOf = ({ features, fused }: RankedCandidate): number =>
    weight * (scores.get(features.id) ?? 0) + ((1 - weight) * fused) / best + (features.identifier ?? 0)
  return shown
    .map((each) => ({ features: each.features, fused: worst + scoreOf(each) }))
    .sort((a, b) => b.fused - a.fused)
}
