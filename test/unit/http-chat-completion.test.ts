/** Answers and conversations in the OpenAI protocol. */
import { describe, expect, it } from 'vitest'
import type { Answer, AnswerEvent, Citation } from '../../src/core/answer.ts'
import type { AnswerId, ChunkId, ConversationId, DocumentId, RevisionId } from '../../src/core/ids.ts'
import { chatPieces, readChat } from '../../src/http/chat-completion.ts'

const cite = (document: string, page: number): Citation => ({
  passageId: `${document}.${page}` as ChunkId,
  documentId: document as DocumentId,
  documentName: `${document}.pdf`,
  revisionId: `rev_${document}` as RevisionId,
  revision: 'C',
  page,
  quote: 'quote',
  boxes: [],
})

const answer: Answer = {
  id: 'ans_1' as AnswerId,
  conversationId: 'con_1' as ConversationId,
  question: 'q',
  status: 'answered',
  language: 'en',
  quotes: [],
  statements: [],
  passages: [],
  degraded: [],
  timingsMs: { retrieve: 1, total: 2 },
}

async function* eventsOf(...events: AnswerEvent[]): AsyncGenerator<AnswerEvent> {
  yield* events
}

const textOf = async (events: AsyncIterable<AnswerEvent>): Promise<string> => {
  let text = ''
  for await (const piece of chatPieces(events)) if ('text' in piece) text += piece.text
  return text
}

describe('chatPieces', () => {
  it('numbers sources by document and page in the order of their first use', async () => {
    const text = await textOf(
      eventsOf(
        { type: 'statement', statement: { text: 'One.', citations: [cite('a', 3), cite('b', 1)] } },
        { type: 'statement', statement: { text: 'Two.', citations: [cite('b', 1), cite('a', 4), cite('a', 4)] } },
        { type: 'answer', answer },
      ),
    )
    expect(text).toBe(
      'One. [1][2]\nTwo. [2][3]\n\nSources:\n[1] a.pdf, rev. C, page 3\n[2] b.pdf, rev. C, page 1\n[3] a.pdf, rev. C, page 4',
    )
  })

  it('names the sources of other figures, in the language of the statement', async () => {
    const statement = { text: '扭力為 45 N·m。', citations: [cite('a', 3)], differing: [cite('b', 1)] }
    const text = await textOf(eventsOf({ type: 'statement', statement }, { type: 'answer', answer }))
    expect(text).toContain('扭力為 45 N·m。 [1] (數值不同 [2])')
    expect(text).toContain('[2] b.pdf, rev. C, page 1')
  })

  it('names the sheet in place of the page', async () => {
    const citations = [{ ...cite('a', 2), pageLabel: 'Settings' }]
    const statement = { type: 'statement', statement: { text: 'One.', citations } } as const
    expect(await textOf(eventsOf(statement, { type: 'answer', answer }))).toContain('[1] a.pdf, rev. C, Settings')
  })

  it('says in the language of the question that nothing was found', async () => {
    const found = { ...answer, status: 'not_found', language: 'ja' } as const
    expect(await textOf(eventsOf({ type: 'answer', answer: found }))).toContain('見つかりませんでした')
  })

  it('gives the best three quotes where no model wrote statements', async () => {
    const quotes = [1, 2, 3, 4].map((page) => ({ ...cite('a', page), text: `Sentence ${page}.`, score: 1 }))
    const text = await textOf(eventsOf({ type: 'answer', answer: { ...answer, quotes } }))
    expect(text).toContain('“Sentence 3.” [3]')
    expect(text).not.toContain('Sentence 4')
    expect(text).toContain('[1] a.pdf, rev. C, page 1')
  })
})

describe('readChat', () => {
  it('takes the last user message as the question and the pairs before it as history', () => {
    const chat = readChat([
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'q1' },
      { role: 'assistant', content: 'a1' },
      { role: 'user', content: 'unanswered' },
      { role: 'user', content: 'q2' },
    ])
    expect(chat).toEqual({ question: 'q2', history: [{ question: 'q1', answer: 'a1' }] })
  })

  it('refuses a conversation in which nobody asks', () => {
    expect(() => readChat([{ role: 'system', content: 'x' }])).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    )
  })
})
