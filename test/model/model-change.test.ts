/** A change of the real embedding model: two model host processes, a killed worker, questions all the while, and the way back. */
import { appendFile, copyFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { IngestionWorker } from '../../ingest/worker.ts'
import { resolveSettings } from '../../src/config/settings.ts'
import type { Answer } from '../../src/core/answer.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { type Kura, openKura, scratchFolderOf } from '../../src/kura.ts'
import { fakeParse, fakeReadPages } from '../integration/ingest-fixtures.ts'
import { createTempFolder, embeddingModel } from './model-host-fixture.ts'

const documents = 12

const textOf = (i: number): string =>
  [
    `# Press P${i}`,
    `The pressure of press P${i} is ${i * 7} bar. Check the gauge before each shift and write the value down.`,
    `The oil of press P${i} is changed after ${i * 100} hours. Use only the oil that the plate names.`,
    `Lock the main switch of press P${i} with lock L${i} before the guard is opened.`,
  ].join('\n\n')

const ingest = async (kura: Kura): Promise<void> => {
  const { id } = await kura.ledger.collections.create(admin, { name: 'Presses' })
  for (let i = 1; i <= documents; i += 1) {
    const stream = Readable.from([Buffer.from(textOf(i))])
    await kura.intake.receive(admin, { collectionId: id, name: `p${i}.pdf`, stream })
  }
  const settings = { ...kura.settings, scratchFolder: scratchFolderOf(kura.settings) }
  const target = await kura.target()
  const worker = new IngestionWorker({ ...kura, settings, target, parse: fakeParse, readPages: fakeReadPages })
  await worker.runUntilIdle(new AbortController().signal)
}

const answerTo = async (kura: Kura, question: string): Promise<Answer | undefined> => {
  const collectionIds = await kura.ledger.collections.readable(admin)
  for await (const event of kura.answerer.ask(admin, { question, collectionIds })) {
    if (event.type === 'answer') return event.answer
  }
  return undefined
}

/** Asks without a break until it is disposed; what went wrong is kept. */
const askAllTheWhile = (kura: Kura): { asked: number; failures: unknown[] } & AsyncDisposable => {
  const result = { asked: 0, failures: [] as unknown[] }
  let isDone = false
  const asking = (async () => {
    for (let i = 1; !isDone; i = (i % documents) + 1) {
      try {
        const answer = await answerTo(kura, `What is the pressure of press P${i}?`)
        if (answer?.status !== 'answered' || answer.degraded.length > 0) result.failures.push(answer?.degraded ?? i)
        else if (answer.passages[0]?.documentName !== `p${i}.pdf`)
          result.failures.push(answer.passages[0]?.documentName)
      } catch (error) {
        result.failures.push(error)
      }
      result.asked += 1
    }
  })()
  return Object.assign(result, {
    [Symbol.asyncDispose]: async () => {
      isDone = true
      await asking
    },
  })
}

const until = async (isTrue: () => Promise<boolean>): Promise<void> => {
  while (!(await isTrue())) await sleep(100)
}

const indexOf = async (kura: Kura, model: string) =>
  (await kura.listModels()).indexes.find((index) => index.model === model)

const answersWith = async (kura: Kura, model: string): Promise<boolean> =>
  kura.engines.answering.name === model && (await indexOf(kura, model))?.active === true

const killWorker = async (kura: Kura): Promise<void> => {
  const pid = Number.parseInt((await kura.ledger.leases.holder('index-writer')) ?? '', 10)
  if (!(pid > 0) || pid === process.pid) throw new Error('No worker holds the lease.')
  process.kill(pid, 'SIGKILL')
}

it('answers every question while another model takes over in a host of its own, and while the former one comes back', async () => {
  await using temp = await createTempFolder()
  const { folder } = temp
  // Another file with the same weights: another fingerprint, and no prompts, as the catalog does not know it.
  const other = path.join(folder, 'other.gguf')
  await copyFile(embeddingModel.path, other)
  await appendFile(other, Buffer.alloc(32))
  const settings = resolveSettings({ KURA_DATA: folder, KURA_GENERATION_MODEL: 'none', KURA_LOG_LEVEL: 'silent' })
  const roles = { embedding: true, generation: false }
  {
    await using kura = await openKura(settings, { ...roles, worker: false })
    await kura.engines.ready()
    await ingest(kura)
  }
  await using kura = await openKura(settings, { ...roles, worker: true })
  await kura.engines.ready()
  await using asking = askAllTheWhile(kura)
  expect(await kura.chooseModel('embedding', other)).toMatchObject({ name: other, takesEffect: 'when_built' })
  await until(async () => ((await indexOf(kura, other))?.progress.done ?? 0) >= 3)
  await killWorker(kura)
  const built = (await indexOf(kura, other))?.progress.done ?? 0
  await until(async () => {
    const done = (await indexOf(kura, other))?.progress.done ?? 0
    if (done < built) asking.failures.push(`from ${built} back to ${done}`)
    return answersWith(kura, other)
  })
  expect((await kura.listModels()).change).toBeNull()

  await kura.chooseModel('embedding', embeddingModel.name)
  await until(() => answersWith(kura, embeddingModel.name))
  // What was left of the change is cleared away: one host, with the model that answers.
  await until(async () => kura.engines.isSettled)
  await until(async () => (await readdir(folder)).filter((name) => name.endsWith('.sock')).length === 1)
  await asking[Symbol.asyncDispose]()
  expect(asking.failures).toEqual([])
  expect(asking.asked).toBeGreaterThan(20)
}, 900_000)
