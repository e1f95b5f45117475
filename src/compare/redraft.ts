/**
 * A recorded draft, written once more by the model in use: same messages, same settings. In: a draft, or what a model wrote. Out: what the model
 * writes now, or the statements of a text that hold; both texts are checked by the checks of today, so that only the model makes a difference.
 * Neighbours: replay-answer.ts; src/answer owns the checks.
 */
import { checkAcross } from '../answer/check-across.ts'
import { readSentences } from '../answer/sentence-stream.ts'
import type { Passage, Statement } from '../core/answer.ts'
import { toScriptOf } from '../core/chinese-script.ts'
import type { Language } from '../core/document.ts'
import type { DraftRecord } from '../core/generation-record.ts'
import type { Embedder, Generator } from '../core/models.ts'

/** @throws model_unavailable, model_failed, input_too_long */
export const writeDraftAgain = async (
  { messages, schema, settings }: DraftRecord,
  generator: Generator,
  signal: AbortSignal | undefined,
): Promise<string> => {
  const { temperature, seed, maxTokens } = settings
  const optional = { ...(seed === undefined ? {} : { seed }), ...(schema ? { schema } : {}) }
  let text = ''
  const request = { messages, maxTokens, temperature, ...optional }
  for await (const piece of generator.generate(request, { signal, priority: 'question' })) text += piece
  return text
}

/** @param passages those that the draft's sources are from */
export const statementsOf = async (
  text: string,
  { passages, language }: { readonly passages: readonly Passage[]; readonly language: Language },
  deps: { readonly embedder: Embedder; readonly generator: Generator; readonly signal?: AbortSignal | undefined },
): Promise<Statement[]> => {
  const statements = new Map<string, Statement>()
  for await (const sentence of sentencesOf(text)) {
    const claim = toScriptOf(language, sentence)
    const checked = await checkAcross(claim, passages, deps)
    if (checked.supported) statements.set(claim, checked.statement)
  }
  return [...statements.values()]
}

/** As they are read while a model writes. */
export const sentencesOf = (text: string): AsyncGenerator<string> => readSentences(wholeText(text))

async function* wholeText(text: string): AsyncGenerator<string> {
  yield text
}
