/**
 * All constants of the ranking in one object: how the lanes are weighed, and what the later stages may change. In: nothing. Out: the defaults,
 * chosen on the sets of ../shared/eval from a coarse grid (docs/decisions/2026-11-22-lanes-weighed-by-question.md); `kura tune` fits others on a
 * customer's own documents. Neighbours: rank-candidates.ts reads them; the retriever gets them as a function, so that a change holds from the
 * next question on.
 */

export interface RankingParameters {
  /** Weight of the vector lane, 0 to 1, where no term of the question is in the best full text hit; text has the rest. */
  readonly vectorWeight: number
  /** What full coverage of the question's terms takes away from that, in whichever language the best full text hit is. */
  readonly vectorWeightLostByCoverage: number
  /** What it takes away besides where that hit is in the question's language: names and codes alone are shared by all languages. */
  readonly vectorWeightLostByOwnCoverage: number
  /** A passage this much less similar than the best one gets 1/e of its vector score. Cosines of e5 models lie within 0.7 to 0.95. */
  readonly cosineScale: number
  /** Added for the question's terms in the document's name and headings; the best label gets all of it. */
  readonly headingWeight: number
  /** Added where a passage holds the code that is asked for; above 1 it comes before all that do not. */
  readonly identifierWeight: number
  /** Factor on the bonus that the embedding model needs for passages in another language (language-bias.ts). */
  readonly languageBonus: number
  /** By how much of a cosine that bonus may lift a passage above the nearest one in the question's language, at most. */
  readonly otherLanguageLead: number
  /** Share of the reranking model's score in the order of what it was shown, 0 to 1. */
  readonly rerankWeight: number
}

export const defaultRankingParameters: RankingParameters = {
  vectorWeight: 0.9,
  vectorWeightLostByCoverage: 0.15,
  vectorWeightLostByOwnCoverage: 0.5,
  cosineScale: 0.05,
  headingWeight: 0.05,
  identifierWeight: 1.5,
  languageBonus: 1,
  otherLanguageLead: 0.03,
  rerankWeight: 0.7,
}
