import { describe, expect, it } from 'vitest'
import { toAskEvent } from '../../src/page/api/ask-question.ts'
import { type AskEvent, readAnswer } from '../../src/page/api/parse-answer.ts'
import {
  type Conversation,
  type ConversationAction,
  emptyConversation,
  isUnderWay,
  reduceConversation,
} from '../../src/page/ask/conversation.ts'
import { numberSources } from '../../src/page/ask/number-sources.ts'

const received = (key: number, event: string, data: unknown): ConversationAction => {
  const parsed = toAskEvent({ event, data })
  if (parsed === undefined) throw new Error(`unknown event ${event}`)
  return { type: 'received', key, event: parsed }
}

const stateAfter = (...actions: readonly ConversationAction[]): Conversation =>
  actions.reduce(reduceConversation, emptyConversation)

const asked: ConversationAction = { type: 'asked', key: 1, question: 'How often?', asOf: '' }
const passages = { passages: [{ id: 'p', text: 'Every day.' }] }
const statement = { text: 'Daily.', citations: [{ documentId: 'd', page: 2, quote: 'Every day.' }] }

describe('reduceConversation', () => {
  it('goes from searching over reading and writing to done', () => {
    const steps: ConversationAction[] = [
      asked,
      received(1, 'passages', passages),
      received(1, 'quotes', { quotes: [{ text: 'Every day.' }] }),
      received(1, 'statement', statement),
      received(1, 'answer', { id: 'a', conversationId: 'c', statements: [statement] }),
    ]
    const phases = steps.map((_, index) => stateAfter(...steps.slice(0, index + 1)).turns[0]?.phase)
    expect(phases).toEqual(['searching', 'reading', 'writing', 'writing', 'done'])
  })

  it('keeps the passages and quotes that came when the answer repeats none', () => {
    const turn = stateAfter(asked, received(1, 'passages', passages), received(1, 'answer', { id: 'a' })).turns[0]
    expect(turn?.passages.map(({ text }) => text)).toEqual(['Every day.'])
  })

  it('goes on with the conversation of the answer, and begins a new one when it is cleared', () => {
    const state = stateAfter(asked, received(1, 'answer', { id: 'a', conversationId: 'con_9' }))
    expect(state.conversationId).toBe('con_9')
    expect(reduceConversation(state, { type: 'cleared' })).toEqual(emptyConversation)
  })

  it('lets nothing that comes late change a stopped turn', () => {
    const stopped = stateAfter(asked, received(1, 'passages', passages), { type: 'stopped', key: 1 })
    expect(isUnderWay(stopped.turns[0])).toBe(false)
    expect(reduceConversation(stopped, received(1, 'statement', statement)).turns).toEqual(stopped.turns)
  })

  it('does not take up the conversation of an answer that comes after it was cleared', () => {
    const cleared = stateAfter(asked, { type: 'cleared' }, received(1, 'answer', { id: 'a', conversationId: 'con_9' }))
    expect(cleared).toEqual(emptyConversation)
  })
})

describe('toAskEvent', () => {
  it('knows no other events', () => {
    expect(toAskEvent({ event: 'thought', data: {} })).toBeUndefined()
  })

  it('makes neutral values of absent or wrong fields', () => {
    const event: AskEvent | undefined = toAskEvent({ event: 'statement', data: { text: 5, citations: 'none' } })
    expect(event).toEqual({ type: 'statement', statement: { text: '', citations: [] } })
    expect(readAnswer(null)).toMatchObject({ status: 'answered', statements: [], degraded: [] })
  })
})

describe('numberSources', () => {
  it('gives a page the same number wherever it is cited, and joins the citations of one statement on one page', () => {
    const citation = (documentId: string, page: number, quote: string) => ({ documentId, page, quote })
    const { statements } = readAnswer({
      statements: [
        { text: 'a', citations: [citation('x', 3, 'q1'), citation('x', 3, 'q2')] },
        { text: 'b', citations: [citation('y', 3, 'q3'), citation('x', 3, 'q4'), citation('x', 4, 'q5')] },
      ],
    })
    const numbered = numberSources(statements).map((sources) =>
      sources.map(({ number, citations }) => [number, citations.map(({ quote }) => quote)]),
    )
    expect(numbered).toEqual([
      [[1, ['q1', 'q2']]],
      [
        [2, ['q3']],
        [1, ['q4']],
        [3, ['q5']],
      ],
    ])
  })
})
