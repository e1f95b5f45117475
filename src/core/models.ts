/**
 * Ports of the three model roles. Implemented by the client of the OpenAI protocol (`src/models/model-client.ts`), which
 * speaks to the model host or to another engine, and by deterministic fakes in tests.
 */

/** Questions go before ingestion wherever both wait for the same engine. */
export type Priority = 'question' | 'ingestion'

export interface EmbeddingModelInfo {
  /** Catalog name, or file name. */
  readonly name: string
  /** Changes whenever vectors would: model sha256 (or URL and name), prompts, dimensions. */
  readonly fingerprint: string
  readonly dimensions: number
  /** Longest input in tokens, prompt included; longer inputs are refused by `embed` with `input_too_long`. */
  readonly maxTokens: number
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  readonly priority?: Priority
}

export interface Embedder {
  /** Loads nothing by itself; throws `model_unavailable` while the engine is not up. */
  info(options?: CallOptions): Promise<EmbeddingModelInfo>
  /**
   * One vector for each question: Float32Array, length = model dimensions, L2-normalised. The model's query prompt is added.
   */
  embedQueries(texts: readonly string[], options?: CallOptions): Promise<Float32Array[]>
  /**
   * One vector for each passage, in order. The model's passage prompt is added; `title` (document title and heading path) is
   * written before the text in the way that suits the model.
   */
  embedPassages(
    passages: readonly { readonly title: string; readonly text: string }[],
    options?: CallOptions,
  ): Promise<Float32Array[]>
  /** Token counts of the bare texts by the embedding model's tokenizer, in order. */
  countTokens(texts: readonly string[], options?: CallOptions): Promise<number[]>
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

export interface TokenProbability {
  readonly text: string
  /** 0 to 1. */
  readonly probability: number
}

export interface GenerationRequest {
  readonly messages: readonly ChatMessage[]
  readonly maxTokens: number
  /** 0 is greedy. @default 0 */
  readonly temperature?: number
  readonly seed?: number
  /** JSON schema that the output is held to while it is generated. */
  readonly schema?: { readonly name: string; readonly schema: Record<string, unknown> }
  /** Told what the first token could have been, likeliest first, before its text comes; never called by engines that do not say. */
  readonly onFirstToken?: (likeliest: readonly TokenProbability[]) => void
}

/** A LoRA adapter that is laid over a generation model. */
export interface AdapterInfo {
  readonly name: string
  /** Of its file. */
  readonly sha256: string
  /** How strongly it counts; 1 as it was trained. */
  readonly scale: number
}

export interface GenerationModelInfo {
  readonly name: string
  /** Of the model file; undefined for engines that do not tell. */
  readonly sha256?: string
  readonly adapter?: AdapterInfo
  readonly contextTokens: number
  /** Measured when the model was loaded; undefined for engines that do not tell. */
  readonly promptTokensPerSecond?: number
  readonly outputTokensPerSecond?: number
  readonly parameters?: number
  /** Weights and contexts. */
  readonly memoryBytes?: number
}

export interface Generator {
  info(options?: CallOptions): Promise<GenerationModelInfo>
  /** Pieces of text as they are generated. Ending the iteration early, or the signal, stops the engine. */
  generate(request: GenerationRequest, options?: CallOptions): AsyncIterable<string>
  /** Token counts by the generation model's tokenizer. */
  countTokens(texts: readonly string[], options?: CallOptions): Promise<number[]>
}

export interface Reranker {
  /** One relevance score for each document, 0 to 1, in order. */
  rerank(query: string, documents: readonly string[], options?: CallOptions): Promise<number[]>
}
