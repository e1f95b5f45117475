/**
 * What the clients of the three model roles have in common: the connection, the model's name at engines that serve several, what
 * the model host says about its model, and token counts.
 */
import { z } from 'zod'
import { isErrorCode, KuraError } from '../core/errors.ts'
import { EngineConnection } from './engine-connection.ts'
import { estimateTokens } from './estimate-tokens.ts'
import { type HostedRole, hostHealthSchema, type ModelInfo, tokenizeResponseSchema } from './host/protocol.ts'

/** Texts in one request of `countTokens`. */
const countsPerRequest = 512

export interface EngineOptions {
  /** `unix:/path.sock` for the model host, `http://host:port/v1` for another engine. */
  readonly baseUrl: string
  /** Name of the model at another engine. @default the first of its `/models` */
  readonly model?: string | undefined
  /** Of the model host's models of the role, the one with this ordinal. @default the newest */
  readonly ordinal?: number | undefined
}

const modelsSchema = z.object({ data: z.array(z.object({ id: z.string() })).min(1) })

export class EngineClient implements AsyncDisposable {
  readonly connection: EngineConnection
  readonly #role: HostedRole
  readonly #ordinal: number | undefined
  #model: string | undefined
  #knowsTokenize = true

  constructor(role: HostedRole, options: EngineOptions) {
    this.#role = role
    this.#ordinal = options.ordinal
    this.connection = new EngineConnection(options.baseUrl)
    this.#model = options.model
  }

  /** @throws the model's own failure, or model_unavailable while it is loaded */
  async hosted(signal: AbortSignal | undefined): Promise<{ name: string; info: ModelInfo }> {
    const health = await this.connection.call('/health', hostHealthSchema, { signal, root: true })
    const model = health.models.findLast(
      ({ role, ordinal }) => role === this.#role && (this.#ordinal === undefined || ordinal === this.#ordinal),
    )
    if (model === undefined) throw new KuraError('model_unknown', `The model host has no ${this.#role} model.`)
    if (model.info !== undefined) return { name: model.name, info: model.info }
    const code = model.error?.code ?? 'model_unavailable'
    throw new KuraError(
      isErrorCode(code) ? code : 'model_failed',
      model.error?.message ?? `The ${this.#role} model is still being loaded.`,
    )
  }

  async modelName(signal: AbortSignal | undefined): Promise<string> {
    this.#model ??= (await this.connection.call('/models', modelsSchema, { signal })).data[0]?.id ?? ''
    return this.#model
  }

  /** The field that names the model; the host takes an ordinal for it. */
  async modelField(signal: AbortSignal | undefined): Promise<{ model?: string; ordinal?: number }> {
    if (!this.connection.isHost) return { model: await this.modelName(signal) }
    return this.#ordinal === undefined ? {} : { ordinal: this.#ordinal }
  }

  async countTokens(texts: readonly string[], signal: AbortSignal | undefined): Promise<number[]> {
    if (!this.connection.isHost) return this.#countElsewhere(texts, signal)
    const counts: number[] = []
    for (const contents of inBatches(texts, countsPerRequest)) {
      const answer = await this.connection.call('/tokenize', tokenizeResponseSchema, {
        body: { ...(await this.modelField(signal)), contents, role: this.#role },
        signal,
        root: true,
      })
      counts.push(...(answer.counts ?? []))
    }
    return checkCount(counts, texts.length, '/tokenize')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.connection[Symbol.asyncDispose]()
  }

  /** llama.cpp's server and vLLM have `/tokenize` for one text each; where there is none, the counts are estimates. */
  async #countElsewhere(texts: readonly string[], signal: AbortSignal | undefined): Promise<number[]> {
    const count = async (text: string): Promise<number> => {
      if (!this.#knowsTokenize) return estimateTokens(text)
      try {
        const body = { ...(await this.modelField(signal)), content: text, prompt: text, add_special_tokens: false }
        const answer = await this.connection.call('/tokenize', tokenizeResponseSchema, { body, signal, root: true })
        const tokens = answer.count ?? answer.tokens?.length
        if (tokens !== undefined) return tokens
      } catch (error) {
        if (!(error instanceof KuraError) || error.code === 'model_unavailable' || error.code === 'model_busy')
          throw error
      }
      this.#knowsTokenize = false
      return estimateTokens(text)
    }
    const counts: number[] = []
    for (const text of texts) counts.push(await count(text))
    return counts
  }
}

export const inBatches = <T>(items: readonly T[], size: number): T[][] => {
  const batches: T[][] = []
  for (let start = 0; start < items.length; start += size) batches.push(items.slice(start, start + size))
  return batches
}

/** @throws model_failed where the engine left something out */
export const checkCount = <T>(answers: T[], wanted: number, route: string): T[] => {
  if (answers.length === wanted) return answers
  throw new KuraError(
    'model_failed',
    `The model engine gave ${answers.length} answers to ${wanted} inputs of ${route}.`,
  )
}
