/** `kura search`: passages, best first. */
import { z } from 'zod'
import { passageSchema } from '../http/answer-schemas.ts'
import type { ApiClient } from './api-client.ts'
import { passageText } from './format-answer.ts'
import type { Output } from './output.ts'

const resultSchema = z.object({ passages: z.array(passageSchema), degraded: z.array(z.string()) })

export const search = async (
  api: ApiClient,
  query: string,
  options: { readonly collection?: string; readonly limit: number; readonly mode: string; readonly asOf?: string },
  output: Output,
): Promise<void> => {
  const { collection, ...rest } = options
  const body = { query, ...rest, ...(collection === undefined ? {} : { collections: [collection] }) }
  const result = await api.post('/api/search', body, resultSchema)
  for (const code of result.degraded) output.message(`degraded: ${code}`)
  const lines = result.passages.map((passage, i) => passageText(passage, i + 1))
  output.result(result, lines.length > 0 ? lines.join('\n') : 'Nothing was found.')
}
