/**
 * Checks a drafted sentence whose source is in another language. That the two are close in meaning is not enough: all sentences of one manual are, and what a model makes up
 * about its topic is too. So the sentence is put into the source's language, and must hold there as any other sentence must.
 * In: the sentence and the passages it may rest on. Out: as of `checkStatement`. Neighbours: check-statement.ts, translate.ts; called by check-draft.ts.
 */
import type { Passage } from '../core/answer.ts'
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
  const translated = await translateStatement(statement.text, foreign.language, deps)
  if (translated === undefined) return { supported: false, reason: 'meaning', missing: [] }
  const sources = passages.filter(({ language }) => familyOf(language) === familyOf(foreign.language))
  const again = await checkStatement(translated, sources, deps)
  return again.supported
    ? { supported: true, statement: { ...statement, citations: again.statement.citations } }
    : again
}
