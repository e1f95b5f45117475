import { describe, expect, it } from 'vitest'
import { fitLogistic, logitOf, sigmoid } from '../../src/eval/fit-logistic.ts'

/** Labels drawn by a known model, without chance: each point counts with its probability. */
const pointsOf = (bias: number, weights: readonly number[]) =>
  Array.from({ length: 200 }, (_, i) => [(i % 20) / 10 - 1, Math.floor(i / 20) / 5 - 1]).flatMap((features) => {
    const p = sigmoid(logitOf({ bias, weights }, features))
    return [
      { features, label: 1 as const, weight: p },
      { features, label: 0 as const, weight: 1 - p },
    ]
  })

describe('fitLogistic', () => {
  it('finds the model that the examples were drawn from', () => {
    const { bias, weights } = fitLogistic(pointsOf(0.5, [2, -1]), 1e-6)
    expect(bias).toBeCloseTo(0.5, 3)
    expect(weights[0]).toBeCloseTo(2, 3)
    expect(weights[1]).toBeCloseTo(-1, 3)
  })

  it('stays finite where the examples can be told apart without a mistake, and where a feature never changes', () => {
    const examples = [-2, -1, 1, 2].map((x) => ({ features: [x, 7], label: x > 0 ? (1 as const) : (0 as const) }))
    const model = fitLogistic(examples, 0.1)
    expect([model.bias, ...model.weights].every(Number.isFinite)).toBe(true)
    expect(logitOf(model, [2, 7])).toBeGreaterThan(0)
    expect(logitOf(model, [-2, 7])).toBeLessThan(0)
  })
})
