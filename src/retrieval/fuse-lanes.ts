/**
 * Fusion of the vector lane and the full text lane into one order. In: hits with raw scores. Out: candidates, best first.
 *
 * Plain reciprocal rank fusion falls below the better lane wherever the other is weak: below the vector lane on cross-language
 * questions, below BM25 on a manual. So the lanes are weighed for each question by how many of its terms the best full text hit
 * holds: where it holds all, full text decides; where it holds none (another language), the vector does.
 */

export interface LaneHit<Key> {
  readonly key: Key
  readonly score: number
}

export interface FusedHit<Key> {
  readonly key: Key
  readonly fused: number
  readonly vector?: number
  readonly text?: number
}

/** Weight of the vector lane at no coverage, and how much of it full coverage takes away. Measured on ../shared/eval; docs/quality.md. */
const vectorWeightAtNoCoverage = 0.85
const vectorWeightLostAtFullCoverage = 0.65
/** A passage this much less similar than the best one gets 1/e of its vector score. Cosines of e5 models lie within 0.7 to 0.95. */
const cosineScale = 0.05

/**
 * @param coverage share of the question's terms that the best full text hit holds, 0 to 1
 */
export const fuseLanes = <Key>(
  vectorHits: readonly LaneHit<Key>[],
  textHits: readonly LaneHit<Key>[],
  coverage: number,
): FusedHit<Key>[] => {
  const vectorWeight = textHits.length === 0 ? 1 : vectorWeightAtNoCoverage - vectorWeightLostAtFullCoverage * coverage
  const textWeight = vectorHits.length === 0 ? 1 : 1 - vectorWeight
  const vectorOf = new Map(vectorHits.map((hit) => [hit.key, hit.score]))
  const textOf = new Map(textHits.map((hit) => [hit.key, hit.score]))
  const bestVector = Math.max(...vectorOf.values(), -1)
  const bestText = Math.max(...textOf.values(), Number.MIN_VALUE)
  const fused = [...new Set([...vectorOf.keys(), ...textOf.keys()])].map((key): FusedHit<Key> => {
    const vector = vectorOf.get(key)
    const text = textOf.get(key)
    const vectorPart = vector === undefined ? 0 : vectorWeight * Math.exp((vector - bestVector) / cosineScale)
    const textPart = text === undefined ? 0 : (textWeight * text) / bestText
    return {
      key,
      fused: vectorPart + textPart,
      ...(vector === undefined ? {} : { vector }),
      ...(text === undefined ? {} : { text }),
    }
  })
  return fused.sort((a, b) => b.fused - a.fused)
}

/** Share of `terms` that stand in the other terms, 0 to 1; 0 where there are none. */
export const termCoverage = (terms: readonly string[], held: ReadonlySet<string>): number =>
  terms.length === 0 ? 0 : terms.filter((term) => held.has(term)).length / terms.length
