import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { ChunkId, CollectionId, RevisionId } from '../../src/core/ids.ts'
import { questionTerms, searchTerms } from '../../src/core/search-terms.ts'
import { ChunkIndex } from '../../src/store/chunk-index.ts'
import { type EmbeddedChunk, tableNameOf } from '../../src/store/chunk-table.ts'
import { makeChunk } from './store-documents.ts'
import { closeAfterTest, codeOf, makeFolder, startChild } from './store-fixtures.ts'

const model = { fingerprint: 'model-a', dimensions: 4 }
const press = 'col_press' as CollectionId
const other = 'col_other' as CollectionId

const openIndex = async (uri?: string): Promise<{ index: ChunkIndex; uri: string }> => {
  const folder = uri ?? join(await makeFolder(), 'index')
  return { index: closeAfterTest(await ChunkIndex.open(folder, model)), uri: folder }
}

/** Rows of one revision; the texts point in directions that differ. */
const rowsOf = (revision: string, texts: readonly string[], collection: CollectionId = press): EmbeddedChunk[] =>
  texts.map((text, ordinal) => ({
    chunk: makeChunk(text, { revision, collection, ordinal }),
    vector: Float32Array.of(Math.cos(ordinal), Math.sin(ordinal), 0, 0),
  }))

const rev = (name: string): RevisionId => name as RevisionId
const all = { collectionIds: [press, other], limit: 10 }
const textsOf = (found: readonly { chunk: { text: string } }[]): string[] => found.map(({ chunk }) => chunk.text)

const manuals = [
  'Lock out the press before you open the guard.',
  '油壓機每五百小時要更換液壓油濾芯，並檢查壓力。',
  '点検の際は、必ず安全カバーを閉じてから電源を入れてください。',
  'Replace the seal kit PPR-9087 and tighten the M8x1.25 bolts.',
  '报警代码 E-204 表示油温过高。',
  'ＦＵＬＬＷＩＤＴＨ part ＡＢ－１２３ must be ordered.',
]

describe('replacing the chunks of a revision', () => {
  it('counts what lies in the index, and leaves other revisions alone', async () => {
    const { index } = await openIndex()
    expect(await index.replaceRevision(rev('r1'), rowsOf('r1', ['a', 'b', 'c']))).toBe(3)
    expect(await index.replaceRevision(rev('r2'), rowsOf('r2', ['d']))).toBe(1)
    expect(await index.replaceRevision(rev('r1'), rowsOf('r1', ['A', 'b']))).toBe(2)
    expect(await index.countByRevision()).toEqual(
      new Map([
        ['r1', 2],
        ['r2', 1],
      ]),
    )
    expect(await index.count()).toBe(3)
    expect(textsOf(await index.termSearch('search_text', ['a'], all))).toEqual(['A'])
    expect(await index.replaceRevision(rev('r1'), [])).toBe(0)
    expect(await index.countByRevision()).toEqual(new Map([['r2', 1]]))
  })

  it('gives back the chunk as it was', async () => {
    const { index } = await openIndex()
    const [row] = rowsOf('r1', ['「引用」 "quotes" \\ \n 👩‍🔧'])
    await index.replaceRevision(rev('r1'), row ? [row] : [])
    const [found] = await index.vectorSearch(Float32Array.of(1, 0, 0, 0), all)
    expect(found?.chunk).toEqual(row?.chunk)
    expect(found?.score).toBeCloseTo(1, 5)
  })

  it('has the same result when it is done several times at once, also through two connections', async () => {
    const { index, uri } = await openIndex()
    const { index: second } = await openIndex(uri)
    const rows = rowsOf('r1', manuals)
    await Promise.all(Array.from({ length: 8 }, (_, i) => (i % 2 ? index : second).replaceRevision(rev('r1'), rows)))
    expect(await index.count()).toBe(manuals.length)
    expect(await second.countByRevision()).toEqual(new Map([['r1', manuals.length]]))
  })

  it('is seen at once by a reader that was opened before', async () => {
    const { index, uri } = await openIndex()
    const { index: reader } = await openIndex(uri)
    expect(await reader.termSearch('search_text', ['seal'], all)).toEqual([])
    await index.replaceRevision(rev('r1'), rowsOf('r1', manuals))
    expect(await reader.termSearch('search_text', ['seal'], all)).toHaveLength(1)
    await index.removeRevisions([rev('r1'), rev('unknown')])
    expect(await reader.termSearch('search_text', ['seal'], all)).toEqual([])
    expect(await reader.count()).toBe(0)
  })

  it('refuses vectors that are not of the model, and chunks that are another revision or twice the same', async () => {
    const { index } = await openIndex()
    const [row] = rowsOf('r1', ['a']) as [EmbeddedChunk]
    const put = (...rows: EmbeddedChunk[]) => codeOf(index.replaceRevision(rev('r1'), rows))
    expect(await put({ ...row, vector: Float32Array.of(1, 0, 0) })).toBe('embedding_mismatch')
    expect(await put({ ...row, vector: Float32Array.of(1, 0, 0, 0, 0) })).toBe('embedding_mismatch')
    expect(await put({ ...row, vector: Float32Array.of(Number.NaN, 0, 0, 0) })).toBe('internal')
    expect(await put(...rowsOf('r2', ['a']))).toBe('internal')
    expect(await put(row, row)).toBe('internal')
    expect(await index.count()).toBe(0)
    expect(await codeOf(index.vectorSearch(Float32Array.of(1, 0), all))).toBe('embedding_mismatch')
  })
})

