/**
 * What is chosen for each model role and why, and what the catalog offers: shown by `kura models`, the API and the page. In: the choices and
 * the states of what runs. Neighbours: model-engines.ts asks for it.
 */
import type { Settings } from '../config/settings.ts'
import { catalog, type ModelRole } from './catalog.ts'
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
}

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
