/**
 * The reranker port over `/rerank`, as Jina, Cohere, vLLM and TEI write it. In: a query and documents; out: a score for each.
 */
import type { CallOptions, Reranker } from '../core/models.ts'
import { checkCount, EngineClient, type EngineOptions } from './engine-client.ts'
import { rerankResponseSchema } from './host/protocol.ts'

export class EngineReranker implements Reranker, AsyncDisposable {
  readonly #client: EngineClient

  constructor(options: EngineOptions) {
    this.#client = new EngineClient('reranking', options)
  }

  async rerank(query: string, documents: readonly string[], options: CallOptions = {}): Promise<number[]> {
    if (documents.length === 0) return []
    const body = { ...(await this.#client.modelField(options.signal)), query, documents }
    const answer = await this.#client.connection.call('/rerank', rerankResponseSchema, { body, signal: options.signal })
    const scores = [...answer.results].sort((a, b) => a.index - b.index).map((result) => result.relevance_score)
    return checkCount(scores, documents.length, '/rerank')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]()
  }
}
