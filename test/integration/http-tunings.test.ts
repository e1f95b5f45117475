/** Tunings over HTTP: what is asked for wrongly, and what a caller sees. */
import { describe, expect, it } from 'vitest'
import { createFixture } from './http-fakes.ts'

const values = {
  limit: 10,
  seed: 1,
  embeddingModel: 'fake',
  fingerprint: 'fake-1',
  generationModel: null,
  remainingSeconds: 9,
} as const

describe('/api/tunings', () => {
  it.each([
    [{ limit: 3 }, 400, 'invalid_request'],
    [{ limit: 1.5 }, 400, 'invalid_request'],
    [{ seed: -1 }, 400, 'invalid_request'],
    [{ collections: [] }, 400, 'invalid_request'],
    [{ questions: 5 }, 400, 'invalid_request'],
    ['{', 400, 'invalid_request'],
    [{ collections: ['nowhere'] }, 404, 'collection_not_found'],
    [{}, 503, 'model_unavailable'],
  ])('refuses %j', async (body, status, code) => {
    await using fixture = await createFixture()
    await fixture.ledger.collections.create(fixture.principal, { name: 'Press shop' })
    const response = await fixture.send('POST', '/api/tunings', body)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ code })
  })

  it('has nothing to do without a collection', async () => {
    await using fixture = await createFixture()
    const response = await fixture.send('POST', '/api/tunings', {})
    expect(response.status).toBe(409)
    expect(await response.json()).toMatchObject({ code: 'nothing_to_tune' })
  })

  it.each(['GET ', 'POST /cancel'])('does not know a tuning that is not there: %s', async (call) => {
    await using fixture = await createFixture()
    const [method = '', action = ''] = call.split(' ')
    const address = `/api/tunings/tun_none${action}`
    const response = method === 'GET' ? await fixture.get(address) : await fixture.send(method, address, {})
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'tuning_not_found' })
  })

  it('shows one that runs, takes the wish to cancel it, and goes back to the untuned system whether or not one is on', async () => {
    await using fixture = await createFixture()
    const { ledger, principal } = fixture
    const { id: collectionId } = await ledger.collections.create(principal, { name: 'Press shop' })
    const { id } = await ledger.tunings.start(principal, { ...values, collectionIds: [collectionId] })
    const shown = {
      id,
      state: 'running',
      stage: 'sampling',
      progress: { done: 0, total: 10 },
      report: null,
      active: false,
    }
    expect(await (await fixture.get(`/api/tunings/${id}`)).json()).toMatchObject(shown)
    expect(await (await fixture.get('/api/tunings')).json()).toMatchObject({ tunings: [shown], applied: null })
    expect((await fixture.send('POST', `/api/tunings/${id}/cancel`, {})).status).toBe(200)
    expect(await ledger.tunings.isCancelRequested(id)).toBe(true)
    const reverted = await fixture.send('POST', '/api/tunings/revert', {})
    expect(reverted.status).toBe(200)
    expect(await reverted.json()).toMatchObject({ applied: null })
  })
})
