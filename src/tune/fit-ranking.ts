/**
 * Fits the ranking's parameters on cached candidates. In: cases, and the vectors of their questions moved or not. Out: parameters, the defaults where nothing
 * is clearly better. A pattern search along one parameter after the other, in an order by seed; a pull towards the defaults, as questions are few.
 * Neighbours: src/retrieval/rank-candidates.ts ranks; compare-tunings.ts tells whether what was fitted holds.
 */

import { seededRandom, shuffled } from '../core/seeded-random.ts'
import { type LaneFeatures, rankCandidates } from '../retrieval/rank-candidates.ts'
import { defaultRankingParameters, type RankingParameters } from '../retrieval/ranking-parameters.ts'
import { giveWay } from './give-way.ts'
import type { TuningCase } from './split-cases.ts'

interface Tunable {
  readonly name: keyof RankingParameters
  readonly min: number
  readonly max: number
  /** What counts as one step away from the default. */
  readonly step: number
}

/** Codes come first whatever is fitted, and the reranking model is not asked here: their weights stay. */
const tunables: readonly Tunable[] = [
  { name: 'vectorWeight', min: 0.3, max: 1, step: 0.15 },
  { name: 'vectorWeightLostByCoverage', min: 0, max: 0.9, step: 0.1 },
  { name: 'vectorWeightLostByOwnCoverage', min: 0, max: 0.9, step: 0.15 },
  { name: 'cosineScale', min: 0.02, max: 0.12, step: 0.015 },
  { name: 'headingWeight', min: 0, max: 0.4, step: 0.05 },
  { name: 'languageBonus', min: 0, max: 2, step: 0.3 },
  { name: 'otherLanguageLead', min: 0, max: 0.08, step: 0.015 },
]
const strides = [1, 0.5, 0.25]
const rounds = 3
/** Of the mean reciprocal rank, for each squared step from a default. */
const defaultPull = 0.002
/** Less is chance. */
const minGain = 0.002
const ranksCounted = 10
/** Some milliseconds of computing. */
const casesBetweenTurns = 50

/** The candidates of a question whose vector was moved: other cosines, all else as it was. */
export const adaptedFeatures = (
  { candidates: { features, vectors, vector } }: TuningCase,
  adapt: (vector: Float32Array) => Float32Array,
): LaneFeatures => {
  const query = adapt(vector)
  return {
    ...features,
    candidates: features.candidates.map((each, i) => ({
      ...each,
      vector: (vectors[i] ?? vector).reduce((sum, value, k) => sum + value * (query[k] ?? 0), 0),
    })),
  }
}

interface Judged {
  readonly features: LaneFeatures
  readonly right: TuningCase['candidates']['right']
}

/** Of the first passage that is right; 0 where none of ten is. */
export const reciprocalRank = ({ features, right }: Judged, parameters: RankingParameters): number => {
  const rank = rankCandidates(features, parameters).ranked.findIndex((each) => right.has(each.features.id))
  return rank >= 0 && rank < ranksCounted ? 1 / (rank + 1) : 0
}

const scoreOf = async (
  cases: readonly Judged[],
  parameters: RankingParameters,
  signal: AbortSignal,
): Promise<number> => {
  const steps = tunables.map(({ name, step }) => (parameters[name] - defaultRankingParameters[name]) / step)
  const pull = defaultPull * steps.reduce((sum, each) => sum + each * each, 0)
  let sum = 0
  for (const [i, each] of cases.entries()) {
    if (i % casesBetweenTurns === 0) await giveWay(signal)
    sum += reciprocalRank(each, parameters)
  }
  return sum / Math.max(1, cases.length) - pull
}

/**
 * @param options.adapt as the vectors of questions are moved
 * @throws AbortError
 */
export const fitRanking = async (
  cases: readonly TuningCase[],
  options: {
    readonly adapt: (vector: Float32Array) => Float32Array
    readonly seed: number
    readonly signal: AbortSignal
  },
): Promise<RankingParameters> => {
  const { signal } = options
  const random = seededRandom(options.seed)
  const judged = cases.map((each) => ({
    features: adaptedFeatures(each, options.adapt),
    right: each.candidates.right,
  }))
  // Questions made of headings would say that headings are all that counts.
  const fitted = tunables.filter(
    ({ name }) => name !== 'headingWeight' || cases.every(({ question }) => question.origin === 'model'),
  )
  let best = { parameters: defaultRankingParameters, score: await scoreOf(judged, defaultRankingParameters, signal) }
  for (let round = 0; round < rounds; round += 1) {
    const before = best.score
    for (const { name, min, max, step } of shuffled(fitted, random)) {
      for (const stride of strides.flatMap((each) => [each, -each])) {
        const value = Math.min(max, Math.max(min, best.parameters[name] + stride * step))
        const parameters = { ...best.parameters, [name]: Number(value.toFixed(4)) }
        const score = await scoreOf(judged, parameters, signal)
        if (score > best.score + minGain) best = { parameters, score }
      }
    }
    if (best.score === before) break
  }
  return best.parameters
}
