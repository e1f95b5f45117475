import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createEmbedder } from '../../src/models/model-client.ts'
import { ModelHost } from '../../src/models/model-host.ts'
import { createTempFolder, embeddingModel, referenceVectorsFile } from './model-host-fixture.ts'

const references = z
  .array(z.object({ text: z.string(), tokens: z.number(), vector: z.array(z.number()) }))
  .parse(JSON.parse(await readFile(referenceVectorsFile, 'utf8')))

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let [dot, aa, bb] = [0, 0, 0]
  for (let index = 0; index < a.length; index += 1) {
    const [x, y] = [a[index] ?? 0, b[index] ?? 0]
    dot += x * y
    aa += x * x
    bb += y * y
  }
  return dot / Math.sqrt(aa * bb)
}

const longPassage = (seed: number): { title: string; text: string } => ({
  title: '',
  text: Array.from({ length: 300 }, (_, index) => ['hydraulic', 'oil', 'press', 'valve'][(index + seed) % 4]).join(' '),
})

let temp: Awaited<ReturnType<typeof createTempFolder>>
let host: ModelHost
let embedder: ReturnType<typeof createEmbedder>

beforeAll(async () => {
  temp = await createTempFolder()
  host = await ModelHost.start({ models: { embedding: embeddingModel }, socket: path.join(temp.folder, 'host.sock') })
  await host.ready
  embedder = createEmbedder({ baseUrl: host.baseUrl })
})

afterAll(async () => {
  await embedder[Symbol.asyncDispose]()
  await host[Symbol.asyncDispose]()
  await temp[Symbol.asyncDispose]()
})

describe('the embedding model in the model host', () => {
  it('reproduces the reference vectors in one batch', async () => {
    const vectors = await embedder.embedPassages(references.map(({ text }) => ({ title: '', text })))
    const cosines = references.map(({ vector }, index) => cosine(vector, vectors[index] ?? []))
    expect(Math.min(...cosines)).toBeGreaterThanOrEqual(0.999)
  })

  it('reproduces the reference vectors one by one', async () => {
    for (const { text, vector } of references) {
      const [computed] = await embedder.embedPassages([{ title: '', text }])
      expect(cosine(vector, computed ?? [])).toBeGreaterThanOrEqual(0.999)
    }
  })

  it('gives unit vectors, other ones for queries than for passages', async () => {
    const [query] = await embedder.embedQueries(['hydraulic oil'])
    const [passage] = await embedder.embedPassages([{ title: '', text: 'hydraulic oil' }])
    expect(cosine(query ?? [], passage ?? [])).toBeLessThan(0.9999)
    expect(Math.hypot(...(query ?? []))).toBeCloseTo(1, 5)
  })

  it('tells its name, dimensions, limit and a fingerprint that names the model file and the prompts', async () => {
    const info = await embedder.info()
    expect(info).toMatchObject({ name: 'multilingual-e5-small', dimensions: 384, maxTokens: 509 })
    expect(info.fingerprint).toMatch(/^emb_[0-9a-f]{24}$/u)
  })

  it('counts the tokens of the bare texts', async () => {
    // The reference counts have prefix (2 to 3 tokens) and special tokens (2) in them.
    const counts = await embedder.countTokens(references.map(({ text }) => text))
    for (const [index, { tokens }] of references.entries()) {
      const extra = tokens - (counts[index] ?? 0)
      expect(extra).toBeGreaterThanOrEqual(3)
      expect(extra).toBeLessThanOrEqual(5)
    }
  })

  it('refuses an input that is too long, names the limit, and lives on', async () => {
    const text = 'valve '.repeat(600)
    await expect(embedder.embedQueries([text])).rejects.toMatchObject({
      code: 'input_too_long',
      details: { limit: 509 },
    })
    await expect(embedder.embedQueries(['valve'])).resolves.toHaveLength(1)
    expect(host.status().restarts).toBe(0)
  })

  it('embeds the longest input that it says it reads', async () => {
    const [prefix] = await embedder.countTokens(['query: '])
    const text = 'valve '.repeat(700)
    const [all] = await embedder.countTokens([text])
    const perWord = (all ?? 0) / 700
    const words = Math.floor((509 - (prefix ?? 0) - 1) / perWord)
    await expect(embedder.embedQueries(['valve '.repeat(words).trim()])).resolves.toHaveLength(1)
  })

  it('answers a question while ingestion has a long queue', async () => {
    let ingested = false
    const ingestion = embedder
      .embedPassages(Array.from({ length: 10 }, (_, index) => longPassage(index)))
      .then((vectors) => {
        ingested = true
        return vectors
      })
    const [vector] = await embedder.embedQueries(['How often is the oil changed?'])
    expect(vector).toHaveLength(384)
    expect(ingested).toBe(false)
    expect(await ingestion).toHaveLength(10)
  })

  it('stops a cancelled ingestion and goes on with the next', async () => {
    const cancel = new AbortController()
    const ingestion = embedder.embedPassages(
      Array.from({ length: 200 }, (_, index) => longPassage(index)),
      { signal: cancel.signal },
    )
    await embedder.embedQueries(['meanwhile'])
    cancel.abort(new Error('cancelled by test'))
    await expect(ingestion).rejects.toThrow('cancelled by test')
    await expect(embedder.embedPassages([longPassage(0)])).resolves.toHaveLength(1)
  })

  it('says that it has no generation model', async () => {
    const { createGenerator } = await import('../../src/models/model-client.ts')
    await using generator = createGenerator({ baseUrl: host.baseUrl })
    await expect(generator.info()).rejects.toMatchObject({ code: 'model_unknown' })
  })
})
