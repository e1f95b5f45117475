/**
 * From the hits of the lanes to what is known of each passage, whichever lane found it. In: a question and its hits. Out: features to rank by.
 * Neighbours: search-lanes.ts before, rank-candidates.ts after.
 */

import type { IndexedChunk } from '../core/document.ts'
import { dotProduct } from '../core/dot-product.ts'
import { identifiersOf, identifiersOfName } from '../core/identifiers.ts'
import type { ChunkId } from '../core/ids.ts'
import { searchTerms } from '../core/search-terms.ts'
import type { ScoredChunk } from '../store/search-scope.ts'
import { crossLanguageBonus, familyOf } from './language-bias.ts'
import { matchIdentifiers } from './match-identifiers.ts'
import type { CandidateFeatures, LaneFeatures } from './rank-candidates.ts'
import type { LaneHits, PreparedQuestion } from './search-lanes.ts'
import { termCoverage } from './term-coverage.ts'

export interface CollectedFeatures {
  readonly features: LaneFeatures
  readonly chunks: ReadonlyMap<ChunkId, IndexedChunk>
  /** Codes of the question that a passage holds, as the question spells them. */
  readonly identifiers: readonly string[]
}

const labelOf = ({ documentName, headingPath }: IndexedChunk): string => [documentName, ...headingPath].join('\n')

/** @param embeddingModel catalog name; undefined where no vectors were searched */
export const collectFeatures = (
  question: PreparedQuestion,
  lanes: LaneHits,
  embeddingModel: string | undefined,
): CollectedFeatures => {
  const hits = new Map<ChunkId, ScoredChunk>()
  for (const hit of [...lanes.vector, ...lanes.text, ...lanes.heading, ...lanes.identifier]) hits.set(hit.chunk.id, hit)
  const textScores = scoresOf(lanes.text)
  // Passages under one label score alike by it, and the lane gives only so many of them.
  const headingScores = new Map(lanes.heading.map(({ chunk, score }) => [labelOf(chunk), score]))
  const codes = matchIdentifiers(
    question.identifiers,
    lanes.identifier.map(({ chunk }) => ({ key: chunk.id, identifiers: identifiersIn(chunk) })),
  )
  const candidates = [...hits.values()].map(({ chunk, vector }): CandidateFeatures => {
    const text = textScores.get(chunk.id)
    const heading = headingScores.get(labelOf(chunk))
    const identifier = codes.scores.get(chunk.id)
    const bonus = embeddingModel === undefined ? 0 : bonusOf(embeddingModel, question, chunk)
    return {
      id: chunk.id,
      ...(question.vector === undefined ? {} : { vector: dotProduct(question.vector, vector) }),
      languageBonus: bonus,
      ...(text === undefined ? {} : { text }),
      ...(heading === undefined ? {} : { heading }),
      ...(identifier === undefined ? {} : { identifier }),
    }
  })
  const best = lanes.text[0]?.chunk
  const coverage = best ? termCoverage(question.terms, new Set(searchTerms(`${labelOf(best)}\n${best.text}`))) : 0
  const chunks = new Map([...hits.values()].map(({ chunk }) => [chunk.id, chunk]))
  const coveredInOwnLanguage = best !== undefined && familyOf(best.language) === familyOf(question.language)
  return { features: { coverage, coveredInOwnLanguage, candidates }, chunks, identifiers: codes.found }
}

const scoresOf = (hits: readonly ScoredChunk[]): Map<ChunkId, number> =>
  new Map(hits.map(({ chunk, score }) => [chunk.id, score]))

const identifiersIn = ({ documentName, headingPath, text }: IndexedChunk) => [
  ...identifiersOfName(documentName),
  ...identifiersOf([...headingPath, text].join('\n')),
]

const bonusOf = (embeddingModel: string, question: PreparedQuestion, chunk: IndexedChunk): number =>
  crossLanguageBonus(embeddingModel, question.language, { language: chunk.language, label: labelOf(chunk) })
