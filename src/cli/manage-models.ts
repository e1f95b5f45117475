/** `kura models`, `kura models pull`, `kura models use`, `kura models adapter add`. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { Settings } from '../config/settings.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import { modelRoles } from '../core/models-report.ts'
import { modelChoiceSchema, modelsReportSchema } from '../http/routes/model-routes.ts'
import { addAdapter } from '../models/adapters.ts'
import { catalog, findEntry } from '../models/catalog.ts'
import { type PullProgress, pullModel } from '../models/pull-model.ts'
import type { ApiClient } from './api-client.ts'
import type { Output } from './output.ts'

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`

export const listModels = async (api: ApiClient, output: Output): Promise<void> => {
  const report = await api.get('/api/models', modelsReportSchema)
  const chosen = report.chosen.map(
    ({ role, name, state, reason }) => `${role.padEnd(11)} ${name ?? '-'} (${state})\n            ${reason}`,
  )
  const known = report.catalog.map(
    ({ name, role, bytes, licence, installed }) =>
      `  ${installed ? '*' : ' '} ${name.padEnd(34)} ${role.padEnd(11)} ${megabytes(bytes).padStart(8)}  ${licence}`,
  )
  const adapters = report.adapters.map(
    ({ name, base, scale, installed }) => `  ${installed ? '*' : ' '} ${name}: ${base}, scale ${scale}`,
  )
  const laidOver = adapters.length > 0 ? ['', 'Adapters (* on this machine):', ...adapters] : []
  const indexes = report.indexes.map(({ model, detail }) => `  ${model}: ${detail}`)
  const change = report.change ? ['', `${report.change.model}: ${report.change.detail}`] : []
  const shown = indexes.length > 0 ? ['', 'Indexes:', ...indexes] : []
  output.result(
    report,
    [...chosen, ...change, ...shown, '', 'Catalog (* on this machine):', ...known, ...laidOver].join('\n'),
  )
}

export const showPull = (output: Output, name: string) => {
  let announced = ''
  return ({ source, doneBytes, totalBytes }: PullProgress): void => {
    if (source !== announced) output.message(`${name}: ${megabytes(totalBytes)} from ${source}`)
    announced = source
    output.progress(
      `${name}: ${megabytes(doneBytes)} of ${megabytes(totalBytes)} (${Math.floor((100 * doneBytes) / totalBytes)} %)`,
    )
  }
}

/** @throws model_unknown, model_download_failed, model_invalid, disk_full */
export const pullModelByName = async (settings: Settings, name: string, output: Output): Promise<void> => {
  const entry = findEntry(name)
  if (!entry)
    throw new KuraError(
      'model_unknown',
      `There is no model "${name}" in the catalog; it has ${catalog.map((each) => each.name).join(', ')}.`,
    )
  const interrupt = new AbortController()
  const stop = () => interrupt.abort()
  process.once('SIGINT', stop)
  try {
    const file = await pullModel(entry, {
      folder: settings.modelsFolder,
      signal: interrupt.signal,
      onProgress: showPull(output, name),
    })
    output.result({ name, file }, `${name} is ready: ${file}`)
  } catch (error) {
    if (!isAbort(error)) throw error
    throw new KuraError('request_cancelled', `The download of ${name} was interrupted; the next one goes on from here.`)
  } finally {
    process.off('SIGINT', stop)
  }
}

const roleSchema = z.enum(modelRoles)

const effects = {
  at_once: 'is used for',
  when_built: 'is to be used for',
  when_loaded: 'is being loaded for',
  next_start: 'is used from the next start for',
} as const

const sequels = {
  at_once: '',
  when_built: ' Its index is built beside the one in use, which answers until then; `kura models` shows how far it is.',
  when_loaded:
    ' New questions go to it as soon as it is loaded; those under way end on the former one. `kura models` shows which one writes.',
  next_start: '',
} as const

/** The server may run in another folder than this command; `base+adapter` may have two paths. */
const withAbsolutePaths = (name: string): string => {
  const absolute = (part: string) => (findEntry(part) || !existsSync(part) ? part : path.resolve(part))
  return existsSync(name) ? absolute(name) : name.split('+').map(absolute).join('+')
}

/** @throws invalid_request, model_missing, model_unknown, model_invalid, disk_full */
export const addAdapterTo = async (
  settings: Settings,
  added: { readonly name: string; readonly base: string; readonly file: string; readonly scale: number },
  output: Output,
): Promise<void> => {
  const adapter = await addAdapter(settings, added)
  output.result(
    adapter,
    `${adapter.name} is ready: ${adapter.base} with an adapter of ${megabytes(adapter.bytes)}, sha256 ${adapter.sha256}.\n` +
      `  kura compare ${adapter.base} ${adapter.name}\n  kura models use generation ${adapter.name}`,
  )
}

/**
 * Chooses by the API, so that a server that runs on the data folder begins the change at once.
 * @throws model_unknown, model_missing, model_invalid, invalid_request, setting_invalid
 */
export const useModel = async (api: ApiClient, role: string, name: string, output: Output): Promise<void> => {
  const parsed = roleSchema.safeParse(role)
  if (!parsed.success)
    throw new KuraError('invalid_request', `The role must be embedding, generation or reranking, not "${role}".`)
  const response = await api.request(`/api/models/${parsed.data}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: withAbsolutePaths(name) }),
  })
  const choice = modelChoiceSchema.parse(await response.json())
  output.result(choice, `${choice.name} ${effects[choice.takesEffect]} ${role}.${sequels[choice.takesEffect]}`)
}
