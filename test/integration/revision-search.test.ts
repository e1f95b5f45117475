/** Retrieval over controlled revisions, on a real ledger and a real index: what is in force is found, whatever else is more alike. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { KuraError } from '../../src/core/errors.ts'
import type { DocumentId } from '../../src/core/ids.ts'
import { localAdministrator as admin } from '../../src/core/principal.ts'
import { defaultRankingParameters } from '../../src/retrieval/ranking-parameters.ts'
import { Retriever, type SearchRequest } from '../../src/retrieval/retriever.ts'
import { ChunkIndex } from '../../src/store/chunk-index.ts'
import { TermEmbedder } from '../unit/fakes.ts'
import { makeChunk, publication, sha256Of } from './store-documents.ts'
import { closeAfterTest, makeFolder, openLedger } from './store-fixtures.ts'

const day = (number: number): Date => new Date(Date.UTC(2025, 0, number))

const setUp = async () => {
  const { ledger, collectionId } = await openLedger()
  const embedder = new TermEmbedder()
  const { fingerprint, dimensions } = await embedder.info()
  const index = closeAfterTest(await ChunkIndex.open(join(await makeFolder(), 'index'), { fingerprint, dimensions }))
  const retriever = new Retriever({
    ledger,
    index: async () => index,
    embedder,
    parameters: () => defaultRankingParameters,
  })
  /** A revision whose chunks are the given texts; published unless it is left half-way. */
  const add = async (
    name: string,
    texts: readonly string[],
    said: { revisionOf?: DocumentId | undefined; effectiveFrom?: string; draft?: boolean; publish?: boolean } = {},
  ) => {
    const { publish = true, ...rest } = said
    const values = { collectionId, name, sha256: sha256Of(texts.join()), bytes: 1, ...rest }
    const { documentId, revisionId } = await ledger.documents.create(admin, values)
    const vectors = await embedder.embedPassages(texts.map((text) => ({ title: name, text })))
    const rows = texts.map((text, ordinal) => {
      const of = { revision: revisionId, collection: collectionId, ordinal, documentName: name }
      return { chunk: makeChunk(text, of), vector: vectors[ordinal] as Float32Array }
    })
    await index.replaceRevision(revisionId, rows)
    if (publish) await ledger.documents.publish(revisionId, { ...publication, chunks: texts.length })
    return { documentId, revisionId }
  }
  const search = async (query: string, more: Partial<SearchRequest> = {}) =>
    (await retriever.search(admin, { query, collectionIds: [collectionId], limit: 10, ...more })).passages
  return { ledger, collectionId, index, embedder, add, search }
}

const query = 'What is the clamping pressure of the press?'
const value = (bar: number): string => `The clamping pressure of the press is ${bar} bar.`

describe('seven versions of one manual', () => {
  const versions = [1, 2, 3, 4, 5, 6, 7]

  it.each(['hybrid', 'vector', 'text'] as const)(
    'answer with the value in force only, and with each of the others as of its time: %s',
    async (mode) => {
      const { add, search } = await setUp()
      let documentId: DocumentId | undefined
      for (const version of versions) {
        const effectiveFrom = day(version * 10).toISOString()
        const texts = [value(100 + version), `Version ${version}: oil the guide rails.`]
        documentId = (await add('press.pdf', texts, { revisionOf: documentId, effectiveFrom })).documentId
      }
      const pressures = async (at?: Date) =>
        (await search(query, { mode, at }))
          .map(({ text, revision }) => `${revision}: ${/\d{3}(?= bar)/.exec(text)?.[0] ?? ''}`)
          .filter((text) => /\d{3}/.test(text))
      expect(await pressures()).toEqual(['7: 107'])
      for (const version of versions)
        expect(await pressures(day(version * 10 + 5))).toEqual([`${version}: ${100 + version}`])
      expect(await pressures(day(5))).toEqual([])
    },
  )

  it.each(['hybrid', 'vector', 'text'] as const)(
    'find the one in force also where more old hits than are ever looked at are nearer: %s',
    async (mode) => {
      const { add, search } = await setUp()
      const old = Array.from({ length: 70 }, (_, i) => `What is the clamping pressure of the press? ${i}`)
      const { documentId } = await add('press.pdf', old, { effectiveFrom: day(1).toISOString() })
      await add(
        'press.pdf',
        ['Pressure: 140 bar, see the plate beside the valve block and the log book of the line.'],
        {
          revisionOf: documentId,
        },
      )
      expect((await search(query, { mode })).map(({ text }) => text)).toEqual([expect.stringContaining('140 bar')])
      expect(await search(query, { mode, at: day(2) })).toHaveLength(10)
    },
  )
})

