/** Another embedding model is chosen while questions are asked: real stores, a real worker process, engines without a model. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createApp } from '../../src/http/create-app.ts'
import type { Kura } from '../../src/kura.ts'
import type { FakeEngine } from './fake-engine.ts'
import {
  answersWith,
  countPassages,
  createPlant,
  indexOf,
  ingestMachines,
  open,
  type Plant,
  search,
  settingsWith,
  store,
  until,
} from './model-change-fixtures.ts'

const documents = 40

let plant: Plant
beforeEach(async () => {
  plant = await createPlant()
})
afterEach(() => plant[Symbol.asyncDispose]())

/** Asks without a break, in all modes, until it is disposed; what went wrong is kept. */
const askAllTheWhile = (kura: Kura): { asked: number; failures: unknown[] } & AsyncDisposable => {
  const result = { asked: 0, failures: [] as unknown[] }
  let isDone = false
  const asking = (async () => {
    for (let i = 1; !isDone; i = (i % documents) + 1) {
      try {
        const { passages, degraded } = await search(
          kura,
          `pressure of machine M${i}`,
          i % 2 === 0 ? 'vector' : 'hybrid',
        )
        if (passages.length === 0) result.failures.push(`nothing was found for M${i}`)
        if (degraded.length > 0) result.failures.push(degraded)
        if (i % 2 === 1 && passages[0]?.documentName !== `m${i}.pdf`)
          result.failures.push(`M${i}: ${passages[0]?.documentName}`)
      } catch (error) {
        result.failures.push(error)
      }
      result.asked += 1
      await sleep(5)
    }
  })()
  return Object.assign(result, {
    [Symbol.asyncDispose]: async () => {
      isDone = true
      await asking
    },
  })
}

/** The process that may write the index. */
const workerPid = async (kura: Kura): Promise<number> => {
  const pid = Number.parseInt((await kura.ledger.leases.holder('index-writer')) ?? '', 10)
  if (pid > 0 && pid !== process.pid) return pid
  throw new Error('No worker holds the lease.')
}

it('builds the other index while the former answers every question, goes on after a kill, takes over, and goes back', async () => {
  const { former, newer, folder } = plant
  const settings = settingsWith(plant, former)
  await ingestMachines(settings, documents)
  newer.delayMs = 150
  await using kura = await open(settings)
  await using asking = askAllTheWhile(kura)
  const app = createApp(kura)
  const choose = (engine: FakeEngine) =>
    app.request('http://127.0.0.1/api/models/embedding', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: engine.model }),
    })
  const chosen = await choose(newer)
  expect(await chosen.json()).toEqual({ role: 'embedding', name: newer.model, takesEffect: 'when_built' })

  await until(async () => ((await indexOf(kura, newer))?.progress.done ?? 0) >= 10)
  const building = await kura.listModels()
  expect(building.change).toMatchObject({
    model: newer.model,
    detail: expect.stringMatching(/^building \d+ of 40 documents$/),
  })
  expect(building.indexes.map(({ state }) => state)).toEqual(['building', 'answering'])
  process.kill(await workerPid(kura), 'SIGKILL')
  await until(() => answersWith(kura, newer))
  // What was under way at the kill is embedded once more.
  expect(countPassages(newer)).toBeGreaterThanOrEqual(documents)
  expect(countPassages(newer)).toBeLessThan(documents + 5)
  expect((await search(kura, 'valve V8 degrees')).passages[0]?.documentName).toBe('m8.pdf')

  // What comes in meanwhile is in the former index only after going back.
  await store(kura, 'late.md', '# Machine M99\n\nThe pressure of machine M99 is 693 bar.\n')
  await until(async () => (await search(kura, 'machine M99')).passages[0]?.documentName === 'late.md')
  const before = countPassages(former)
  await choose(former)
  await until(() => answersWith(kura, former))
  expect(countPassages(former)).toBe(before)
  expect((await search(kura, 'machine M99')).passages[0]?.documentName).toBe('late.md')
  expect(JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8'))).toMatchObject({
    embeddingModel: 'former',
    embeddingUrl: former.url,
  })
  await asking[Symbol.asyncDispose]()
  expect(asking.failures).toEqual([])
  expect(asking.asked).toBeGreaterThan(100)
})
