import BetterSqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { CollectionId, JobId } from '../../src/core/ids.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { Ledger } from '../../src/store/ledger.ts'
import { publication, sha256Of } from './store-documents.ts'
import { addDocument, closeAfterTest, codeOf, openLedger, startChild } from './store-fixtures.ts'

const lease = 60_000
const failure = { code: 'model_unavailable', message: 'The engine is not up.' }
const at = { stage: 'embedding', done: 3, total: 9, advanced: true } as const

describe('claiming', () => {
  it('gives out each job once, the oldest first, and the document is processing', async () => {
    const { ledger, collectionId } = await openLedger()
    const a = await addDocument(ledger, collectionId, 'a')
    const b = await addDocument(ledger, collectionId, 'b')
    expect(await ledger.jobs.oldestQueuedAt()).toBe((await ledger.jobs.get(admin, a.jobId)).createdAt)
    expect(await ledger.jobs.claim('w1', lease)).toMatchObject({
      id: a.jobId,
      state: 'running',
      attempts: 1,
      documentName: 'a',
    })
    expect(await ledger.jobs.claim('w2', lease)).toMatchObject({ id: b.jobId })
    expect(await ledger.jobs.claim('w3', lease)).toBeUndefined()
    expect(await ledger.jobs.oldestQueuedAt()).toBeUndefined()
    expect(await ledger.documents.get(admin, a.documentId)).toMatchObject({ status: 'processing' })
  })

  it('takes turns between collections, so that a thousand files of one do not hold up another', async () => {
    const { ledger, collectionId } = await openLedger()
    const other = await ledger.collections.create(admin, { name: 'Other' })
    for (const name of ['a1', 'a2', 'a3', 'a4']) await addDocument(ledger, collectionId, name)
    for (const name of ['b1', 'b2']) await addDocument(ledger, other.id, name)
    const order: string[] = []
    for (let job = await ledger.jobs.claim('w', lease); job; job = await ledger.jobs.claim('w', lease))
      order.push(job.documentName)
    expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'a4'])
  })

  it('never hands one job to two processes', async () => {
    const { ledger, file, collectionId } = await openLedger()
    const ids: JobId[] = []
    for (let i = 0; i < 150; i += 1) ids.push((await addDocument(ledger, collectionId, `d${i}`)).jobId)
    const children = [1, 2].map(() => startChild('claim', file))
    const taken = (await Promise.all(children.map((child) => child.ended))).map(({ output }) =>
      output.split('\n').filter((line) => line.startsWith('job_')),
    )
    expect(taken.flat().sort()).toEqual([...ids].sort())
    expect(await ledger.jobs.counts()).toMatchObject({ done: 150, queued: 0, running: 0 })
  })
})

describe('large files', () => {
  const addLarge = (ledger: Ledger, collectionId: CollectionId, name: string) =>
    ledger.documents.create(admin, { collectionId, name, sha256: sha256Of(name), bytes: 200 * 2 ** 20 })

  it('let small ones of their collection go first, and are told apart', async () => {
    const { ledger, collectionId } = await openLedger()
    await addLarge(ledger, collectionId, 'large')
    await addDocument(ledger, collectionId, 'small')
    expect(await ledger.jobs.claim('w', lease)).toMatchObject({ documentName: 'small', isLarge: false })
    expect(await ledger.jobs.claim('w', lease, { smallOnly: true })).toBeUndefined()
    expect(await ledger.jobs.claim('w', lease)).toMatchObject({ documentName: 'large', isLarge: true })
  })

  it('do not wait behind small ones that keep coming for ever', async () => {
    const { ledger, file, collectionId } = await openLedger()
    await addLarge(ledger, collectionId, 'large')
    await addDocument(ledger, collectionId, 'small')
    const database = new BetterSqlite(file)
    database.exec("update jobs set created_at = '2020-01-01T00:00:00.000Z'")
    database.close()
    expect(await ledger.jobs.claim('w', lease)).toMatchObject({ documentName: 'large' })
  })
})

