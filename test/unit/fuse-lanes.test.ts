import { describe, expect, it } from 'vitest'
import { fuseLanes, termCoverage } from '../../src/retrieval/fuse-lanes.ts'

const keys = (hits: { key: string }[]) => hits.map(({ key }) => key)
const vector = [
  { key: 'meaning', score: 0.9 },
  { key: 'both', score: 0.88 },
]
const text = [
  { key: 'words', score: 12 },
  { key: 'both', score: 10 },
]

describe('fuseLanes', () => {
  it('lets full text decide where it holds all of the question', () => {
    expect(keys(fuseLanes([{ key: 'meaning', score: 0.9 }], text, 1))[0]).toBe('words')
  })

  it('lets meaning decide where full text holds none of the question', () => {
    expect(keys(fuseLanes(vector, [{ key: 'words', score: 0.3 }], 0))[0]).toBe('meaning')
  })

  it('prefers what both lanes find', () => {
    expect(keys(fuseLanes(vector, text, 0.5))[0]).toBe('both')
  })

  it('keeps the raw scores and each hit once', () => {
    const fused = fuseLanes(vector, text, 0.5)
    expect(keys(fused).sort()).toEqual(['both', 'meaning', 'words'])
    expect(fused.find(({ key }) => key === 'both')).toMatchObject({ vector: 0.88, text: 10 })
    expect(fused.find(({ key }) => key === 'words')).not.toHaveProperty('vector')
  })

  it('goes on with one lane where the other is empty', () => {
    expect(keys(fuseLanes([], text, 0))).toEqual(['words', 'both'])
    expect(keys(fuseLanes(vector, [], 0))).toEqual(['meaning', 'both'])
    expect(fuseLanes([], [], 0)).toEqual([])
  })
})

describe('termCoverage', () => {
  it('is the share of terms that are held', () => {
    expect(termCoverage(['a', 'b', 'c', 'd'], new Set(['a', 'c']))).toBe(0.5)
    expect(termCoverage([], new Set(['a']))).toBe(0)
  })
})
