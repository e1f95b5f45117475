/**
 * Whether what was found can hold the answer at all: small models answer from memory rather than refuse, so a question far from every
 * sentence is refused before a model is asked. In: the question's passages and best quotes. Out: a probability, from a logistic model that was
 * fitted for each embedding model and language. Cosines lie elsewhere for each language, and lower across languages.
 */
import type { Passage } from '../core/answer.ts'
import { detectLanguage } from '../core/detect-language.ts'
import { familyOf } from '../retrieval/language-bias.ts'
import type { SelectedQuote } from './select-quotes.ts'

interface Calibration {
  readonly bias: number
  /** Of the best cosine of a sentence to the question. */
  readonly similarity: number
  /** Of the greatest share of the question's terms in one sentence. */
  readonly coverage: number
  /** Of the distance between the cosines of the best and the last passage: in a question beside the topic all are alike. */
  readonly gap: number
}

type LanguageClass = 'en' | 'zh' | 'ja' | 'cross'

/** Fitted on 30 answerable and 30 unanswerable questions each of xquad-en, xquad-zh, jsquad, and of xquad across languages; docs/quality.md. */
const calibrations: Readonly<Record<string, Readonly<Record<LanguageClass, Calibration>>>> = {
  'multilingual-e5-small': {
    en: { bias: -42.78, similarity: 46.9, coverage: 4.87, gap: 33.3 },
    zh: { bias: -51.41, similarity: 55.6, coverage: 5.88, gap: 22.9 },
    ja: { bias: -40.41, similarity: 43.6, coverage: 6.29, gap: 3.8 },
    cross: { bias: -32.03, similarity: 39.4, coverage: -0.4, gap: 43.5 },
  },
}

/**
 * Below this a question is refused without asking the model. Low on purpose: it keeps every answerable question of the fitted sets, questions on
 * manuals lie lower than those on encyclopedia articles, and the model and the check of statements refuse after it.
 */
const minProbability = 0.1
/** In fewer passages the last one says nothing on the topic; this is the middle of the fitted gaps. */
const passagesForGap = 8
const usualGap = 0.04

/** Of the question and the language that its best quote is in. */
const classOf = (question: string, best: Passage): LanguageClass => {
  const found = familyOf(best.language)
  const asked = familyOf(detectLanguage(question, best.language))
  return asked === found && asked !== 'und' ? asked : 'cross'
}

/**
 * True for every question with quotes where the embedding model has no calibration, or did not embed.
 * @param embeddingModel catalog name
 */
export const isAnswerable = (
  question: string,
  passages: readonly Passage[],
  quotes: readonly SelectedQuote[],
  embeddingModel: string,
): boolean => {
  const [best] = quotes
  if (best === undefined) return false
  const calibration = calibrations[embeddingModel]?.[classOf(question, best.passage)]
  const sameLanguage = quotes.filter(({ passage }) => familyOf(passage.language) === familyOf(best.passage.language))
  const similarities = sameLanguage.flatMap(({ similarity }) => similarity ?? [])
  if (calibration === undefined || similarities.length === 0) return true
  const cosines = passages
    .filter(({ language }) => familyOf(language) === familyOf(best.passage.language))
    .flatMap(({ scores }) => scores.vector ?? [])
  const gap = cosines.length < passagesForGap ? usualGap : Math.max(...cosines) - Math.min(...cosines)
  const evidence =
    calibration.bias +
    calibration.similarity * Math.max(...similarities) +
    calibration.coverage * Math.max(...sameLanguage.map(({ coverage }) => coverage)) +
    calibration.gap * gap
  return 1 / (1 + Math.exp(-evidence)) >= minProbability
}