describe('vector search', () => {
  it('finds the nearest first, by cosine', async () => {
    const { index } = await openIndex()
    await index.replaceRevision(rev('r1'), rowsOf('r1', ['0', '1', '2', '3']))
    const found = await index.vectorSearch(Float32Array.of(Math.cos(1.1) * 7, Math.sin(1.1) * 7, 0, 0), {
      ...all,
      limit: 3,
    })
    expect(textsOf(found)).toEqual(['1', '2', '0'])
    expect(found.map(({ score }) => score)).toEqual([0.1, 0.9, 1.1].map((angle) => expect.closeTo(Math.cos(angle), 4)))
  })

  it('looks at the collections that it is given only, before it counts to the limit', async () => {
    const { index } = await openIndex()
    await index.replaceRevision(
      rev('near'),
      rowsOf('near', Array.from({ length: 30 }, () => 'press').map(String), other).map((row) => ({
        ...row,
        vector: Float32Array.of(1, 0, 0, 0),
      })),
    )
    await index.replaceRevision(rev('far'), rowsOf('far', ['press', 'press far away'], press))
    const vector = Float32Array.of(1, 0, 0, 0)
    const within = { collectionIds: [press], limit: 2 }
    expect((await index.vectorSearch(vector, within)).map(({ chunk }) => chunk.revisionId)).toEqual(['far', 'far'])
    expect((await index.termSearch('search_text', ['press'], within)).map(({ chunk }) => chunk.revisionId)).toEqual([
      'far',
      'far',
    ])
    expect(await index.vectorSearch(vector, { collectionIds: [], limit: 2 })).toEqual([])
    expect(await index.termSearch('search_text', ['press'], { collectionIds: [], limit: 2 })).toEqual([])
    const hostile = { collectionIds: ["x') OR ('1'='1" as CollectionId], limit: 2 }
    expect(await index.vectorSearch(vector, hostile)).toEqual([])
  })

  it('does not look at revisions that are hidden, before it counts to the limit, though they are ten thousand', async () => {
    const { index } = await openIndex()
    const near = Float32Array.of(1, 0, 0, 0)
    const old = Array.from({ length: 60 }, (_, i) => `pressure 4${i} bar`)
    await index.replaceRevision(
      rev('old'),
      rowsOf('old', old).map((row) => ({ ...row, vector: near })),
    )
    await index.replaceRevision(rev('current'), rowsOf('current', ['pressure 99 bar, and much else besides']))
    const hidden = [rev('old'), rev("o'ld"), ...Array.from({ length: 10_000 }, (_, i) => rev(`rev_${i}`))]
    const scope = { ...all, limit: 5, hidden }
    const unscoped = await index.vectorSearch(near, { ...all, limit: 5 })
    expect(new Set(unscoped.map(({ chunk }) => chunk.revisionId))).toEqual(new Set(['old']))
    for (const found of [
      await index.vectorSearch(near, scope),
      await index.termSearch('search_text', ['pressure', 'bar'], scope),
    ])
      expect(found.map(({ chunk }) => chunk.revisionId)).toEqual(['current'])
    await index.optimize()
    expect(await index.termSearch('search_text', ['pressure'], scope)).toHaveLength(1)
    expect(await index.vectorSearch(near, { ...scope, languages: ['ja'] })).toEqual([])
  })

  it('gives back the vectors of chunks', async () => {
    const { index } = await openIndex()
    const rows = rowsOf('r1', ['a', 'b'])
    await index.replaceRevision(rev('r1'), rows)
    const vectors = await index.vectorsOf(['r1.1', 'r1.1', 'unknown'] as ChunkId[])
    expect(vectors).toEqual(new Map([['r1.1', rows[1]?.vector]]))
    expect(await index.vectorsOf([])).toEqual(new Map())
  })

  it('stops when it is asked to', async () => {
    const { index } = await openIndex()
    const aborted = index.vectorSearch(Float32Array.of(1, 0, 0, 0), { ...all, signal: AbortSignal.abort() })
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' })
    const controller = new AbortController()
    const searching = index.termSearch('search_text', ['a'], { ...all, signal: controller.signal })
    controller.abort()
    await expect(searching).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('full text search', () => {
  const cases: [string, number][] = [
    ['液壓油濾芯多久更換', 1],
    ['濾芯', 1],
    ['安全カバー', 2],
    ['電源', 2],
    ['PPR-9087', 3],
    ['ppr9087', 3],
    ['M8x1.25', 3],
    ['E-204', 4],
    ['油温过高', 4],
    ['AB-123', 5],
    ['ｆｕｌｌｗｉｄｔｈ', 5],
    ['guards', 0],
  ]

  it.each([false, true])(
    'finds Chinese and Japanese in mid-sentence, part numbers and full-width forms; optimised: %s',
    async (optimised) => {
      const { index } = await openIndex()
      await index.replaceRevision(rev('r1'), rowsOf('r1', manuals))
      if (optimised) await index.optimize()
      for (const [question, expected] of cases) {
        const [best] = await index.termSearch('search_text', questionTerms(question), all)
        expect([question, best?.chunk.ordinal]).toEqual([question, expected])
        expect(best?.score).toBeGreaterThan(0)
      }
    },
  )

  it('finds the name of the document and its headings too', async () => {
    const { index } = await openIndex()
    const chunk = makeChunk('Nothing of the kind.', {
      revision: 'r1',
      collection: press,
      documentName: '油圧プレス HP-200.pdf',
    })
    await index.replaceRevision(rev('r1'), [{ chunk, vector: Float32Array.of(1, 0, 0, 0) }])
    for (const question of ['プレス', 'HP-200', '点检', 'maintenance']) {
      expect([question, (await index.termSearch('search_text', searchTerms(question), all)).length]).toEqual([
        question,
        1,
      ])
    }
  })

  it('orders by how rare the terms are and how many are met', async () => {
    const { index } = await openIndex()
    await index.replaceRevision(rev('r1'), rowsOf('r1', ['pump pump', 'pump valve', 'pump', 'valve ring pump', 'oil']))
    const found = await index.termSearch('search_text', ['valve', 'ring'], all)
    expect(textsOf(found)).toEqual(['valve ring pump', 'pump valve'])
    expect(found[0]?.score).toBeGreaterThan(found[1]?.score ?? Number.POSITIVE_INFINITY)
  })

  it('takes any characters as words, never as operators or errors', async () => {
    const { index } = await openIndex()
    await index.replaceRevision(rev('r1'), rowsOf('r1', manuals))
    for (const term of [
      '"',
      "'",
      '(',
      'AND',
      '*',
      '~',
      '^',
      '\\',
      '%',
      '+-&&||!{}[]:/',
      '\u0000',
      '\uD800',
      '👩‍🔧',
      'x'.repeat(10_000),
    ]) {
      expect([term, await index.termSearch('search_text', [term], all)]).toEqual([term, []])
    }
    const noise = Array.from({ length: 5000 }, (_, i) => `w${i}`)
    expect(textsOf(await index.termSearch('search_text', [...noise, 'seal', '(', ' '], all))).toEqual([manuals[3]])
    expect(await index.termSearch('search_text', [], all)).toEqual([])
    expect(await index.termSearch('search_text', [' ', '\n'], all)).toEqual([])
  })
})

describe('opening an index', () => {
  it('with another fingerprint uses another table, and the first one is found again', async () => {
    const { index, uri } = await openIndex()
    await index.replaceRevision(rev('r1'), rowsOf('r1', ['a']))
    const second = closeAfterTest(await ChunkIndex.open(uri, { fingerprint: 'model-b', dimensions: 3 }))
    expect(await second.count()).toBe(0)
    const { index: again } = await openIndex(uri)
    expect(await again.count()).toBe(1)
    expect((await readdir(uri)).sort()).toEqual(
      ['model-a', 'model-b'].map((name) => `${tableNameOf(name)}.lance`).sort(),
    )
  })

  it('is refused where the dimensions are not those of the table, or none', async () => {
    const { uri } = await openIndex()
    expect(await codeOf(ChunkIndex.open(uri, { ...model, dimensions: 5 }))).toBe('embedding_mismatch')
    expect(await codeOf(ChunkIndex.open(uri, { ...model, dimensions: 0 }))).toBe('embedding_mismatch')
    expect(await codeOf(ChunkIndex.open(uri, { ...model, fingerprint: '' }))).toBe('embedding_mismatch')
  })

  it('works for two at the same moment on a folder that is not there', async () => {
    const uri = join(await makeFolder(), 'deep', 'index')
    const indexes = await Promise.all([openIndex(uri), openIndex(uri), openIndex(uri)])
    await indexes[0]?.index.replaceRevision(rev('r1'), rowsOf('r1', manuals))
    for (const { index } of indexes) expect(await index.termSearch('search_text', ['seal'], all)).toHaveLength(1)
  })

  it('goes back to the version before where a power cut left an empty manifest', async () => {
    const { index, uri } = await openIndex()
    await index.replaceRevision(rev('r1'), rowsOf('r1', ['a']))
    await index.replaceRevision(rev('r2'), rowsOf('r2', ['b']))
    await index[Symbol.asyncDispose]()
    const versions = join(uri, `${tableNameOf(model.fingerprint)}.lance`, '_versions')
    const newest = (await readdir(versions)).filter((name) => name.endsWith('.manifest')).sort()[0] as string
    await writeFile(join(versions, newest), '')
    const { index: again } = await openIndex(uri)
    expect(await again.countByRevision()).toEqual(new Map([['r1', 1]]))
    expect(await again.replaceRevision(rev('r2'), rowsOf('r2', ['b']))).toBe(1)
    expect(await again.termSearch('search_text', ['b'], all)).toHaveLength(1)
  })

  it('is refused with what to do where a power cut emptied a data file', async () => {
    const { index, uri } = await openIndex()
    await index.replaceRevision(rev('r1'), rowsOf('r1', manuals))
    await index[Symbol.asyncDispose]()
    const data = join(uri, `${tableNameOf(model.fingerprint)}.lance`, 'data')
    for (const file of await readdir(data)) await writeFile(join(data, file), '')
    expect(await codeOf(ChunkIndex.open(uri, model))).toBe('index_damaged')
  })
})

describe('a writer that is killed', () => {
  it('leaves an index that opens, in which each revision is there whole or not at all', async () => {
    const uri = join(await makeFolder(), 'index')
    const reported: string[] = []
    for (const afterMs of [0, 30, 75, 160, 240]) {
      const child = startChild('index', uri)
      await child.printed('indexed')
      await sleep(afterMs)
      child.process.kill('SIGKILL')
      const { output } = await child.ended
      for (const line of output.split('\n').slice(0, -1)) reported.push(line.replace('indexed ', ''))

      const index = await ChunkIndex.open(uri, model)
      const counts = await index.countByRevision()
      expect(new Set(counts.values())).toEqual(new Set([40]))
      expect(reported.filter((revision) => !counts.has(rev(revision)))).toEqual([])
      expect(await index.termSearch('search_text', ['seal'], { ...all, limit: 3 })).toHaveLength(3)
      await index[Symbol.asyncDispose]()
    }
  })
})

describe('upkeep', () => {
  it('never leaves more than half of the rows out of the text index, so that the best are found within the limit', async () => {
    const { index } = await openIndex()
    const fillers = Array.from({ length: 40 }, (_, i) => `pump ${'filler '.repeat(i)}`)
    for (let i = 0; i < 12; i += 1) {
      await index.replaceRevision(rev(`r${i}`), rowsOf(`r${i}`, [...fillers, `pump with seal number ${i}`]))
      const { rows, unindexedRows } = await index.stats()
      expect(unindexedRows).toBeLessThanOrEqual(rows / 2)
      const found = await index.termSearch('search_text', ['seal', 'pump', `${i}`], { ...all, limit: 1 })
      expect(textsOf(found)).toEqual([`pump with seal number ${i}`])
    }
    for (let i = 0; i < 11; i += 1) await index.removeRevisions([rev(`r${i}`)])
    expect(textsOf(await index.termSearch('search_text', ['seal', 'pump'], { ...all, limit: 1 }))).toEqual([
      'pump with seal number 11',
    ])
  })

  it('joins the fragments after twenty commits', async () => {
    const { index } = await openIndex()
    await index.replaceRevision(
      rev('large'),
      rowsOf(
        'large',
        Array.from({ length: 500 }, () => 'pump'),
      ),
    )
    for (let i = 0; i < 19; i += 1) await index.replaceRevision(rev(`r${i}`), rowsOf(`r${i}`, ['pump']))
    expect(await index.stats()).toEqual({ rows: 519, unindexedRows: 19, fragments: 20 })
    await index.replaceRevision(rev('r19'), rowsOf('r19', ['pump']))
    // Waits for what the last commit has set off.
    await index.removeRevisions([rev('unknown')])
    const { unindexedRows, fragments } = await index.stats()
    expect(unindexedRows).toBe(0)
    expect(fragments).toBeLessThan(5)
  })

  it('does not take the ground from under a reader', async () => {
    const { index, uri } = await openIndex()
    const { index: reader } = await openIndex(uri)
    await index.replaceRevision(rev('r'), rowsOf('r', manuals))
    const reading = Array.from({ length: 30 }, () => reader.termSearch('search_text', ['seal'], all))
    const optimising = index.optimize()
    expect((await Promise.all(reading)).every((found) => found.length === 1)).toBe(true)
    await optimising
    expect(await reader.termSearch('search_text', ['seal'], all)).toHaveLength(1)
  })
})