describe('what does not answer', () => {
  it('is what is withdrawn, a draft, scheduled, deleted or only half published, from the moment the ledger says so', async () => {
    const { ledger, add, search } = await setUp()
    const texts = async (at?: Date) => (await search(query, { at })).map(({ text }) => text)
    const { documentId, revisionId } = await add('a.pdf', [value(1)])
    await add('draft.pdf', [value(2)], { draft: true })
    await add('scheduled.pdf', [value(3)], { effectiveFrom: '2999-01-01T00:00:00.000Z' })
    await add('half.pdf', [value(4)], { publish: false })
    const gone = await add('gone.pdf', [value(5)])
    await ledger.documents.remove(admin, gone.documentId)
    expect(await texts()).toEqual([value(1)])
    expect((await texts(new Date('2999-02-01'))).sort()).toEqual([value(1), value(3)])
    await ledger.revisions.update(admin, documentId, revisionId, { validity: 'withdrawn' })
    expect(await texts()).toEqual([])
    await ledger.revisions.update(admin, documentId, revisionId, { validity: 'effective' })
    expect(await texts()).toEqual([value(1)])
  })

  it('does not take the place of what does, though the ledger has not told the search beforehand', async () => {
    const { ledger, add, search } = await setUp()
    const crowd = Array.from({ length: 70 }, (_, i) => `What is the clamping pressure of the press? ${i}`)
    await add('half.pdf', crowd, { publish: false })
    const gone = await add(
      'gone.pdf',
      crowd.map((text) => `${text} again`),
    )
    await ledger.documents.remove(admin, gone.documentId)
    await add('a.pdf', ['Pressure: 140 bar, see the plate beside the valve block.'])
    expect(await search(query)).toMatchObject([{ documentName: 'a.pdf' }])
  })
})

describe('where a passage stands', () => {
  it('is told with revision, sheet and cells', async () => {
    const { ledger, add, search } = await setUp()
    const text = value(77)
    const { revisionId } = await add('settings.xlsx', [text])
    const page = { outcome: { method: 'text' }, blocks: [], lines: [], text: ''.padEnd(200) } as const
    const cells = [
      { start: 0, end: 10, cells: 'A1:D1' },
      { start: 10, end: 30, cells: 'A5:D5' },
      { start: 30, end: 90, cells: 'A6:C6' },
      { start: 90, end: 120, cells: 'A9:D9' },
    ]
    await ledger.pages.save(revisionId, [{ ...page, number: 3, label: 'Settings', cells }])
    const [found] = await search(query)
    expect(found).toMatchObject({
      revisionId,
      revision: '1',
      pageLabels: [{ page: 3, label: 'Settings' }],
      segmentCells: ['A5:D6'],
      segmentBoxes: [[]],
    })
  })
})

it('goes on with words where the embedding engine fails, and says so', async () => {
  const { ledger, collectionId, index, add } = await setUp()
  await add('a.pdf', [value(1)])
  const embedder = new TermEmbedder()
  embedder.embedQueries = () => Promise.reject(new KuraError('model_unavailable', 'down'))
  const retriever = new Retriever({
    ledger,
    index: async () => index,
    embedder,
    parameters: () => defaultRankingParameters,
  })
  const request = { query, collectionIds: [collectionId], limit: 3 }
  expect(await retriever.search(admin, request)).toMatchObject({
    passages: [{ text: value(1) }],
    degraded: ['model_unavailable'],
  })
  const vectorOnly = retriever.search(admin, { ...request, mode: 'vector' })
  await expect(vectorOnly).rejects.toMatchObject({ code: 'model_unavailable' })
})
