/** Ingestion jobs over HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobId, RevisionId } from '../../src/core/ids.ts'
import { createFixture, type HttpFixture, readEvents } from './http-fakes.ts'

let http: HttpFixture
let jobId: string
let revisionId: RevisionId
beforeEach(async () => {
  http = await createFixture()
  await http.ledger.collections.create(http.principal, { name: 'Presses' })
  const response = await http.upload('Presses', [new File(['x'], 'x.txt')])
  const { documents } = (await response.json()) as { documents: { jobId: string; revisionId: RevisionId }[] }
  jobId = documents[0]?.jobId ?? ''
  revisionId = documents[0]?.revisionId ?? ('' as RevisionId)
})
afterEach(() => http[Symbol.asyncDispose]())

const parsing = { stage: 'parsing', done: 1, total: 2 } as const
const post = (path: string) => http.app.request(path, { method: 'POST' })

describe('jobs', () => {
  it('are listed by state', async () => {
    expect(await (await http.get('/api/jobs?state=queued')).json()).toMatchObject({ jobs: [{ id: jobId }] })
    expect(await (await http.get('/api/jobs?state=done')).json()).toMatchObject({ paused: false, jobs: [] })
    expect((await http.get('/api/jobs?state=odd')).status).toBe(400)
  })

  it('are cancelled and retried', async () => {
    expect(await (await post(`/api/jobs/${jobId}/cancel`)).json()).toMatchObject({ state: 'cancelled' })
    expect(await (await post(`/api/jobs/${jobId}/retry`)).json()).toMatchObject({ state: 'queued' })
    const again = await post(`/api/jobs/${jobId}/retry`)
    expect(again.status).toBe(409)
    expect(await again.json()).toMatchObject({ code: 'job_not_retryable' })
  })

  it('are retried with a password where the file wants one', async () => {
    await post(`/api/jobs/${jobId}/cancel`)
    const retried = await http.send('POST', `/api/jobs/${jobId}/retry`, { password: ' a b ' })
    expect(await retried.json()).toMatchObject({ state: 'queued' })
    expect(await http.ledger.documents.sourceOf(revisionId)).toMatchObject({ password: ' a b ' })
    expect((await http.send('POST', `/api/jobs/${jobId}/retry`, { pasword: 'x' })).status).toBe(400)
    expect(JSON.stringify(http.log)).not.toContain(' a b ')
  })

  it('are paused and resumed all together, which is told with their numbers', async () => {
    expect(await (await post('/api/jobs/pause')).json()).toEqual({ paused: true })
    expect(await (await http.get('/api/jobs')).json()).toMatchObject({
      paused: true,
      counts: { queued: 1, running: 0, done: 0, failed: 0, cancelled: 0, dead: 0 },
      jobs: [{ id: jobId }],
    })
    expect(await (await http.get('/metrics')).text()).toContain('kura_ingestion_paused 1')
    expect(await http.ledger.jobs.claim('worker', 60_000)).toBeUndefined()
    expect(await (await post('/api/jobs/resume')).json()).toEqual({ paused: false })
    expect(await (await http.get('/metrics')).text()).toContain('kura_ingestion_paused 0')
    expect(await http.ledger.jobs.claim('worker', 60_000)).toMatchObject({ id: jobId })
  })

  it('are followed from state to state until the end', async () => {
    const response = await http.get(`/api/jobs/${jobId}/events`)
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const watched = response.clone()
    let received = ''
    const watching = (async () => {
      for await (const chunk of watched.body ?? []) received += new TextDecoder().decode(chunk)
    })()
    await http.ledger.jobs.claim('worker', 60_000)
    await http.ledger.documents.startProcessing(revisionId)
    await http.ledger.jobs.heartbeat(jobId as JobId, 'worker', 60_000, { ...parsing, advanced: true })
    await expect.poll(() => received).toContain('"stage":"parsing"')
    await http.ledger.jobs.fail(jobId as JobId, 'worker', { code: 'pdf_damaged', message: 'damaged' }, undefined)
    await watching
    const seen = await readEvents(response)
    expect(seen.every(({ event }) => event === 'job')).toBe(true)
    const states = seen.map(({ data }) => (data as { state: string }).state)
    expect([...new Set(states)]).toEqual(['queued', 'running', 'failed'])
    expect(seen.at(-2)?.data).toMatchObject({ stage: 'parsing', progress: { done: 1, total: 2 } })
    expect(seen.at(-1)?.data).toMatchObject({ error: { code: 'pdf_damaged' } })
  })

  it('are not followed again by a browser that has seen the end', async () => {
    await post(`/api/jobs/${jobId}/cancel`)
    expect(await readEvents(await http.get(`/api/jobs/${jobId}/events`))).toHaveLength(1)
    expect((await http.get(`/api/jobs/${jobId}/events`, { 'last-event-id': 'cancelled' })).status).toBe(204)
  })

  it.each(['', '/events', '/cancel', '/retry'])('that are unknown are not found: %s', async (rest) => {
    const method = rest === '/cancel' || rest === '/retry' ? 'POST' : 'GET'
    const response = await http.app.request(`/api/jobs/job_nowhere${rest}`, { method })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'job_not_found' })
  })
})
