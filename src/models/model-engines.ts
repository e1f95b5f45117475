/**
 * The engines behind the model roles: the model host for what runs here, other engines by URL. In: settings, and the name of the model that
 * the index in use was made by. Out: an embedder for that index, a generator, and a report of what is used and why. Another embedding
 * model is started in a host of its own beside them, and moves into the common one when its index has taken over.
 * Neighbours: `chooseModels` before; src/search-indexes.ts decides when which model embeds.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { Settings } from '../config/settings.ts'
import { KuraError } from '../core/errors.ts'
import type { Embedder, Reranker } from '../core/models.ts'
import type { EnginesReport } from '../core/models-report.ts'
import { findEntry } from './catalog.ts'
import { type ChosenModels, chooseModels } from './choose-models.ts'
import {
  CommonHost,
  describeGeneration,
  type HostedModels,
  resolveEmbedding,
  resolveGeneration,
} from './common-host.ts'
import { describeAdapters, describeCatalog } from './describe-catalog.ts'
import { embeddingNameOf, engineOptionsOf } from './embedding-name.ts'
import { EmbeddingSlot } from './embedding-slot.ts'
import type { Serving } from './generation-slot.ts'
import { GenerationSlots, type HeldGenerator } from './generation-slots.ts'
import { detectHardware, type Hardware } from './hardware.ts'
import { createGenerator } from './model-client.ts'
import { type HostedModel, ModelHost, modelHostSocket } from './model-host.ts'
import { type PullProgress, pullModel } from './pull-model.ts'
import { reportGeneration } from './report-generation.ts'
import { RerankingRole } from './reranking-role.ts'

/** Which roles are wanted; starting an engine takes seconds and memory. */
export interface EngineRoles {
  readonly embedding: boolean
  readonly generation: boolean
}

export class ModelEngines implements AsyncDisposable {
  readonly #roles: EngineRoles
  readonly #hardware: Hardware
  readonly #logger: Logger
  readonly #closing = new AbortController()
  #settings: Settings
  #chosen: ChosenModels
  #common: CommonHost | undefined
  readonly #writing: GenerationSlots
  readonly #reranking: RerankingRole
  /** Of the last change of the model that writes. */
  #generationFailure: KuraError | undefined
  #answering: EmbeddingSlot
  /** Each embedding model gets a socket of its own, so that a client of one is never answered by another. */
  #sockets = 0
  /** Of common hosts that were ended. */
  #restarts = 0
  #pulling: Promise<boolean> | undefined
  /** What starts and ends the common host goes one after the other. */
  #lastChange: Promise<unknown> = Promise.resolve()

