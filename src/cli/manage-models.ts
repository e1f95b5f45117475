/** `kura models`, `kura models pull`, `kura models use`. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { prepareDataFolder } from '../config/data-folder.ts'
import type { Settings } from '../config/settings.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import { modelsReportSchema } from '../http/routes/model-routes.ts'
import { catalog, findEntry } from '../models/catalog.ts'
import { resolveModelFile } from '../models/model-file.ts'
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
  output.result(report, [...chosen, '', 'Catalog (* on this machine):', ...known].join('\n'))
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

const settingOf = { embedding: 'embeddingModel', generation: 'generationModel', reranking: 'rerankingModel' } as const
const roleSchema = z.enum(['embedding', 'generation', 'reranking'])

/** Writes the choice into `<data>/config.json`. @throws model_unknown, model_missing, model_invalid, invalid_request */
export const useModel = async (settings: Settings, role: string, name: string, output: Output): Promise<void> => {
  const parsed = roleSchema.safeParse(role)
  if (!parsed.success)
    throw new KuraError('invalid_request', `The role must be embedding, generation or reranking, not "${role}".`)
  const entry = findEntry(name)
  if (entry && entry.role !== parsed.data)
    throw new KuraError('invalid_request', `${name} is a model for ${entry.role}, not for ${role}.`)
  const isNone = parsed.data === 'generation' && name === 'none'
  // A path is kept whole, as the next start may be from another folder.
  const chosen = isNone ? name : await resolveModelFile(name, settings).then(({ path: file }) => (entry ? name : file))
  const file = path.join(settings.data, 'config.json')
  const text = await readFile(file, 'utf8').catch(() => '{}')
  const config = { ...z.record(z.string(), z.unknown()).parse(JSON.parse(text)), [settingOf[parsed.data]]: chosen }
  await prepareDataFolder(settings.data)
  await writeFile(`${file}.new`, `${JSON.stringify(config, undefined, 2)}\n`)
  await rename(`${file}.new`, file)
  const reingest =
    parsed.data === 'embedding' ? ' Documents must be ingested anew: the index belongs to the model that made it.' : ''
  output.result({ role, name }, `${name} is used for ${role} from the next start.${reingest}`)
}