describe('a paused queue', () => {
  it('hands out nothing and calls back what runs, until it is resumed, also by another process', async () => {
    const { ledger, file, collectionId } = await openLedger()
    const { jobId } = await addDocument(ledger, collectionId, 'a')
    await addDocument(ledger, collectionId, 'b')
    await ledger.jobs.claim('w', lease)
    await ledger.jobs.pause(admin)
    await ledger.jobs.pause(admin)
    expect(await ledger.jobs.heartbeat(jobId, 'w', lease, at)).toBe('pause')
    await ledger.jobs.release(jobId, 'w')
    expect(await ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'queued', attempts: 0 })
    const other = closeAfterTest(await Ledger.open(file))
    expect(await other.jobs.isPaused()).toBe(true)
    expect(await other.jobs.claim('w', lease)).toBeUndefined()
    await other.jobs.resume(admin)
    expect(await ledger.jobs.isPaused()).toBe(false)
    expect(await ledger.jobs.claim('w', lease)).toMatchObject({ id: jobId })
  })

  it('still cancels', async () => {
    const { ledger, collectionId } = await openLedger()
    const { jobId } = await addDocument(ledger, collectionId, 'a')
    await ledger.jobs.claim('w', lease)
    await ledger.jobs.pause(admin)
    await ledger.jobs.cancel(admin, jobId)
    expect(await ledger.jobs.heartbeat(jobId, 'w', lease, at)).toBe('cancel')
  })
})

describe('the lease of a job', () => {
  it('goes to another worker when it has run out, and the first one is told that it lost', async () => {
    const { ledger, collectionId } = await openLedger()
    const { jobId, documentId, revisionId } = await addDocument(ledger, collectionId, 'a')
    await ledger.jobs.claim('w1', 0)
    expect(await ledger.jobs.claim('w2', lease)).toMatchObject({ id: jobId, attempts: 2 })
    expect(await ledger.jobs.heartbeat(jobId, 'w1', lease, at)).toBe('lost')
    expect(await ledger.jobs.heartbeat(jobId, 'w2', lease, at)).toBe('go-on')
    expect(await ledger.jobs.get(admin, jobId)).toMatchObject({ stage: 'embedding', progress: { done: 3, total: 9 } })
    // What the loser still says has no effect.
    await ledger.jobs.done(jobId, 'w1')
    await ledger.jobs.fail(jobId, 'w1', failure, undefined)
    await ledger.jobs.release(jobId, 'w1')
    await ledger.jobs.cancelled(jobId, 'w1')
    expect(await ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'running', attempts: 2, error: null })
    await ledger.documents.publish(revisionId, publication)
    await ledger.jobs.done(jobId, 'w2')
    expect(await ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'done', stage: 'done' })
    expect(await ledger.documents.get(admin, documentId)).toMatchObject({ status: 'ready' })
  })

  it('is kept by heartbeats', async () => {
    const { ledger, collectionId } = await openLedger()
    const { jobId } = await addDocument(ledger, collectionId, 'a')
    await ledger.jobs.claim('w1', 0)
    expect(await ledger.jobs.heartbeat(jobId, 'w1', lease, at)).toBe('go-on')
    expect(await ledger.jobs.claim('w2', lease)).toBeUndefined()
  })

  it('need not run out where its owner was killed on this machine', async () => {
    const { ledger, file, collectionId } = await openLedger()
    const { jobId } = await addDocument(ledger, collectionId, 'a')
    const child = startChild('hold', file, 'index-writer')
    await child.printed(`job ${jobId}`)
    expect(await ledger.jobs.claim('w2', lease)).toBeUndefined()
    child.process.kill('SIGKILL')
    await child.ended
    expect(await ledger.jobs.claim('w2', lease)).toMatchObject({ id: jobId, attempts: 2 })
  })

  it('ends with the publication: no crash leaves a published document with a job to run again', async () => {
    const { ledger, collectionId } = await openLedger()
    const { jobId, revisionId } = await addDocument(ledger, collectionId, 'a')
    await ledger.jobs.claim('w1', 0)
    await ledger.documents.publish(revisionId, publication)
    expect(await ledger.jobs.claim('w2', lease)).toBeUndefined()
    expect(await ledger.jobs.heartbeat(jobId, 'w1', lease, at)).toBe('go-on')
    expect(await ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'done' })
  })
})

