/**
 * LoRA adapters that were added to generation models, each under a name that is used like one of the catalog. In: a name, a base and a GGUF
 * file. Out: a checked copy in `<models>/adapters/` and an entry in `adapters.json` beside it. Invariant: no adapter is entered that does not
 * fit its base. Neighbours: adapter-file.ts checks, generation-model.ts resolves names.
 */
import { readFileSync, statSync } from 'node:fs'
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Settings } from '../config/settings.ts'
import { isAbort, KuraError, wrapError } from '../core/errors.ts'
import { checkAdapterFile } from './adapter-file.ts'
import { findEntry } from './catalog.ts'
import { findModelPath, resolveModelFile, verifyModelFile } from './model-file.ts'

type ModelSettings = Pick<Settings, 'modelsFolder'>

const adapterSchema = z
  .object({
    name: z.string(),
    /** Catalog name, or absolute path of a GGUF. */
    base: z.string(),
    sha256: z.string(),
    bytes: z.number(),
    scale: z.number(),
  })
  .readonly()
export type Adapter = z.infer<typeof adapterSchema>

const folderOf = ({ modelsFolder }: ModelSettings): string => path.join(modelsFolder, 'adapters')
const listOf = (settings: ModelSettings): string => path.join(folderOf(settings), 'adapters.json')

/** Where the copy of the adapter lies. */
export const adapterPath = ({ name }: Pick<Adapter, 'name'>, settings: ModelSettings): string =>
  path.join(folderOf(settings), `${name}.gguf`)

/** In the order in which they were added. @throws model_invalid where the list is damaged */
export const readAdapters = (settings: ModelSettings): Adapter[] => {
  const file = listOf(settings)
  try {
    return z.array(adapterSchema).parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw wrapError(error, 'model_invalid', `${file} is not a list of adapters; add them anew after removing it.`)
  }
}

/** Case does not matter. */
export const findAdapter = (name: string, settings: ModelSettings): Adapter | undefined => {
  const wanted = name.trim().toLowerCase()
  return readAdapters(settings).find((adapter) => adapter.name === wanted)
}

export const isAdapterPresent = (adapter: Adapter, settings: ModelSettings): boolean =>
  statSync(adapterPath(adapter, settings), { throwIfNoEntry: false })?.size === adapter.bytes

const nameSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,79}$/)

const checkName = (name: string, settings: ModelSettings): string => {
  const parsed = nameSchema.safeParse(name.trim().toLowerCase())
  if (!parsed.success || /\.gguf$/.test(parsed.data) || parsed.data === 'none') {
    throw new KuraError(
      'invalid_request',
      'The name of an adapter may have letters a-z, digits, dots, hyphens and underscores, 80 at most, and does not end with .gguf.',
    )
  }
  if (findEntry(parsed.data) || findAdapter(parsed.data, settings)) {
    throw new KuraError(
      'invalid_request',
      `${parsed.data} is the name of another model or adapter; choose another one.`,
    )
  }
  return parsed.data
}

export interface NewAdapter {
  readonly name: string
  /** Catalog name or path of a GGUF. */
  readonly base: string
  readonly file: string
  /** How strongly it counts; 1 as it was trained. */
  readonly scale: number
}

/** @throws invalid_request for the name; model_missing, model_unknown, model_invalid for base or file; disk_full */
export const addAdapter = async (
  settings: ModelSettings,
  added: NewAdapter,
  signal?: AbortSignal,
): Promise<Adapter> => {
  const name = checkName(added.name, settings)
  const entry = findEntry(added.base)
  if (entry && entry.role !== 'generation') {
    throw new KuraError(
      'invalid_request',
      `${entry.name} is a model for ${entry.role}; adapters go with generation models.`,
    )
  }
  const source = path.resolve(added.file)
  if (!statSync(source, { throwIfNoEntry: false })?.isFile()) {
    throw new KuraError('model_missing', `There is no file ${source}; give the path of the adapter's GGUF file.`)
  }
  const base = await resolveModelFile(added.base, settings, signal ? { signal } : {})
  await checkAdapterFile(source, base)
  const file = adapterPath({ name }, settings)
  await mkdir(folderOf(settings), { recursive: true })
  try {
    await copyFile(source, `${file}.new`)
    await rename(`${file}.new`, file)
    const { bytes, sha256 } = await verifyModelFile(file, {}, signal)
    const adapter = {
      name,
      base: entry?.name ?? findModelPath(added.base, settings) ?? base.path,
      sha256,
      bytes,
      scale: added.scale,
    }
    const list = listOf(settings)
    await writeFile(`${list}.new`, `${JSON.stringify([...readAdapters(settings), adapter], undefined, 2)}\n`)
    await rename(`${list}.new`, list)
    return adapter
  } catch (error) {
    for (const left of [file, `${file}.new`, `${file}.ok.json`]) await rm(left, { force: true })
    if (isAbort(error)) throw error
    throw wrapError(error, 'data_not_writable', `The adapter can not be kept in ${folderOf(settings)}.`)
  }
}
