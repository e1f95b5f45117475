/**
 * What the threshold of refusing is fitted on: each question with its answer among the candidates, and unanswerable ones made of it: its document left out,
 * and, where it asks for a code, the code changed to one that no candidate holds. In: a case and a ranking. Out: evidence as the answerer
 * would weigh it. Neighbours: src/answer/evidence.ts computes it, fit-threshold.ts weighs it.
 */
import { type Evidence, evidenceOf, type LanguageClass } from '../answer/evidence.ts'
import { nearMissesOf } from '../answer/near-miss.ts'
import { selectQuotes } from '../answer/select-quotes.ts'
import type { Passage } from '../core/answer.ts'
import type { IndexedChunk } from '../core/document.ts'
import { identifiersOf } from '../core/identifiers.ts'
import type { Embedder } from '../core/models.ts'
import { type AssembledPassage, assemblePassages } from '../retrieval/assemble-passages.ts'
import { type RankedCandidate, rankCandidates } from '../retrieval/rank-candidates.ts'
import type { RankingParameters } from '../retrieval/ranking-parameters.ts'
import { adaptedFeatures } from './fit-ranking.ts'
import { stretchChunks, type TuningCase } from './split-cases.ts'

export interface JudgedQuestion {
  readonly answerable: boolean
  readonly languageClass: LanguageClass
  /** Questions on one passage go together. */
  readonly cluster: string
  /** undefined where nothing was found, which is refused anyway. */
  readonly evidence: Evidence | undefined
  /** The code that is asked for is in no passage: refused, whatever the evidence. */
  readonly isNearMiss: boolean
}

interface EvidenceOptions {
  readonly embedder: Embedder
  readonly parameters: RankingParameters
  readonly adapt: (vector: Float32Array) => Float32Array
  readonly signal: AbortSignal
}

/** As the answerer asks for. */
const passageLimit = 8
const quoteLimit = 5

const toPassage = ({ chunk, best: { features, fused } }: AssembledPassage): Passage => {
  const { id: _, languageBonus: __, ...scores } = features
  return {
    id: chunk.id,
    documentId: chunk.documentId,
    documentName: chunk.documentName,
    revisionId: chunk.revisionId,
    revision: '',
    collectionId: chunk.collectionId,
    pageStart: chunk.pageStart,
    pageEnd: chunk.pageEnd,
    paginated: true,
    heading: chunk.headingPath.join(' › '),
    text: chunk.text,
    segments: chunk.segments,
    segmentBoxes: chunk.segments.map(() => []),
    language: chunk.language,
    scores: { fused, ...scores },
  }
}

const passagesOf = (ranked: readonly RankedCandidate[], { candidates: { chunks } }: TuningCase): Passage[] =>
  assemblePassages(ranked, chunks, passageLimit).passages.map(toPassage)

/** What stands in for a collection without the answer: nothing of its document, or of the stretch that it stands in. */
const withoutAnswer = (tuned: TuningCase, ranked: readonly RankedCandidate[]): RankedCandidate[] => {
  const { question, candidates, isSplitByDocument } = tuned
  const isOut = ({ documentId, ordinal }: IndexedChunk): boolean =>
    documentId === question.documentId && (isSplitByDocument || Math.abs(ordinal - question.ordinal) < stretchChunks)
  return ranked.filter(({ features: { id } }) => {
    const chunk = candidates.chunks.get(id)
    return chunk !== undefined && !candidates.right.has(id) && !isOut(chunk)
  })
}

/** The question with another code in place of its first one; undefined where it asks for none. */
export const withAnotherCode = (question: string, texts: readonly string[]): string | undefined => {
  const [code] = identifiersOf(question).filter(({ spelling }) => /\d/.test(spelling))
  const at = code ? question.normalize('NFKC').toLowerCase().indexOf(code.spelling) : -1
  if (!code || at < 0) return undefined
  const held = new Set(texts.flatMap((text) => identifiersOf(text)).map(({ key }) => key))
  for (let other = 1; other < 10; other += 1) {
    const spelling = code.spelling.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + other) % 10))
    const changed = question.slice(0, at) + spelling.toUpperCase() + question.slice(at + code.spelling.length)
    if (identifiersOf(changed).every(({ key }) => key === '' || !held.has(key))) return changed
  }
  return undefined
}

/** @throws what the engine throws; AbortError */
export const findEvidence = async (tuned: TuningCase, options: EvidenceOptions): Promise<JudgedQuestion[]> => {
  const { embedder, parameters, adapt, signal } = options
  const { languageClass } = tuned
  const { question, passageId: cluster } = tuned.question
  const { ranked } = rankCandidates(adaptedFeatures(tuned, adapt), parameters)
  const judge = async (text: string, passages: readonly Passage[], answerable: boolean): Promise<JudgedQuestion> => {
    const quotes = await selectQuotes(text, passages, { embedder, limit: quoteLimit, signal })
    const evidence = evidenceOf(text, passages, quotes)
    const isNearMiss = nearMissesOf(text, passages).length > 0
    return { answerable, languageClass, cluster, evidence, isNearMiss }
  }
  const passages = passagesOf(ranked, tuned)
  const others = passagesOf(withoutAnswer(tuned, ranked), tuned)
  const changed = withAnotherCode(
    question,
    [...tuned.candidates.chunks.values()].map(({ text }) => text),
  )
  return [
    await judge(question, passages, true),
    // With hardly anything left, that would be refused by its emptiness, which no customer's collection has.
    ...(others.length === passageLimit ? [await judge(question, others, false)] : []),
    ...(changed === undefined ? [] : [await judge(changed, passages, false)]),
  ]
}
