/**
 * An embedding model whose table is to take over. Where it runs here it runs twice, for as short as can be: a process that builds behind
 * everything else that the machine has to do, and, when the table is complete, one that embeds questions without delay.
 * Neighbours: search-indexes.ts decides; model-engines.ts starts the processes.
 */
import type { EmbeddingModelInfo } from './core/models.ts'
import type { EmbeddingSlot } from './models/embedding-slot.ts'
import type { ModelEngines } from './models/model-engines.ts'

export class UpcomingModel implements AsyncDisposable {
  /** Embeds the documents. */
  readonly builder: EmbeddingSlot
  /** Of its table; known when the model is up, and the worker builds from then on. */
  fingerprint: string | undefined
  readonly #engines: ModelEngines
  #front: EmbeddingSlot | undefined

  private constructor(engines: ModelEngines, builder: EmbeddingSlot) {
    this.#engines = engines
    this.builder = builder
  }

  /** @throws model_unknown, model_missing, model_invalid */
  static async start(engines: ModelEngines, name: string): Promise<UpcomingModel> {
    return new UpcomingModel(engines, await engines.startBeside(name, 'to build'))
  }

  get name(): string {
    return this.builder.name
  }

  /** What it runs; undefined while it is not up. @throws what is wrong with it for good */
  model(): Promise<EmbeddingModelInfo | undefined> {
    return this.builder.model()
  }

  /** Embeds the questions; undefined while it is not up. */
  async front(): Promise<EmbeddingSlot | undefined> {
    const { builder } = this
    this.#front ??=
      builder.place === 'own model host' ? await this.#engines.startBeside(builder.name, 'for questions') : builder
    const front = this.#front
    try {
      return (await front.model()) && front
    } catch (error) {
      if (front === builder) throw error
      // No memory for a second one: then the one that is there.
      this.#front = builder
      await front[Symbol.asyncDispose]()
      return undefined
    }
  }

  /** Ends what is not the given one. */
  async endOthers(kept: EmbeddingSlot | undefined): Promise<void> {
    const others = new Set([this.builder, this.#front])
    for (const slot of others) if (slot !== kept) await slot?.[Symbol.asyncDispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.endOthers(undefined)
  }
}
