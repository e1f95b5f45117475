import { describe, expect, it } from 'vitest'
import type { Passage } from '../../src/core/answer.ts'
import { mergeSearches } from '../../src/retrieval/merge-searches.ts'

const found = (...entries: readonly (readonly [string, number])[]): Passage[] =>
  entries.map(([id, fused]) => ({ id, text: id, scores: { fused, vector: fused / 2 } }) as unknown as Passage)
const idsOf = (passages: readonly Passage[]): string[] => passages.map(({ id }) => id)

describe('two searches put together', () => {
  it('begin with what both found well, whatever their scales', () => {
    const merged = mergeSearches(found(['a', 0.9], ['b', 0.8], ['c', 0.1]), found(['d', 30], ['b', 27], ['e', 3]), 4)
    expect(idsOf(merged)).toEqual(['b', 'a', 'd', 'c'])
    expect(merged[0]?.scores.fused).toBeCloseTo(0.8 / 0.9 + 0.9)
  })

  it('keep the scores of the second in what both found', () => {
    const [both] = mergeSearches(found(['a', 1]), found(['a', 4]), 1)
    expect(both?.scores.vector).toBe(2)
  })

  it('are the one that found something', () => {
    expect(idsOf(mergeSearches([], found(['a', 2], ['b', 1]), 8))).toEqual(['a', 'b'])
    expect(idsOf(mergeSearches(found(['a', 2]), [], 8))).toEqual(['a'])
  })
})
