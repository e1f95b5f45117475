/**
 * The embedder port over OpenAI's `/embeddings`. In: texts; out: L2-normalised vectors, checked for number and length. Invariant:
 * prompts are added exactly once - by the model host from its descriptor, or here from the options for other engines.
 */
import { createHash } from 'node:crypto'
import { KuraError } from '../core/errors.ts'
import type { CallOptions, Embedder, EmbeddingModelInfo, Priority } from '../core/models.ts'
import { fillPrompt } from './catalog-prompts.ts'
import { checkCount, EngineClient, type EngineOptions, inBatches } from './engine-client.ts'
import { embeddingsResponseSchema } from './host/protocol.ts'

/** Texts in one request: enough to hide the wire, few enough to stop soon. */
const textsPerRequest = 16
/** Requests on the way at once, so that the engine never waits for the next. */
const requestsAtOnce = 2
/** What other engines are taken to read, where the options do not say. */
const defaultMaxTokens = 512

export interface EmbedderOptions extends EngineOptions {
  /** Templates of `fillPrompt` for other engines; the model host has its own. */
  readonly prompts?: { readonly query: string; readonly passage: string } | undefined
  /** Longest input of another engine's model in tokens. @default 512 */
  readonly maxTokens?: number | undefined
}

export class EngineEmbedder implements Embedder, AsyncDisposable {
  readonly #client: EngineClient
  readonly #options: EmbedderOptions
  #elsewhere: EmbeddingModelInfo | undefined

  constructor(options: EmbedderOptions) {
    this.#client = new EngineClient('embedding', options)
    this.#options = options
  }

  async info(options: CallOptions = {}): Promise<EmbeddingModelInfo> {
    if (!this.#client.connection.isHost) return this.#infoElsewhere(options.signal)
    const { name, info } = await this.#client.hosted(options.signal)
    const { fingerprint, dimensions, maxTokens } = info
    if (fingerprint === undefined || dimensions === undefined || maxTokens === undefined) {
      throw new KuraError('model_failed', 'The model host says nothing about its embedding model.')
    }
    return { name, fingerprint, dimensions, maxTokens }
  }

  embedQueries(texts: readonly string[], options: CallOptions = {}): Promise<Float32Array[]> {
    const inputs = texts.map((text) => ({ title: '', text }))
    return this.#embedAll('query', inputs, { priority: 'question', ...options })
  }

  embedPassages(
    passages: readonly { readonly title: string; readonly text: string }[],
    options: CallOptions = {},
  ): Promise<Float32Array[]> {
    return this.#embedAll('passage', passages, { priority: 'ingestion', ...options })
  }

  countTokens(texts: readonly string[], options: CallOptions = {}): Promise<number[]> {
    return this.#client.countTokens(texts, options.signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]()
  }

  async #embedAll(
    kind: 'query' | 'passage',
    inputs: readonly { readonly title: string; readonly text: string }[],
    options: { signal?: AbortSignal | undefined; priority: Priority },
  ): Promise<Float32Array[]> {
    const batches = inBatches(inputs, textsPerRequest)
    const vectors: Float32Array[][] = new Array(batches.length)
    // A batch that fails takes the others with it, on the engine too.
    const stop = new AbortController()
    const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal])
    let next = 0
    const work = async (): Promise<void> => {
      for (let index = next++; index < batches.length; index = next++) {
        vectors[index] = await this.#embedBatch(kind, batches[index] ?? [], { signal, priority: options.priority })
      }
    }
    try {
      await Promise.all(Array.from({ length: requestsAtOnce }, work))
    } finally {
      stop.abort()
    }
    return vectors.flat()
  }

  async #embedBatch(
    kind: 'query' | 'passage',
    inputs: readonly { readonly title: string; readonly text: string }[],
    options: { signal: AbortSignal | undefined; priority: Priority },
  ): Promise<Float32Array[]> {
    const body = this.#client.connection.isHost
      ? {
          input: inputs.map(({ text }) => text),
          titles: inputs.map(({ title }) => title),
          input_type: kind,
          priority: options.priority,
          encoding_format: 'base64',
        }
      : {
          ...(await this.#client.modelField(options.signal)),
          input: inputs.map((input) => this.#withPrompt(kind, input)),
        }
    const answer = await this.#client.connection.call('/embeddings', embeddingsResponseSchema, {
      body,
      signal: options.signal,
    })
    const vectors = [...answer.data].sort((a, b) => a.index - b.index).map(({ embedding }) => toUnitVector(embedding))
    const length = vectors[0]?.length
    if (vectors.some((vector) => vector.length !== length)) {
      throw new KuraError('model_failed', 'The model engine gave vectors of different lengths.')
    }
    return checkCount(vectors, inputs.length, '/embeddings')
  }

  #withPrompt(kind: 'query' | 'passage', input: { readonly title: string; readonly text: string }): string {
    const template = this.#options.prompts?.[kind]
    return template === undefined
      ? [input.title, input.text].filter((part) => part !== '').join('\n')
      : fillPrompt(template, input)
  }

  async #infoElsewhere(signal: AbortSignal | undefined): Promise<EmbeddingModelInfo> {
    if (this.#elsewhere !== undefined) return this.#elsewhere
    const name = await this.#client.modelName(signal)
    const [vector] = await this.embedQueries(['dimensions'], { signal })
    const dimensions = vector?.length ?? 0
    const identity = JSON.stringify([this.#options.baseUrl, name, this.#options.prompts ?? null, dimensions])
    this.#elsewhere = {
      name,
      fingerprint: `url_${createHash('sha256').update(identity).digest('hex').slice(0, 24)}`,
      dimensions,
      maxTokens: this.#options.maxTokens ?? defaultMaxTokens,
    }
    return this.#elsewhere
  }
}

/** From numbers, or from base64 of little-endian 32-bit floats. @throws model_failed for a vector without a direction */
const toUnitVector = (embedding: readonly number[] | string): Float32Array => {
  const vector = typeof embedding === 'string' ? decodeFloats(embedding) : Float32Array.from(embedding)
  let squares = 0
  for (const value of vector) squares += value * value
  const length = Math.sqrt(squares)
  if (!Number.isFinite(length) || length === 0) {
    throw new KuraError('model_failed', 'The model engine gave a vector that is zero or not finite.')
  }
  return vector.map((value) => value / length)
}

const decodeFloats = (base64: string): Float32Array => {
  // Copied, because a Buffer from the pool need not begin at a multiple of four.
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
  if (bytes.byteLength % Float32Array.BYTES_PER_ELEMENT !== 0) {
    throw new KuraError('model_failed', 'The model engine gave a vector that can not be read.')
  }
  return new Float32Array(bytes.buffer)
}
