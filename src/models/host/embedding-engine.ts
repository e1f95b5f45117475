/**
 * Texts to vectors. Owns the embedding model and its contexts: some reserved for questions, the others for ingestion, each
 * working on one text at a time. What goes out is L2-normalised and equals the exact model's vectors (the beginning-of-sequence
 * token is put where the library leaves it out). Invariant: a text that does not fit never reaches the library, where it could end
 * the process; a question never waits behind a text of ingestion.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { Llama, LlamaEmbeddingContext, LlamaModel, Token } from 'node-llama-cpp'
import { KuraError, wrapError } from '../../core/errors.ts'
import type { Priority } from '../../core/models.ts'
import { fillPrompt } from '../catalog-prompts.ts'
import type { ComputeGate } from './compute-gate.ts'
import { createModelTokenizer, type ModelTokenizer } from './model-tokenizer.ts'
import { Pool } from './pool.ts'
import type { HostedModel, ModelInfo } from './protocol.ts'

/** Change it when the same model and prompts begin to give other vectors: it is part of the fingerprint. */
const recipe = 1
/** Bound of the context for models that were trained on long texts: chunks have some 350 tokens, and memory grows with it. */
const contextLimit = 2_048
/**
 * Contexts for ingestion, cores and memory permitting. Without a GPU each computes with one thread: threads that share one text wait
 * for each other at every layer, spinning. On 2 cores with other work beside, two contexts of one thread embedded 2 texts in
 * 524 ms (median), one context of two threads in 3,364.
 */
const ingestionContexts = 8
/** Contexts for questions: with one thread a question took 26 ms beside other work (median), with two 624. */
export const questionContexts = 2

export interface EmbeddingCall {
  readonly inputs: readonly string[]
  readonly titles?: readonly string[] | undefined
  readonly kind?: 'query' | 'passage' | undefined
  readonly priority: Priority
  readonly signal: AbortSignal
}

interface EmbeddingDeps {
  readonly llama: Llama
  readonly model: LlamaModel
  readonly hosted: HostedModel
  readonly gate: ComputeGate
  readonly threads: number
}

const sha256Of = async (file: string): Promise<string> => {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

export class EmbeddingEngine implements AsyncDisposable {
  readonly info: ModelInfo
  readonly #deps: EmbeddingDeps
  readonly #tokenizer: ModelTokenizer
  readonly #questions: Pool<LlamaEmbeddingContext>
  readonly #ingestion: Pool<LlamaEmbeddingContext>
  readonly #contexts: readonly LlamaEmbeddingContext[]

  private constructor(deps: EmbeddingDeps, contexts: readonly LlamaEmbeddingContext[], info: ModelInfo) {
    const forQuestions = Math.min(questionContexts, Math.floor(contexts.length / 2))
    this.#deps = deps
    this.#tokenizer = createModelTokenizer(deps.model)
    this.#contexts = contexts
    this.#questions = new Pool(contexts.slice(0, forQuestions))
    this.#ingestion = new Pool(contexts.slice(forQuestions))
    this.info = info
  }

  /** @throws model_too_large where not even two contexts fit into memory */
  static async create(deps: EmbeddingDeps): Promise<EmbeddingEngine> {
    const { model, hosted, threads } = deps
    const contextSize = Math.min(model.trainContextSize, hosted.contextTokens ?? contextLimit, contextLimit)
    const forIngestion = Math.min(ingestionContexts, threads)
    const contexts: LlamaEmbeddingContext[] = []
    while (contexts.length < forIngestion + Math.min(questionContexts, threads)) {
      try {
        // The batch holds the whole text: an encoder must see it at once.
        const perContext = Math.max(1, Math.floor(threads / forIngestion))
        contexts.push(await model.createEmbeddingContext({ contextSize, batchSize: contextSize, threads: perContext }))
      } catch (error) {
        // Fewer contexts do the same work more slowly; less than one for each kind of work is not enough.
        if (contexts.length >= 2) break
        throw wrapError(error, 'model_too_large', `${hosted.name}: no memory for the contexts of the embedding model.`)
      }
    }
    const sha256 = hosted.sha256 ?? (await sha256Of(hosted.path))
    const dimensions = model.embeddingVectorSize
    const identity = JSON.stringify([recipe, sha256, hosted.prompts?.query, hosted.prompts?.passage, dimensions])
    return new EmbeddingEngine(deps, contexts, {
      fingerprint: `emb_${createHash('sha256').update(identity).digest('hex').slice(0, 24)}`,
      dimensions,
      // The library wants one place more than the input; the special tokens take two.
      maxTokens: contextSize - 3,
      contextTokens: contextSize,
      parallel: contexts.length,
      parameters: hosted.parameters ?? model.fileInsights.totalParameters,
      modelBytes: model.size,
    })
  }

  /**
   * One vector for each input, in order, and the number of tokens read.
   * @throws input_too_long before anything is computed, if any input does not fit
   */
  async embed(call: EmbeddingCall): Promise<{ vectors: Float32Array[]; tokens: number }> {
    const inputs = call.inputs.map((text, index) => this.#prepare(text, call.titles?.[index], call.kind, index))
    const vectors =
      call.priority === 'question'
        ? await this.#questions.map(inputs, call.signal, (context, tokens) => compute(context, tokens))
        : await this.#ingestion.map(inputs, call.signal, (context, tokens, signal) =>
            this.#deps.gate.ingest(signal, () => compute(context, tokens)),
          )
    return { vectors, tokens: inputs.reduce((sum, tokens) => sum + tokens.length, 0) }
  }

  /** Tokens of the bare text: no prompt, no special tokens. */
  tokenize(text: string): readonly Token[] {
    return this.#tokenizer.tokenize(text)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const context of this.#contexts) await context.dispose()
    await this.#deps.model.dispose()
  }

  #prepare(text: string, title: string | undefined, kind: EmbeddingCall['kind'], index: number): Token[] {
    const { hosted } = this.#deps
    const template = kind === undefined ? undefined : hosted.prompts?.[kind]
    const full =
      template === undefined ? text : fillPrompt(template, { text, ...(title === undefined ? {} : { title }) })
    const tokens = this.#tokenizer.tokenize(full)
    if (tokens.length === 0) throw new KuraError('invalid_request', `Input ${index} is empty.`, { details: { index } })
    const limit = this.info.maxTokens ?? 0
    if (tokens.length > limit) {
      throw new KuraError(
        'input_too_long',
        `Input ${index} has ${tokens.length} tokens; the embedding model reads ${limit}.`,
        {
          details: { index, tokens: tokens.length, limit },
        },
      )
    }
    return this.#tokenizer.complete(tokens)
  }
}

const compute = async (context: LlamaEmbeddingContext, tokens: readonly Token[]): Promise<Float32Array> => {
  try {
    return normalise((await context.getEmbeddingFor([...tokens])).vector)
  } catch (error) {
    throw wrapError(error, 'model_failed', 'The embedding model failed on a text.')
  }
}

const normalise = (vector: readonly number[]): Float32Array => {
  const length = Math.hypot(...vector)
  if (!Number.isFinite(length) || length === 0) {
    throw new KuraError('model_failed', 'The embedding model gave a vector that is zero or not finite.')
  }
  return Float32Array.from(vector, (value) => value / length)
}
