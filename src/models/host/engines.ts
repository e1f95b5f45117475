/**
 * Everything native: the one llama.cpp instance of the host and an engine for each model. In: descriptors; out: loaded engines
 * and what they say about themselves. Invariants: nothing is ever compiled or downloaded here; one model that does not load
 * leaves the others working; all threads together are those of the machine; a second model of a role is loaded only where both fit.
 */
import { access } from 'node:fs/promises'
import os from 'node:os'
import { getLlama, InsufficientMemoryError, type Llama, type LlamaModel } from 'node-llama-cpp'
import { KuraError, wrapError } from '../../core/errors.ts'
import { ComputeGate } from './compute-gate.ts'
import { EmbeddingEngine, questionContexts } from './embedding-engine.ts'
import { fitsBeside } from './fits-beside.ts'
import { GenerationEngine } from './generation-engine.ts'
import type { HostedModel, HostedRole, HostedState, HostHealth } from './protocol.ts'
import { RerankingEngine } from './reranking-engine.ts'

export type LogLine = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void
/** Told of each change of a model's state. */
export type StateChange = (model: HostedModel, state: HostedState['state'], error?: KuraError) => void

interface EngineByRole {
  embedding: EmbeddingEngine
  generation: GenerationEngine
  reranking: RerankingEngine
}

type EnginesByOrdinal = { readonly [Role in HostedRole]: Map<number, EngineByRole[Role]> }

interface Hosted {
  readonly model: HostedModel
  state: HostedState['state']
  error?: KuraError
}

const loadOrder = ['embedding', 'reranking', 'generation'] as const satisfies readonly HostedRole[]

export class Engines implements AsyncDisposable {
  readonly #llama: Llama
  readonly #threads: number
  readonly #gate: ComputeGate
  /** In the order in which they came. */
  readonly #hosted: Hosted[] = []
  readonly #engines: EnginesByOrdinal = { embedding: new Map(), generation: new Map(), reranking: new Map() }
  readonly #onState: StateChange
  /** Models come and go one after the other. */
  #lastChange: Promise<void> = Promise.resolve()

  private constructor(llama: Llama, threads: number, onState: StateChange) {
    this.#llama = llama
    this.#threads = threads
    this.#gate = new ComputeGate(llama.gpu === false)
    this.#onState = onState
  }

  /** Loads the native library only; `load` brings the models. @throws model_failed where there is no binary for this machine */
  static async open(log: LogLine, onState: StateChange): Promise<Engines> {
    const threads = os.availableParallelism()
    try {
      const llama = await getLlama({
        gpu: 'auto',
        build: 'never',
        skipDownload: true,
        progressLogs: false,
        // What computes at once: either ingestion or answers, with all cores, and beside them the contexts of questions with a thread
        // each, so that a question never waits for the others to end.
        maxThreads: threads + questionContexts,
        logger: (level, message) => log(level === 'error' || level === 'fatal' ? 'warn' : 'debug', message.trim()),
      })
      return new Engines(llama, threads, onState)
    } catch (error) {
      throw wrapError(error, 'model_failed', 'llama.cpp could not be loaded on this machine.')
    }
  }

  /** Begins to load the models one after the other, embedding first; failures are kept as states. */
  load(models: readonly HostedModel[]): void {
    const inOrder = loadOrder.flatMap((role) => models.filter((model) => model.role === role))
    for (const model of inOrder) {
      const hosted: Hosted = { model, state: 'loading' }
      this.#hosted.push(hosted)
      this.#change(() => this.#load(hosted))
    }
  }