  private constructor(settings: Settings, roles: EngineRoles, hardware: Hardware, logger: Logger) {
    this.#settings = settings
    this.#roles = roles
    this.#hardware = hardware
    this.#logger = logger
    this.#chosen = chooseModels(settings, hardware)
    this.#writing = new GenerationSlots({
      closing: this.#closing.signal,
      host: () => this.#common?.host,
      startHost: (model) => this.#startAlone(model),
      connect: createGenerator,
    })
    this.#reranking = new RerankingRole(this.#chosen.reranking, settings, logger)
    this.#answering = EmbeddingSlot.inHost(embeddingNameOf(settings), modelHostSocket(settings.data), () => undefined)
  }

  /**
   * Starts the model host with what is on this machine and returns at once; models load in the background. A generation model that is
   * missing leaves the role off (answers are quotes then) until `pullMissing` has brought it.
   * @param answering name of the embedding model of the index in use; where it can not be had, its embedder says so in each call
   * @throws model_unknown; model_missing or model_invalid for the embedding model that the settings wish for, if there is no other
   */
  static async open(settings: Settings, roles: EngineRoles, logger: Logger, answering?: string): Promise<ModelEngines> {
    const engines = new ModelEngines(settings, roles, await detectHardware(), logger)
    const wished = embeddingNameOf(settings)
    const name = answering ?? wished
    try {
      engines.#answering = await engines.#startCommon(name)
    } catch (error) {
      if (name === wished || !(error instanceof KuraError)) throw error
      logger.error({ model: name, code: error.code }, error.message)
      engines.#answering = EmbeddingSlot.missing(name, error)
      await engines.#startCommon(undefined)
    }
    return engines
  }

  get chosen(): ChosenModels {
    return this.#chosen
  }

  /** The embedding model of the index that answers. */
  get answering(): EmbeddingSlot {
    return this.#answering
  }

  get embedder(): Embedder {
    return this.#answering.embedder
  }

  /** The model that writes now, kept for one question until the handle is disposed. */
  holdGenerator(): HeldGenerator {
    return this.#writing.hold()
  }

  /** The model that looks at what was found; undefined where there is none. */
  get reranker(): Reranker | undefined {
    return this.#reranking.reranker
  }

  /** Whether the model that writes runs in the common host, so that settling interrupts it. */
  get writesHere(): boolean {
    return this.#writing.serving?.model !== undefined
  }

  get restarts(): number {
    return this.#restarts + (this.#common?.host?.status().restarts ?? 0)
  }

  /** What an admin should know, a sentence each. */
  get notices(): string[] {
    return this.report()
      .chosen.filter(({ role, state }) => role !== 'reranking' || state !== 'off')
      .map(({ role, name, state, reason }) => `${role}: ${name ?? 'none'} (${state}). ${reason}`)
  }

  /** Waits until every model that is here is loaded. @throws model_invalid, model_unavailable */
  async ready(signal?: AbortSignal): Promise<void> {
    await this.#common?.host?.untilReady(signal ? { signal } : {})
  }

  /** The settings name another embedding model by now. @throws setting_invalid */
  wish(settings: Pick<Settings, 'embeddingModel' | 'embeddingUrl'>): void {
    const wished = { ...this.#settings, ...settings }
    this.#chosen = chooseModels(wished, this.#hardware)
    this.#settings = wished
  }

  /** Whether another model can be made to write without a new start. */
  get canSwitchGeneration(): boolean {
    return this.#roles.generation
  }

  /**
   * Another model writes for the questions that begin when it is loaded; those under way end on the former one. Resolves then.
   * @throws model_unknown, model_missing, model_invalid, model_too_large, model_failed: the former one goes on
   */
  switchGeneration(settings: Pick<Settings, 'generationModel' | 'generationUrl'>): Promise<void> {
    this.#settings = { ...this.#settings, ...settings }
    this.#chosen = chooseModels(this.#settings, this.#hardware)
    return this.#change(() => this.#takeChosenGeneration())
  }

  async #takeChosenGeneration(): Promise<void> {
    const { generation } = this.#chosen
    this.#generationFailure = undefined
    try {
      if (generation.source === 'local') await this.#loadGeneration(generation.name)
      else this.#writing.put(this.#serveElsewhere())
    } catch (error) {
      if (!(error instanceof KuraError)) throw error
      this.#logger.error({ model: generation.name, code: error.code }, error.message)
      this.#generationFailure = error
      throw error
    }
  }

  async #loadGeneration(name: string): Promise<void> {
    const model = await describeGeneration(name, this.#settings)
    const inUse = this.#writing.serving?.model
    const isSame = inUse?.sha256 === model.sha256 && isDeepStrictEqual(inUse?.adapter, model.adapter)
    if (!isSame) await this.#writing.load(model)
  }

  /**
   * Starts a model beside the one that answers; where it runs here, in a host of its own: what goes wrong in it, or ends it, leaves the answers
   * alone. One that is to build lets other processes go first. The caller disposes it, or has it adopted.
   * @throws model_unknown, model_missing, model_invalid
   */
  async startBeside(name: string, purpose: 'to build' | 'for questions'): Promise<EmbeddingSlot> {
    const elsewhere = engineOptionsOf(name)
    if (elsewhere) return EmbeddingSlot.elsewhere(name, elsewhere)
    const models = await resolveEmbedding(name, this.#settings)
    const common = { models, socket: this.#nextSocket(), logger: this.#logger }
    const host = await ModelHost.start({ ...common, background: purpose === 'to build' })
    return EmbeddingSlot.inOwnHost(name, host)
  }

  /** From now on this model embeds the questions. The caller disposes the former one when nothing needs it any more. */
  adopt(slot: EmbeddingSlot): void {
    this.#answering = slot
  }

  /** Whether the common host has the embedding model that answers, and no other. */
  get isSettled(): boolean {
    const { place } = this.#answering
    return place !== 'own model host' && (place === 'model host' || this.#common?.models.embedding === undefined)
  }

  /**
   * Starts the common host anew, with the embedding model that answers. Meanwhile that model goes on in its own host, and nothing can be
   * written: answers are quotes.
   * @returns that model in the common host, to be adopted; undefined where it does not run here
   * @throws model_invalid, model_too_large, model_failed: the model goes on in its own host then
   */
  settle(): Promise<EmbeddingSlot | undefined> {
    return this.#change(async () => {
      const { name, place } = this.#answering
      await this.#endCommon()
      if (place !== 'own model host') {
        await this.#startCommon(undefined)
        return undefined
      }
      const slot = await this.#startCommon(name)
      try {
        await this.#common?.host?.untilReady({ roles: ['embedding'], signal: this.#closing.signal })
      } catch (error) {
        await slot[Symbol.asyncDispose]()
        throw error
      }
      return slot
    })
  }

  /**
   * Fetches the chosen generation model where it is missing, then lets it write. Answers go on as quotes, or by the one that stands in for it,
   * meanwhile; a pull that fails leaves it so.
   * @returns whether a model was fetched
   * @throws model_download_failed, model_invalid, disk_full
   */
  pullMissing(onProgress: (progress: PullProgress) => void): Promise<boolean> {
    this.#pulling ??= this.#pullMissing(onProgress)
    return this.#pulling
  }

  async #pullMissing(onProgress: (progress: PullProgress) => void): Promise<boolean> {
    const { generation } = this.chosen
    const entry = generation.source === 'local' && !generation.present ? findEntry(generation.name) : undefined
    if (!entry || !this.#roles.generation) return false
    await pullModel(entry, { folder: this.#settings.modelsFolder, signal: this.#closing.signal, onProgress })
    this.#closing.signal.throwIfAborted()
    await this.#change(() => this.#takeChosenGeneration())
    return true
  }

  report(): EnginesReport {
    const { embedding, generation } = this.chosen
    const isWished = this.#answering.name === embeddingNameOf(this.#settings)
    return {
      chosen: [
        {
          role: 'embedding',
          name: isWished ? embedding.name : this.#answering.name,
          state: !isWished || embedding.present ? this.#answering.state : 'missing',
          reason: isWished ? embedding.reason : 'The index that answers was made with it.',
        },
        {
          role: 'generation',
          ...reportGeneration(generation, {
            isWanted: this.#roles.generation,
            writing: this.#writing,
            host: this.#common?.host?.status(),
            failure: this.#generationFailure,
          }),
        },
        { role: 'reranking', ...this.#reranking.report() },
      ],
      catalog: describeCatalog(this.#settings),
      adapters: describeAdapters(this.#settings),
    }
  }

  stopPulling(): void {
    this.#closing.abort()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopPulling()
    await this.#pulling?.catch(() => undefined)
    await this.#lastChange
    await this.#answering[Symbol.asyncDispose]()
    await this.#writing[Symbol.asyncDispose]()
    await this.#reranking[Symbol.asyncDispose]()
    await this.#endCommon()
  }

  #change<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#lastChange.then(change)
    this.#lastChange = result.catch(() => undefined)
    return result
  }

  async #endCommon(): Promise<void> {
    this.#restarts = this.restarts
    const common = this.#common
    this.#common = undefined
    await this.#writing.drop()
    await common?.[Symbol.asyncDispose]()
  }

  /** @param embedding name of the embedding model that it is to have; undefined for none */
  async #startCommon(embedding: string | undefined): Promise<EmbeddingSlot> {
    const elsewhere = embedding === undefined ? undefined : engineOptionsOf(embedding)
    const isHosted = embedding !== undefined && !elsewhere && this.#roles.embedding
    const writing = this.#roles.generation
      ? await resolveGeneration(this.#chosen.generation, this.#settings, this.#logger)
      : {}
    const generation = writing.generation && this.#writing.number(writing.generation)
    // It looks at what search found, so it comes with the embedding model.
    const reranking = this.#roles.embedding ? await this.#reranking.resolve() : undefined
    const models: HostedModels = {
      ...(isHosted ? await resolveEmbedding(embedding, this.#settings) : {}),
      ...(reranking ? { reranking } : {}),
      ...(generation ? { generation } : {}),
    }
    const { socket, host } = await this.#startHost(models, this.#nextSocket())
    if (host && reranking) await this.#reranking.serveBy(host)
    this.#writing.put(host && generation ? this.#writing.serveBy(host, generation) : this.#serveElsewhere())
    const name = embedding ?? ''
    if (elsewhere) return EmbeddingSlot.elsewhere(name, elsewhere)
    return EmbeddingSlot.inHost(name, socket, () => (isHosted ? this.#common?.host : undefined))
  }

  async #startHost(models: HostedModels, socket: string): Promise<CommonHost> {
    const common = await CommonHost.start(models, { socket, logger: this.#logger })
    this.#common = common
    return common
  }

  /** A host for the model that writes, where no other model runs here. */
  async #startAlone(model: HostedModel): Promise<ModelHost> {
    const { host } = await this.#startHost({ generation: model }, this.#nextSocket())
    if (!host) throw new KuraError('internal', 'A model host was started without a model.')
    await host.untilReady({ signal: this.#closing.signal })
    return host
  }

  /** The engine of the settings; undefined where they name none. */
  #serveElsewhere(): Serving | undefined {
    const { generationUrl, generationModel } = this.#settings
    if (!generationUrl) return undefined
    const generator = createGenerator({ baseUrl: generationUrl, model: generationModel })
    return { name: generationUrl, generator }
  }

  #nextSocket(): string {
    const socket = modelHostSocket(this.#settings.data, this.#sockets)
    this.#sockets += 1
    return socket
  }
}
