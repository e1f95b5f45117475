/** Gaps over HTTP: what comes into the list, what is answered, and what is refused with which code. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAnswerId } from '../../src/core/ids.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { gapAnsweredSchema, gapDetailSchema, gapListSchema } from '../../src/http/gap-schemas.ts'
import { createFixture, type HttpFixture } from './http-fakes.ts'

let api: HttpFixture

beforeEach(async () => {
  api = await createFixture()
  await api.send('POST', '/api/collections', { name: 'Presses' })
  await api.send('POST', '/api/collections', { name: 'Office' })
})

afterEach(() => api[Symbol.asyncDispose]())

const ask = async (question: string, collections?: string[]) => {
  const { conversations, collections: known } = api.ledger
  const conversationId = await conversations.start(admin)
  const collectionIds = await known.readable(admin, collections)
  const answer = {
    ...{ id: createAnswerId(), conversationId, question, status: 'not_found' as const, language: 'en' as const },
    ...{ quotes: [], statements: [], passages: [], degraded: [], timingsMs: { retrieve: 1, total: 1 } },
  }
  const turn = { question, standalone: question, answer, conversationId, prompt: { id: 'answer', version: '1' } }
  await conversations.record(admin, { ...turn, asked: { collectionIds, vector: undefined } })
  return answer.id
}

const list = async (query = '') => gapListSchema.parse(await (await api.get(`/api/gaps${query}`)).json())
const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code]
const post = (id: string, action: string, body: unknown = {}) => api.send('POST', `/api/gaps/${id}/${action}`, body)

describe('GET /api/gaps', () => {
  it('collects for each collection that was asked, by name, state and cursor, with counts', async () => {
    await ask('Where is the key?', ['Presses'])
    await ask('Where is the key?', ['Presses'])
    await ask('Who has the stamp?')
    const all = await list()
    expect(all.gaps).toHaveLength(3)
    expect(all.counts).toMatchObject({ open: 3, answered: 0 })
    expect((await list('?collection=Presses')).gaps.map(({ question, asked }) => [question, asked])).toEqual([
      ['Where is the key?', 2],
      ['Who has the stamp?', 1],
    ])
    expect((await list('?collection=Office&state=open')).gaps).toHaveLength(1)
    const first = await list('?limit=2')
    const second = await list(`?limit=2&cursor=${first.nextCursor}`)
    expect([first.gaps.length, second.gaps.length, second.nextCursor]).toEqual([2, 1, undefined])
    expect(await codeOf(await api.get('/api/gaps?collection=none'))).toEqual([404, 'collection_not_found'])
    expect(await codeOf(await api.get('/api/gaps?state=lost'))).toEqual([400, 'invalid_request'])
    expect(await codeOf(await api.get('/api/gaps?cursor=-1'))).toEqual([400, 'invalid_request'])
  })

  it('takes in what is voted down by the route of the page', async () => {
    const id = await ask('Where is the key?', ['Presses'])
    const said = { rating: 'down', comment: 'Not there.', correction: 'In the office.' }
    expect((await api.send('POST', `/api/answers/${id}/feedback`, said)).status).toBe(204)
    const [gap] = (await list()).gaps
    const detail = gapDetailSchema.parse(await (await api.get(`/api/gaps/${gap?.id}`)).json())
    expect(detail.examples).toMatchObject([{ comment: 'Not there.', correction: 'In the office.' }])
  })
})

describe('POST /api/gaps/{id}/…', () => {
  it('answers with a signature; the answer is a document of its own kind with a job', async () => {
    await ask('Where is the key?', ['Presses'])
    const id = (await list()).gaps[0]?.id ?? ''
    const response = await post(id, 'answer', { text: 'In the office.', signedBy: 'M. Ito' })
    expect(response.status).toBe(202)
    const { gap, jobId } = gapAnsweredSchema.parse(await response.json())
    expect(gap).toMatchObject({ state: 'answered', answer: { text: 'In the office.', by: 'M. Ito', status: 'queued' } })
    expect((await api.get(`/api/jobs/${jobId}`)).status).toBe(200)
    const documents = await (await api.get('/api/documents?kind=answer')).json()
    expect(documents).toMatchObject({ documents: [{ name: 'Where is the key?', format: 'answer' }] })
    expect(await (await api.get('/api/documents?kind=file')).json()).toMatchObject({ documents: [] })
    const original = await api.get(`/api/documents/${gap.answerDocumentId}/file`)
    expect(await original.text()).toContain('In the office.')
    expect(await codeOf(await post(id, 'dismiss'))).toEqual([409, 'gap_not_changeable'])
  })

  it('notes, dismisses and reopens', async () => {
    await ask('Where is the key?', ['Presses'])
    const id = (await list()).gaps[0]?.id ?? ''
    const noted = await (await post(id, 'missing-document', { note: 'List of keys' })).json()
    expect(noted).toMatchObject({ state: 'document_missing', note: 'List of keys' })
    expect(await (await post(id, 'dismiss')).json()).toMatchObject({ state: 'dismissed', note: null })
    expect(await (await post(id, 'reopen')).json()).toMatchObject({ state: 'open' })
  })

  it('refuses what is not right, by code', async () => {
    await ask('Where is the key?', ['Presses'])
    const id = (await list()).gaps[0]?.id ?? ''
    const refused = async (action: string, body: unknown, of = id) => codeOf(await post(of, action, body))
    expect(await refused('answer', { text: 'x', signedBy: 'y' }, 'gap_none')).toEqual([404, 'gap_not_found'])
    expect(await refused('answer', { text: 'In the office.' })).toEqual([400, 'signature_missing'])
    expect(await refused('answer', { text: ' \u0000 ', signedBy: 'y' })).toEqual([400, 'invalid_request'])
    expect(await refused('answer', { text: 'x', signedBy: 'y', questions: ['?!'] })).toEqual([400, 'question_empty'])
    expect(await refused('answer', { text: 'x', citations: [{ passageId: 'nonsense' }] })).toEqual([
      404,
      'passage_not_found',
    ])
    expect(await refused('answer', { text: 'x', citations: [{ page: 1 }] })).toEqual([400, 'invalid_request'])
    expect(await refused('missing-document', {})).toEqual([400, 'invalid_request'])
    expect(await refused('dismiss', {}, 'gap_none')).toEqual([404, 'gap_not_found'])
    expect(await codeOf(await api.get('/api/gaps/gap_none'))).toEqual([404, 'gap_not_found'])
  })
})
