/**
 * The order of what the lanes found. In: for one question, the raw scores of each candidate in each lane. Out: the same, best first, with the
 * weights that were used. A pure function, so that parameters can be fitted on cached features without searching again.
 *
 * Plain reciprocal rank fusion falls below the better lane wherever the other is weak: below the vector lane on cross-language questions,
 * below BM25 on a manual. So vector and text are weighed for each question by how many of its terms the best full text hit holds: where it
 * holds all, full text decides; where it holds none (another language), the vector does. Headings and codes add to that.
 */
import type { ChunkId } from '../core/ids.ts'
import type { LaneName } from '../core/search-trace.ts'
import type { RankingParameters } from './ranking-parameters.ts'

/** What is known of a passage before it is ranked; a missing score means that the lane did not find it. */
export interface CandidateFeatures {
  readonly id: ChunkId
  /** Cosine, -1 to 1. */
  readonly vector?: number
  /** What the embedding model needs on top of the cosine in another language than the question's; 0 in its own. */
  readonly languageBonus: number
  /** BM25 over the text. */
  readonly text?: number
  /** BM25 over the document's name and the headings. */
  readonly heading?: number
  /** How well it holds the codes of the question, 0 to 1. */
  readonly identifier?: number
}

export interface LaneFeatures {
  /** Share of the question's terms in the best full text hit, its name and headings, 0 to 1. */
  readonly coverage: number
  /** Whether that hit is in the question's language. */
  readonly coveredInOwnLanguage: boolean
  /** In any order. */
  readonly candidates: readonly CandidateFeatures[]
}

export interface RankedCandidate {
  readonly features: CandidateFeatures
  /** Above 0; comparable within one question only. */
  readonly fused: number
}

/** What each lane counts for a question. */
export type LaneWeights = Readonly<Record<LaneName, number>>

export interface Ranking {
  /** Best first. */
  readonly ranked: readonly RankedCandidate[]
  readonly weights: LaneWeights
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value))

const greatest = (scores: readonly (number | undefined)[], least: number): number =>
  scores.reduce<number>((most, score) => Math.max(most, score ?? least), least)

/** Cosines that can be compared over all languages. */
const similaritiesOf = (
  candidates: readonly CandidateFeatures[],
  { languageBonus, otherLanguageLead }: RankingParameters,
): (number | undefined)[] => {
  const own = candidates.filter(({ languageBonus }) => languageBonus === 0)
  const holdsCode = greatest(
    candidates.map(({ identifier }) => identifier),
    0,
  )
  // Where the code that is asked for stands in the asker's language too, nothing is to be made up for.
  const hasOwn = holdsCode > 0 && own.some(({ identifier }) => identifier === holdsCode)
  const bonusOf = (each: CandidateFeatures) => (hasOwn ? 0 : languageBonus * each.languageBonus)
  const others = candidates.filter(({ languageBonus }) => languageBonus !== 0)
  const nearestOwn = greatest(
    own.map(({ vector }) => vector),
    -1,
  )
  const nearestOther = greatest(
    others.map((each) => each.vector && each.vector + bonusOf(each)),
    -1,
  )
  // Where all is in another language there is nothing to be compared with.
  const excess = nearestOwn === -1 ? 0 : Math.max(0, nearestOther - nearestOwn - otherLanguageLead)
  return candidates.map((each) => each.vector && each.vector + Math.max(0, bonusOf(each) - excess))
}

const weigh = (found: LaneFeatures, parameters: RankingParameters): LaneWeights => {
  const { vectorWeight, vectorWeightLostByCoverage, vectorWeightLostByOwnCoverage } = parameters
  const lost = vectorWeightLostByCoverage + (found.coveredInOwnLanguage ? vectorWeightLostByOwnCoverage : 0)
  const hasVector = found.candidates.some(({ vector }) => vector !== undefined)
  const hasText = found.candidates.some(({ text }) => text !== undefined)
  const vector = hasVector ? (hasText ? clamp(vectorWeight - lost * found.coverage) : 1) : 0
  return {
    vector,
    text: hasText ? 1 - vector : 0,
    heading: parameters.headingWeight,
    identifier: parameters.identifierWeight,
  }
}

/** Candidates of equal score keep their order. */
export const rankCandidates = (found: LaneFeatures, parameters: RankingParameters): Ranking => {
  const { candidates } = found
  const weights = weigh(found, parameters)
  const similarities = similaritiesOf(candidates, parameters)
  const bestSimilarity = greatest(similarities, -1)
  const best = (lane: 'text' | 'heading') =>
    greatest(
      candidates.map((each) => each[lane]),
      Number.MIN_VALUE,
    )
  const [bestText, bestHeading] = [best('text'), best('heading')]
  const ranked = candidates.map((features, i) => {
    const similarity = similarities[i]
    const near = similarity === undefined ? 0 : Math.exp((similarity - bestSimilarity) / parameters.cosineScale)
    const fused =
      weights.vector * near +
      (weights.text * (features.text ?? 0)) / bestText +
      (weights.heading * (features.heading ?? 0)) / bestHeading +
      weights.identifier * (features.identifier ?? 0)
    return { features, fused }
  })
  return { ranked: ranked.sort((a, b) => b.fused - a.fused), weights }
}
