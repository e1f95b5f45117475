/**
 * Texts put into another language, for code to work with; no reader sees them. A question, for search in documents of that language; a drafted statement, for its
 * check against a source of that language. In: a text and a language. Out: the translation, or undefined where the model gives none that can be trusted.
 */
import { detectLanguage } from '../core/detect-language.ts'
import type { Language } from '../core/document.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import type { Generator } from '../core/models.ts'
import { familyOf } from '../retrieval/language-bias.ts'
import { figuresMissing } from './figures.ts'
import { languageNames } from './language-names.ts'
import { readPrompt } from './prompt-template.ts'

const maxTokens = 120

interface TranslationOptions {
  readonly generator: Generator
  readonly signal?: AbortSignal | undefined
}

/** A small model writes in the wrong language at times; and a number or code that was lost or added would be another machine's. */
const isFaithful = (translated: string, text: string, language: Language): boolean =>
  translated !== '' &&
  familyOf(detectLanguage(translated, language)) === familyOf(language) &&
  figuresMissing(translated, text).length + figuresMissing(text, translated).length === 0

/** @param kind the prompt `translate-…`, and its name for the text */
const translate = async (
  kind: 'question' | 'statement',
  text: string,
  language: Language,
  { generator, signal }: TranslationOptions,
): Promise<string | undefined> => {
  const prompt = await readPrompt(`translate-${kind}`)
  const messages = prompt.render({ language: languageNames[language], [kind]: text })
  const call = { signal, priority: 'question' } as const
  try {
    let translated = ''
    for await (const piece of generator.generate({ messages, maxTokens, temperature: 0 }, call)) translated += piece
    return isFaithful(translated.trim(), text, language) ? translated.trim() : undefined
  } catch (error) {
    if (isAbort(error) || !(error instanceof KuraError)) throw error
    return undefined // The engine died.
  }
}

/** How questions end, in any of the languages. */
const asks = /(?:[?？]|[吗嗎呢么麼]|か。?)$/u

export const translateQuestion = async (
  question: string,
  language: Language,
  options: TranslationOptions,
): Promise<string | undefined> => {
  const translated = await translate('question', question, language, options)
  // It was answered in place of being translated.
  const isAnswered = translated !== undefined && asks.test(question.trim()) && !asks.test(translated)
  return isAnswered ? undefined : translated
}

export const translateStatement = (
  statement: string,
  language: Language,
  options: TranslationOptions,
): Promise<string | undefined> => translate('statement', statement, language, options)
