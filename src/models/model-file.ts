/**
 * Finds the file of a model on this machine and makes sure that it is what it should be. In: a catalog name or the path of a
 * GGUF. Out: its path, sha256 and, where the content is known, its catalog entry. Files are looked for in the models folder,
 * then among those bundled with the project. Invariant: no path is returned whose size and sha256 were not checked once; the
 * check is remembered beside the file, so later starts read nothing but its size and time. Nothing is fetched here.
 */
import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { open, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { projectFolder, type Settings } from '../config/settings.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import { type CatalogEntry, catalog, findEntry } from './catalog.ts'

/** Models that come with the project. */
export const bundledModelsFolder = path.join(projectFolder, 'data', 'models')

type ModelSettings = Pick<Settings, 'modelsFolder'>

export interface ModelFile {
  readonly path: string
  /** Undefined for a GGUF whose sha256 is not in the catalog. */
  readonly entry?: CatalogEntry
  /** Catalog name, or the file's name without `.gguf`. */
  readonly name: string
  readonly sha256: string
  readonly bytes: number
}

export interface ExpectedFile {
  readonly bytes?: number
  readonly sha256?: string
}

const sidecarSchema = z.object({ size: z.number(), mtimeMs: z.number(), sha256: z.string().length(64) })
const ggufMagic = 'GGUF'
/** Magic, version, tensor count and metadata count. */
const ggufHeaderBytes = 24

const invalid = (file: string, what: string, cause?: unknown): KuraError =>
  new KuraError('model_invalid', `${file} ${what}`, { cause, details: { file } })

const inBytes = (bytes: number): string => `${bytes.toLocaleString('en-US')} bytes`

const hashFile = async (file: string, signal: AbortSignal | undefined): Promise<string> => {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20, ...(signal && { signal }) })) {
    hash.update(piece as Buffer)
  }
  return hash.digest('hex')
}

/** Reads the first bytes only. */
const checkHeader = async (file: string): Promise<void> => {
  const handle = await open(file, 'r')
  try {
    const header = Buffer.alloc(ggufHeaderBytes)
    const { bytesRead } = await handle.read(header, 0, ggufHeaderBytes, 0)
    if (bytesRead < ggufHeaderBytes || header.toString('latin1', 0, 4) !== ggufMagic) {
      throw invalid(file, `is not a GGUF file: expected it to begin with "${ggufMagic}".`)
    }
    const version = header.readUInt32LE(4)
    if (version < 2 || version > 3) {
      throw invalid(file, `is a GGUF file of version ${version}; expected version 2 or 3.`)
    }
  } finally {
    await handle.close()
  }
}

/** A cut-off file of unknown size betrays itself by tensors that would lie beyond its end. */
const checkTensors = async (file: string, bytes: number): Promise<void> => {
  const { readGgufFileInfo } = await import('node-llama-cpp')
  let tensors: readonly { readonly fileOffset: number | bigint }[]
  try {
    const info = await readGgufFileInfo(file, { sourceType: 'filesystem', logWarnings: false, spliceSplitFiles: false })
    tensors = info.fullTensorInfo ?? []
  } catch (error) {
    throw invalid(file, 'has a GGUF header that can not be read; expected a whole GGUF file.', error)
  }
  const last = tensors.reduce((end, { fileOffset }) => Math.max(end, Number(fileOffset)), 0)
  if (last >= bytes) {
    throw invalid(file, `is cut off: expected more than ${inBytes(last)}, found ${inBytes(bytes)}.`)
  }
}

const readSidecar = async (file: string): Promise<z.infer<typeof sidecarSchema> | undefined> => {
  try {
    return sidecarSchema.parse(JSON.parse(await readFile(`${file}.ok.json`, 'utf8')))
  } catch {
    return undefined // Absent or damaged: the file is read again.
  }
}

/**
 * Checks header, size and sha256; the sha256 is remembered in `<file>.ok.json` until the file's size or time changes.
 *
 * @throws model_invalid telling what was expected
 */
