/**
 * Stands between a draft and the reader: a drafted sentence leaves only when code has found it supported. In: the sentence and the
 * passages it may rest on. Out: a statement with verbatim citations, or the reason why it is dropped.
 *
 * 1. Every number, unit, part number and code must stand in the cited sentences, or in the headings, the table head or the name above them.
 * 2. What forbids or denies must rest on a sentence that does, and the reverse.
 * 3. Within a language its words must stand there too; across languages, where words can not be compared, its meaning must be close to the
 *    cited sentence. Closeness of meaning is no support within a language: unrelated sentences of one manual are close as well.
 */
import type { Citation, Passage, Statement } from '../core/answer.ts'
import { detectLanguage } from '../core/detect-language.ts'
import type { Segment } from '../core/document.ts'
import type { Embedder } from '../core/models.ts'
import { questionTerms, searchTerms } from '../core/search-terms.ts'
import { termCoverage } from '../retrieval/fuse-lanes.ts'
import { familyOf } from '../retrieval/language-bias.ts'
import { citationOf } from './cite.ts'
import { cosine } from './cosine.ts'
import { figuresMissing } from './figures.ts'
import { isNegated } from './polarity.ts'
import { headerBefore, segmentText } from './segment-text.ts'

export type CheckedStatement =
  | { readonly supported: true; readonly statement: Statement }
  | { readonly supported: false; readonly reason: 'figures' | 'meaning' }

/** Share of the statement's terms that the cited sentences and their context must hold when both are in one language. */
const minTermCoverage = 0.6
/**
 * Cosine between the statement and a sentence in another language that counts as support. Measured with multilingual-e5-small on the parallel
 * sentences of xquad: 80 % of translations reach 0.82, 4 % of the nearest other sentences do.
 */
const minCosine = 0.82
/** One sentence that holds so much needs no second. */
const fullCoverage = 0.95
/** Sentences that are compared by meaning. */
const sentenceLimit = 40
/** A second sentence is cited where it adds this much to what the first covers. */
const minAddedCoverage = 0.2

const citable = (passage: Passage): Segment[] => passage.segments.filter(({ kind }) => kind !== 'heading')

interface Support {
  readonly citations: readonly Citation[]
  /** Share of the statement's terms that the cited sentences and their context hold. */
  readonly coverage: number
}

/** What every sentence of a passage stands under. */
const contextOf = (passage: Passage): string => `${passage.documentName}\n${passage.heading}`

/** The segment's text, a table row with the head of its own table. */
const withHeader = (passage: Passage, segment: Segment): string => {
  const header = segment.kind === 'row' ? headerBefore(passage, segment) : undefined
  return [...(header ? [segmentText(passage, header)] : []), segmentText(passage, segment)].join('\n')
}

/**
 * The sentence, or the two sentences, of the passage that hold the most of the statement. All of its figures must stand in them or in their
 * context: a number from elsewhere in the passage is no support.
 */
const supportOf = (text: string, terms: readonly string[], passage: Passage): Support | undefined => {
  const context = contextOf(passage)
  const sentences = passage.segments
    .filter(({ kind }) => kind === 'sentence' || kind === 'row')
    .map((segment) => ({ segment, text: withHeader(passage, segment) }))
  const judge = (chosen: typeof sentences): (Support & { chosen: typeof sentences }) | undefined => {
    const ground = chosen.map((each) => each.text).join('\n')
    if (figuresMissing(text, ground, context).length > 0) return undefined
    if (isNegated(text) !== isNegated(ground)) return undefined
    const citations = chosen.map(({ segment }) => citationOf(passage, segment))
    return { chosen, citations, coverage: termCoverage(terms, new Set(searchTerms(`${context}\n${ground}`))) }
  }
  const best = (candidates: (typeof sentences)[]) =>
    candidates.flatMap((chosen) => judge(chosen) ?? []).sort((a, b) => b.coverage - a.coverage)[0]
  const single = best(sentences.map((each) => [each]))
  if (single && single.coverage >= fullCoverage) return single
  // Two may hold what one does not; the pairs are those of neighbours, and of the best sentence with any other.
  const neighbours = sentences.slice(1).map((each, i) => [sentences[i] ?? each, each])
  const withBest = sentences
    .filter((each) => each !== single?.chosen[0])
    .map((each) => [...(single?.chosen ?? []), each])
  const pair = best([...neighbours, ...withBest].filter((chosen) => chosen.length === 2))
  if (!single) return pair
  return pair && pair.coverage - single.coverage >= minAddedCoverage ? pair : single
}

/** The sentence in another language that holds all figures of the statement and is near enough to it in meaning. */
const citationByMeaning = async (
  text: string,
  passages: readonly Passage[],
  embedder: Embedder,
  signal: AbortSignal | undefined,
): Promise<Citation | undefined> => {
  const candidates = passages
    .flatMap((passage) =>
      citable(passage).map((segment) => ({ passage, segment, text: segmentText(passage, segment) })),
    )
    .filter(
      (each) => figuresMissing(text, withHeader(each.passage, each.segment), contextOf(each.passage)).length === 0,
    )
    .filter((each) => isNegated(text) === isNegated(each.text))
    .slice(0, sentenceLimit)
  if (candidates.length === 0) return undefined
  const inputs = [text, ...candidates.map((each) => each.text)].map((each) => ({ title: '', text: each }))
  const [own, ...others] = await embedder.embedPassages(inputs, { signal, priority: 'question' })
  const similarities = others.map((other) => (own ? cosine(own, other) : -1))
  const greatest = Math.max(...similarities)
  const nearest = candidates[similarities.indexOf(greatest)]
  return nearest && greatest >= minCosine ? citationOf(nearest.passage, nearest.segment) : undefined
}

/**
 * Citations are made here, never by the model: the sentence is cited from the passage that supports it best.
 * @param passages what the model has read, best first
 */
export const checkStatement = async (
  text: string,
  passages: readonly Passage[],
  deps: { readonly embedder: Embedder; readonly signal?: AbortSignal | undefined },
): Promise<CheckedStatement> => {
  const terms = questionTerms(text)
  const supports = passages.flatMap((passage) => supportOf(text, terms, passage) ?? [])
  const [best] = supports.sort((a, b) => b.coverage - a.coverage)
  if (best && best.coverage >= minTermCoverage) {
    const { citations } = best
    return { supported: true, statement: { text, citations: [...citations].sort((a, b) => a.page - b.page) } }
  }
  const language = familyOf(detectLanguage(text))
  const foreign = passages.filter((passage) => familyOf(passage.language) !== language)
  const nearest = await citationByMeaning(text, foreign, deps.embedder, deps.signal)
  if (!nearest) return { supported: false, reason: supports.length === 0 ? 'figures' : 'meaning' }
  return { supported: true, statement: { text, citations: [nearest] } }
}
