/** `kura doctor`, with and without `--rebuild-index`, as a process of its own; the embedding engine is a fake in this one. */
import { execFile } from 'node:child_process'
import { readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { announceServer } from '../../src/cli/running-server.ts'
import { createApp } from '../../src/http/create-app.ts'
import { startServer } from '../../src/http/server.ts'
import { ChunkIndex } from '../../src/store/chunk-index.ts'
import { createPlant, ingestMachines, open, type Plant, search, settingsWith } from './model-change-fixtures.ts'

const kuraBinary = fileURLToPath(new URL('../../bin/kura.mjs', import.meta.url))
const documents = 6
const failureSchema = z.object({ error: z.object({ code: z.string() }) })
const checksSchema = z.object({
  checks: z.array(z.object({ name: z.string(), state: z.string(), detail: z.string(), remedy: z.string().optional() })),
})

let plant: Plant
beforeEach(async () => {
  plant = await createPlant()
  await ingestMachines(settingsWith(plant, plant.former), documents)
})
afterEach(() => plant[Symbol.asyncDispose]())

const kura = (...args: string[]): Promise<{ exitCode: number; output: unknown }> =>
  new Promise((resolve) => {
    const [url = '', name = ''] = plant.former.model.split('#')
    const env = {
      PATH: process.env.PATH,
      KURA_DATA: plant.folder,
      KURA_GENERATION_MODEL: 'none',
      KURA_EMBEDDING_URL: url,
      KURA_EMBEDDING_MODEL: name,
    }
    execFile(process.execPath, [kuraBinary, ...args, '--json'], { env, timeout: 300_000 }, (error, stdout) =>
      resolve({ exitCode: error ? Number(error.code) : 0, output: JSON.parse(stdout) }),
    )
  })

const checkOf = async (name: string) => {
  const { output } = await kura('doctor')
  return checksSchema.parse(output).checks.find((check) => check.name === name)
}

it('makes an index anew that can not be opened any more, and compares it with the ledger', async () => {
  const index = path.join(plant.folder, 'index')
  expect(await checkOf('index')).toMatchObject({
    state: 'ok',
    detail: expect.stringMatching(/^6 chunks of 6 documents/),
  })
  for (const file of await readdir(index, { recursive: true })) {
    if (file.endsWith('.manifest')) await writeFile(path.join(index, file), 'not a manifest')
  }
  expect(await checkOf('index')).toMatchObject({ state: 'failed' })
  expect(await kura('doctor', '--rebuild-index')).toEqual({
    exitCode: 0,
    output: { documents, rows: documents, missing: 0, wrong: 0, orphans: 0 },
  })
  expect(await checkOf('index')).toMatchObject({ state: 'ok' })
  await using opened = await open(settingsWith(plant, plant.former), { worker: false })
  expect((await search(opened, 'pressure of machine M4')).passages[0]?.documentName).toBe('m4.pdf')
})

it('tells of rows that are missing, and of tables that nothing is answered from', async () => {
  await rm(path.join(plant.folder, 'index'), { recursive: true })
  await using opened = await open(settingsWith(plant, plant.former), { worker: false })
  const other = { fingerprint: 'url_other/chunker-1/350-tokens', dimensions: 48 }
  await using kept = await ChunkIndex.open(opened.settings.indexUri, other)
  expect(await kept.count()).toBe(0)
  await opened.ledger.indexes.register({ ...other, model: 'bge-m3' })
  expect(await checkOf('unused tables of the index')).toMatchObject({
    detail: expect.stringMatching(/^bge-m3: \d+ MB in /),
  })
  expect(await checkOf('index')).toMatchObject({
    state: 'warning',
    detail: expect.stringContaining('6 have other counts'),
  })
})

it('refuses while a server works on the data folder, before anything is lost', async () => {
  const settings = { ...settingsWith(plant, plant.former), port: 0 }
  await using opened = await open(settings, { worker: false })
  await using server = await startServer(createApp(opened), { host: '127.0.0.1', port: 0 })
  await using _announced = await announceServer(settings, server.url)
  const { exitCode, output } = await kura('doctor', '--rebuild-index')
  expect(exitCode).toBe(1)
  expect(failureSchema.parse(output).error.code).toBe('data_busy')
  expect((await search(opened, 'pressure of machine M4')).passages[0]?.documentName).toBe('m4.pdf')
})

it('refuses where the model of the index can not be had, before anything is lost', async () => {
  await plant.former[Symbol.asyncDispose]()
  const { exitCode, output } = await kura('doctor', '--rebuild-index')
  expect(exitCode).toBe(1)
  expect(failureSchema.parse(output).error.code).toBe('model_unavailable')
  await using opened = await open(settingsWith(plant, plant.former), { worker: false })
  expect((await search(opened, 'pressure of machine M4')).passages[0]?.documentName).toBe('m4.pdf')
})
