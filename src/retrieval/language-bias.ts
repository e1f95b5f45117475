/**
 * A multilingual embedder puts texts of one language closer together than texts of one meaning in two languages, so that in a store of mixed
 * languages the English page that answers a Chinese question comes behind every Chinese page on anything like it. Passages in another
 * language than the question's get a bonus that makes up for most of that.
 *
 * Measured with multilingual-e5-small on xquad, each article in the store in one of English and Chinese only, hit@5 of questions across
 * languages: 0.49 and 0.07 without, 0.97 and 0.79 with; within the language 1.00 before and after. docs/decisions/2026-11-22-language-bias.md
 */
import { type Language, languages } from '../core/document.ts'

type LanguageFamily = 'zh' | 'ja' | 'en' | 'und'

/** Traditional and Simplified Chinese are one language here. */
export const familyOf = (language: Language): LanguageFamily =>
  language === 'zh-Hant' || language === 'zh-Hans' ? 'zh' : language

/** Whether a text is known to be in another language. */
export const isForeign = (language: Language, text: { readonly language: Language }): boolean =>
  text.language !== 'und' && familyOf(text.language) !== familyOf(language)

/** The languages that are not the question's; none where that is not known. */
export const otherLanguages = (question: Language): Language[] =>
  question === 'und' ? [] : languages.filter((each) => each !== 'und' && familyOf(each) !== familyOf(question))

interface Bonuses {
  /** A Chinese or Japanese question on an English passage. */
  readonly onLatin: number
  /** An English question on a Chinese or Japanese passage. */
  readonly onHan: number
  /** Between Chinese and Japanese. */
  readonly withinHan: number
}

/** By catalog name. Models that were not measured get no bonus. */
const bonuses: Readonly<Record<string, Bonuses>> = {
  'multilingual-e5-small': { onLatin: 0.08, onHan: 0.06, withinHan: 0.04 },
}

interface LabelledText {
  readonly language: Language
  /** Document name and headings: they are embedded with the text. */
  readonly label: string
}

const hasHan = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u

/**
 * What to add to the cosine of a question and a passage before passages of several languages are compared. Program code or a parts list under
 * a Chinese heading counts as English by its letters, but its vector is near Chinese questions already: it gets nothing.
 */
export const crossLanguageBonus = (embeddingModel: string, question: Language, passage: LabelledText): number => {
  const [asked, found] = [familyOf(question), familyOf(passage.language)]
  const bonus = bonuses[embeddingModel]
  if (bonus === undefined || asked === found || asked === 'und' || found === 'und') return 0
  if (found === 'en') return hasHan.test(passage.label) ? 0 : bonus.onLatin
  return asked === 'en' ? bonus.onHan : bonus.withinHan
}
