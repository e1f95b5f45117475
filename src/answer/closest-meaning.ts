/**
 * Support across languages: the sentence in another language that is nearest in meaning, if it is near enough and its figures, bounds, denials and
 * opposites agree with the statement's. In: the statement and passages in other languages. Out: the sentence, or what failed.
 */
import type { Passage } from '../core/answer.ts'
import { dotProduct } from '../core/dot-product.ts'
import type { Embedder } from '../core/models.ts'
import { boundsMissing } from './comparison.ts'
import { agree, figuresMissing, figuresOf } from './figures.ts'
import type { Failure } from './judge-support.ts'
import { rewriteNumbers } from './number-words.ts'
import { oppositesOf } from './opposites.ts'
import { type Ground, groundsOf } from './passage-grounds.ts'
import { moodsAgree } from './polarity.ts'
import { segmentText } from './segment-text.ts'

/**
 * Cosine between the statement and a sentence in another language that counts as support, by catalog name. Measured on the parallel sentences of xquad with
 * multilingual-e5-small: 80 % of translations reach 0.82, 4 % of the nearest other sentences do.
 */
const minCosines: Readonly<Record<string, number>> = { 'multilingual-e5-small': 0.82 }
/**
 * Of models that were not measured: the nearest must stand out, by this share of what lies between the mean of the sentences and 1. Where there are
 * too few sentences to tell, nothing is support.
 */
const minRise = 0.5
const minSentences = 4
/** Sentences that are embedded. */
const sentenceLimit = 40

type Closest =
  | { readonly supported: true; readonly ground: Ground }
  | { readonly supported: false; readonly failure?: Failure }

const failureOf = (text: string, ground: Ground): Failure | undefined => {
  const figures = figuresMissing(text, ground.text, ground.context)
  if (figures.length > 0) return { reason: 'figures', missing: figures }
  const bounds = boundsMissing(text, ground.text)
  if (bounds.length > 0) return { reason: 'comparison', missing: bounds }
  const statement = rewriteNumbers(text)
  const opposites = oppositesOf(statement, ground.text, ground.context, false)
  if (opposites.length > 0) return { reason: 'negation', missing: opposites }
  if (!moodsAgree(statement, ground.text, false)) return { reason: 'negation', missing: [] }
  // One sentence with several figures of a kind says nothing here about which is whose.
  const { measures } = figuresOf(text)
  const held = figuresOf(ground.text)
  const isAmbiguous =
    !ground.row &&
    measures.some((measure) =>
      held.measures.some(
        (each) => each.unit === measure.unit && !measures.some((own) => agree(own, each, held.canonical)),
      ),
    )
  return isAmbiguous ? { reason: 'subject', missing: [] } : undefined
}

const isNear = (model: string, similarities: readonly number[], greatest: number): boolean => {
  const least = minCosines[model]
  if (least !== undefined) return greatest >= least
  if (similarities.length < minSentences) return false
  const mean = similarities.reduce((sum, each) => sum + each, 0) / similarities.length
  return greatest > mean && greatest - mean >= (1 - mean) * minRise
}

/**
 * The nearest of all sentences must be the one that agrees: where one that fails is nearer, the figure is said of something else.
 * @param all every passage that was read
 */
export const closestMeaning = async (
  text: string,
  passages: readonly Passage[],
  all: readonly Passage[],
  { embedder, signal }: { readonly embedder: Embedder; readonly signal?: AbortSignal | undefined },
): Promise<Closest> => {
  const grounds = passages.flatMap((passage) => groundsOf(passage, all)).filter(({ segments }) => segments.length === 1)
  const judged = grounds
    .map((ground) => ({ ground, failure: failureOf(text, ground) }))
    .sort((a, b) => Number(a.failure !== undefined) - Number(b.failure !== undefined))
    .slice(0, sentenceLimit)
  if (judged.length === 0) return { supported: false }
  if (judged.every(({ failure }) => failure !== undefined))
    return { supported: false, ...shared(judged.map(({ failure }) => failure)) }
  const call = { signal, priority: 'question' } as const
  const sentences = judged.map(({ ground }) =>
    ground.segments.map((segment) => segmentText(ground.passage, segment)).join('\n'),
  )
  const inputs = [text, ...sentences].map((each) => ({ title: '', text: each }))
  const [own, ...others] = await embedder.embedPassages(inputs, call)
  const { name } = await embedder.info(call)
  const similarities = others.map((other) => (own ? dotProduct(own, other) : -1))
  const greatest = Math.max(...similarities)
  const nearest = judged[similarities.indexOf(greatest)]
  if (!nearest || !isNear(name, similarities, greatest))
    return { supported: false, failure: { reason: 'meaning', missing: [] } }
  if (nearest.failure) return { supported: false, failure: nearest.failure }
  return { supported: true, ground: nearest.ground }
}

/** The failure that says most: a figure that is nowhere is the commonest and says least. */
const shared = (failures: readonly (Failure | undefined)[]): { failure?: Failure } => {
  const failure = failures.find((each) => each !== undefined && each.reason !== 'figures') ?? failures[0]
  return failure ? { failure } : {}
}