  /** What runs on it fails; one that is not there is no fault. */
  unload({ role, ordinal }: { readonly role: HostedRole; readonly ordinal: number }): void {
    this.#change(async () => {
      const index = this.#hosted.findIndex(({ model }) => model.role === role && (model.ordinal ?? 0) === ordinal)
      if (index >= 0) this.#hosted.splice(index, 1)
      const engine = this.#engines[role].get(ordinal)
      this.#engines[role].delete(ordinal)
      await engine?.[Symbol.asyncDispose]()
    })
  }

  /**
   * @param ordinal the newest of the role, where it is left out
   * @throws model_unknown, model_unavailable while it is loaded, what made it fail
   */
  get<Role extends HostedRole>(role: Role, ordinal?: number): EngineByRole[Role] {
    const hosted = this.#find(role, ordinal)
    if (hosted === undefined) throw new KuraError('model_unknown', `This model host has no ${role} model.`)
    const engine = this.#engines[role].get(hosted.model.ordinal ?? 0)
    if (engine !== undefined) return engine
    throw hosted.error ?? new KuraError('model_unavailable', `The ${role} model is still being loaded.`)
  }

  /** The first role of this host that can tokenize. */
  get tokenizingRole(): HostedRole {
    return this.#hosted[0]?.model.role ?? 'embedding'
  }

  nameOf(role: HostedRole, ordinal?: number): string {
    return this.#find(role, ordinal)?.model.name ?? role
  }

  states(): HostedState[] {
    return this.#hosted.map(({ model: { name, role, ordinal = 0 }, state, error }) => {
      const info = this.#engines[role].get(ordinal)?.info
      return {
        name,
        role,
        ordinal,
        state,
        ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
        ...(info === undefined ? {} : { info }),
      }
    })
  }

  async health(): Promise<HostHealth> {
    const models = this.states()
    const vram = this.#llama.gpu === false ? undefined : await this.#llama.getVramState()
    return {
      status: overall(models),
      pid: process.pid,
      gpu: this.#llama.gpu === false ? 'none' : this.#llama.gpu,
      threads: this.#threads,
      memory: {
        residentBytes: process.memoryUsage.rss(),
        gpuUsedBytes: vram?.used ?? 0,
        gpuTotalBytes: vram?.total ?? 0,
      },
      models,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lastChange
    for (const engines of Object.values(this.#engines)) {
      for (const engine of engines.values()) await engine[Symbol.asyncDispose]()
    }
    await this.#llama.dispose()
  }

  #change(change: () => Promise<void>): void {
    this.#lastChange = this.#lastChange.then(change)
  }

  #find(role: HostedRole, ordinal: number | undefined): Hosted | undefined {
    return this.#hosted.findLast(
      ({ model }) => model.role === role && (ordinal === undefined || (model.ordinal ?? 0) === ordinal),
    )
  }

  async #load(hosted: Hosted): Promise<void> {
    const { model } = hosted
    try {
      await this.#loadEngine(model)
      hosted.state = 'ready'
      this.#onState(model, 'ready')
    } catch (error) {
      const failure =
        error instanceof KuraError
          ? error
          : new KuraError('model_failed', `${model.name} could not be loaded.`, { cause: error })
      hosted.state = 'failed'
      hosted.error = failure
      this.#onState(model, 'failed', failure)
    }
  }

  async #loadEngine(hosted: HostedModel): Promise<void> {
    const { role, ordinal = 0 } = hosted
    if (this.#engines[role].size > 0 && !(await fitsBeside(this.#llama, hosted))) {
      throw new KuraError('model_too_large', `${hosted.name} does not fit into memory beside the model in use.`)
    }
    const model = await this.#loadModel(hosted)
    const deps = { llama: this.#llama, model, hosted, gate: this.#gate, threads: this.#threads }
    try {
      if (role === 'embedding') this.#engines.embedding.set(ordinal, await EmbeddingEngine.create(deps))
      else if (role === 'generation') this.#engines.generation.set(ordinal, await GenerationEngine.create(deps))
      else this.#engines.reranking.set(ordinal, await RerankingEngine.create(deps))
    } catch (error) {
      await model.dispose()
      throw error
    }
  }

  async #loadModel(hosted: HostedModel): Promise<LlamaModel> {
    try {
      await access(hosted.path)
    } catch (error) {
      throw new KuraError('model_missing', `${hosted.name}: the model file is not there.`, { cause: error })
    }
    try {
      return await this.#llama.loadModel({ modelPath: hosted.path })
    } catch (error) {
      if (error instanceof InsufficientMemoryError) {
        throw new KuraError('model_too_large', `${hosted.name} does not fit into the memory of this machine.`, {
          cause: error,
        })
      }
      throw wrapError(
        error,
        'model_invalid',
        `${hosted.name}: the file is not a GGUF that can be loaded; it is damaged or incomplete.`,
      )
    }
  }
}

const overall = (models: readonly HostedState[]): HostHealth['status'] => {
  if (models.some((model) => model.state === 'failed')) return 'degraded'
  return models.some((model) => model.state === 'loading') ? 'loading' : 'ok'
}
