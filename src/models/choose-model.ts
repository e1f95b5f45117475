/**
 * The choice of a model by an admin: checks that the model can be used for the role and writes it into the settings. In: a role and a name.
 * Out: the settings that changed. Neighbours: the API and `kura models use` call it; choose-models.ts reads the settings.
 */
import { saveSettings } from '../config/save-settings.ts'
import { type Settings, variableInForce } from '../config/settings.ts'
import { KuraError } from '../core/errors.ts'
import type { ModelRole } from '../core/models-report.ts'
import { findEntry } from './catalog.ts'
import { embeddingSettingsOf, isEngineUrl } from './embedding-name.ts'
import { resolveGenerationModel } from './generation-model.ts'
import { resolveModelFile } from './model-file.ts'

const settingsOf = {
  embedding: ['embeddingModel', 'embeddingUrl'],
  generation: ['generationModel', 'generationUrl'],
  reranking: ['rerankingModel', 'rerankingUrl'],
} as const

/**
 * @param name catalog name, path of a GGUF, for generation also an adapter's name, `base+adapter` or `none`; for embedding also an engine's URL, `#` and the model's name there
 * @returns the changed settings
 * @throws model_unknown, model_missing, model_invalid, invalid_request; setting_invalid where the environment decides the role's model
 */
export const chooseModel = async (settings: Settings, role: ModelRole, name: string): Promise<Partial<Settings>> => {
  for (const setting of settingsOf[role]) {
    const variable = variableInForce(setting)
    if (!variable) continue
    const message = `${variable} is set in the environment and decides the ${role} model: remove it there, then choose.`
    throw new KuraError('setting_invalid', message)
  }
  const entry = findEntry(name)
  if (entry && entry.role !== role) {
    throw new KuraError('invalid_request', `${entry.name} is a model for ${entry.role}, not for ${role}.`)
  }
  const changes = await changesOf(settings, role, name)
  await saveSettings(settings.data, changes)
  return changes
}

/** A model that runs here takes the place of an engine elsewhere. */
const changesOf = async (settings: Settings, role: ModelRole, name: string): Promise<Partial<Settings>> => {
  if (role === 'embedding' && isEngineUrl(name)) return embeddingSettingsOf(name)
  // A path is kept whole, as the next start may be from another folder.
  if (role === 'generation') {
    const setting = name === 'none' ? name : (await resolveGenerationModel(name, settings)).setting
    return { generationModel: setting, generationUrl: undefined }
  }
  const { path } = await resolveModelFile(name, settings)
  const chosen = findEntry(name)?.name ?? path
  return role === 'embedding'
    ? { embeddingModel: chosen, embeddingUrl: undefined }
    : { rerankingModel: chosen, rerankingUrl: undefined }
}
