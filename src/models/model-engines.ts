/**
 * The engines behind the model roles: the model host for what runs here, other engines by URL. In: settings. Out: clients that stay the
 * same while the host restarts or gets another model, and a report of what is used and why. Neighbours: `chooseModels` before; the
 * retriever, the answerer and the ingestion worker after.
 */
import type { Logger } from 'pino'
import type { Settings } from '../config/settings.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import type { Embedder, Generator } from '../core/models.ts'
import { catalog, findEntry, type ModelRole } from './catalog.ts'
import { type ChosenModels, chooseModels, type ModelChoice } from './choose-models.ts'
import type { EmbedderOptions } from './engine-embedder.ts'
import { detectHardware } from './hardware.ts'
import { createEmbedder, createGenerator } from './model-client.ts'
import { presentModels, resolveModelFile } from './model-file.ts'
import { type HostedModel, ModelHost, type ModelHostStatus, modelHostSocket } from './model-host.ts'
import { type PullProgress, pullModel } from './pull-model.ts'

/** Which roles are wanted; starting an engine takes seconds and memory. */
export interface EngineRoles {
  readonly embedding: boolean
  readonly generation: boolean
}

export type RoleState = 'ready' | 'starting' | 'missing' | 'down' | 'external' | 'off'

export interface ModelsReport {
  readonly chosen: readonly {
    readonly role: ModelRole
    /** null where the role is off. */
    readonly name: string | null
    readonly state: RoleState
    readonly reason: string
  }[]
  readonly catalog: readonly {
    readonly name: string
    readonly role: ModelRole
    readonly title: string
    readonly licence: string
    readonly bytes: number
    readonly contextTokens: number
    readonly parameters: number
    readonly quantization: string
    readonly installed: boolean
  }[]
}

type HostedModels = { readonly [Role in ModelRole]?: HostedModel }

/** Another engine does not know the model's prompts as the host does: the client adds them. */
const embeddingOptionsOf = (settings: Settings, socket: string): EmbedderOptions => {
  const { embeddingUrl, embeddingModel } = settings
  if (!embeddingUrl) return { baseUrl: `unix:${socket}` }
  const prompts = findEntry(embeddingModel)?.prompts
  return { baseUrl: embeddingUrl, model: embeddingModel, ...(prompts ? { prompts } : {}) }
}

export class ModelEngines implements AsyncDisposable {
  readonly chosen: ChosenModels
  readonly embedder: Embedder & AsyncDisposable
  /** What the ingestion worker makes its own client from: the same, so that the fingerprints are equal. */
  readonly embeddingOptions: EmbedderOptions
  readonly #generator: Generator & AsyncDisposable
  readonly #settings: Settings
  readonly #logger: Logger
  readonly #socket: string
  readonly #roles: EngineRoles
  readonly #closing = new AbortController()
  #models: HostedModels = {}
  #host: ModelHost | undefined
  #pulling: Promise<boolean> | undefined

