/** The ways in which index, models and settings may lie apart when Kura starts, and choices that are taken back: never a mismatch, never nothing. */
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp } from '../../src/http/create-app.ts'
import { ChunkIndex } from '../../src/store/chunk-index.ts'
import {
  answersWith,
  ask,
  countPassages,
  createPlant,
  indexOf,
  ingestMachines,
  open,
  type Plant,
  runWorker,
  search,
  settingsWith,
  store,
  textOf,
  until,
} from './model-change-fixtures.ts'

const documents = 12

let plant: Plant
beforeEach(async () => {
  plant = await createPlant()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await plant[Symbol.asyncDispose]()
})

describe('a start with another embedding model in the settings', () => {
  it('answers with the former one until the index of the new one is complete', async () => {
    const { former, newer } = plant
    await ingestMachines(settingsWith(plant, former), documents)
    await using kura = await open(settingsWith(plant, newer))
    expect(await ask(kura, 'pressure of machine M5')).toEqual({ best: 'm5.pdf', byVector: true, degraded: [] })
    await until(() => answersWith(kura, newer))
    expect(await ask(kura, 'pressure of machine M5')).toEqual({ best: 'm5.pdf', byVector: true, degraded: [] })
    expect((await kura.listModels()).change).toBeNull()
  })

  it('answers by full text, and builds the new index, where the former engine is gone', async () => {
    const { former, newer } = plant
    await ingestMachines(settingsWith(plant, former), documents)
    await former[Symbol.asyncDispose]()
    newer.isStalled = true
    await using kura = await open(settingsWith(plant, newer))
    expect(await ask(kura, 'pressure of machine M5')).toEqual({
      best: 'm5.pdf',
      byVector: false,
      degraded: ['model_unavailable'],
    })
    newer.isStalled = false
    await until(() => answersWith(kura, newer))
    const { passages, degraded } = await search(kura, 'pressure of machine M5', 'vector')
    expect(passages).not.toEqual([])
    expect(degraded).toEqual([])
    expect(countPassages(newer)).toBe(documents)
  })

  it('stays with the former one where the new one can not be had, and says so', async () => {
    const { former } = plant
    await ingestMachines(settingsWith(plant, former), 2)
    const settings = { ...settingsWith(plant, former), embeddingUrl: undefined, embeddingModel: 'bge-m3' }
    await using kura = await open(settings)
    await until(async () => (await kura.listModels()).change?.detail.startsWith('can not take over') === true)
    expect((await kura.listModels()).change).toMatchObject({ model: 'bge-m3' })
    expect(await ask(kura, 'pressure of machine M2')).toEqual({ best: 'm2.pdf', byVector: true, degraded: [] })
    expect((await kura.health()).ready).toBe(true)
  })

  it('never compares vectors of two models, where an engine has come to run another one under the same name', async () => {
    const { former, newer } = plant
    await ingestMachines(settingsWith(plant, former), documents)
    former.runAs(newer)
    await using kura = await open(settingsWith(plant, former))
    expect(await ask(kura, 'pressure of machine M5')).toEqual({
      best: 'm5.pdf',
      byVector: false,
      degraded: ['embedding_mismatch'],
    })
    await until(async () => (await search(kura, 'pressure of machine M5')).degraded.length === 0)
    const models = await kura.listModels()
    expect(models.indexes).toMatchObject([{ active: true, progress: { done: documents } }, { active: false }])
  })
})

