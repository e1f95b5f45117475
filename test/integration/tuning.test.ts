/** Tuning as a job, on a real ledger and a real index, with models that are known to understand nothing or all. */
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { TuningId } from '../../src/core/ids.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { defaultRankingParameters } from '../../src/retrieval/ranking-parameters.ts'
import { ActiveTuning } from '../../src/tune/active-tuning.ts'
import { TuningDesk } from '../../src/tune/tuning-desk.ts'
import { codeOf } from './store-fixtures.ts'
import { HearingEmbedder, setUp, WordyWriter } from './tuning-fixtures.ts'

const limit = 100

describe('a tuning', () => {
  it('that wins on what was held out is switched on, told with before and after, and gone back from at once', async () => {
    const { desk, ledger, active, collectionId, fingerprint, ended } = await setUp({ writer: new WordyWriter() })
    const begun = await desk.start(admin, { collectionIds: [collectionId], limit, seed: 3 })
    expect(begun).toMatchObject({ state: 'running', generationModel: 'wordy', embeddingModel: 'deaf', seed: 3 })
    expect(begun.remainingSeconds).toBeGreaterThan(0)
    const done = await ended(begun.id)
    expect(done).toMatchObject({ state: 'done', error: null, won: true, active: true, remainingSeconds: null })
    const { questions, ranking, refusal } = done.report ?? {}
    expect(questions).toMatchObject({ tried: limit, kept: 75, rejected: { not_written: 25 }, origins: { model: 75 } })
    expect((questions?.fit ?? 0) + (questions?.heldOut ?? 0)).toBe(75)
    expect(ranking).toMatchObject({ outcome: 'won', adapter: false })
    expect(ranking?.figures?.after.mrr10).toBeGreaterThan((ranking?.figures?.before.mrr10 ?? 1) + 0.1)
    expect(ranking?.difference?.low).toBeGreaterThan(0)
    expect(refusal).toMatchObject({ outcome: 'not_calibrated' })

    const applied = active.appliedTo(fingerprint)
    expect(applied?.id).toBe(begun.id)
    expect(applied?.parameters.vectorWeight).toBeLessThan(defaultRankingParameters.vectorWeight)
    expect(await desk.list(admin)).toMatchObject({ applied: begun.id })

    await desk.revert(admin)
    expect(active.appliedTo(fingerprint)).toBeUndefined()
    expect(await desk.list(admin)).toMatchObject({
      applied: null,
      tunings: [{ id: begun.id, won: true, active: false }],
    })
    await desk.activate(admin, begun.id)
    expect(active.appliedTo(fingerprint)?.id).toBe(begun.id)
    // After a restart it is still the one.
    expect((await ActiveTuning.open(ledger.tunings)).appliedTo(fingerprint)?.id).toBe(begun.id)
  })

  it('that is not better changes nothing, and can not be switched on', async () => {
    const options = { writer: new WordyWriter(), embedder: new HearingEmbedder(), documents: 20 }
    const { desk, active, collectionId, fingerprint, ended } = await setUp(options)
    const done = await ended((await desk.start(admin, { collectionIds: [collectionId], limit: 60 })).id)
    expect(done).toMatchObject({ state: 'done', won: false, active: false })
    expect(done.report?.ranking.outcome).not.toBe('won')
    expect(active.appliedTo(fingerprint)).toBeUndefined()
    expect(await codeOf(desk.activate(admin, done.id))).toBe('tuning_not_applicable')
  })

  it('with few questions says so', async () => {
    const { desk, collectionId, ended } = await setUp({ writer: new WordyWriter(), documents: 4 })
    const done = await ended((await desk.start(admin, { collectionIds: [collectionId], limit: 12 })).id)
    expect(done.report).toMatchObject({
      ranking: { outcome: 'too_few', figures: null },
      refusal: { outcome: 'too_few' },
    })
  })

  it('of collections without text fails with a reason, and with none at all is refused', async () => {
    const { desk, collectionId, ended } = await setUp({ writer: new WordyWriter(), documents: 0 })
    const done = await ended((await desk.start(admin, { collectionIds: [collectionId] })).id)
    expect(done).toMatchObject({ state: 'failed', error: { code: 'nothing_to_tune' } })
    expect(await codeOf(desk.start(admin, { collectionIds: [] }))).toBe('nothing_to_tune')
  })

  it('is never applied to another index than its own', async () => {
    const { desk, ledger, active, collectionId, target, fingerprint, ended } = await setUp({
      writer: new WordyWriter(),
    })
    const done = await ended((await desk.start(admin, { collectionIds: [collectionId], limit, seed: 3 })).id)
    expect(done.active).toBe(true)
    expect(active.appliedTo('another-model/chunker-1')).toBeUndefined()
    expect(active.appliedTo(undefined)).toBeUndefined()
    const elsewhere = new TuningDesk({
      ledger,
      active,
      target: async () => ({ ...target, fingerprint: 'another-model/chunker-1' }),
      holdGenerator: () => ({ generator: undefined, [Symbol.dispose]: () => undefined }),
      isBusy: () => false,
      logger: { error: () => undefined },
    })
    expect(await codeOf(elsewhere.activate(admin, done.id))).toBe('tuning_not_applicable')
    expect(active.appliedTo(fingerprint)?.id).toBe(done.id)
  })
})

