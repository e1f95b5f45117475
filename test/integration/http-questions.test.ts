/** Search, questions, answers and feedback over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SearchTrace } from '../../src/core/search-trace.ts'
import { createFixture, fakeAnswer, fakePassage, type HttpFixture, readEvents } from './http-fakes.ts'

let http: HttpFixture
let collectionId: string
beforeAll(async () => {
  http = await createFixture()
  collectionId = (await http.ledger.collections.create(http.principal, { name: 'Presses' })).id
})
afterAll(() => http[Symbol.asyncDispose]())

const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code: unknown }).code

describe('POST /api/search', () => {
  it('gives passages in the shape of the contract, without what is internal', async () => {
    const response = await http.send('POST', '/api/search', { query: 'pump' })
    expect(response.status).toBe(200)
    const { passages } = (await response.json()) as { passages: object[] }
    expect(passages).toEqual([
      {
        id: 'rev_1.0',
        documentId: 'doc_1',
        documentName: 'pump.pdf',
        revisionId: 'rev_1',
        revision: '1',
        collectionId: 'col_1',
        pageStart: 3,
        pageEnd: 3,
        paginated: true,
        heading: 'Pump › Pressure',
        text: 'The pump runs at 40 bar.',
        language: 'en',
        boxes: [{ page: 3, x: 0.1, y: 0.2, width: 0.5, height: 0.02 }],
        scores: { fused: 0.9, vector: 0.8 },
      },
    ])
  })

  it('searches all collections by default, or those that are named', async () => {
    await http.send('POST', '/api/search', { query: 'pump' })
    expect(http.retriever.requests.at(-1)).toMatchObject({ collectionIds: [collectionId], limit: 10, mode: 'hybrid' })
    await http.send('POST', '/api/search', { query: 'pump', collections: ['Presses'], limit: 3, mode: 'text' })
    expect(http.retriever.requests.at(-1)).toMatchObject({ collectionIds: [collectionId], limit: 3, mode: 'text' })
  })

  it('names sheet and cells', async () => {
    const [usual] = http.retriever.passages
    const pageLabels = [
      { page: 3, label: 'Settings' },
      { page: 4, label: 'Old values (hidden)' },
    ]
    http.retriever.passages = [{ ...(usual ?? fakePassage()), pageLabels, cells: 'A5:D9' }]
    const response = await http.send('POST', '/api/search', { query: 'pump' })
    http.retriever.passages = [fakePassage()]
    expect(await response.json()).toMatchObject({
      passages: [{ pageLabel: 'Settings, Old values (hidden)', cells: 'A5:D9' }],
    })
  })

  it.each(['search', 'ask'] as const)('takes the time that is asked about: %s', async (route) => {
    const requests = route === 'search' ? http.retriever.requests : http.answerer.requests
    const send = (asOf?: string) =>
      http.send('POST', `/api/${route}`, { [route === 'ask' ? 'question' : 'query']: 'pump', asOf })
    await send()
    expect(requests.at(-1)).not.toHaveProperty('at')
    await send('2025-03-01T10:00:00+02:00')
    expect(requests.at(-1)?.at).toEqual(new Date('2025-03-01T08:00:00Z'))
    await send('2025-03-01')
    expect(requests.at(-1)?.at).toEqual(new Date(2025, 2, 1, 23, 59, 59, 999))
    for (const asOf of ['yesterday', '2025-02-30', '2025-3-1', '', '20250301']) {
      const response = await send(asOf)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ detail: expect.stringContaining('asOf: must be an ISO 8601') })
    }
  })

  it('tells how the passages were found where it is asked to, and only then', async () => {
    const passageId = fakePassage().id
    const lanes = { vector: [], text: [], heading: [], identifier: [] }
    const trace: SearchTrace = {
      terms: ['pump'],
      identifiers: ['kp-60'],
      language: 'en',
      lanes,
      coverage: 1,
      weights: { vector: 0.25, text: 0.75, heading: 0.05, identifier: 1.5 },
      ranked: [{ passageId, fused: 1.2, vector: 0.9, languageBonus: 0, identifier: 1 }],
      reranked: [],
      folded: [{ passageId, into: passageId }],
      joined: [],
      hiddenHits: 2,
    }
    http.retriever.trace = trace
    const explained = await http.send('POST', '/api/search', { query: 'pump KP-60', explain: true })
    expect(await explained.json()).toMatchObject({ degraded: [], trace })
    const plain = await http.send('POST', '/api/search', { query: 'pump KP-60' })
    expect(await plain.json()).not.toHaveProperty('trace')
  })

  it('names the unknown collection', async () => {
    const response = await http.send('POST', '/api/search', { query: 'pump', collections: ['Presses', 'Lathes'] })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({
      code: 'collection_not_found',
      detail: expect.stringContaining('Lathes'),
    })
  })

  it.each([
    [{ query: '?!' }, 400, 'question_empty', ''],
    [{ query: 'x'.repeat(4001) }, 413, 'question_too_long', '4000'],
    [{ query: 'x'.repeat(100_000) }, 413, 'question_too_long', '4000'],
    [{ query: 7 }, 400, 'invalid_request', 'query: must be of type string'],
    [{}, 400, 'invalid_request', 'query: is required'],
    [{ query: 'x', limit: 0 }, 400, 'invalid_request', 'limit: must be at least 1'],
    [{ query: 'x', limit: 51 }, 400, 'invalid_request', 'limit: must be at most 50'],
    [{ query: 'x', limit: 1.5 }, 400, 'invalid_request', 'limit'],
    [{ query: 'x', mode: 'magic' }, 400, 'invalid_request', 'mode: must be one of hybrid, vector, text'],
    [{ query: 'x', colections: [] }, 400, 'invalid_request', 'colections: is not a field'],
    [{ query: 'x', collections: [] }, 400, 'invalid_request', 'collections: must have at least 1 items'],
    [[], 400, 'invalid_request', 'body: must be of type object'],
    [null, 400, 'invalid_request', 'body: must be of type object'],
  ])('refuses %.80j', async (body, status, code, detail) => {
    const response = await http.send('POST', '/api/search', body)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const problem = (await response.json()) as Record<string, unknown>
    expect(problem).toMatchObject({ status, code, type: `/docs/errors#${code}` })
    expect(problem.detail).toContain(detail)
    expect(problem.requestId).toBe(response.headers.get('x-request-id'))
    expect(problem.remedy).not.toBe('')
  })

  it("says that an error of the retriever is not the caller's, without its text", async () => {
    http.retriever.failure = new TypeError('secret detail')
    const response = await http.send('POST', '/api/search', { query: 'pump' })
    http.retriever.failure = undefined
    expect(response.status).toBe(500)
    const text = await response.text()
    expect(text).toContain('"internal"')
    expect(text).not.toContain('secret')
    expect(http.log.at(-2)).toMatchObject({ level: 'error', fields: { code: 'internal' } })
  })
})

describe('POST /api/ask', () => {
  it('gives the whole answer', async () => {
    const response = await http.send('POST', '/api/ask', { question: 'How many bar?', language: 'ja' })
    expect(response.status).toBe(200)
    const answer = (await response.json()) as Record<string, unknown>
    expect(answer).toMatchObject({
      id: 'ans_1',
      conversationId: 'con_1',
      status: 'answered',
      language: 'ja',
      statements: [{ text: 'The pump runs at 40 bar.', citations: [{ page: 3, quote: 'The pump runs at 40 bar.' }] }],
      quotes: [{ passageId: 'rev_1.0', documentName: 'pump.pdf', page: 3, score: 0.7 }],
      model: 'fake',
      degraded: [],
      timingsMs: { retrieve: 1, firstStatement: 2, total: 3 },
    })
    expect(JSON.stringify(answer)).not.toContain('segment')
  })

  it('sends passages, quotes, statements and the answer as events', async () => {
    const response = await http.send('POST', '/api/ask', { question: 'How many bar?', stream: true })
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const events = await readEvents(response)
    expect(events.map(({ event }) => event)).toEqual(['passages', 'quotes', 'statement', 'answer'])
    expect(events[0]?.data).toMatchObject({ passages: [{ id: 'rev_1.0' }] })
    expect(events[1]?.data).toMatchObject({ quotes: [{ page: 3 }] })
    expect(events[2]?.data).toMatchObject({ text: 'The pump runs at 40 bar.', citations: [{ page: 3 }] })
    expect(events[3]?.data).toMatchObject({ id: 'ans_1', status: 'answered' })
    expect(JSON.stringify(events)).not.toContain('segment')
  })

  it('answers with a status of its own when nothing could be begun', async () => {
    const response = await http.send('POST', '/api/ask', { question: 'fail before', stream: true })
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('2')
    expect(await codeOf(response)).toBe('model_unavailable')
  })

  it('sends one error event, a problem document, when it breaks off later', async () => {
    const response = await http.send(
      'POST',
      '/api/ask',
      { question: 'fail after', stream: true },
      { 'x-request-id': 'r-1' },
    )
    const events = await readEvents(response)
    expect(events.map(({ event }) => event)).toEqual(['passages', 'error'])
    expect(events[1]?.data).toMatchObject({ code: 'model_unavailable', status: 503, requestId: 'r-1' })
  })

  it('gives not_found as a value', async () => {
    const response = await http.send('POST', '/api/ask', { question: 'nothing' })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ status: 'not_found', statements: [], passages: [{ id: 'rev_1.0' }] })
  })

  it('stops the work when the reader of the stream leaves', async () => {
    const response = await http.send('POST', '/api/ask', { question: 'wait', stream: true })
    const reader = response.body?.getReader()
    await reader?.read()
    // the next event is being waited for when the reader leaves
    const pending = reader?.read()
    await reader?.cancel()
    await pending
    await expect.poll(() => http.answerer.stopped.length).toBe(1)
  })

  it('passes conversation and language on', async () => {
    await http.send('POST', '/api/ask', { question: 'And then?', conversationId: 'con_9', language: 'zh-Hant' })
    expect(http.answerer.requests.at(-1)).toMatchObject({
      conversationId: 'con_9',
      language: 'zh-Hant',
      collectionIds: [collectionId],
    })
  })

  it('never writes a question to the log', async () => {
    await http.send('POST', '/api/ask', { question: 'crash about Tom' })
    await http.send('POST', '/api/ask', { question: 'crash' })
    expect(
      JSON.stringify(http.log.map(({ message, fields: { err, ...fields } }) => ({ message, fields }))),
    ).not.toMatch(/Tom|pump|bar/)
  })
})

describe('answers', () => {
  it('can be read again and rated', async () => {
    const conversationId = await http.ledger.conversations.start(http.principal)
    const answer = fakeAnswer('How many bar?', conversationId)
    await http.ledger.conversations.record(http.principal, {
      conversationId,
      question: answer.question,
      standalone: answer.question,
      answer,
      prompt: { id: 'answer', version: '1' },
    })
    const again = await http.get('/api/answers/ans_1')
    expect(again.status).toBe(200)
    expect(await again.json()).toMatchObject({ id: 'ans_1', passages: [{ text: fakePassage().text }] })
    const rated = await http.send('POST', '/api/answers/ans_1/feedback', { rating: 'down', correction: '60 bar' })
    expect(rated.status).toBe(204)
    expect((await http.send('POST', '/api/answers/ans_1/feedback', { rating: 'so-so' })).status).toBe(400)
    const unknown = await http.send('POST', '/api/answers/ans_2/feedback', { rating: 'up' })
    expect(unknown.status).toBe(404)
    expect(await codeOf(unknown)).toBe('answer_not_found')
  })
})

describe('the OpenAI protocol', () => {
  const messages = [
    { role: 'system', content: 'You are a pirate.' },
    { role: 'user', content: 'What is the pump?' },
    { role: 'assistant', content: 'A pump. [1]' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'How many bar?' },
        { type: 'image_url', image_url: {} },
      ],
    },
  ]

  it('answers a chat completion with numbered sources', async () => {
    const response = await http.send('POST', '/v1/chat/completions', { model: 'gpt-x', messages, temperature: 0.2 })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      object: 'chat.completion',
      model: 'kura',
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          message: {
            role: 'assistant',
            content: 'The pump runs at 40 bar. [1]\n\nSources:\n[1] pump.pdf, rev. 1, page 3',
          },
        },
      ],
      kura: { status: 'answered' },
    })
    expect(http.answerer.requests.at(-1)).toMatchObject({
      question: 'How many bar?',
      history: [{ question: 'What is the pump?', answer: 'A pump. [1]' }],
    })
  })

  it('streams chunks and ends with [DONE]', async () => {
    const response = await http.send('POST', '/v1/chat/completions', { messages, stream: true })
    const events = await readEvents(response)
    expect(events.at(-1)?.data).toBe('[DONE]')
    const chunks = events
      .slice(0, -1)
      .map(({ data }) => data as { choices: { delta: { content?: string }; finish_reason: string | null }[] })
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toContain('40 bar. [1]')
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop')
    expect(events.every(({ event }) => event === undefined)).toBe(true)
  })

  it('tells errors in both shapes', async () => {
    const response = await http.send('POST', '/v1/chat/completions', { messages: [] })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      code: 'invalid_request',
      error: { type: 'invalid_request_error', param: 'messages', message: expect.stringContaining('messages') },
    })
  })

  it('lists one model', async () => {
    expect(await (await http.get('/v1/models')).json()).toMatchObject({ object: 'list', data: [{ id: 'kura' }] })
  })
})
