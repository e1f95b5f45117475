/** `kura ask`: on a terminal the newest statement shows while the answer is written; the whole answer is the result. */
import { z } from 'zod'
import { isErrorCode, KuraError } from '../core/errors.ts'
import { answerSchema, passageSchema, statementSchema } from '../http/answer-schemas.ts'
import type { ApiClient } from './api-client.ts'
import type { PassageView } from './api-views.ts'
import { answerText, statementText } from './format-answer.ts'
import type { Output } from './output.ts'

const problemSchema = z.object({ code: z.string(), detail: z.string() })

export const ask = async (
  api: ApiClient,
  question: string,
  { collection, asOf }: { readonly collection?: string; readonly asOf?: string },
  output: Output,
): Promise<void> => {
  const collections = collection === undefined ? {} : { collections: [collection] }
  const body = { question, stream: true, ...collections, ...(asOf === undefined ? {} : { asOf }) }
  let passages: PassageView[] = []
  for await (const event of api.events('/api/ask', { body })) {
    const data: unknown = JSON.parse(event.data)
    if (event.event === 'passages') {
      passages = z.object({ passages: z.array(passageSchema) }).parse(data).passages
      output.progress(`${passages.length} passages found, writing…`)
    } else if (event.event === 'statement') {
      output.progress(statementText(statementSchema.parse(data), passages).trim())
    } else if (event.event === 'error') {
      const { code, detail } = problemSchema.parse(data)
      throw new KuraError(isErrorCode(code) ? code : 'internal', detail)
    } else if (event.event === 'answer') {
      const answer = answerSchema.parse(data)
      output.result(answer, answerText(answer))
      return
    }
  }
  throw new KuraError('server_unreachable', 'The server ended before the answer was whole.')
}
