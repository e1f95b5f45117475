/**
 * What an embedding model is called in the ledger, so that it is found again: a catalog name, the absolute path of a GGUF, or the URL of an
 * engine with the model's name there (`http://gpu-box:8000/v1#bge-m3`). In: settings, or such a name. Out: the other.
 * Neighbours: the model engines start what is named; the ledger keeps the name beside the index that the model has made.
 */
import type { Settings } from '../config/settings.ts'
import { KuraError } from '../core/errors.ts'
import { findEntry } from './catalog.ts'
import type { EmbedderOptions } from './engine-embedder.ts'
import { findModelPath } from './model-file.ts'

type EmbeddingSettings = Pick<Settings, 'embeddingModel' | 'embeddingUrl' | 'modelsFolder'>

export const isEngineUrl = (name: string): boolean => /^https?:\/\//i.test(name)

/** The model that the settings wish for. */
export const embeddingNameOf = (settings: EmbeddingSettings): string =>
  settings.embeddingUrl
    ? `${settings.embeddingUrl}#${encodeURIComponent(settings.embeddingModel)}`
    : canonicalEmbeddingName(settings.embeddingModel, settings)

/** Two ways to write the same model give the same name. */
export const canonicalEmbeddingName = (name: string, settings: Pick<Settings, 'modelsFolder'>): string => {
  if (isEngineUrl(name)) return name
  return findEntry(name)?.name ?? findModelPath(name, settings) ?? name
}

/** What a client of the engine is made of; undefined for a model that the model host runs. */
export const engineOptionsOf = (name: string): EmbedderOptions | undefined => {
  if (!isEngineUrl(name)) return undefined
  const { baseUrl, model } = splitEngineUrl(name)
  // Another engine does not know the model's prompts as the host does: the client adds them.
  const prompts = findEntry(model)?.prompts
  return { baseUrl, model, ...(prompts ? { prompts } : {}) }
}

/** The settings by which the model is chosen. @throws model_unknown for a URL that names no model */
export const embeddingSettingsOf = (
  name: string,
): { readonly embeddingModel: string; readonly embeddingUrl: string | undefined } => {
  if (!isEngineUrl(name)) return { embeddingModel: name, embeddingUrl: undefined }
  const { baseUrl, model } = splitEngineUrl(name)
  return { embeddingModel: model, embeddingUrl: baseUrl }
}

const splitEngineUrl = (name: string): { baseUrl: string; model: string } => {
  const mark = name.indexOf('#')
  const model = mark < 0 ? '' : decodeURIComponent(name.slice(mark + 1))
  if (model === '')
    throw new KuraError('model_unknown', 'The address of an engine must end with # and the name of its model.')
  return { baseUrl: name.slice(0, mark), model }
}
