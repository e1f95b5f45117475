/**
 * Everything native: the one llama.cpp instance of the host and an engine for each model. In: descriptors; out: loaded engines
 * and what they say about themselves. Invariants: nothing is ever compiled or downloaded here; one model that does not load
 * leaves the others working; all threads together are those of the machine.
 */
import { access } from 'node:fs/promises'
import os from 'node:os'
import { getLlama, InsufficientMemoryError, type Llama, type LlamaModel } from 'node-llama-cpp'
import { KuraError, wrapError } from '../../core/errors.ts'
import { ComputeGate } from './compute-gate.ts'
import { EmbeddingEngine, questionContexts } from './embedding-engine.ts'
import { GenerationEngine } from './generation-engine.ts'
import type { HostedModel, HostedRole, HostedState, HostHealth } from './protocol.ts'
import { RerankingEngine } from './reranking-engine.ts'

export type LogLine = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void
/** Told of each change of a model's state. */
export type StateChange = (role: HostedRole, state: HostedState['state'], error?: KuraError) => void

interface EngineByRole {
  embedding: EmbeddingEngine
  generation: GenerationEngine
  reranking: RerankingEngine
}

interface Hosted {
  readonly model: HostedModel
  state: HostedState['state']
  error?: KuraError
}

export class Engines implements AsyncDisposable {
  readonly #llama: Llama
  readonly #threads: number
  readonly #gate: ComputeGate
  readonly #hosted = new Map<HostedRole, Hosted>()
  readonly #engines: Partial<EngineByRole> = {}
  readonly #onState: StateChange

  private constructor(llama: Llama, threads: number, models: readonly HostedModel[], onState: StateChange) {
    this.#llama = llama
    this.#threads = threads
    this.#gate = new ComputeGate(llama.gpu === false)
    this.#onState = onState
    for (const model of models) this.#hosted.set(model.role, { model, state: 'loading' })
  }

  /** Loads the native library only; `load` brings the models. @throws model_failed where there is no binary for this machine */
  static async open(models: readonly HostedModel[], log: LogLine, onState: StateChange): Promise<Engines> {
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
      return new Engines(llama, threads, models, onState)
    } catch (error) {
      throw wrapError(error, 'model_failed', 'llama.cpp could not be loaded on this machine.')
    }
  }

  /** Loads the models one after the other, embedding first; failures are kept as states. */
  async load(): Promise<void> {
    for (const role of ['embedding', 'reranking', 'generation'] as const) {
      const hosted = this.#hosted.get(role)
      if (hosted === undefined) continue
      try {
        await this.#loadRole(hosted.model)
        hosted.state = 'ready'
        this.#onState(role, 'ready')
      } catch (error) {
        const failure =
          error instanceof KuraError
            ? error
            : new KuraError('model_failed', `${hosted.model.name} could not be loaded.`, { cause: error })
        hosted.state = 'failed'
        hosted.error = failure
        this.#onState(role, 'failed', failure)
      }
    }
  }

  /** @throws model_unknown, model_unavailable while it is loaded, what made it fail */
  get<Role extends HostedRole>(role: Role): EngineByRole[Role] {
    const engine = this.#engines[role]
    if (engine !== undefined) return engine
    const hosted = this.#hosted.get(role)
    if (hosted === undefined) throw new KuraError('model_unknown', `This model host has no ${role} model.`)
    throw hosted.error ?? new KuraError('model_unavailable', `The ${role} model is still being loaded.`)
  }

  /** The first role of this host that can tokenize. */
  get tokenizingRole(): HostedRole {
    return this.#hosted.keys().next().value ?? 'embedding'
  }

  nameOf(role: HostedRole): string {
    return this.#hosted.get(role)?.model.name ?? role
  }

  states(): HostedState[] {
    return [...this.#hosted.values()].map(({ model, state, error }) => ({
      name: model.name,
      role: model.role,
      state,
      ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
      ...(this.#engines[model.role] === undefined ? {} : { info: this.#engines[model.role]?.info }),
    }))
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
    for (const engine of Object.values(this.#engines)) await engine[Symbol.asyncDispose]()
    await this.#llama.dispose()
  }

  async #loadRole(hosted: HostedModel): Promise<void> {
    const model = await this.#loadModel(hosted)
    const deps = { llama: this.#llama, model, hosted, gate: this.#gate, threads: this.#threads }
    try {
      if (hosted.role === 'embedding') this.#engines.embedding = await EmbeddingEngine.create(deps)
      else if (hosted.role === 'generation') this.#engines.generation = await GenerationEngine.create(deps)
      else this.#engines.reranking = await RerankingEngine.create(deps)
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
