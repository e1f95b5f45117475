/**
 * One embedding model in use: what it is called, its client, and what it runs in. In: a name of `embedding-name.ts` and where it is served.
 * Out: an embedder whose calls say what is wrong where it can not be had. Disposing closes the client, and the host if it is the slot's own.
 * Neighbours: model-engines.ts makes them; the index that the model has made is searched with its embedder and no other.
 */
import { isAbort, KuraError } from '../core/errors.ts'
import type { Embedder, EmbeddingModelInfo } from '../core/models.ts'
import type { EmbedderOptions } from './engine-embedder.ts'
import { createMissingEmbedder } from './missing-embedder.ts'
import { createEmbedder } from './model-client.ts'
import type { ModelHost } from './model-host.ts'

export type EmbeddingState = 'ready' | 'starting' | 'missing' | 'down' | 'external' | 'off'

/** An engine that does not say in this time which model it runs is taken to be down. */
const askTimeoutMs = 5_000

type Place = 'elsewhere' | 'model host' | 'own model host' | 'nowhere'

export class EmbeddingSlot implements AsyncDisposable {
  readonly name: string
  /** What another process makes its own client from: the same, so that the fingerprints are equal. Undefined where it can not be had. */
  readonly options: EmbedderOptions | undefined
  readonly embedder: Embedder & AsyncDisposable
  readonly place: Place
  readonly #host: () => ModelHost | undefined

  private constructor(slot: {
    name: string
    options?: EmbedderOptions
    embedder: Embedder & AsyncDisposable
    place: Place
    host: () => ModelHost | undefined
  }) {
    this.name = slot.name
    this.options = slot.options
    this.embedder = slot.embedder
    this.place = slot.place
    this.#host = slot.host
  }

  static elsewhere(name: string, options: EmbedderOptions): EmbeddingSlot {
    return new EmbeddingSlot({
      name,
      options,
      embedder: createEmbedder(options),
      place: 'elsewhere',
      host: () => undefined,
    })
  }

  /** @param host the one that runs the other roles too, as it is now; none where none was wanted */
  static inHost(name: string, socket: string, host: () => ModelHost | undefined): EmbeddingSlot {
    const options = { baseUrl: `unix:${socket}` }
    return new EmbeddingSlot({ name, options, embedder: createEmbedder(options), place: 'model host', host })
  }

  static inOwnHost(name: string, host: ModelHost): EmbeddingSlot {
    const options = { baseUrl: host.baseUrl }
    return new EmbeddingSlot({
      name,
      options,
      embedder: createEmbedder(options),
      place: 'own model host',
      host: () => host,
    })
  }

  static missing(name: string, reason: KuraError): EmbeddingSlot {
    return new EmbeddingSlot({ name, embedder: createMissingEmbedder(reason), place: 'nowhere', host: () => undefined })
  }

  get state(): EmbeddingState {
    if (this.place === 'elsewhere') return 'external'
    if (this.place === 'nowhere') return 'missing'
    const host = this.#host()
    if (host === undefined) return 'off'
    const { state, models } = host.status()
    const model = models.find(({ role }) => role === 'embedding')?.state
    if (model === 'ready') return 'ready'
    return model === 'failed' || state === 'stopped' ? 'down' : 'starting'
  }

  /** What it runs; undefined while it is not up. @throws what is wrong with it for good */
  async model(): Promise<EmbeddingModelInfo | undefined> {
    try {
      return await this.embedder.info({ signal: AbortSignal.timeout(askTimeoutMs) })
    } catch (error) {
      if (isAbort(error) || (error instanceof KuraError && error.retryable)) return undefined
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.embedder[Symbol.asyncDispose]()
    if (this.place === 'own model host') await this.#host()?.[Symbol.asyncDispose]()
  }
}
