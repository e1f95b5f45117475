/**
 * Embedding through the model host against bare node-llama-cpp in the same run: the same passages, rounds taken in turns, medians
 * compared. The bare engine runs in both layouts - one context of all threads, and a context of one thread for each core, as the
 * host has it - and the ratio is to the faster: the layout is a choice of ours and no merit of the host. Vectors must agree.
 * Goal: at least 85 % of the bare engine.
 *
 * Run: node --import tsx test/bench/embedding.ts
 */
import { readFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { getLlama, type LlamaEmbeddingContext } from 'node-llama-cpp'
import { createEmbedder } from '../../src/models/model-client.ts'
import { ModelHost } from '../../src/models/model-host.ts'
import { createTempFolder, embeddingModel } from '../model/model-host-fixture.ts'

/** Many short rounds, so that some of each kind meet a quiet machine. */
const rounds = 8
const passageCount = 8
/** Of one passage, in characters of English: some 250 tokens. */
const passageLength = 1_000
const queryCount = 20

export interface EmbeddingFigures {
  /** One context of all threads. */
  readonly bareOneContextTokensPerSecond: number
  /** A context of one thread for each core. */
  readonly bareContextPerCoreTokensPerSecond: number
  readonly hostTokensPerSecond: number
  /** Of the vectors of bare engine and host: that both did the same work. */
  readonly lowestCosine: number
  /** Host to the faster bare layout, by medians; 1 is as fast. */
  readonly ratio: number
  readonly queryMs: { readonly p50: number; readonly p95: number }
  /** Questions embedded while ingestion has the queue full. */
  readonly queryBesideIngestionMs: { readonly p50: number; readonly p95: number }
}

const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN

const percentiles = (values: readonly number[]) => ({ p50: percentile(values, 0.5), p95: percentile(values, 0.95) })

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now()
  await work()
  return performance.now() - from
}

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

/** Prose of this project, cut into passages. */
const readPassages = async (): Promise<string[]> => {
  const text = await readFile(fileURLToPath(new URL('../../LICENSE', import.meta.url)), 'utf8').catch(() => '')
  const long = (text === '' ? 'The oil of the hydraulic press is changed every 4,000 hours. ' : text).repeat(40)
  return Array.from({ length: passageCount }, (_, index) =>
    long
      .slice(index * passageLength, (index + 1) * passageLength)
      .replace(/\s+/gu, ' ')
      .trim(),
  )
}

export const benchEmbedding = async (): Promise<EmbeddingFigures> => {
  const passages = await readPassages()
  const llama = await getLlama({
    gpu: 'auto',
    build: 'never',
    skipDownload: true,
    maxThreads: os.availableParallelism(),
  })
  const model = await llama.loadModel({ modelPath: embeddingModel.path })
  const threads = os.availableParallelism()
  const createContext = (perContext: number) =>
    model.createEmbeddingContext({
      contextSize: model.trainContextSize,
      batchSize: model.trainContextSize,
      threads: perContext,
    })
  const wide = [await createContext(threads)]
  const narrow: LlamaEmbeddingContext[] = []
  while (narrow.length < threads) narrow.push(await createContext(1))
  await using temp = await createTempFolder()
  const socket = path.join(temp.folder, 'host.sock')
  await using host = await ModelHost.start({ models: { embedding: embeddingModel }, socket })
  await host.ready
  await using embedder = createEmbedder({ baseUrl: host.baseUrl })
  const { bos } = model.tokens
  const tokens = passages.map((text) => [...(bos === null ? [] : [bos]), ...model.tokenize(`passage: ${text}`)])
  const total = tokens.reduce((sum, list) => sum + list.length, 0)
  const embedBare = async (contexts: readonly LlamaEmbeddingContext[]): Promise<(readonly number[])[]> => {
    const vectors: (readonly number[])[] = []
    const entries = tokens.entries()
    const work = async (context: LlamaEmbeddingContext): Promise<void> => {
      for (const [index, list] of entries) vectors[index] = (await context.getEmbeddingFor([...list])).vector
    }
    await Promise.all(contexts.map(work))
    return vectors
  }
  const embedHosted = () => embedder.embedPassages(passages.map((text) => ({ title: '', text })))
  // Also the warm-up of all three.
  await embedBare(wide)
  const [bareVectors, hostVectors] = [await embedBare(narrow), await embedHosted()]
  const lowestCosine = Math.min(...bareVectors.map((vector, index) => cosine(vector, hostVectors[index] ?? [])))
  const times = { wide: [] as number[], narrow: [] as number[], host: [] as number[] }
  for (let round = 0; round < rounds; round += 1) {
    times.wide.push(await timed(() => embedBare(wide)))
    times.narrow.push(await timed(() => embedBare(narrow)))
    times.host.push(await timed(embedHosted))
  }
  const askOften = async (): Promise<number[]> => {
    const times: number[] = []
    for (let index = 0; index < queryCount; index += 1) {
      times.push(await timed(() => embedder.embedQueries([`How often is part ${index} of the press checked?`])))
    }
    return times
  }
  const alone = await askOften()
  const ingestion = new AbortController()
  const endless = Array.from({ length: 200 }, () => passages.map((text) => ({ title: '', text }))).flat()
  const ingesting = embedder.embedPassages(endless, { signal: ingestion.signal }).catch(() => [])
  const beside = await askOften()
  ingestion.abort()
  await ingesting
  await llama.dispose()
  const perSecond = (list: readonly number[]): number => (total * 1_000) / percentile(list, 0.5)
  const [bareWide, bareNarrow, hosted] = [perSecond(times.wide), perSecond(times.narrow), perSecond(times.host)]
  return {
    bareOneContextTokensPerSecond: bareWide,
    bareContextPerCoreTokensPerSecond: bareNarrow,
    hostTokensPerSecond: hosted,
    lowestCosine,
    ratio: hosted / Math.max(bareWide, bareNarrow),
    queryMs: percentiles(alone),
    queryBesideIngestionMs: percentiles(beside),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${JSON.stringify(await benchEmbedding(), null, 2)}\n`)
}
