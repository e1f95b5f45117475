/**
 * Asks one question and gives what the server tells while it answers: passages, quotes, statements, the whole answer.
 * The last event is always `answer`; everything else that ends the stream is thrown as a `RequestFailed`.
 */
import { type AskEvent, readAnswer, readPassage, readQuote, readStatement } from './parse-answer.ts'
import { readEvents, type ServerEvent } from './read-events.ts'
import { readFields, readList } from './read-values.ts'
import { RequestFailed, readProblem, send } from './request.ts'

export interface AskRequest {
  readonly question: string
  readonly collections?: readonly string[]
  readonly conversationId?: string
  /** ISO 8601 date: asks the revisions that were in force at its end. */
  readonly asOf?: string
}

/** One server event as the event it stands for; undefined for events that this page does not know. */
export const toAskEvent = ({ event, data }: ServerEvent): AskEvent | undefined => {
  switch (event) {
    case 'passages':
      return { type: 'passages', passages: readList(readFields(data).passages, readPassage) }
    case 'quotes':
      return { type: 'quotes', quotes: readList(readFields(data).quotes, readQuote) }
    case 'statement':
      return { type: 'statement', statement: readStatement(data) }
    case 'answer':
      return { type: 'answer', answer: readAnswer(data) }
    default:
      return undefined
  }
}

/** @throws RequestFailed with the server's problem, or `stream_cut` when the stream ended before the answer */
export async function* askQuestion(request: AskRequest, signal: AbortSignal): AsyncGenerator<AskEvent> {
  const response = await send('/api/ask', {
    method: 'POST',
    body: { ...request, stream: true },
    signal,
    accept: 'text/event-stream',
  })
  const body = response.body
  if (body !== null) {
    try {
      for await (const received of readEvents(body)) {
        if (received.event === 'error') throw new RequestFailed(readProblem(received.data, response.status))
        const event = toAskEvent(received)
        if (event === undefined) continue
        yield event
        if (event.type === 'answer') return
      }
    } catch (error) {
      if (error instanceof RequestFailed || signal.aborted) throw error
      throw new RequestFailed(readProblem({ code: 'stream_cut' }, 0))
    }
  }
  if (!signal.aborted) throw new RequestFailed(readProblem({ code: 'stream_cut' }, 0))
}