  private constructor(settings: Settings, roles: EngineRoles, chosen: ChosenModels, logger: Logger) {
    this.#settings = settings
    this.#logger = logger
    this.#roles = roles
    this.chosen = chosen
    this.#socket = modelHostSocket(settings.data)
    this.embeddingOptions = embeddingOptionsOf(settings, this.#socket)
    this.embedder = createEmbedder(this.embeddingOptions)
    const { generationUrl, generationModel } = settings
    this.#generator = createGenerator({
      baseUrl: generationUrl ?? `unix:${this.#socket}`,
      ...(generationUrl && generationModel ? { model: generationModel } : {}),
    })
  }

  /**
   * Starts the model host with what is on this machine and returns at once; models load in the background. A generation model that is
   * missing leaves the role off (answers are quotes then) until `pullMissing` has brought it.
   * @throws model_unknown; model_missing or model_invalid for the embedding model
   */
  static async open(settings: Settings, roles: EngineRoles, logger: Logger): Promise<ModelEngines> {
    const hardware = await detectHardware()
    const engines = new ModelEngines(settings, roles, chooseModels(settings, hardware), logger)
    await engines.#startHost(await engines.#resolveModels())
    return engines
  }

  /** Undefined where no model may write now. */
  get generator(): Generator | undefined {
    return this.#settings.generationUrl || this.#models.generation ? this.#generator : undefined
  }

  get restarts(): number {
    return this.#host?.status().restarts ?? 0
  }

  /** What an admin should know, a sentence each. */
  get notices(): string[] {
    return this.report()
      .chosen.filter(({ role }) => role !== 'reranking')
      .map(({ role, name, state, reason }) => `${role}: ${name ?? 'none'} (${state}). ${reason}`)
  }

  /** Waits until every model that is here is loaded. @throws model_invalid, model_unavailable */
  async ready(signal?: AbortSignal): Promise<void> {
    await this.#host?.untilReady(signal ? { signal } : {})
  }

  /**
   * Fetches the chosen generation model where it is missing, then starts the host with it. Answers go on as quotes meanwhile; a pull that
   * fails leaves it so.
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
    // Resolved before the host in use is ended: what goes wrong here leaves it working.
    const models = await this.#resolveModels()
    await this.#host?.[Symbol.asyncDispose]()
    await this.#startHost(models)
    return true
  }

  report(): ModelsReport {
    const present = presentModels(this.#settings)
    const reason = 'Reranking is not used in this version.'
    const off: ModelChoice = { name: 'none', source: 'none', present: true, reason }
    const choices: [ModelRole, ModelChoice][] = [
      ['embedding', this.chosen.embedding],
      ['generation', this.chosen.generation],
      ['reranking', off],
    ]
    return {
      chosen: choices.map(([role, choice]) => {
        const hosted = this.#models[role]
        const fallback = hosted && choice.fallback && hosted.name === choice.fallback.name ? choice.fallback : undefined
        const { name, reason } = fallback ?? choice
        return { role, name: name === 'none' ? null : name, state: this.#stateOf(role, choice), reason }
      }),
      catalog: catalog.map(({ name, role, title, licence, bytes, contextTokens, parameters, quantization }) => {
        return {
          name,
          role,
          title,
          licence,
          bytes,
          contextTokens,
          parameters,
          quantization,
          installed: present.has(name),
        }
      }),
    }
  }

  stopPulling(): void {
    this.#closing.abort()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopPulling()
    await this.#pulling?.catch(() => undefined)
    await Promise.all([this.embedder[Symbol.asyncDispose](), this.#generator[Symbol.asyncDispose]()])
    await this.#host?.[Symbol.asyncDispose]()
  }

  #stateOf(role: ModelRole, choice: ModelChoice): RoleState {
    if (choice.source === 'none') return 'off'
    if (choice.source === 'url') return 'external'
    if (!this.#models[role]) return choice.present ? 'off' : 'missing'
    const status: ModelHostStatus | undefined = this.#host?.status()
    const state = status?.models.find((model) => model.role === role)?.state
    if (state === 'ready') return 'ready'
    return state === 'failed' || status?.state === 'stopped' ? 'down' : 'starting'
  }

  async #startHost(models: HostedModels): Promise<void> {
    this.#models = models
    if (Object.keys(this.#models).length === 0) return
    this.#host = await ModelHost.start({ models: this.#models, socket: this.#socket, logger: this.#logger })
  }

  async #resolveModels(): Promise<HostedModels> {
    const { embedding, generation } = this.chosen
    return {
      ...(this.#roles.embedding ? await this.#resolve('embedding', embedding) : {}),
      ...(this.#roles.generation ? await this.#resolve('generation', generation) : {}),
    }
  }

  async #resolve(role: ModelRole, choice: ModelChoice): Promise<HostedModels> {
    if (choice.source !== 'local') return {}
    try {
      const { name, path, entry, sha256 } = await resolveModelFile(choice.name, this.#settings)
      const { prompts, contextTokens, parameters } = entry ?? {}
      const hosted = { name, path, role, prompts, contextTokens, sha256, parameters }
      return {
        [role]: Object.fromEntries(Object.entries(hosted).filter(([, value]) => value !== undefined)) as HostedModel,
      }
    } catch (error) {
      // Without its embedding model Kura is nothing; without the others it works, with less.
      const dispensable = role !== 'embedding' && error instanceof KuraError && error.code !== 'model_unknown'
      if (isAbort(error) || !dispensable) throw error
      this.#logger.warn({ role, code: error.code }, error.message)
      const { fallback, ...rest } = choice
      return fallback ? this.#resolve(role, { ...rest, name: fallback.name, present: true }) : {}
    }
  }
}
