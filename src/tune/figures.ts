/** Figures of a comparison: how well answers are found and questions refused, and whether a difference is more than chance. Pure functions. */

import { seededRandom } from '../core/seeded-random.ts'
import type { Difference, RefusalFigures, RetrievalFigures } from '../store/tuning-records.ts'

const ranksCounted = 10
const resamples = 2_000
const lowPercentile = 0.05

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
const rounded = (value: number): number => Number(value.toFixed(4))

/** @param rank from 0; -1 where it was not found */
export const reciprocalOf = (rank: number): number => (rank >= 0 && rank < ranksCounted ? 1 / (rank + 1) : 0)

/** @param ranks of the first passage that holds the answer, from 0; -1 where none does */
export const retrievalFigures = (ranks: readonly number[]): RetrievalFigures => {
  const hitAt = (k: number) => rounded(mean(ranks.map((rank) => (rank >= 0 && rank < k ? 1 : 0))))
  return { n: ranks.length, hit1: hitAt(1), hit5: hitAt(5), mrr10: rounded(mean(ranks.map(reciprocalOf))) }
}

export interface Refusal {
  readonly answerable: boolean
  readonly refused: boolean
}

export const refusalFigures = (refusals: readonly Refusal[]): RefusalFigures => {
  const count = (predicate: (each: Refusal) => boolean) => refusals.filter(predicate).length
  return {
    answerable: count(({ answerable }) => answerable),
    kept: count(({ answerable, refused }) => answerable && !refused),
    unanswerable: count(({ answerable }) => !answerable),
    refused: count(({ answerable, refused }) => !answerable && refused),
  }
}

/** Mean of the share of the answerable ones that are kept and the share of the unanswerable ones that are refused. */
export const balanceOf = ({ answerable, kept, unanswerable, refused }: RefusalFigures): number =>
  mean([...(answerable > 0 ? [kept / answerable] : []), ...(unanswerable > 0 ? [refused / unanswerable] : [])])

/**
 * Paired bootstrap of `after - before` (Efron and Tibshirani 1993): what is drawn is whole clusters, as questions on one passage go together.
 * @param pairs one for each question
 */
export const pairedDifference = (
  pairs: readonly { readonly cluster: string; readonly before: number; readonly after: number }[],
  seed: number,
): Difference => {
  const byCluster = new Map<string, { sum: number; n: number }>()
  for (const { cluster, before, after } of pairs) {
    const { sum, n } = byCluster.get(cluster) ?? { sum: 0, n: 0 }
    byCluster.set(cluster, { sum: sum + after - before, n: n + 1 })
  }
  const clusters = [...byCluster.values()]
  const random = seededRandom(seed)
  const means = Array.from({ length: resamples }, () => {
    const drawn = clusters.map(() => clusters[Math.floor(random() * clusters.length)] ?? { sum: 0, n: 0 })
    return (
      drawn.reduce((sum, each) => sum + each.sum, 0) /
      Math.max(
        1,
        drawn.reduce((n, each) => n + each.n, 0),
      )
    )
  }).sort((a, b) => a - b)
  const at = (share: number) => means[Math.min(means.length - 1, Math.floor(share * means.length))] ?? 0
  return {
    mean: rounded(mean(pairs.map(({ before, after }) => after - before))),
    low: rounded(at(lowPercentile)),
    high: rounded(at(1 - lowPercentile)),
  }
}
