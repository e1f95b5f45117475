/**
 * Searches the lanes side by side: vectors, all terms, headings, codes. In: a question made ready, and what may be looked at. Out: the hits of
 * each lane, best first, with raw scores. Neighbours: the retriever calls it, as often as the ledger refuses hits; collect-features.ts reads it.
 */
import { detectLanguage } from '../core/detect-language.ts'
import type { Language } from '../core/document.ts'
import { type AskedIdentifier, askedIdentifiers } from '../core/identifiers.ts'
import { questionTerms } from '../core/search-terms.ts'
import type { LaneName } from '../core/search-trace.ts'
import type { ChunkIndex } from '../store/chunk-index.ts'
import type { ScoredChunk, SearchScope } from '../store/search-scope.ts'
import { otherLanguages } from './language-bias.ts'

export type SearchMode = 'hybrid' | 'vector' | 'text'

/** Hits taken from each lane. */
export const laneLimit = 50

/** The question, made ready for the lanes once. */
export interface PreparedQuestion {
  readonly text: string
  readonly language: Language
  readonly terms: readonly string[]
  readonly identifiers: readonly AskedIdentifier[]
  /** undefined where the vector lane is left out. */
  readonly vector: Float32Array | undefined
}

export const prepareQuestion = (text: string, vector: Float32Array | undefined): PreparedQuestion => ({
  text,
  language: detectLanguage(text),
  terms: questionTerms(text),
  identifiers: askedIdentifiers(text),
  vector,
})

export const laneNames = ['vector', 'text', 'heading', 'identifier'] as const satisfies readonly LaneName[]
export type LaneHits = Readonly<Record<LaneName, readonly ScoredChunk[]>>

interface LaneOptions {
  readonly mode: SearchMode
  /** Takes note that the vector lane failed, where the others may stand in. @throws the error where they may not */
  readonly withoutVectors: (error: unknown) => undefined
}

export const searchLanes = async (
  index: ChunkIndex,
  question: PreparedQuestion,
  scope: Omit<SearchScope, 'limit' | 'languages'>,
  { mode, withoutVectors }: LaneOptions,
): Promise<LaneHits> => {
  const { vector, terms, identifiers } = question
  const limited = { ...scope, limit: laneLimit }
  const none = async (): Promise<ScoredChunk[]> => []
  const byWords = mode === 'vector' ? none : index.termSearch.bind(index)
  const codes = [...new Set(identifiers.map(({ key }) => key))]
  const [near, text, heading, identifier] = await Promise.all([
    vector && searchVectors(index, question.language, vector, limited).catch(withoutVectors),
    byWords('search_text', terms, limited),
    byWords('heading_terms', terms, limited),
    byWords('identifiers', codes, limited),
  ])
  return { vector: near ?? [], text, heading, identifier }
}

/** The nearest may all be of the question's language; see language-bias.ts. */
const searchVectors = async (
  index: ChunkIndex,
  language: Language,
  vector: Float32Array,
  scope: SearchScope,
): Promise<ScoredChunk[]> => {
  const languages = otherLanguages(language)
  const [nearest, others] = await Promise.all([
    index.vectorSearch(vector, scope),
    languages.length > 0 ? index.vectorSearch(vector, { ...scope, languages }) : [],
  ])
  return [...new Map([...nearest, ...others].map((hit) => [hit.chunk.id, hit])).values()]
}
