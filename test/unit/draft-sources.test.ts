import { describe, expect, it } from 'vitest'
import { sourceTokenBudget } from '../../src/answer/draft-sources.ts'

const model = { name: 'm', contextTokens: 8192 }

describe('sourceTokenBudget', () => {
  it('follows from what the engine reads in the wished time: less on a slow one, never nothing', () => {
    const slow = sourceTokenBudget({ ...model, promptTokensPerSecond: 80, outputTokensPerSecond: 10 })
    const middling = sourceTokenBudget({ ...model, promptTokensPerSecond: 150, outputTokensPerSecond: 15 })
    const gpu = sourceTokenBudget({ ...model, promptTokensPerSecond: 5000, outputTokensPerSecond: 100 })
    expect(slow).toBeGreaterThanOrEqual(200)
    expect(middling).toBeGreaterThan(slow)
    expect(gpu).toBeGreaterThan(middling)
    expect(sourceTokenBudget({ ...model, promptTokensPerSecond: 5, outputTokensPerSecond: 1 })).toBe(200)
  })

  it('leaves half of the context for the rest, and takes an engine that tells no speed for a fast one', () => {
    expect(
      sourceTokenBudget({ ...model, contextTokens: 1000, promptTokensPerSecond: 9000, outputTokensPerSecond: 90 }),
    ).toBe(500)
    expect(sourceTokenBudget(model)).toBeGreaterThan(1000)
  })
})