export const verifyModelFile = async (
  file: string,
  expected: ExpectedFile,
  signal?: AbortSignal,
): Promise<{ readonly bytes: number; readonly sha256: string }> => {
  try {
    const { size, mtimeMs } = await stat(file)
    if (expected.bytes !== undefined && size !== expected.bytes) {
      throw invalid(file, `has ${inBytes(size)}; expected ${inBytes(expected.bytes)}.`)
    }
    await checkHeader(file)
    const remembered = await readSidecar(file)
    const known = remembered?.size === size && remembered.mtimeMs === mtimeMs
    if (!known && expected.bytes === undefined) await checkTensors(file, size)
    const sha256 = known ? remembered.sha256 : await hashFile(file, signal)
    if (expected.sha256 !== undefined && sha256 !== expected.sha256) {
      throw invalid(file, `has sha256 ${sha256}; expected ${expected.sha256}.`)
    }
    // A read-only folder costs a hash at each start, nothing more.
    if (!known) await writeFile(`${file}.ok.json`, JSON.stringify({ size, mtimeMs, sha256 })).catch(() => {})
    return { bytes: size, sha256 }
  } catch (error) {
    if (error instanceof KuraError || isAbort(error)) throw error
    throw invalid(file, 'can not be read; expected a GGUF file.', error)
  }
}

/** Where the file of an entry may lie, best first. */
export const modelFileCandidates = (entry: CatalogEntry, settings: ModelSettings): string[] => [
  path.join(settings.modelsFolder, entry.file),
  path.join(bundledModelsFolder, entry.file),
]

const sizeOf = (file: string): number | undefined => {
  const found = statSync(file, { throwIfNoEntry: false })
  return found?.isFile() ? found.size : undefined
}

/** Names of the catalog models whose files are here, judged by size alone: quick enough for every start. */
export const presentModels = (settings: ModelSettings): ReadonlySet<string> =>
  new Set(
    catalog
      .filter((entry) => modelFileCandidates(entry, settings).some((file) => sizeOf(file) === entry.bytes))
      .map((entry) => entry.name),
  )

const resolveEntry = async (
  entry: CatalogEntry,
  settings: ModelSettings,
  signal: AbortSignal | undefined,
): Promise<ModelFile> => {
  let broken: unknown
  for (const file of modelFileCandidates(entry, settings)) {
    if (sizeOf(file) === undefined) continue
    try {
      return { path: file, entry, name: entry.name, ...(await verifyModelFile(file, entry, signal)) }
    } catch (error) {
      if (isAbort(error)) throw error
      broken ??= error
    }
  }
  if (broken !== undefined) throw broken
  throw new KuraError(
    'model_missing',
    `The model ${entry.name} (${(entry.bytes / 1e6).toFixed(0)} MB) is not on this machine: run \`kura models pull ${entry.name}\`, ` +
      `or copy ${entry.file} into ${settings.modelsFolder}.`,
    { details: { model: entry.name } },
  )
}

const looksLikePath = (name: string): boolean => /[\\/]|\.gguf$/i.test(name)

/** Where the GGUF of this path lies: relative to the working folder, or a file name in the models folder. */
export const findModelPath = (file: string, settings: ModelSettings): string | undefined =>
  [process.cwd(), settings.modelsFolder, bundledModelsFolder]
    .map((folder) => path.resolve(folder, file))
    .find((place) => looksLikePath(file) && statSync(place, { throwIfNoEntry: false }) !== undefined)

/**
 * @param nameOrPath a catalog name, or the path of a GGUF: absolute, relative to the working folder, or a file name in the models folder
 * @throws model_unknown, model_missing, model_invalid
 */
export const resolveModelFile = async (
  nameOrPath: string,
  settings: ModelSettings,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ModelFile> => {
  const named = findEntry(nameOrPath)
  if (named !== undefined) return await resolveEntry(named, settings, options.signal)
  if (!looksLikePath(nameOrPath)) {
    throw new KuraError(
      'model_unknown',
      `There is no model "${nameOrPath}" in the catalog; it has ${catalog.map((entry) => entry.name).join(', ')}.`,
    )
  }
  const file = findModelPath(nameOrPath, settings)
  if (file === undefined) {
    throw new KuraError(
      'model_missing',
      `There is no file ${path.resolve(nameOrPath)}; give the path of a GGUF file, or a catalog name and run \`kura models pull NAME\`.`,
    )
  }
  const { bytes, sha256 } = await verifyModelFile(file, {}, options.signal)
  const entry = catalog.find((candidate) => candidate.sha256 === sha256)
  const name = entry?.name ?? path.basename(file).replace(/\.gguf$/i, '')
  return { path: file, ...(entry && { entry }), name, bytes, sha256 }
}
