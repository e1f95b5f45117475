/**
 * What speaks for and against a question's being answered by what was found, as figures that a calibration weighs. In: the question, its passages and best
 * quotes. Out: the features of one question. Cosines lie elsewhere for each language and lower across languages, so each pair has its own class.
 * Neighbours: answerability.ts decides; src/eval fits.
 */
import type { Passage } from '../core/answer.ts'
import { detectLanguage } from '../core/detect-language.ts'
import { questionTerms, searchTerms } from '../core/search-terms.ts'
import { familyOf } from '../retrieval/language-bias.ts'
import { termCoverage } from '../retrieval/term-coverage.ts'
import type { SelectedQuote } from './select-quotes.ts'

/** Of the question and the best quote: `cross` where they differ, `translated` where the question was put into the quote's language for that. */
export const languageClasses = ['en', 'zh', 'ja', 'cross', 'translated'] as const
export type LanguageClass = (typeof languageClasses)[number]

/** All 0 to 1 but the cosines. */
export interface EvidenceFeatures {
  /** Best cosine of a sentence to the question. */
  readonly similarity: number
  /** Greatest share of the question's terms in one sentence. */
  readonly sentenceCoverage: number
  /** Greatest share of the question's terms in one passage, its headings and document name. */
  readonly passageCoverage: number
  /** Share of the question's terms that no passage holds: what the documents do not speak of. */
  readonly unknown: number
  /** Between the cosines of the best and the last passage: beside the topic all are alike. */
  readonly gap: number
}

export interface Evidence {
  readonly languageClass: LanguageClass
  readonly features: EvidenceFeatures
}

/** In fewer passages the last one says nothing on the topic; this is the middle of the fitted gaps. */
const passagesForGap = 8
const usualGap = 0.04

const classOf = (question: string, best: Passage, isTranslated: boolean): LanguageClass => {
  const found = familyOf(best.language)
  const asked = familyOf(detectLanguage(question, best.language))
  if (asked !== found || asked === 'und') return 'cross'
  return isTranslated ? 'translated' : asked
}

/**
 * @param question as it was searched for
 * @param options.isTranslated it is not in the words of the asker
 * @returns undefined where nothing was found, or no engine embedded
 */
export const evidenceOf = (
  question: string,
  passages: readonly Passage[],
  quotes: readonly SelectedQuote[],
  { isTranslated = false }: { readonly isTranslated?: boolean } = {},
): Evidence | undefined => {
  const [best] = quotes
  if (best === undefined) return undefined
  const family = familyOf(best.passage.language)
  const comparable = quotes.filter(({ passage }) => familyOf(passage.language) === family)
  const similarities = comparable.flatMap(({ similarity }) => similarity ?? [])
  if (similarities.length === 0) return undefined
  const near = passages.filter(({ language }) => familyOf(language) === family)
  const cosines = near.flatMap(({ scores }) => scores.vector ?? [])
  const terms = questionTerms(question)
  const held = near.map(
    ({ documentName, heading, text }) => new Set(searchTerms(`${documentName}\n${heading}\n${text}`)),
  )
  const anywhere = new Set(held.flatMap((each) => [...each]))
  return {
    languageClass: classOf(question, best.passage, isTranslated),
    features: {
      similarity: Math.max(...similarities),
      sentenceCoverage: Math.max(...comparable.map(({ coverage }) => coverage)),
      passageCoverage: Math.max(...held.map((each) => termCoverage(terms, each))),
      unknown: 1 - termCoverage(terms, anywhere),
      gap: cosines.length < passagesForGap ? usualGap : Math.max(...cosines) - Math.min(...cosines),
    },
  }
}
