/**
 * What is chosen for each model role and why, and what the catalog offers: shown by `kura models`, the API and the page. In: the choices and
 * the states of what runs. Neighbours: model-engines.ts asks for it.
 */
import type { Settings } from '../config/settings.ts'
import { readAdapters } from './adapters.ts'
import { catalog, type ModelRole } from './catalog.ts'
import { isGenerationPresent } from './generation-model.ts'
import { presentModels } from './model-file.ts'

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
  /** LoRA adapters, each used by its name like a model of the catalog. */
  readonly adapters: readonly {
    readonly name: string
    /** Catalog name or path of the model that it is laid over. */
    readonly base: string
    readonly bytes: number
    readonly sha256: string
    readonly scale: number
    readonly installed: boolean
  }[]
}

export const describeAdapters = (settings: Pick<Settings, 'modelsFolder'>): ModelsReport['adapters'] =>
  readAdapters(settings).map((adapter) => ({ ...adapter, installed: isGenerationPresent(adapter.name, settings) }))

export const describeCatalog = (settings: Pick<Settings, 'modelsFolder'>): ModelsReport['catalog'] => {
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