describe('the job', () => {
  it('is cancelled while the model writes, runs alone, and keeps the questions it has', async () => {
    const writer = new WordyWriter()
    writer.hangsFrom = 6
    const { desk, ledger, collectionId, ended, written } = await setUp({ writer, documents: 6 })
    const wish = { collectionIds: [collectionId], limit: 20 }
    const { id } = await desk.start(admin, wish)
    expect(await codeOf(desk.start(admin, wish))).toBe('tuning_running')
    await written(id, writer, 6)
    await desk.cancel(admin, id)
    expect(await ended(id)).toMatchObject({ state: 'cancelled', error: null, won: false, report: null })
    expect((await ledger.generatedQuestions.list(admin, [collectionId])).length).toBeGreaterThan(2)
    expect(await codeOf(desk.get(admin, 'tun_none' as TuningId))).toBe('tuning_not_found')
  })

  it('is interrupted where the process closes, and the next one with its seed goes on with its questions', async () => {
    const writer = new WordyWriter()
    writer.hangsFrom = 6
    const { desk, openDesk, collectionId, ended, written } = await setUp({ writer, documents: 6 })
    const wish = { collectionIds: [collectionId], limit: 20, seed: 4 }
    const { id } = await desk.start(admin, wish)
    await written(id, writer, 6)
    await desk[Symbol.asyncDispose]()
    expect(await ended(id)).toMatchObject({ state: 'interrupted' })
    writer.calls = 0
    writer.hangsFrom = Number.POSITIVE_INFINITY
    await ended((await openDesk().start(admin, wish)).id)
    // Five were there already, and the sixth had not been written.
    expect(writer.calls).toBe(15)
  })

  it('is interrupted where the process was killed, whenever somebody looks', async () => {
    const { desk, ledger, file, collectionId } = await setUp({ documents: 1 })
    const values = { limit: 10, seed: 1, embeddingModel: 'deaf', fingerprint: 'deaf-1', remainingSeconds: 9 }
    const { id } = await ledger.tunings.start(admin, {
      ...values,
      collectionIds: [collectionId],
      generationModel: null,
    })
    expect((await desk.get(admin, id)).state).toBe('running')
    const db = new Database(file)
    // The pid is above what Linux gives.
    db.prepare('update tunings set owner = ?').run(`99999999@${hostname()}/1`)
    db.close()
    expect(await desk.list(admin)).toMatchObject({ tunings: [{ id, state: 'interrupted' }] })
  })

  it('gives way to questions: what is being written is broken off and begun again', async () => {
    const writer = new WordyWriter()
    writer.hangsFrom = 3
    let isBusy = false
    const { desk, collectionId, ended, written } = await setUp({ writer, documents: 6, isBusy: () => isBusy })
    const { id } = await desk.start(admin, { collectionIds: [collectionId], limit: 20 })
    await written(id, writer, 3)
    isBusy = true
    writer.hangsFrom = Number.POSITIVE_INFINITY
    await sleep(400)
    expect(writer.calls).toBe(3)
    isBusy = false
    expect((await ended(id)).state).toBe('done')
    expect(writer.calls).toBe(21)
  })

  it('makes questions by rule where no model may write', async () => {
    const { desk, ledger, collectionId, ended } = await setUp({ documents: 6 })
    const begun = await desk.start(admin, { collectionIds: [collectionId], limit: 20 })
    expect(begun.generationModel).toBeNull()
    // These manuals have neither headings nor tables.
    expect((await ended(begun.id)).report?.questions).toMatchObject({
      tried: 20,
      kept: 0,
      rejected: { not_written: 20 },
    })
    expect(await ledger.generatedQuestions.list(admin, [collectionId])).toEqual([])
  })
})

describe('generated questions', () => {
  it('are given out while their document may answer', async () => {
    const { desk, ledger, collectionId, ended } = await setUp({ writer: new WordyWriter(), documents: 2 })
    await ended((await desk.start(admin, { collectionIds: [collectionId], limit: 10 })).id)
    const before = await ledger.generatedQuestions.list(admin, [collectionId])
    const [first] = before
    expect(first).toMatchObject({
      language: 'en',
      origin: 'model',
      model: 'wordy',
      answer: expect.stringMatching(/^The /),
    })
    await ledger.documents.remove(admin, first?.documentId as NonNullable<typeof first>['documentId'])
    const after = await ledger.generatedQuestions.list(admin, [collectionId])
    expect(after.length).toBeLessThan(before.length)
    expect(after.every(({ documentId }) => documentId !== first?.documentId)).toBe(true)
    // Nothing of a deleted document's words stays.
    await ledger.documents.purged(await ledger.documents.purgeable(10))
    const passageIds = before.map(({ passageId }) => passageId)
    expect(await ledger.generatedQuestions.tries(passageIds, 'wordy')).toHaveLength(after.length)
  })
})
