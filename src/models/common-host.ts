/**
 * The model host that all roles share: which models it is to have, their files, the process and the client of the model that writes. In: choices
 * and settings. Out: a host that loads in the background; without any model there is none, and calls fail with `model_unavailable`.
 * Neighbours: model-engines.ts starts it, and starts it anew with other models.
 */
import type { Logger } from 'pino'
import type { Settings } from '../config/settings.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import type { Generator } from '../core/models.ts'
import type { ModelRole } from './catalog.ts'
import type { ModelChoice } from './choose-models.ts'
import { createGenerator } from './model-client.ts'
import { resolveModelFile } from './model-file.ts'
import { type HostedModel, ModelHost } from './model-host.ts'

export type HostedModels = { readonly [Role in ModelRole]?: HostedModel }

type HostSettings = Pick<Settings, 'modelsFolder' | 'generationUrl' | 'generationModel'>

export class CommonHost implements AsyncDisposable {
  readonly models: HostedModels
  readonly socket: string
  readonly host: ModelHost | undefined
  readonly generator: Generator & AsyncDisposable

  private constructor(models: HostedModels, socket: string, host: ModelHost | undefined, settings: HostSettings) {
    this.models = models
    this.socket = socket
    this.host = host
    const { generationUrl, generationModel } = settings
    this.generator = createGenerator({
      baseUrl: generationUrl ?? `unix:${socket}`,
      ...(generationUrl && generationModel ? { model: generationModel } : {}),
    })
  }

  static async start(
    models: HostedModels,
    options: { readonly socket: string; readonly settings: HostSettings; readonly logger: Logger },
  ): Promise<CommonHost> {
    const { socket, settings, logger } = options
    const host = Object.keys(models).length > 0 ? await ModelHost.start({ models, socket, logger }) : undefined
    return new CommonHost(models, socket, host, settings)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.generator[Symbol.asyncDispose]()
    await this.host?.[Symbol.asyncDispose]()
  }
}

/** The embedding model of this name. @throws model_unknown, model_missing, model_invalid */
export const resolveEmbedding = async (name: string, settings: HostSettings): Promise<HostedModels> => ({
  embedding: await describe('embedding', name, settings),
})

/** The model that writes, or the one that can take its place; none where neither is here. @throws model_unknown */
export const resolveGeneration = async (
  choice: ModelChoice,
  settings: HostSettings,
  logger: Logger,
): Promise<HostedModels> => {
  if (choice.source !== 'local') return {}
  try {
    return { generation: await describe('generation', choice.name, settings) }
  } catch (error) {
    // Without it answers are quotes.
    if (isAbort(error) || !(error instanceof KuraError) || error.code === 'model_unknown') throw error
    logger.warn({ role: 'generation', code: error.code }, error.message)
    const { fallback, ...rest } = choice
    return fallback ? resolveGeneration({ ...rest, name: fallback.name, present: true }, settings, logger) : {}
  }
}

const describe = async (role: ModelRole, nameOrPath: string, settings: HostSettings): Promise<HostedModel> => {
  const { name, path, entry, sha256 } = await resolveModelFile(nameOrPath, settings)
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
