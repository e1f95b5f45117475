/**
 * Relevance of documents to a query by a cross-encoder. Owns the reranking model and its contexts; each document
 * is scored by itself, passing the compute gate like a step of an answer. Documents that are too long are cut at the end, not refused:
 * the caller wants an order, and the beginning of a passage tells enough for one.
 */
import type { Llama, LlamaModel, LlamaRankingContext } from 'node-llama-cpp'
import { KuraError, wrapError } from '../../core/errors.ts'
import type { ComputeGate } from './compute-gate.ts'
import { Pool } from './pool.ts'
import type { HostedModel, ModelInfo } from './protocol.ts'

/** Query and passage together; passages have some 350 tokens. */
const contextLimit = 1_024
/** Special tokens of query and document, and the one place more that the library wants. */
const reservedTokens = 16
const minDocumentTokens = 32
/** Each with its share of the cores: fewer threads on one document wait less for each other. */
const maxContexts = 4

interface RerankingDeps {
  readonly llama: Llama
  readonly model: LlamaModel
  readonly hosted: HostedModel
  readonly gate: ComputeGate
  readonly threads: number
}

export class RerankingEngine implements AsyncDisposable {
  readonly info: ModelInfo
  readonly #deps: RerankingDeps
  readonly #contexts: readonly LlamaRankingContext[]
  readonly #pool: Pool<LlamaRankingContext>

  private constructor(deps: RerankingDeps, contexts: readonly LlamaRankingContext[], contextSize: number) {
    this.#deps = deps
    this.#contexts = contexts
    this.#pool = new Pool(contexts)
    this.info = {
      maxTokens: contextSize - reservedTokens,
      contextTokens: contextSize,
      parallel: contexts.length,
      parameters: deps.hosted.parameters ?? deps.model.fileInsights.totalParameters,
      modelBytes: deps.model.size,
    }
  }

  /** @throws model_invalid where the file is no reranking model, model_too_large */
  static async create(deps: RerankingDeps): Promise<RerankingEngine> {
    const { model, hosted, threads } = deps
    if (!model.fileInsights.supportsRanking) {
      throw new KuraError('model_invalid', `${hosted.name} is not a reranking model.`)
    }
    const contextSize = Math.min(model.trainContextSize, hosted.contextTokens ?? contextLimit, contextLimit)
    const wanted = Math.min(maxContexts, threads)
    const contexts: LlamaRankingContext[] = []
    while (contexts.length < wanted) {
      try {
        const perContext = Math.max(1, Math.floor(threads / wanted))
        contexts.push(await model.createRankingContext({ contextSize, batchSize: contextSize, threads: perContext }))
      } catch (error) {
        if (contexts.length > 0) break
        throw wrapError(error, 'model_too_large', `${hosted.name}: no memory for the context of the reranking model.`)
      }
    }
    return new RerankingEngine(deps, contexts, contextSize)
  }

  /**
   * One score from 0 to 1 for each document, in order.
   * @throws input_too_long where the query leaves no room for a document
   */
  async rerank(query: string, documents: readonly string[], signal: AbortSignal): Promise<number[]> {
    const room = (this.info.maxTokens ?? 0) - this.#deps.model.tokenize(query).length
    if (room < minDocumentTokens) {
      throw new KuraError('input_too_long', 'The query leaves no room for documents in the reranking model.', {
        details: { limit: (this.info.maxTokens ?? 0) - minDocumentTokens },
      })
    }
    using _answering = this.#deps.gate.beginAnswer()
    return await this.#pool.map(documents, signal, (context, document, either) =>
      this.#deps.gate.step(either, () => score(context, query, this.#cut(document, room))),
    )
  }

  tokenize(text: string): readonly number[] {
    return this.#deps.model.tokenize(text)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const context of this.#contexts) await context.dispose()
    await this.#deps.model.dispose()
  }

  #cut(document: string, room: number): string {
    const { model } = this.#deps
    const tokens = model.tokenize(document)
    return tokens.length <= room ? document : model.detokenize(tokens.slice(0, room))
  }
}

const score = async (context: LlamaRankingContext, query: string, document: string): Promise<number> => {
  try {
    return await context.rank(query, document)
  } catch (error) {
    throw wrapError(error, 'model_failed', 'The reranking model failed on a document.')
  }
}
