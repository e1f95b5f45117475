/**
 * An embedder that is held to the index it is asked for: a question's vector is given only while the engine runs the very model that made
 * the index. In: the engine's client and the check. Out: the same embedder, or `embedding_mismatch`.
 * Neighbours: the retriever leaves the vector lane out then, so that no vector is ever compared with those of another model.
 */
import { KuraError } from '../core/errors.ts'
import type { CallOptions, Embedder, EmbeddingModelInfo } from '../core/models.ts'

export class MatchedEmbedder implements Embedder {
  readonly #inner: Embedder
  readonly #isMatch: (model: EmbeddingModelInfo) => boolean

  constructor(inner: Embedder, isMatch: (model: EmbeddingModelInfo) => boolean) {
    this.#inner = inner
    this.#isMatch = isMatch
  }

  info(options?: CallOptions): Promise<EmbeddingModelInfo> {
    return this.#inner.info(options)
  }

  /** @throws embedding_mismatch */
  async embedQueries(texts: readonly string[], options?: CallOptions): Promise<Float32Array[]> {
    // Side by side: the engine may have been started again with another file since the last question.
    const [model, vectors] = await Promise.all([this.#inner.info(options), this.#inner.embedQueries(texts, options)])
    if (this.#isMatch(model)) return vectors
    throw new KuraError('embedding_mismatch', `The index was not made by ${model.name} as it is now.`)
  }

  embedPassages(
    passages: readonly { readonly title: string; readonly text: string }[],
    options?: CallOptions,
  ): Promise<Float32Array[]> {
    return this.#inner.embedPassages(passages, options)
  }

  countTokens(texts: readonly string[], options?: CallOptions): Promise<number[]> {
    return this.#inner.countTokens(texts, options)
  }
}
