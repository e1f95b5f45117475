/**
 * Logistic regression with a ridge, by Newton's method (iteratively reweighted least squares): for a handful of features and some hundred examples, exact
 * within a few steps and the same on every machine. In: examples with 0 or 1. Out: bias and one weight for each feature, in the features' own units.
 */

export interface Example {
  readonly features: readonly number[]
  readonly label: 0 | 1
  /** @default 1 */
  readonly weight?: number
}

export interface LogisticModel {
  readonly bias: number
  readonly weights: readonly number[]
}

const steps = 30

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit))

export const logitOf = ({ bias, weights }: LogisticModel, features: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * (features[i] ?? 0), bias)

/** Gauss with partial pivoting; the matrix is small and, by the ridge, not singular. */
const solve = (matrix: readonly (readonly number[])[], vector: readonly number[]): number[] => {
  const rows = matrix.map((row, i) => [...row, vector[i] ?? 0])
  const n = rows.length
  for (let column = 0; column < n; column += 1) {
    let pivot = column
    for (let row = column + 1; row < n; row += 1)
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row
    const [top, other] = [rows[column] ?? [], rows[pivot] ?? []]
    rows[column] = other
    rows[pivot] = top
    for (const [row, values] of rows.entries()) {
      if (row === column) continue
      const factor = (values[column] ?? 0) / (other[column] ?? 1)
      for (let i = column; i <= n; i += 1) values[i] = (values[i] ?? 0) - factor * (other[i] ?? 0)
    }
  }
  return rows.map((row, i) => (row[n] ?? 0) / (row[i] ?? 1))
}

/**
 * @param ridge strength of the pull of the standardised weights towards 0; the bias is free
 */
export const fitLogistic = (examples: readonly Example[], ridge: number): LogisticModel => {
  const count = examples[0]?.features.length ?? 0
  const mean = (of: (example: Example) => number) => examples.reduce((sum, each) => sum + of(each), 0) / examples.length
  const scales = Array.from({ length: count }, (_, i) => {
    const middle = mean(({ features }) => features[i] ?? 0)
    const deviation = Math.sqrt(mean(({ features }) => ((features[i] ?? 0) - middle) ** 2))
    return { middle, deviation: deviation || 1 }
  })
  const rows = examples.map(({ features }) => [
    1,
    ...scales.map(({ middle, deviation }, i) => ((features[i] ?? 0) - middle) / deviation),
  ])
  let beta = Array.from({ length: count + 1 }, () => 0)
  for (let step = 0; step < steps; step += 1) {
    const hessian = beta.map((_, i) => beta.map((__, j) => (i === j && i > 0 ? ridge : 0)))
    const gradient = beta.map((value, i) => (i > 0 ? -ridge * value : 0))
    for (const [index, row] of rows.entries()) {
      const { label, weight = 1 } = examples[index] as Example
      const p = sigmoid(row.reduce((sum, value, i) => sum + value * (beta[i] ?? 0), 0))
      for (const [i, a] of row.entries()) {
        gradient[i] = (gradient[i] ?? 0) + weight * a * (label - p)
        const line = hessian[i] ?? []
        for (const [j, b] of row.entries()) line[j] = (line[j] ?? 0) + weight * a * b * Math.max(p * (1 - p), 1e-6)
      }
    }
    const change = solve(hessian, gradient)
    beta = beta.map((value, i) => value + (change[i] ?? 0))
    if (Math.max(...change.map(Math.abs)) < 1e-8) break
  }
  const weights = scales.map(({ deviation }, i) => (beta[i + 1] ?? 0) / deviation)
  return {
    bias: (beta[0] ?? 0) - weights.reduce((sum, weight, i) => sum + weight * (scales[i]?.middle ?? 0), 0),
    weights,
  }
}
