import { describe, expect, it } from 'vitest'
import type { ChunkId } from '../../src/core/ids.ts'
import { type CandidateFeatures, rankCandidates } from '../../src/retrieval/rank-candidates.ts'
import { defaultRankingParameters } from '../../src/retrieval/ranking-parameters.ts'
import { termCoverage } from '../../src/retrieval/term-coverage.ts'

const candidate = (id: string, scores: Omit<Partial<CandidateFeatures>, 'id'>): CandidateFeatures => ({
  id: id as ChunkId,
  languageBonus: 0,
  ...scores,
})

const order = (coverage: number, ...candidates: CandidateFeatures[]): string[] =>
  rankCandidates({ coverage, coveredInOwnLanguage: true, candidates }, defaultRankingParameters).ranked.map(
    ({ features }) => features.id,
  )

describe('rankCandidates', () => {
  const meaning = candidate('meaning', { vector: 0.9 })
  const words = candidate('words', { vector: 0.8, text: 12 })

  it('lets full text decide where it holds all of the question', () => {
    expect(order(1, meaning, words)[0]).toBe('words')
  })

  it('lets meaning decide where full text holds none of the question', () => {
    expect(order(0, candidate('words', { vector: 0.8, text: 0.3 }), meaning)[0]).toBe('meaning')
  })

  it('prefers what both lanes find', () => {
    expect(order(0.5, meaning, words, candidate('both', { vector: 0.88, text: 10 }))[0]).toBe('both')
  })

  it('puts a passage with the code that is asked for before those that are better in all other lanes', () => {
    const strong = candidate('strong', { vector: 0.95, text: 30, heading: 9 })
    expect(order(0.5, strong, candidate('code', { vector: 0.7, identifier: 0.8 }))[0]).toBe('code')
  })

  it('puts the code as it is spelled before one that only looks alike', () => {
    const alike = candidate('alike', { vector: 0.8, text: 10, identifier: 0.8 })
    expect(order(0.5, alike, candidate('exact', { vector: 0.8, text: 10, identifier: 1 }))[0]).toBe('exact')
  })

  it('makes up for another language before passages are compared', () => {
    expect(order(0, meaning, candidate('foreign', { vector: 0.86, languageBonus: 0.08 }))[0]).toBe('foreign')
  })

  it('prefers the own language where both hold the code that is asked for', () => {
    const own = candidate('own', { vector: 0.86, text: 6, identifier: 1 })
    const foreign = candidate('foreign', { vector: 0.82, text: 7, identifier: 1, languageBonus: 0.08 })
    expect(order(0.3, foreign, own)[0]).toBe('own')
  })

  it('does not let another language run away from the nearest passage in the own one', () => {
    const near = candidate('near', { vector: 0.86 })
    const strange = candidate('strange', { vector: 0.86, languageBonus: 0.08 })
    const { ranked } = rankCandidates(
      { coverage: 0, coveredInOwnLanguage: false, candidates: [near, strange] },
      defaultRankingParameters,
    )
    expect(ranked[0]?.features.id).toBe('strange')
    expect((ranked[1]?.fused ?? 0) / (ranked[0]?.fused ?? 1)).toBeGreaterThan(0.5)
  })

  it('goes on with one lane where the others are empty', () => {
    expect(order(0, candidate('b', { text: 1 }), candidate('a', { text: 2 }))).toEqual(['a', 'b'])
    expect(order(0, candidate('b', { vector: 0.7 }), candidate('a', { vector: 0.8 }))).toEqual(['a', 'b'])
    expect(order(0)).toEqual([])
  })
})

describe('termCoverage', () => {
  it('is the share of terms that are held', () => {
    expect(termCoverage(['a', 'b', 'c', 'd'], new Set(['a', 'c']))).toBe(0.5)
    expect(termCoverage([], new Set(['a']))).toBe(0)
  })
})
