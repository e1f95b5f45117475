import { describe, expect, it } from 'vitest'
import { estimateTokens } from '../../src/models/estimate-tokens.ts'

describe('estimateTokens', () => {
  it('counts Han, kana and hangul characters as a token each', () => {
    expect(estimateTokens('液壓油')).toBe(3)
    expect(estimateTokens('プレス機')).toBe(4)
    expect(estimateTokens('𠮷野')).toBe(2)
  })

  it('counts three other characters as a token, rounded up', () => {
    expect(estimateTokens('oil')).toBe(1)
    expect(estimateTokens('oils')).toBe(2)
    expect(estimateTokens('')).toBe(0)
  })
})
