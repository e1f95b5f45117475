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
import { manual, openStores, type Stores, upload } from './ingest-fixtures.ts'

const names = ['press', 'lathe', 'drill', 'saw', 'mill', 'oven']
const kills = 50
/** From the child's first step to its end: before, in and after each stage of the documents. */
const longestLifeMs = 500

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
  for (const [i, name] of names.entries()) await upload(stores, `${name}.pdf`, manual(name, 12 + 10 * i))
  return { folder, stores }
}

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
  const { documents } = await ledger.documents.list(admin)
  return documents.filter(({ status }) => status === 'ready').map(({ chunks }) => chunks)
}

it('ends with the same rows as an undisturbed run, however often its process is killed', async () => {
  const calm = await prepare()
  expect(await exitOf(await start(calm.folder))).toBe(0)
  const expected = await rowsOf(calm.stores)
  expect(Object.keys(expected).length).toBeGreaterThan(200)

  const { folder, stores } = await prepare()
  let interrupted = 0
  for (let kill = 0; kill < kills; kill += 1) {
    const child = await start(folder)
    await sleep(Math.random() * longestLifeMs)
    child.kill('SIGKILL')
    await exitOf(child)
    if ((await publishedChunks(stores)).length < names.length) interrupted += 1
    // What answers is whole at every moment.
    const counted = await stores.index.countByRevision()
    for (const [id, chunks] of await stores.ledger.indexes.expectedChunks(stores.target.fingerprint))
      expect(counted.get(id)).toBe(chunks)
  }
  // On a fast machine the last ones come when all is done.
  expect(interrupted).toBeGreaterThanOrEqual(names.length)
  expect(await exitOf(await start(folder))).toBe(0)
  expect(await publishedChunks(stores)).toHaveLength(names.length)
  expect(await rowsOf(stores)).toEqual(expected)
}, 240_000)
