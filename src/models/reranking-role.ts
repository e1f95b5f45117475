/**
 * The optional model that looks once more at what search found: which file it is, what calls it, and what is told of it. In: the choice of the settings. Out: a
 * client once a host or an engine elsewhere serves it; without one search does without. Neighbours: model-engines.ts starts the host that it runs in.
 */
import type { Logger } from 'pino'
import type { Settings } from '../config/settings.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import type { Reranker } from '../core/models.ts'
import type { ModelState, RoleReport } from '../core/models-report.ts'
import type { ModelChoice } from './choose-models.ts'
import { describeModel } from './common-host.ts'
import { createReranker } from './model-client.ts'
import { resolveModelFile } from './model-file.ts'
import type { HostedModel, ModelHost } from './model-host.ts'

export class RerankingRole implements AsyncDisposable {
  readonly #choice: ModelChoice | undefined
  readonly #settings: Pick<Settings, 'modelsFolder' | 'rerankingUrl' | 'rerankingModel'>
  readonly #logger: Logger
  #client: (Reranker & AsyncDisposable) | undefined
  #host: ModelHost | undefined
  #failure: KuraError | undefined

  constructor(
    choice: ModelChoice | undefined,
    settings: Pick<Settings, 'modelsFolder' | 'rerankingUrl' | 'rerankingModel'>,
    logger: Logger,
  ) {
    this.#choice = choice
    this.#settings = settings
    this.#logger = logger
    const { rerankingUrl, rerankingModel } = settings
    if (rerankingUrl) this.#client = createReranker({ baseUrl: rerankingUrl, model: rerankingModel })
  }

  /** What calls the model; undefined where there is none, or it is not loaded yet. */
  get reranker(): Reranker | undefined {
    return this.#host === undefined || this.#state === 'ready' ? this.#client : undefined
  }

  /** Its file; undefined where there is none, or none that can be used. */
  async resolve(): Promise<HostedModel | undefined> {
    const choice = this.#choice
    if (choice?.source !== 'local') return undefined
    try {
      return describeModel('reranking', await resolveModelFile(choice.name, this.#settings))
    } catch (error) {
      if (isAbort(error) || !(error instanceof KuraError)) throw error
      this.#logger.warn({ role: 'reranking', code: error.code }, error.message)
      this.#failure = error
      return undefined
    }
  }

  /** It is in this host now. */
  async serveBy(host: ModelHost): Promise<void> {
    await this.#client?.[Symbol.asyncDispose]()
    this.#host = host
    this.#client = createReranker({ baseUrl: host.baseUrl })
  }

  report(): RoleReport {
    const choice = this.#choice
    if (!choice) return { name: null, state: 'off', reason: 'No reranking model is chosen; search does without.' }
    return { name: choice.name, state: this.#state, reason: this.#failure?.message ?? choice.reason }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.[Symbol.asyncDispose]()
  }

  get #state(): ModelState {
    if (this.#choice?.source === 'url') return 'external'
    if (this.#host === undefined) return this.#choice?.present === false || this.#failure ? 'missing' : 'off'
    const status = this.#host.status()
    const state = status.models.find(({ role }) => role === 'reranking')?.state
    if (state === 'ready') return 'ready'
    return state === 'failed' || status.state === 'stopped' ? 'down' : 'starting'
  }
}
