/**
 * The embedding engine as a tuning uses it: behind all questions, and each text once, as the same questions and sentences are looked at before and after.
 * In: another embedder. Out: its vectors. It lives as long as one tuning.
 */
import type { CallOptions, Embedder, EmbeddingModelInfo } from '../core/models.ts'

/** Texts for one call of the engine: a call is not broken off for a question, so it must be short. */
const batch = 8

export class CachingEmbedder implements Embedder {
  readonly #embedder: Embedder
  readonly #queries = new Map<string, Float32Array>()
  readonly #passages = new Map<string, Float32Array>()

  constructor(embedder: Embedder) {
    this.#embedder = embedder
  }

  info(options?: CallOptions): Promise<EmbeddingModelInfo> {
    return this.#embedder.info(options)
  }

  embedQueries(texts: readonly string[], { signal }: CallOptions = {}): Promise<Float32Array[]> {
    return throughCache(
      this.#queries,
      texts,
      (text) => text,
      (missing) => this.#embedder.embedQueries(missing, { signal, priority: 'ingestion' }),
    )
  }

  embedPassages(
    passages: readonly { readonly title: string; readonly text: string }[],
    { signal }: CallOptions = {},
  ): Promise<Float32Array[]> {
    return throughCache(
      this.#passages,
      passages,
      ({ title, text }) => `${title}\n${text}`,
      (missing) => this.#embedder.embedPassages(missing, { signal, priority: 'ingestion' }),
    )
  }

  countTokens(texts: readonly string[], options?: CallOptions): Promise<number[]> {
    return this.#embedder.countTokens(texts, options)
  }
}

const throughCache = async <Item>(
  cache: Map<string, Float32Array>,
  items: readonly Item[],
  keyOf: (item: Item) => string,
  embed: (missing: readonly Item[]) => Promise<Float32Array[]>,
): Promise<Float32Array[]> => {
  const missing = [...new Map(items.map((item) => [keyOf(item), item]))].filter(([key]) => !cache.has(key))
  for (let start = 0; start < missing.length; start += batch) {
    const part = missing.slice(start, start + batch)
    const vectors = await embed(part.map(([, item]) => item))
    for (const [i, [key]] of part.entries()) {
      const vector = vectors[i]
      if (vector) cache.set(key, vector)
    }
  }
  return items.flatMap((item) => cache.get(keyOf(item)) ?? [])
}