it('cuts the documents anew beside the index in use where the chunker has changed', async () => {
  const { former } = plant
  const settings = settingsWith(plant, former)
  {
    await using kura = await open(settings, { worker: false })
    const model = await kura.engines.embedder.info()
    const fingerprint = `${model.fingerprint}/chunker-0/100-tokens`
    const { dimensions } = model
    await using index = await ChunkIndex.open(settings.indexUri, { fingerprint, dimensions })
    await kura.ledger.indexes.register({ fingerprint, model: former.model, dimensions })
    for (let i = 1; i <= documents; i += 1) await store(kura, `m${i}.pdf`, textOf(i))
    await runWorker(kura, { index, embedder: kura.engines.embedder, model, fingerprint })
  }
  await using kura = await open(settings)
  expect(await search(kura, 'pressure of machine M5', 'vector')).toMatchObject({ degraded: [] })
  await until(async () =>
    (await kura.listModels()).indexes.some(({ active, progress }) => active && progress.done === documents),
  )
  await until(async () => (await kura.ledger.indexes.active())?.fingerprint.includes('/chunker-0/') === false)
  await until(async () => (await kura.listModels()).change === null)
  expect(await ask(kura, 'pressure of machine M5')).toEqual({ best: 'm5.pdf', byVector: true, degraded: [] })
})

it('fills an index whose folder was deleted, and says what is missing meanwhile', async () => {
  const { former } = plant
  const settings = settingsWith(plant, former)
  await ingestMachines(settings, documents)
  await rm(path.join(plant.folder, 'index'), { recursive: true })
  former.delayMs = 1_000
  await using kura = await open(settings)
  await until(async () => (await kura.health()).degraded.includes('index_degraded'))
  expect((await kura.gauges()).indexMissing).toBeGreaterThan(0)
  await until(async () => (await search(kura, 'machine')).degraded.includes('index_incomplete'))
  former.delayMs = 0
  await until(async () => (await search(kura, 'pressure of machine M5')).degraded.length === 0)
  expect(await ask(kura, 'pressure of machine M5')).toEqual({ best: 'm5.pdf', byVector: true, degraded: [] })
  expect(await (await kura.index()).count()).toBe(documents)
})

it('takes a choice back, keeps what was built, and goes on with it when it is chosen again', async () => {
  const { former, newer } = plant
  const settings = settingsWith(plant, former)
  await ingestMachines(settings, documents)
  newer.delayMs = 300
  await using kura = await open(settings)
  await kura.chooseModel('embedding', newer.model)
  await until(async () => ((await indexOf(kura, newer))?.progress.done ?? 0) >= 3)
  expect(await kura.chooseModel('embedding', former.model)).toMatchObject({ takesEffect: 'at_once' })
  await until(async () => (await indexOf(kura, newer))?.state === 'kept')
  const built = (await indexOf(kura, newer))?.progress.done ?? 0
  expect(built).toBeLessThan(documents)
  expect(await answersWith(kura, former)).toBe(true)
  newer.delayMs = 0
  await kura.chooseModel('embedding', newer.model)
  await until(() => answersWith(kura, newer))
  expect(countPassages(newer)).toBeLessThanOrEqual(documents + 2)
})

it('refuses a choice that the environment would overrule, and one that names no model', async () => {
  await using kura = await open(settingsWith(plant, plant.former), { worker: false })
  await expect(kura.chooseModel('embedding', 'no-such-model')).rejects.toMatchObject({ code: 'model_unknown' })
  await expect(kura.chooseModel('embedding', plant.newer.url)).rejects.toMatchObject({ code: 'model_unknown' })
  await expect(kura.chooseModel('embedding', 'bge-m3')).rejects.toMatchObject({ code: 'model_missing' })
  await expect(kura.chooseModel('generation', 'bge-m3')).rejects.toMatchObject({ code: 'invalid_request' })
  const put = (role: string, body: object) =>
    createApp(kura).request(`http://127.0.0.1/api/models/${role}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  expect((await put('translation', { name: 'bge-m3' })).status).toBe(400)
  expect((await put('embedding', {})).status).toBe(400)
  expect(await (await put('embedding', { name: 'no-such-model' })).json()).toMatchObject({ code: 'model_unknown' })
  vi.stubEnv('KURA_EMBEDDING_MODEL', 'multilingual-e5-small')
  await expect(kura.chooseModel('embedding', plant.newer.model)).rejects.toMatchObject({ code: 'setting_invalid' })
})
