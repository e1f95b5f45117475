/**
 * Turns chunks into vectors, in small batches of which several are on their way at once, so that the engine never waits for us.
 * In: chunks of one document and its title. Out: one vector for each chunk, in order.
 * Invariant: title and text together stay within what the model reads; the title is cut, never the text.
 * Neighbours: chunk-document -> here -> index-writer.
 */
import PQueue from 'p-queue'
import type { Chunk } from '../../src/core/document.ts'
import type { Embedder, EmbeddingModelInfo } from '../../src/core/models.ts'
import { defaultChunkTokens } from './chunk-document.ts'

/** Texts of one request: few enough that progress is seen to move, enough in all to keep every context of a GPU busy. */
const batchSize = 16
const batchesInFlight = 4
/** The prompt's own words, and the tokens that open and close a sequence. */
const promptTokens = 16
/** Of what the model reads, for models that read less than usual. */
const textShare = 0.75
/** A longer title tells no more about the text. */
const maxTitleTokens = 80
/** Models may write the title twice before the text (see docs/design.md): once on a line of its own, once with the text. */
const titleRepeats = 2

/** Tokens that a chunk's text may have with this model: 350, or less where the model reads less than 512. */
export const chunkTokensFor = ({ maxTokens }: Pick<EmbeddingModelInfo, 'maxTokens'>): number =>
  Math.min(defaultChunkTokens, Math.floor((maxTokens - promptTokens) * textShare))

/** Runs one call of the embedder; where the worker waits for an engine that is down for the moment. */
export type ModelCall = <T>(call: (signal: AbortSignal) => Promise<T>) => Promise<T>

export interface EmbedChunksOptions {
  readonly embedder: Embedder
  readonly model: EmbeddingModelInfo
  /** The document's own title, or its name. */
  readonly title: string
  readonly callModel: ModelCall
  /** Called with each batch as it is done, in any order: vectors of the chunks from `start` on. */
  readonly onBatch: (start: number, vectors: readonly Float32Array[]) => Promise<void>
}

/** @returns L2-normalised vectors, length = model dimensions, one for each chunk, in order */
export const embedChunks = async (chunks: readonly Chunk[], options: EmbedChunksOptions): Promise<Float32Array[]> => {
  const { embedder, callModel, onBatch } = options
  const titles = await fitTitles(chunks, options)
  const vectors: Float32Array[] = []
  const queue = new PQueue({ concurrency: batchesInFlight })
  const stop = new AbortController()
  const embedBatch = async (start: number): Promise<void> => {
    stop.signal.throwIfAborted()
    const batch = chunks.slice(start, start + batchSize)
    const passages = batch.map((chunk, i) => ({ title: titles[start + i] ?? '', text: chunk.text }))
    const found = await callModel((signal) =>
      embedder.embedPassages(passages, { priority: 'ingestion', signal: AbortSignal.any([signal, stop.signal]) }),
    )
    for (const [i, vector] of found.entries()) vectors[start + i] = vector
    await onBatch(start, found)
  }
  const starts = Array.from({ length: Math.ceil(chunks.length / batchSize) }, (_, i) => i * batchSize)
  try {
    await queue.addAll(starts.map((start) => () => embedBatch(start)))
  } finally {
    // One batch failed: the others must not go on behind the back of the caller.
    stop.abort()
    queue.clear()
  }
  return vectors
}

/**
 * One title for each chunk: the document's and the heading path, within what the chunk's text leaves free. Outer headings go first,
 * then the ends of the words.
 */
const fitTitles = async (
  chunks: readonly Chunk[],
  { embedder, model, title, callModel }: EmbedChunksOptions,
): Promise<string[]> => {
  const wanted = chunks.map((chunk) => ({ parts: [title, ...chunk.headingPath], budget: titleBudget(chunk, model) }))
  const counts = new Map<string, number>()
  for (;;) {
    const uncounted = [...new Set(wanted.map(({ parts }) => joinTitle(parts)))].filter((text) => !counts.has(text))
    const found = await callModel((signal) => embedder.countTokens(uncounted, { priority: 'ingestion', signal }))
    for (const [i, text] of uncounted.entries()) counts.set(text, found[i] ?? 0)
    const long = wanted.filter(({ parts, budget }) => (counts.get(joinTitle(parts)) ?? 0) > budget)
    if (long.length === 0) return wanted.map(({ parts }) => joinTitle(parts))
    for (const item of long) item.parts = shorten(item.parts)
  }
}

const titleBudget = (chunk: Chunk, { maxTokens }: EmbeddingModelInfo): number =>
  Math.max(0, Math.min(maxTitleTokens, Math.floor((maxTokens - promptTokens - chunk.tokens) / titleRepeats)))

const joinTitle = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' > ')

const shorten = (parts: readonly string[]): string[] => {
  const [first = '', ...rest] = parts
  if (rest.length > 1) return [first, ...rest.slice(1)]
  const half = (text: string): string =>
    [...text]
      .slice(0, Math.floor([...text].length / 2))
      .join('')
      .trim()
  return rest.length === 1 && (rest[0] ?? '').length > first.length
    ? [first, half(rest[0] ?? '')]
    : [half(first), ...rest]
}
