/**
 * Puts together what two wordings of one question found: what both found well comes first. In: two lists of passages, best first. Out: one, with scores that
 * are comparable within it. A passage that both found keeps the lanes' scores of the second wording.
 */
import type { Passage } from '../core/answer.ts'

/** Fused scores as shares of the best one: those of two searches have no scale in common. */
const sharesOf = (passages: readonly Passage[]): Map<Passage['id'], number> => {
  const best = passages[0]?.scores.fused || 1
  return new Map(passages.map(({ id, scores }) => [id, scores.fused / best]))
}

export const mergeSearches = (
  first: readonly Passage[],
  second: readonly Passage[],
  limit: number,
): readonly Passage[] => {
  const shares = [sharesOf(first), sharesOf(second)]
  const found = new Map([...first, ...second].map((passage) => [passage.id, passage]))
  return [...found.values()]
    .map((passage) => {
      const fused = shares.reduce((sum, each) => sum + (each.get(passage.id) ?? 0), 0)
      return { ...passage, scores: { ...passage.scores, fused } }
    })
    .sort((a, b) => b.scores.fused - a.scores.fused)
    .slice(0, limit)
}
