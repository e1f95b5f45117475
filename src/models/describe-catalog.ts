/** What could be chosen: the models of the catalog and the adapters, and which of them are on this machine. In: settings. Neighbour: model-engines.ts. */
import type { Settings } from '../config/settings.ts'
import type { EnginesReport } from '../core/models-report.ts'
import { readAdapters } from './adapters.ts'
import { catalog } from './catalog.ts'
import { isGenerationPresent } from './generation-model.ts'
import { presentModels } from './model-file.ts'

export const describeAdapters = (settings: Pick<Settings, 'modelsFolder'>): EnginesReport['adapters'] =>
  readAdapters(settings).map((adapter) => ({ ...adapter, installed: isGenerationPresent(adapter.name, settings) }))

export const describeCatalog = (settings: Pick<Settings, 'modelsFolder'>): EnginesReport['catalog'] => {
  const present = presentModels(settings)
  return catalog.map(({ name, role, title, licence, bytes, contextTokens, parameters, quantization }) => ({
    name,
    role,
    title,
    licence,
    bytes,
    contextTokens,
    parameters,
    quantization,
    installed: present.has(name),
  }))
}
