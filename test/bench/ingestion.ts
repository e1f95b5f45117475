/**
 * Ingestion of files, from the upload to the last published revision, beside bare node-llama-cpp on the same texts in the same run.
 * Target: at least 85 % of its tokens per second. Where pages are read by OCR, the files go through once more without that, since OCR takes processor time that bare embedding
 * has not to spend, however it is scheduled: both ratios are given. Run: node --import tsx test/bench/ingestion.ts FILE…
 */
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { getLlama } from 'node-llama-cpp'
import { pino } from 'pino'
import { indexFingerprint } from '../../ingest/chunk/index-fingerprint.ts'
import { readPages } from '../../ingest/ocr/read-pages.ts'
import { IngestionWorker } from '../../ingest/worker.ts'
import type { CallOptions, Embedder } from '../../src/core/models.ts'
import { localAdministrator } from '../../src/core/principal.ts'
import { fillPrompt } from '../../src/models/catalog-prompts.ts'
import { createEmbedder } from '../../src/models/model-client.ts'
import { bundledModelsFolder, resolveModelFile } from '../../src/models/model-file.ts'
import { ModelHost } from '../../src/models/model-host.ts'
import { ChunkIndex } from '../../src/store/chunk-index.ts'
import { Intake } from '../../src/store/intake.ts'
import { Ledger } from '../../src/store/ledger.ts'
import { Originals } from '../../src/store/originals.ts'

export interface IngestionBench {
  readonly files: number
  readonly pages: number
  readonly chunks: number
  /** As the model reads them: title, prompt and text. */
  readonly tokens: number
  readonly pipelineMs: number
  readonly bareMs: number
  /** Pipeline's tokens per second over the bare engine's. */
  readonly ratio: number
  /** Pages that OCR read, or looked at. */
  readonly ocrPages: number
  /** The ratio of a run in which these pages were left unread; the same as `ratio` where there are none. */
  readonly ratioWithoutOcr: number
}

interface Passage {
  readonly title: string
  readonly text: string
}

/** Writes down what the pipeline has embedded. */
class RecordingEmbedder implements Embedder {
  readonly passages: Passage[] = []
  readonly #inner: Embedder

  constructor(inner: Embedder) {
    this.#inner = inner
  }

  info(options?: CallOptions) {
    return this.#inner.info(options)
  }

  embedQueries(texts: readonly string[], options?: CallOptions) {
    return this.#inner.embedQueries(texts, options)
  }

  embedPassages(passages: readonly Passage[], options?: CallOptions) {
    this.passages.push(...passages)
    return this.#inner.embedPassages(passages, options)
  }

  countTokens(texts: readonly string[], options?: CallOptions) {
    return this.#inner.countTokens(texts, options)
  }
}

const embeddingModel = () => resolveModelFile('multilingual-e5-small', { modelsFolder: bundledModelsFolder })

/** In place of OCR: each page ends as one that could not be read. */
const leaveUnread: typeof readPages = async (_file, { pages, onPage }) => {
  for (const page of pages) {
    const { number } = page
    await onPage({ number, outcome: { method: 'failed', errorCode: 'ocr_failed' }, text: '', blocks: [], lines: [] })
  }
}

