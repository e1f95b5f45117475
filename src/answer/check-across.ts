/**
 * Checks a drafted sentence whose source is in another language. That the two are close in meaning is not enough: all sentences of one manual are, and what a model makes up
 * about its topic is too. So the sentence is put into the source's language, and must hold there as any other sentence must. A small model has two words for one thing at times: where it
 * does not hold, the source is put into the language of the sentence, and asked once more.
 * In: the sentence and the passages it may rest on. Out: as of `checkStatement`. Neighbours: check-statement.ts, translate.ts; called by check-draft.ts.
 */
import type { Passage, Statement } from '../core/answer.ts'
import { detectLanguage } from '../core/detect-language.ts'
import type { Language } from '../core/document.ts'
import type { Embedder, Generator } from '../core/models.ts'
import { familyOf, isForeign } from '../retrieval/language-bias.ts'
import { type CheckedStatement, checkStatement } from './check-statement.ts'
import { translateStatement } from './translate.ts'

export interface CheckDeps {
  readonly embedder: Embedder
  readonly generator: Generator
  readonly signal?: AbortSignal | undefined
}

/** Whether some of the sources are in another language than what is written. */
export const isWrittenAcross = (language: Language, passages: readonly Passage[]): boolean =>
  passages.some((passage) => isForeign(language, passage))

/** A statement in the language of its source is checked once, as it is. */
export const checkAcross = async (
  text: string,
  passages: readonly Passage[],
  deps: CheckDeps,
): Promise<CheckedStatement> => {
  const checked = await checkStatement(text, passages, deps)
  if (!checked.supported) return checked
  const { statement } = checked
  const cited = passages.filter(({ id }) => statement.citations.some(({ passageId }) => passageId === id))
  const asked = detectLanguage(statement.text, cited[0]?.language)
  const foreign = cited.find((passage) => isForeign(asked, passage))
  if (!foreign) return checked
  const there = await checkThere(statement, foreign.language, passages, deps)
  if (there.supported) return there
  return (await holdsTranslated(statement, foreign, asked, deps)) ? checked : there
}

/** In the language of the source. */
const checkThere = async (
  statement: Statement,
  language: Language,
  passages: readonly Passage[],
  deps: CheckDeps,
): Promise<CheckedStatement> => {
  const translated = await translateStatement(statement.text, language, deps)
  if (translated === undefined) return { supported: false, reason: 'meaning', missing: [] }
  const sources = passages.filter((passage) => familyOf(passage.language) === familyOf(language))
  const checked = await checkStatement(translated, sources, deps)
  return checked.supported
    ? { supported: true, statement: { ...statement, citations: checked.statement.citations } }
    : checked
}

/** In the language of the statement: what it cites is translated, which the model does without knowing what it is to hold. */
const holdsTranslated = async (
  { text, citations }: Statement,
  source: Passage,
  language: Language,
  deps: CheckDeps,
): Promise<boolean> => {
  const quote = citations.map((each) => each.quote).join(' ')
  const translated = await translateStatement(quote, language, deps)
  if (translated === undefined) return false
  const place = { start: 0, end: translated.length, page: source.pageStart, pageStart: 0, pageEnd: 0 }
  const read: Passage = { ...source, language, text: translated, segments: [{ ...place, kind: 'sentence' }] }
  return (await checkStatement(text, [read], deps)).supported
}
