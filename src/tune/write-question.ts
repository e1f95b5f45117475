/**
 * One question on a passage, written by the local model. In: a chunk, the language to ask in. Out: what the model wrote, not checked yet; undefined where
 * it wrote nothing of use. Neighbour: check-question.ts checks it.
 */
import { z } from 'zod'
import { languageNames } from '../answer/language-names.ts'
import type { PromptTemplate } from '../answer/prompt-template.ts'
import type { IndexedChunk, Language } from '../core/document.ts'
import type { Generator } from '../core/models.ts'

/** A question, its answer's sentence and the marks of JSON. */
const maxTokens = 320
/** A chunk has 350 tokens of the embedding model; verified answers and odd files may have more. */
const maxPassageCharacters = 3_000

const written = z.object({ answer: z.string().trim().min(1), question: z.string().trim().min(1) })
export type WrittenQuestion = z.infer<typeof written>

const outputSchema = {
  name: 'question',
  schema: {
    type: 'object',
    properties: { answer: { type: 'string' }, question: { type: 'string' } },
    required: ['answer', 'question'],
    additionalProperties: false,
  },
}

const parseWritten = (text: string): WrittenQuestion | undefined => {
  const json = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)
  try {
    return written.safeParse(JSON.parse(json)).data
  } catch {
    return undefined
  }
}

/** @throws what the engine throws; AbortError */
export const writeQuestion = async (
  { documentName, headingPath, text }: IndexedChunk,
  language: Language,
  options: {
    readonly generator: Generator
    readonly prompt: PromptTemplate
    readonly seed: number
    readonly signal: AbortSignal
  },
): Promise<WrittenQuestion | undefined> => {
  const { generator, prompt, seed, signal } = options
  const messages = prompt.render({
    language: languageNames[language],
    document: documentName,
    heading: headingPath.join(' › ') || '-',
    passage: text.slice(0, maxPassageCharacters),
  })
  let output = ''
  const request = { messages, maxTokens, seed, schema: outputSchema }
  for await (const piece of generator.generate(request, { signal, priority: 'ingestion' })) output += piece
  return parseWritten(output)
}