/** @returns milliseconds from the first upload to the last published revision, and what was embedded */
const runPipeline = async (files: readonly string[], folder: string, withOcr = true) => {
  await mkdir(folder)
  let ocrPages = 0
  const read: typeof readPages = (file, options) => {
    ocrPages += options.pages.length
    return withOcr ? readPages(file, options) : leaveUnread(file, options)
  }
  const { name, path: file, sha256, entry } = await embeddingModel()
  const prompts = entry?.prompts
  const hosted = { name, path: file, role: 'embedding' as const, sha256, ...(prompts && { prompts }) }
  await using host = await ModelHost.start({ models: { embedding: hosted }, socket: path.join(folder, 'host.sock') })
  await host.untilReady()
  await using client = createEmbedder({ baseUrl: host.baseUrl })
  const embedder = new RecordingEmbedder(client)
  const model = await embedder.info()
  await using ledger = await Ledger.open(path.join(folder, 'kura.db'))
  const originals = await Originals.open(path.join(folder, 'originals'))
  await using index = await ChunkIndex.open(path.join(folder, 'index'), {
    fingerprint: indexFingerprint(model),
    dimensions: model.dimensions,
  })
  const intake = new Intake({ ledger, originals, maxFileBytes: 2 ** 30 })
  const { id: collectionId } = await ledger.collections.create(localAdministrator, { name: 'Bench' })
  const fingerprint = indexFingerprint(model)
  await ledger.indexes.register({ fingerprint, model: name, dimensions: model.dimensions })
  const worker = new IngestionWorker({
    ledger,
    originals,
    intake,
    target: { index, embedder, model, fingerprint },
    settings: { parseTimeoutMs: 600_000, parseMemoryBytes: 2 ** 30, scratchFolder: path.join(folder, 'tmp') },
    readPages: read,
    logger: pino({ level: 'silent' }),
  })

  const startedAt = performance.now()
  for (const file of files) {
    const received = { collectionId, name: path.basename(file), stream: createReadStream(file) }
    await intake.receive(localAdministrator, received)
  }
  await worker.runUntilIdle(new AbortController().signal)
  const pipelineMs = performance.now() - startedAt
  const { documents } = await ledger.documents.list(localAdministrator, { limit: 200 })
  const unready = documents.filter(({ status }) => !status.startsWith('ready'))
  if (withOcr && unready.length > 0)
    throw new Error(unready.map(({ name, error }) => `${name}: ${error?.code}`).join(', '))
  return { pipelineMs, documents, passages: embedder.passages, ocrPages }
}

/** The same texts through one context with all cores, as the model host reads them. */
const runBare = async (passages: readonly Passage[]): Promise<{ bareMs: number; tokens: number }> => {
  const { path: modelPath, entry } = await embeddingModel()
  const threads = availableParallelism()
  const llama = await getLlama({ maxThreads: threads, logger: () => undefined })
  const model = await llama.loadModel({ modelPath })
  const contextSize = model.trainContextSize
  const context = await model.createEmbeddingContext({ contextSize, batchSize: contextSize, threads })
  const template = entry?.prompts?.passage ?? '{text}'
  let tokens = 0
  const startedAt = performance.now()
  for (const passage of passages) {
    const input = model.tokenize(fillPrompt(template, passage).replaceAll(/\s+/gu, ' '))
    if (model.tokens.bos !== null) input.unshift(model.tokens.bos)
    tokens += input.length
    await context.getEmbeddingFor(input)
  }
  const bareMs = performance.now() - startedAt
  await llama.dispose()
  return { bareMs, tokens }
}

export const benchIngestion = async (files: readonly string[]): Promise<IngestionBench> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'kura-bench-'))
  try {
    const { pipelineMs, documents, passages, ocrPages } = await runPipeline(files, path.join(folder, 'all'))
    const { bareMs, tokens } = await runBare(passages)
    let ratioWithoutOcr = bareMs / pipelineMs
    if (ocrPages > 0) {
      const text = await runPipeline(files, path.join(folder, 'text'), false)
      ratioWithoutOcr = (await runBare(text.passages)).bareMs / text.pipelineMs
    }
    const pages = documents.flatMap((document) => Object.values(document.pages)).reduce((sum, count) => sum + count, 0)
    const chunks = documents.reduce((sum, document) => sum + document.chunks, 0)
    const ratio = bareMs / pipelineMs
    return { files: documents.length, pages, chunks, tokens, pipelineMs, bareMs, ratio, ocrPages, ratioWithoutOcr }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] === import.meta.filename) {
  const { files, pages, chunks, tokens, pipelineMs, bareMs, ...found } = await benchIngestion(process.argv.slice(2))
  const percent = (ratio: number): string => (ratio * 100).toFixed(1)
  const perSecond = (ms: number): string => ((tokens / ms) * 1000).toFixed(0)
  process.stdout.write(
    `${files} files, ${pages} pages, ${chunks} chunks, ${tokens} tokens: published after ${(pipelineMs / 1000).toFixed(1)} s, ` +
      `${perSecond(pipelineMs)} tokens/s; bare node-llama-cpp ${perSecond(bareMs)} tokens/s; ` +
      `ratio ${percent(found.ratio)} % (target >= 85); ` +
      `${found.ocrPages} pages read by OCR, ratio without them ${percent(found.ratioWithoutOcr)} %\n`,
  )
}