describe('a job that fails', () => {
  it('waits until it is due, and is dead after its third failure, with the document failed', async () => {
    const { ledger, collectionId } = await openLedger()
    const { jobId, documentId } = await addDocument(ledger, collectionId, 'a')
    await ledger.jobs.claim('w', lease)
    await ledger.jobs.fail(jobId, 'w', failure, new Date(Date.now() + 3_600_000))
    expect(await ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'queued', attempts: 1, error: failure })
    expect(await ledger.documents.get(admin, documentId)).toMatchObject({ status: 'queued', error: null })
    expect(await ledger.jobs.claim('w', lease)).toBeUndefined()

    await ledger.jobs.cancel(admin, jobId)
    await ledger.jobs.retry(admin, jobId)
    for (const state of ['queued', 'queued', 'dead']) {
      expect(await ledger.jobs.claim('w', lease)).toMatchObject({ id: jobId })
      await ledger.jobs.fail(jobId, 'w', failure, new Date(0))
      expect(await ledger.jobs.get(admin, jobId)).toMatchObject({ state })
    }
    expect(await ledger.documents.get(admin, documentId)).toMatchObject({ status: 'failed', error: failure })
    expect(await ledger.jobs.claim('w', lease)).toBeUndefined()
  })

  it('without a time to try again is failed at once', async () => {
    const { ledger, collectionId } = await openLedger()
    const { jobId, documentId } = await addDocument(ledger, collectionId, 'a')
    await ledger.jobs.claim('w', lease)
    await ledger.jobs.fail(jobId, 'w', failure, undefined)
    expect(await ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'failed', error: failure })
    expect(await ledger.documents.get(admin, documentId)).toMatchObject({ status: 'failed', error: failure })
  })

  it('by taking its worker with it is handed on many times, but not for ever', async () => {
    const { ledger, collectionId } = await openLedger()
    const { jobId, documentId } = await addDocument(ledger, collectionId, 'a')
    let claims = 0
    while (claims < 1_000 && (await ledger.jobs.claim(`w${claims}`, 0))) claims += 1
    // More often than a machine is switched off in a row.
    expect(claims).toBeGreaterThan(50)
    expect(claims).toBeLessThan(200)
    expect(await ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'dead', error: { code: 'job_abandoned' } })
    expect(await ledger.documents.get(admin, documentId)).toMatchObject({ status: 'failed' })
  })

  it('by taking its worker with it is handed on for as long as it gets any further', async () => {
    const { ledger, collectionId } = await openLedger()
    const { jobId } = await addDocument(ledger, collectionId, 'a')
    for (let claims = 0; claims < 60; claims += 1) {
      expect(await ledger.jobs.claim(`w${claims}`, 0)).toMatchObject({ id: jobId })
      await ledger.jobs.heartbeat(jobId, `w${claims}`, 0, at)
    }
  })

  it('by taking its worker with it lets the others go first', async () => {
    const { ledger, collectionId } = await openLedger()
    const poison = await addDocument(ledger, collectionId, 'poison')
    await ledger.jobs.claim('w1', 0)
    expect(await ledger.jobs.claim('w2', 0)).toMatchObject({ id: poison.jobId })
    const other = await addDocument(ledger, collectionId, 'other')
    expect(await ledger.jobs.claim('w3', lease)).toMatchObject({ id: other.jobId })
    expect(await ledger.jobs.claim('w3', lease)).toMatchObject({ id: poison.jobId })
  })

  it('is tried again by hand with all its attempts, unless it waits, runs, is done or deleted', async () => {
    const { ledger, collectionId } = await openLedger()
    const { jobId, documentId } = await addDocument(ledger, collectionId, 'a')
    expect(await codeOf(ledger.jobs.retry(admin, jobId))).toBe('job_not_retryable')
    await ledger.jobs.claim('w', lease)
    expect(await codeOf(ledger.jobs.retry(admin, jobId))).toBe('job_not_retryable')
    await ledger.jobs.fail(jobId, 'w', failure, undefined)
    expect(await ledger.jobs.retry(admin, jobId)).toMatchObject({
      state: 'queued',
      attempts: 0,
      error: null,
      finishedAt: null,
    })
    expect(await ledger.documents.get(admin, documentId)).toMatchObject({ status: 'queued', error: null })
    await ledger.documents.remove(admin, documentId)
    expect(await codeOf(ledger.jobs.retry(admin, jobId))).toBe('job_not_retryable')
    expect(await codeOf(ledger.jobs.retry(admin, 'job_x' as JobId))).toBe('job_not_found')
  })

  it('is tried again with a password where the file wants one', async () => {
    const { ledger, collectionId } = await openLedger()
    const { jobId, revisionId } = await addDocument(ledger, collectionId, 'a')
    await ledger.jobs.claim('w', lease)
    await ledger.jobs.fail(jobId, 'w', { code: 'pdf_encrypted', message: '' }, undefined)
    await ledger.jobs.retry(admin, jobId, ' secret ')
    expect(await ledger.documents.sourceOf(revisionId)).toMatchObject({ password: ' secret ' })
    await ledger.jobs.claim('w', lease)
    await ledger.jobs.fail(jobId, 'w', failure, undefined)
    await ledger.jobs.retry(admin, jobId)
    expect(await ledger.documents.sourceOf(revisionId)).toMatchObject({ password: ' secret ' })
  })

  it('does not come back where the same content was uploaded again meanwhile', async () => {
    const { ledger, collectionId } = await openLedger()
    const first = await addDocument(ledger, collectionId, 'a')
    await ledger.jobs.cancel(admin, first.jobId)
    const second = await addDocument(ledger, collectionId, 'a')
    expect(second.documentId).not.toBe(first.documentId)
    expect(await codeOf(ledger.jobs.retry(admin, first.jobId))).toBe('job_not_retryable')
  })
})

