/**
 * JSON schemas to the grammar that a generation is held to, and the end of what it wrote.
 */
import type { Llama, LlamaGrammar } from 'node-llama-cpp'
import { z } from 'zod'
import { wrapError } from '../../core/errors.ts'

/** The part of JSON Schema that the library can turn into a grammar; the check is shallow, the library does the rest. */
const grammarSchema = z.custom<Parameters<Llama['createGrammarForJsonSchema']>[0]>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    ['type', 'enum', 'const', 'oneOf', '$ref'].some((key) => key in value),
)

/** @throws invalid_request for a schema without a grammar */
export const createSchemaGrammar = async (llama: Llama, schema: Record<string, unknown>): Promise<LlamaGrammar> => {
  try {
    return await llama.createGrammarForJsonSchema(grammarSchema.parse(schema))
  } catch (error) {
    throw wrapError(error, 'invalid_request', 'response_format: this JSON schema can not be turned into a grammar.')
  }
}

/** Whether the text is one whole JSON object or array: a grammar would still allow blank lines after it. */
export const isCompleteJson = (text: string): boolean => {
  const end = text.trimEnd().at(-1)
  if (end !== '}' && end !== ']') return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
