/**
 * Asks a question in another language, for retrieval only: the answer stays in the asker's. In: a question and a language. Out: the translated
 * question, or undefined where the model gives none that can be trusted.
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

export const translateQuestion = async (
  question: string,
  language: Language,
  options: { readonly generator: Generator; readonly signal?: AbortSignal | undefined },
): Promise<string | undefined> => {
  const { generator, signal } = options
  const messages = (await readPrompt('translate-question')).render({ language: languageNames[language], question })
  try {
    let translated = ''
    for await (const piece of generator.generate({ messages, maxTokens }, { signal, priority: 'question' }))
      translated += piece
    const text = translated.trim()
    return isTrusted(text, question, language) ? text : undefined
  } catch (error) {
    if (isAbort(error) || !(error instanceof KuraError)) throw error
    return undefined // The engine died: what was found stands.
  }
}

/** How questions end, in any of the languages. */
const asks = /(?:[?？]|[吗嗎呢么麼]|か。?)$/u

/** A small model answers at times, or writes in the wrong language; and a number or code that was lost or added would find another machine's answer. */
const isTrusted = (text: string, question: string, language: Language): boolean =>
  text !== '' &&
  familyOf(detectLanguage(text, language)) === familyOf(language) &&
  (asks.test(text) || !asks.test(question.trim())) &&
  figuresMissing(text, question).length + figuresMissing(question, text).length === 0
