import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import type { CollectionId } from '../../src/core/ids.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import { manual, openStores, type Stores, upload } from './ingest-fixtures.ts'

const kills = 50
/** From the child's first step to its end: before, in and after each stage of the documents. */
const longestLifeMs = 700
/** Documents that wait at a time, so that no kill comes when all is done. */
const backlog = 4

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const prepare = async (): Promise<{ folder: string; stores: Stores }> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'kura-kill-'))
  const stores = await openStores(folder)
  cleanups.push(
    () => rm(folder, { recursive: true, force: true }),
    async () => stores[Symbol.asyncDispose](),
  )
  return { folder, stores }
}

/** One of 12 to 62 pages, another one for each number. */
const bring = (stores: Stores, number: number) =>
  upload(stores, `machine ${number}.pdf`, manual(`machine ${number}`, 12 + 10 * (number % 6)))

const start = async (folder: string): Promise<ChildProcess> => {
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), fileURLToPath(new URL('./ingest-child.ts', import.meta.url)), folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  cleanups.push(async () => child.kill('SIGKILL'))
  if (child.stdout) await once(child.stdout, 'data')
  return child
}

const exitOf = async (child: ChildProcess): Promise<number | null> =>
  child.exitCode ?? (child.signalCode === null ? (await once(child, 'exit'))[0] : null)

/** Every row as the document's name, its place, its text and its vector: what does not depend on the run. */
const rowsOf = async ({ index, ledger }: Stores): Promise<Record<string, unknown>> => {
  const [collection] = await ledger.collections.list(admin)
  const scope = { collectionIds: [collection?.id as CollectionId], limit: 10_000 }
  const found = await index.vectorSearch(
    Float32Array.from({ length: 8 }, (_, i) => (i === 0 ? 1 : 0)),
    scope,
  )
  const vectors = await index.vectorsOf(found.map(({ chunk }) => chunk.id))
  return Object.fromEntries(
    found.map(({ chunk }) => {
      const { id, documentId: _, revisionId: __, collectionId: ___, ...rest } = chunk
      return [`${chunk.documentName} ${chunk.ordinal}`, { ...rest, vector: [...(vectors.get(id) ?? [])] }]
    }),
  )
}

const publishedChunks = async ({ ledger }: Stores): Promise<number[]> => {
  const { documents } = await ledger.documents.list(admin, { limit: 200 })
  return documents.filter(({ status }) => status === 'ready').map(({ chunks }) => chunks)
}

it('ends with the same rows as an undisturbed run, however often its process is killed', async () => {
  const { folder, stores } = await prepare()
  const random = seededRandom(1)
  let brought = 0
  for (let kill = 0; kill < kills; kill += 1) {
    const done = (await publishedChunks(stores)).length
    while (brought < done + backlog) await bring(stores, brought++)
    const child = await start(folder)
    await sleep(random() * longestLifeMs)
    child.kill('SIGKILL')
    await exitOf(child)
    // What answers is whole at every moment.
    const counted = await stores.index.countByRevision()
    for (const [id, chunks] of await stores.ledger.indexes.expectedChunks(stores.target.fingerprint))
      expect(counted.get(id)).toBe(chunks)
  }
  expect(await exitOf(await start(folder))).toBe(0)
  expect(await publishedChunks(stores)).toHaveLength(brought)

  const calm = await prepare()
  for (let number = 0; number < brought; number += 1) await bring(calm.stores, number)
  expect(await exitOf(await start(calm.folder))).toBe(0)
  const expected = await rowsOf(calm.stores)
  expect(Object.keys(expected).length).toBeGreaterThan(100)
  expect(await rowsOf(stores)).toEqual(expected)
}, 900_000)
