/**
 * Quotes first: the sentences and table rows of the best passages that most likely hold the answer, verbatim. They are shown before any
 * writing, are the ground that the draft stands on, and are the answer where no model may write.
 * In: the question and its passages. Out: sentences, best first, each with its passage and segment.
 */
import type { Passage, Quote } from '../core/answer.ts'
import { detectLanguage } from '../core/detect-language.ts'
import type { Segment } from '../core/document.ts'
import { dotProduct } from '../core/dot-product.ts'
import type { Embedder } from '../core/models.ts'
import { foldText, questionTerms, searchTerms } from '../core/search-terms.ts'
import { crossLanguageBonus, familyOf } from '../retrieval/language-bias.ts'
import { termCoverage } from '../retrieval/term-coverage.ts'
import { citationOf } from './cite.ts'
import { isPlantedInstruction } from './planted-instructions.ts'
import type { QuestionKind } from './question-kind.ts'
import { beginsWithPronoun } from './reference.ts'
import { headerBefore, segmentText, withHeader } from './segment-text.ts'
import { procedureWith } from './steps.ts'

export interface SelectedQuote {
  readonly passage: Passage
  readonly segment: Segment
  readonly text: string
  /** Weighted sum of the three below; comparable within one question. */
  readonly score: number
  /** Cosine of question and sentence; undefined where no engine embeds. */
  readonly similarity?: number
  /** Share of the question's terms in the sentence, 0 to 1. */
  readonly coverage: number
}

/** Passages whose sentences are looked at. */
const passageLimit = 5
/** Sentences that are embedded: about 0.5 s on two cores. Chosen by passage and by the question's terms they hold. */
const sentenceLimit = 32
const weights = { similarity: 4, coverage: 0.3, passage: 0.3 }

interface Candidate {
  readonly passage: Passage
  readonly segment: Segment
  readonly text: string
  /** The same with the head of its table: what it says. */
  readonly read: string
  readonly coverage: number
  /** Fused score of the passage over that of the best passage, 0 to 1. */
  readonly passageShare: number
}

const candidatesOf = (question: string, passages: readonly Passage[]): Candidate[] => {
  const terms = questionTerms(question)
  const bestFused = passages[0]?.scores.fused || 1
  return passages
    .slice(0, passageLimit)
    .flatMap((passage) =>
      passage.segments
        .filter(({ kind }) => kind === 'sentence' || kind === 'row')
        .filter((segment) => !isPlantedInstruction(segmentText(passage, segment)))
        .map((segment) => {
          const text = segmentText(passage, segment)
          const read = withHeader(passage, segment)
          const coverage = termCoverage(terms, new Set(searchTerms(read)))
          return { passage, segment, text, read, coverage, passageShare: passage.scores.fused / bestFused }
        }),
    )
    .sort((a, b) => b.coverage + b.passageShare - (a.coverage + a.passageShare))
    .slice(0, sentenceLimit)
}

/**
 * Where no engine embeds, words and passage alone decide.
 * @param options.limit how many quotes at most
 */
export const selectQuotes = async (
  question: string,
  passages: readonly Passage[],
  options: {
    readonly embedder: Embedder | undefined
    readonly limit: number
    readonly signal?: AbortSignal | undefined
  },
): Promise<SelectedQuote[]> => {
  const candidates = candidatesOf(question, passages)
  if (candidates.length === 0) return []
  const { embedder, signal } = options
  const call = { signal, priority: 'question' } as const
  const [queries, vectors] = embedder
    ? await Promise.all([
        embedder.embedQueries([question], call),
        embedder.embedPassages(
          candidates.map(({ passage, read }) => ({ title: '', text: withLabel(passage, read) })),
          call,
        ),
      ])
    : [[], []]
  const [query] = queries
  const model = query && embedder ? (await embedder.info(call)).name : ''
  const asked = detectLanguage(question)
  const best = passages[0]
  // Where search found the answer in the asker's language, a sentence of another one is not to come before it.
  const isOwn = best !== undefined && familyOf(best.language) === familyOf(asked)
  const bonusOf = ({ language, documentName, heading }: Passage): number =>
    isOwn ? 0 : crossLanguageBonus(model, asked, { language, label: `${documentName} ${heading}` })
  const scored = candidates
    .map(({ passage, segment, text, coverage, passageShare }, i) => {
      const vector = vectors[i]
      const similarity = query && vector ? dotProduct(query, vector) : undefined
      const comparable = (similarity ?? 0) + bonusOf(passage)
      const score = weights.similarity * comparable + weights.coverage * coverage + weights.passage * passageShare
      return { passage, segment, text, coverage, score, ...(similarity === undefined ? {} : { similarity }) }
    })
    .sort((a, b) => b.score - a.score)
  // A sentence that a document repeats is shown once.
  const texts = scored.map(({ text }) => foldText(text))
  return scored.filter((_, i) => texts.indexOf(texts[i] ?? '') === i).slice(0, options.limit)
}

/** A row or a short sentence says little without the heading, or the document, that it stands under. */
const withLabel = (passage: Passage, text: string): string => {
  const label = passage.heading.split(' › ').at(-1) || passage.documentName.replace(/\.\w{1,8}$/, '')
  return `${label}\n${text}`
}

/** What a quote needs to be understood: the head of its row's table, the sentence that its pronoun goes on about. */
export const aroundQuote = (
  passage: Passage,
  segment: Segment,
): { readonly header?: string; readonly before?: string } => {
  const header = segment.kind === 'row' ? headerBefore(passage, segment) : undefined
  const previous = passage.segments[passage.segments.indexOf(segment) - 1]
  const needsPrevious =
    segment.kind === 'sentence' && previous?.kind === 'sentence' && beginsWithPronoun(segmentText(passage, segment))
  return {
    ...(header ? { header: segmentText(passage, header) } : {}),
    ...(needsPrevious ? { before: segmentText(passage, previous) } : {}),
  }
}

/** @param kind of the question: a step of a procedure that was asked for brings the others with it */
export const toQuote = ({ passage, segment, score }: SelectedQuote, kind: QuestionKind): Quote => {
  const { quote: text, ...citation } = citationOf(passage, segment)
  const procedure = kind === 'procedure' ? procedureWith(passage, segment) : undefined
  return {
    text,
    ...aroundQuote(passage, segment),
    ...(procedure
      ? { steps: procedure.map((step) => step.segments.map((each) => segmentText(passage, each)).join('\n')) }
      : {}),
    ...citation,
    score,
  }
}
