/**
 * What a generation model is called, and what that stands for: a catalog name, the path of a GGUF, the name of an adapter that was added, or
 * `base+adapter` with either of each. In: a name. Out: the base's file, checked, and the adapter over it.
 * Neighbours: model-file.ts resolves files, adapters.ts keeps adapters; the settings keep `setting`.
 */
import path from 'node:path'
import type { Settings } from '../config/settings.ts'
import { KuraError } from '../core/errors.ts'
import { checkAdapterFile } from './adapter-file.ts'
import { type Adapter, adapterPath, findAdapter, isAdapterPresent } from './adapters.ts'
import { findEntry } from './catalog.ts'
import type { HostedModel } from './host/protocol.ts'
import { findModelPath, type ModelFile, presentModels, resolveModelFile, verifyModelFile } from './model-file.ts'

type ModelSettings = Pick<Settings, 'modelsFolder'>

export interface GenerationModel {
  /** What the settings keep: names as the catalog writes them, paths absolute. */
  readonly setting: string
  /** For people and records. */
  readonly name: string
  readonly base: ModelFile
  readonly adapter?: NonNullable<HostedModel['adapter']>
}

/** The base and the adapter of `base+adapter`; undefined for another name, and for a path that has a plus in it. */
const splitName = (name: string, settings: ModelSettings): { base: string; adapter: string } | undefined => {
  const mark = name.lastIndexOf('+')
  if (mark <= 0 || findModelPath(name, settings) !== undefined) return undefined
  return { base: name.slice(0, mark), adapter: name.slice(mark + 1) }
}

/** A name of the settings without the folders of its files. */
export const displayName = (setting: string): string =>
  setting
    .split('+')
    .map((part) => (/[\\/]|\.gguf$/i.test(part) ? path.basename(part).replace(/\.gguf$/i, '') : part))
    .join('+')

/** Whether the files of a model that is named so are here; true for paths, which are checked when they are used. */
export const isGenerationPresent = (name: string, settings: ModelSettings): boolean => {
  const adapter = findAdapter(name, settings)
  if (adapter) return isAdapterPresent(adapter, settings) && isGenerationPresent(adapter.base, settings)
  const parts = splitName(name, settings)
  if (parts) return isGenerationPresent(parts.base, settings)
  const entry = findEntry(name)
  return entry ? presentModels(settings).has(entry.name) : /[\\/]|\.gguf$/i.test(name)
}

/** @throws model_unknown, model_missing; model_invalid, also where an adapter does not fit */
export const resolveGenerationModel = async (
  name: string,
  settings: ModelSettings,
  signal?: AbortSignal,
): Promise<GenerationModel> => {
  const added = findAdapter(name, settings)
  if (added) {
    const base = await resolveModelFile(added.base, settings, signal ? { signal } : {})
    return { setting: added.name, name: added.name, base, adapter: await resolveAdded(added, settings, signal) }
  }
  const parts = splitName(name, settings)
  const base = await resolveModelFile(parts?.base ?? name, settings, signal ? { signal } : {})
  const setting = findEntry(parts?.base ?? name)?.name ?? base.path
  if (!parts) return { setting, name: base.name, base }
  const named = findAdapter(parts.adapter, settings)
  const adapter = named
    ? await resolveAdded(named, settings, signal)
    : await resolveAdapterFile(parts.adapter, settings, signal)
  await checkAdapterFile(adapter.path, base)
  return {
    setting: `${setting}+${named?.name ?? adapter.path}`,
    name: `${base.name}+${adapter.name}`,
    base,
    adapter,
  }
}

const resolveAdded = async (adapter: Adapter, settings: ModelSettings, signal: AbortSignal | undefined) => {
  const { name, sha256, bytes, scale } = adapter
  const file = adapterPath(adapter, settings)
  if (!isAdapterPresent(adapter, settings)) {
    throw new KuraError('model_missing', `The file of the adapter ${name} is not at ${file} any more, or has changed.`)
  }
  await verifyModelFile(file, { bytes, sha256 }, signal)
  return { name, path: file, sha256, scale }
}

const resolveAdapterFile = async (name: string, settings: ModelSettings, signal: AbortSignal | undefined) => {
  const file = findModelPath(name, settings)
  if (file === undefined) {
    throw new KuraError(
      'model_unknown',
      `There is no adapter "${name}": add it by \`kura models adapter add\`, or give the path of its GGUF file.`,
    )
  }
  const { sha256 } = await verifyModelFile(file, {}, signal)
  return { name: path.basename(file).replace(/\.gguf$/i, ''), path: file, sha256, scale: 1 }
}
