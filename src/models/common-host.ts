/**
 * The model host that all roles share: which models it begins with, and their files. In: choices and settings. Out: descriptors, and a host that
 * loads in the background; without any model there is none, and calls fail with `model_unavailable`.
 * Neighbours: model-engines.ts starts it, and starts it anew with another embedding model.
 */
import type { Logger } from 'pino'
import type { Settings } from '../config/settings.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import type { ModelRole } from '../core/models-report.ts'
import type { ModelChoice } from './choose-models.ts'
import { resolveGenerationModel } from './generation-model.ts'
import { type ModelFile, resolveModelFile } from './model-file.ts'
import { type HostedModel, ModelHost } from './model-host.ts'

export type HostedModels = { readonly [Role in ModelRole]?: HostedModel }

type HostSettings = Pick<Settings, 'modelsFolder'>

export class CommonHost implements AsyncDisposable {
  readonly models: HostedModels
  readonly socket: string
  readonly host: ModelHost | undefined

  private constructor(models: HostedModels, socket: string, host: ModelHost | undefined) {
    this.models = models
    this.socket = socket
    this.host = host
  }

  static async start(
    models: HostedModels,
    options: { readonly socket: string; readonly logger: Logger },
  ): Promise<CommonHost> {
    const { socket, logger } = options
    const host = Object.keys(models).length > 0 ? await ModelHost.start({ models, socket, logger }) : undefined
    return new CommonHost(models, socket, host)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host?.[Symbol.asyncDispose]()
  }
}

/** The embedding model of this name. @throws model_unknown, model_missing, model_invalid */
export const resolveEmbedding = async (name: string, settings: HostSettings): Promise<HostedModels> => ({
  embedding: describeModel('embedding', await resolveModelFile(name, settings)),
})

/** The model that writes, or the one that can take its place; none where neither is here. @throws model_unknown */
export const resolveGeneration = async (
  choice: ModelChoice,
  settings: HostSettings,
  logger: Logger,
): Promise<HostedModels> => {
  if (choice.source !== 'local') return {}
  try {
    return { generation: await describeGeneration(choice.name, settings) }
  } catch (error) {
    // Without it answers are quotes.
    if (isAbort(error) || !(error instanceof KuraError) || error.code === 'model_unknown') throw error
    logger.warn({ role: 'generation', code: error.code }, error.message)
    const { fallback, ...rest } = choice
    return fallback ? resolveGeneration({ ...rest, name: fallback.name, present: true }, settings, logger) : {}
  }
}

/** The model that writes of this name, with its adapter. @throws model_unknown, model_missing, model_invalid */
export const describeGeneration = async (name: string, settings: HostSettings): Promise<HostedModel> => {
  const model = await resolveGenerationModel(name, settings)
  const { adapter } = model
  return { ...describeModel('generation', model.base), name: model.name, ...(adapter ? { adapter } : {}) }
}

/** What the host must know of a file. */
export const describeModel = (role: ModelRole, { name, path, entry, sha256 }: ModelFile): HostedModel => {
  const { prompts, contextTokens, parameters } = entry ?? {}
  return {
    name,
    path,
    role,
    sha256,
    ...(prompts && { prompts }),
    ...(contextTokens !== undefined && { contextTokens }),
    ...(parameters !== undefined && { parameters }),
  }
}
