/**
 * The generator port over OpenAI's streamed `/chat/completions`. In: messages; out: pieces of text as they are generated.
 * Invariant: ending the iteration, by whatever way, closes the connection, and with it the engine's work.
 */
import { KuraError } from '../core/errors.ts'
import type { CallOptions, GenerationModelInfo, GenerationRequest, Generator } from '../core/models.ts'
import { EngineClient, type EngineOptions } from './engine-client.ts'
import { errorOfEvent } from './engine-connection.ts'
import { chatChunkSchema } from './host/protocol.ts'

/** What other engines are taken to hold, where the options do not say. */
const defaultContextTokens = 4_096
/** Enough to see how likely a refusal was; vLLM allows 20, OpenAI 20. */
const topLogprobs = 12

export interface GeneratorOptions extends EngineOptions {
  /** Context of another engine's model in tokens. @default 4096 */
  readonly contextTokens?: number | undefined
}

export class EngineGenerator implements Generator, AsyncDisposable {
  readonly #client: EngineClient
  readonly #options: GeneratorOptions

  constructor(options: GeneratorOptions) {
    this.#client = new EngineClient('generation', options)
    this.#options = options
  }

  async info(options: CallOptions = {}): Promise<GenerationModelInfo> {
    if (!this.#client.connection.isHost) {
      const name = await this.#client.modelName(options.signal)
      return { name, contextTokens: this.#options.contextTokens ?? defaultContextTokens }
    }
    const { name, info } = await this.#client.hosted(options.signal)
    const { sha256, adapter, promptTokensPerSecond, outputTokensPerSecond, parameters, modelBytes, contextBytes } = info
    return {
      name,
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(adapter === undefined ? {} : { adapter }),
      contextTokens: info.contextTokens ?? defaultContextTokens,
      ...(promptTokensPerSecond === undefined ? {} : { promptTokensPerSecond }),
      ...(outputTokensPerSecond === undefined ? {} : { outputTokensPerSecond }),
      ...(parameters === undefined ? {} : { parameters }),
      ...(modelBytes === undefined ? {} : { memoryBytes: modelBytes + (contextBytes ?? 0) }),
    }
  }

  async *generate(request: GenerationRequest, options: CallOptions = {}): AsyncGenerator<string> {
    const body = {
      ...(await this.#client.modelField(options.signal)),
      messages: request.messages,
      max_tokens: request.maxTokens,
      temperature: request.temperature ?? 0,
      ...(request.seed === undefined ? {} : { seed: request.seed }),
      ...(request.schema === undefined
        ? {}
        : { response_format: { type: 'json_schema', json_schema: { ...request.schema, strict: true } } }),
      ...(request.onFirstToken === undefined ? {} : { logprobs: true, top_logprobs: topLogprobs }),
      stream: true,
    }
    let toldFirst = false
    for await (const data of this.#client.connection.stream('/chat/completions', { body, signal: options.signal })) {
      const chunk = chatChunkSchema.safeParse(parseJson(data))
      if (!chunk.success) {
        throw (
          errorOfEvent(data) ?? new KuraError('model_failed', "The model engine's stream has not the expected form.")
        )
      }
      const [choice] = chunk.data.choices
      const [first] = toldFirst ? [] : (choice?.logprobs?.content ?? [])
      if (first) {
        toldFirst = true
        request.onFirstToken?.(
          first.top_logprobs.map(({ token, logprob }) => ({ text: token, probability: Math.exp(logprob) })),
        )
      }
      const text = choice?.delta?.content
      if (typeof text === 'string' && text !== '') yield text
    }
  }

  countTokens(texts: readonly string[], options: CallOptions = {}): Promise<number[]> {
    return this.#client.countTokens(texts, options.signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]()
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
