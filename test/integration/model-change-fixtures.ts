/** What the tests of a changing index share: documents of machines, a data folder, and a Kura on engines without a model. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { IngestionWorker } from '../../ingest/worker.ts'
import { resolveSettings, type Settings } from '../../src/config/settings.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { type Kura, openKura, scratchFolderOf } from '../../src/kura.ts'
import { FakeEngine } from './fake-engine.ts'
import { fakeParse, fakeReadPages } from './ingest-fixtures.ts'

export interface Plant extends AsyncDisposable {
  readonly folder: string
  readonly former: FakeEngine
  readonly newer: FakeEngine
}

export const createPlant = async (): Promise<Plant> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'kura-change-'))
  const former = await FakeEngine.start('former', 32)
  const newer = await FakeEngine.start('newer', 48)
  const dispose = async (): Promise<void> => {
    await former[Symbol.asyncDispose]()
    await newer[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  }
  return { folder, former, newer, [Symbol.asyncDispose]: dispose }
}

/** The settings that wish for this engine's model. */
export const settingsWith = ({ folder }: Plant, engine: FakeEngine, env: Record<string, string> = {}): Settings => {
  const [url = '', name = ''] = engine.model.split('#')
  const common = { KURA_DATA: folder, KURA_GENERATION_MODEL: 'none', KURA_LOG_LEVEL: 'silent' }
  return resolveSettings({ ...common, KURA_EMBEDDING_URL: url, KURA_EMBEDDING_MODEL: name, ...env })
}

export const open = (settings: Settings, options: { worker: boolean } = { worker: true }): Promise<Kura> =>
  openKura(settings, { embedding: true, generation: false, worker: options.worker })

export const textOf = (i: number): string =>
  `# Machine M${i}\n\nThe pressure of machine M${i} is ${i * 7} bar.\n\nIts valve V${i} opens at ${i * 3} degrees.`

/** So many documents embed their passages; a question has no valve. */
export const countPassages = ({ texts }: FakeEngine): number => texts.filter((text) => text.includes('valve')).length

export const store = async (kura: Kura, name: string, text: string): Promise<void> => {
  const [known] = await kura.ledger.collections.list(admin)
  const { id } = known ?? (await kura.ledger.collections.create(admin, { name: 'Machines' }))
  await kura.intake.receive(admin, { collectionId: id, name, stream: Readable.from([Buffer.from(text)]) })
}

/** Ingests in this process, without a parser process for each file. */
export const runWorker = async (kura: Kura, target: Awaited<ReturnType<Kura['target']>>): Promise<void> => {
  const settings = { ...kura.settings, scratchFolder: scratchFolderOf(kura.settings) }
  const worker = new IngestionWorker({ ...kura, target, settings, parse: fakeParse, readPages: fakeReadPages })
  await worker.runUntilIdle(new AbortController().signal)
}

/** The documents m1.pdf to m<count>.pdf. */
export const ingestMachines = async (settings: Settings, count: number): Promise<void> => {
  await using kura = await open(settings, { worker: false })
  for (let i = 1; i <= count; i += 1) await store(kura, `m${i}.pdf`, textOf(i))
  await runWorker(kura, await kura.target())
}

export const search = async (kura: Kura, query: string, mode: 'hybrid' | 'vector' | 'text' = 'hybrid') => {
  const collectionIds = await kura.ledger.collections.readable(admin)
  return kura.retriever.search(admin, { query, collectionIds, limit: 5, mode })
}

/** What a question finds: the best document, the lanes that it was found by, and what did not work. */
export const ask = async (kura: Kura, question: string, mode: 'hybrid' | 'vector' = 'hybrid') => {
  const { passages, degraded } = await search(kura, question, mode)
  const [best] = passages
  return { best: best?.documentName, byVector: best?.scores.vector !== undefined, degraded }
}

export const until = async (isTrue: () => Promise<boolean>): Promise<void> => {
  while (!(await isTrue())) await sleep(50)
}

export const indexOf = async (kura: Kura, { model }: FakeEngine) =>
  (await kura.listModels()).indexes.find((index) => index.model === model)

/** Whether questions are answered with this engine, from its index. */
export const answersWith = async (kura: Kura, engine: FakeEngine): Promise<boolean> => {
  if (kura.engines.answering.name !== engine.model) return false
  return (await indexOf(kura, engine))?.active === true
}