describe('cancelling', () => {
  it('ends a waiting job at once, its document too', async () => {
    const { ledger, collectionId } = await openLedger()
    const { jobId, documentId } = await addDocument(ledger, collectionId, 'a')
    expect(await ledger.jobs.cancel(admin, jobId)).toMatchObject({
      state: 'cancelled',
      error: { code: 'job_cancelled' },
    })
    expect(await ledger.documents.get(admin, documentId)).toMatchObject({ status: 'cancelled' })
    expect(await ledger.jobs.claim('w', lease)).toBeUndefined()
    expect(await codeOf(ledger.jobs.cancel(admin, 'job_x' as JobId))).toBe('job_not_found')
  })

  it('asks a running job to stop at its next heartbeat', async () => {
    const { ledger, collectionId } = await openLedger()
    const { jobId, documentId } = await addDocument(ledger, collectionId, 'a')
    await ledger.jobs.claim('w', lease)
    expect(await ledger.jobs.cancel(admin, jobId)).toMatchObject({ state: 'running' })
    expect(await ledger.jobs.heartbeat(jobId, 'w', lease, at)).toBe('cancel')
    await ledger.jobs.cancelled(jobId, 'w')
    expect(await ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'cancelled' })
    expect(await ledger.documents.get(admin, documentId)).toMatchObject({ status: 'cancelled' })
  })

  it('is not forgotten when the worker dies before it stops, and forgotten when the job is tried again by hand', async () => {
    const { ledger, collectionId } = await openLedger()
    const { jobId } = await addDocument(ledger, collectionId, 'a')
    await ledger.jobs.claim('w1', 0)
    await ledger.jobs.cancel(admin, jobId)
    expect(await ledger.jobs.claim('w2', lease)).toBeUndefined()
    expect(await ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'cancelled' })
    await ledger.jobs.retry(admin, jobId)
    await ledger.jobs.claim('w2', lease)
    expect(await ledger.jobs.heartbeat(jobId, 'w2', lease, at)).toBe('go-on')
  })

  it.each(['fail', 'release'] as const)('holds where the worker says %s before its next heartbeat', async (way) => {
    const { ledger, collectionId } = await openLedger()
    const { jobId } = await addDocument(ledger, collectionId, 'a')
    await ledger.jobs.claim('w', lease)
    await ledger.jobs.cancel(admin, jobId)
    if (way === 'fail') await ledger.jobs.fail(jobId, 'w', failure, new Date(0))
    else await ledger.jobs.release(jobId, 'w')
    expect(await ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'cancelled' })
  })

  it('leaves a job that is done as it is', async () => {
    const { ledger, collectionId } = await openLedger()
    const { jobId, revisionId } = await addDocument(ledger, collectionId, 'a')
    await ledger.jobs.claim('w', lease)
    await ledger.documents.publish(revisionId, publication)
    expect(await ledger.jobs.cancel(admin, jobId)).toMatchObject({ state: 'done' })
  })
})

describe('a worker that shuts down', () => {
  it('gives its job back without an attempt lost', async () => {
    const { ledger, collectionId } = await openLedger()
    const { jobId, documentId } = await addDocument(ledger, collectionId, 'a')
    await ledger.jobs.claim('w', lease)
    await ledger.jobs.release(jobId, 'w')
    expect(await ledger.jobs.get(admin, jobId)).toMatchObject({ state: 'queued', stage: 'queued', attempts: 0 })
    expect(await ledger.documents.get(admin, documentId)).toMatchObject({ status: 'queued' })
    expect(await ledger.jobs.claim('w2', lease)).toMatchObject({ id: jobId, attempts: 1 })
  })
})

describe('the list of jobs', () => {
  it('is newest first and narrowed by state', async () => {
    const { ledger, collectionId } = await openLedger()
    const jobs: JobId[] = []
    for (const name of ['a', 'b', 'c']) jobs.unshift((await addDocument(ledger, collectionId, name)).jobId)
    await ledger.jobs.claim('w', lease)
    expect((await ledger.jobs.list(admin)).map((job) => job.id)).toEqual(jobs)
    expect((await ledger.jobs.list(admin, { states: ['queued'], limit: 1 })).map((job) => job.id)).toEqual([jobs[0]])
    expect((await ledger.jobs.list(admin, { states: ['running', 'done'] })).map((job) => job.id)).toEqual([jobs[2]])
    expect(await ledger.jobs.list(admin, { states: [] })).toEqual([])
  })
})
