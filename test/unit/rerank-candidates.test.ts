import { describe, expect, it } from 'vitest'
import { KuraError } from '../../src/core/errors.ts'
import type { ChunkId } from '../../src/core/ids.ts'
import type { Reranker } from '../../src/core/models.ts'
import type { RankedCandidate } from '../../src/retrieval/rank-candidates.ts'
import { RerankStage } from '../../src/retrieval/rerank-candidates.ts'

const ranked = (count: number, identifierOf: (i: number) => number | undefined = () => undefined): RankedCandidate[] =>
  Array.from({ length: count }, (_, i) => {
    const identifier = identifierOf(i)
    return {
      features: { id: `c${i}` as ChunkId, languageBonus: 0, ...(identifier === undefined ? {} : { identifier }) },
      fused: 1 - i / 100,
    }
  })

/** Likes the last best. */
class ReverseReranker implements Reranker {
  shown = 0
  async rerank(_: string, documents: readonly string[]): Promise<number[]> {
    this.shown = documents.length
    return documents.map((_each, i) => i / documents.length)
  }
}

const rerank = (reranker: Reranker | undefined, candidates: readonly RankedCandidate[]) =>
  new RerankStage(() => reranker).rerank('q', candidates, new Map(), { weight: 0.7 })

describe('reranking', () => {
  it('orders the best twenty anew, keeps its scores, and leaves the rest behind them', async () => {
    const reranker = new ReverseReranker()
    const { ranked: order, scores } = await rerank(reranker, ranked(25))
    expect(reranker.shown).toBe(20)
    expect(order.map(({ features }) => features.id)).toEqual([
      ...Array.from({ length: 20 }, (_, i) => `c${19 - i}`),
      ...Array.from({ length: 5 }, (_, i) => `c${20 + i}`),
    ])
    expect(order.every(({ fused }, i) => i === 0 || fused <= (order[i - 1]?.fused ?? 0))).toBe(true)
    expect(scores.get('c19' as ChunkId)).toBe(0.95)
  })

  it('leaves a code that was asked for first', async () => {
    const { ranked: order } = await rerank(
      new ReverseReranker(),
      ranked(10, (i) => (i === 0 ? 1 : undefined)),
    )
    expect(order[0]?.features.id).toBe('c0')
  })

  it('keeps the order and says so where the model fails, and says nothing where there is none', async () => {
    const failing: Reranker = { rerank: () => Promise.reject(new KuraError('model_failed', 'down')) }
    const candidates = ranked(3)
    expect(await rerank(failing, candidates)).toMatchObject({ ranked: candidates, degraded: 'reranking_skipped' })
    expect(await rerank(undefined, candidates)).not.toHaveProperty('degraded')
  })
})
