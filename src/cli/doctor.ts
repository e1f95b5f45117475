/**
 * `kura doctor`: checks the machine, the data folder, the models, the stores and what reads scans and old office files, and says for each
 * what to do. Neighbours: rebuild-index.ts for `--rebuild-index`.
 */
import { access, statfs } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { dataNames } from '../../ingest/ocr/tesseract-readers.ts'
import { findLibreOffice } from '../../ingest/parse/find-libreoffice.ts'
import { prepareDataFolder } from '../config/data-folder.ts'
import { resolveSettings, type Settings } from '../config/settings.ts'
import { KuraError } from '../core/errors.ts'
import { chooseModels, type ModelChoice } from '../models/choose-models.ts'
import { detectHardware } from '../models/hardware.ts'
import { resolveModelFile } from '../models/model-file.ts'
import { ChunkIndex } from '../store/chunk-index.ts'
import { Ledger } from '../store/ledger.ts'
import { compareIndex } from './compare-index.ts'
import type { Output } from './output.ts'
import { describeUnusedTables } from './unused-tables.ts'

interface Check {
  readonly name: string
  readonly state: 'ok' | 'warning' | 'failed'
  readonly detail: string
  readonly remedy?: string
}

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`
const minFreeBytes = 5 * 2 ** 30
const minMemoryBytes = 4 * 2 ** 30

/** Runs one check; what it throws is its result. */
const check = async (name: string, run: () => Promise<Omit<Check, 'name'>>): Promise<Check> => {
  try {
    return { name, ...(await run()) }
  } catch (error) {
    if (error instanceof KuraError) return { name, state: 'failed', detail: error.message, remedy: error.remedy }
    throw error
  }
}

const checkMachine = async (): Promise<Omit<Check, 'name'>> => {
  const { cores, memoryBytes, gpus } = await detectHardware()
  const detail = `${cores} cores, ${gib(memoryBytes)} memory, ${gpus.map((gpu) => `${gpu.name} ${gib(gpu.memoryBytes)}`).join(', ') || 'no GPU: answers take some seconds longer'}`
  if (memoryBytes >= minMemoryBytes) return { state: 'ok', detail }
  return {
    state: 'warning',
    detail,
    remedy: `The default models want ${gib(minMemoryBytes)}; choose a smaller one by \`kura models use\`.`,
  }
}

const checkData = async (settings: Settings): Promise<Omit<Check, 'name'>> => {
  await prepareDataFolder(settings.data)
  const { bavail, bsize } = await statfs(settings.data)
  const detail = `${settings.data}, ${gib(bavail * bsize)} free`
  if (bavail * bsize >= minFreeBytes) return { state: 'ok', detail }
  return { state: 'warning', detail, remedy: `Keep at least ${gib(minFreeBytes)} free.` }
}

const checkLedger = async (settings: Settings): Promise<Omit<Check, 'name'>> => {
  await using ledger = await Ledger.open(settings.ledgerFile)
  const jobs = await ledger.jobs.counts()
  const detail = `${jobs.queued + jobs.running} documents wait, ${jobs.failed + jobs.dead} could not be read`
  return { state: 'ok', detail }
}

const checkIndex = async (settings: Settings): Promise<Omit<Check, 'name'>> => {
  await using ledger = await Ledger.open(settings.ledgerFile)
  const active = await ledger.indexes.active()
  if (active === undefined) return { state: 'ok', detail: 'none yet: nothing was ingested' }
  await using index = await ChunkIndex.open(settings.indexUri, active)
  const { published, rows, missing, wrong, orphans } = await compareIndex(index, ledger, active.fingerprint)
  const detail = `${rows} chunks of ${published} documents, made with ${active.model}`
  if (missing + wrong + orphans === 0) return { state: 'ok', detail: `${detail}; the same as in the ledger` }
  return {
    state: 'warning',
    detail: `${detail}; ${missing} documents are missing, ${wrong} have other counts than in the ledger, ${orphans} are left over`,
    remedy: 'It is repaired while Kura runs; if it stays so, stop Kura and run `kura doctor --rebuild-index`.',
  }
}

const checkUnusedTables = async (settings: Settings): Promise<Omit<Check, 'name'>> => {
  await using ledger = await Ledger.open(settings.ledgerFile)
  const unused = await describeUnusedTables(settings, await ledger.indexes.list())
  if (unused.length === 0) return { state: 'ok', detail: 'none' }
  const detail = unused.map(
    ({ model, folder, bytes }) => `${model ?? 'of no model that is known'}: ${Math.ceil(bytes / 1e6)} MB in ${folder}`,
  )
  return {
    state: 'ok',
    detail: detail.join('; '),
    remedy: 'Kept to go back to these models; their folders may be deleted while Kura is stopped.',
  }
}

const checkOcr = async (): Promise<Omit<Check, 'name'>> => {
  const missing: string[] = []
  for (const name of dataNames) {
    const isThere = await access(fileURLToPath(import.meta.resolve(`@tesseract.js-data/${name}/package.json`))).then(
      () => true,
      () => false,
    )
    if (!isThere) missing.push(name)
  }
  if (missing.length === 0) return { state: 'ok', detail: `language data for ${dataNames.join(', ')}` }
  return { state: 'failed', detail: `no language data for ${missing.join(', ')}`, remedy: 'Run `npm ci` again.' }
}

const checkLibreOffice = async (): Promise<Omit<Check, 'name'>> => {
  const found = await findLibreOffice()
  if (found !== undefined) return { state: 'ok', detail: found }
  return {
    state: 'warning',
    detail: 'not installed: DOC, XLS and PPT files can not be read',
    remedy: 'Install LibreOffice where such files are to be read; all other formats need nothing.',
  }
}

const checkModel = async (choice: ModelChoice, settings: Settings): Promise<Omit<Check, 'name'>> => {
  if (choice.source === 'local') await resolveModelFile(choice.name, settings)
  return { state: 'ok', detail: `${choice.name}: ${choice.reason}` }
}

export const doctor = async (output: Output): Promise<void> => {
  const settings = resolveSettings()
  const chosen = chooseModels(settings, await detectHardware())
  const checks = [
    await check('machine', checkMachine),
    await check('data folder', () => checkData(settings)),
    await check('ledger', () => checkLedger(settings)),
    await check('index', () => checkIndex(settings)),
    await check('unused tables of the index', () => checkUnusedTables(settings)),
    await check('text recognition', checkOcr),
    await check('LibreOffice', checkLibreOffice),
    await check('embedding model', () => checkModel(chosen.embedding, settings)),
    await check('generation model', () => checkModel(chosen.generation, settings)),
  ]
  const { reranking } = chosen
  if (reranking) checks.push(await check('reranking model', () => checkModel(reranking, settings)))
  const lines = checks.map(
    ({ name, state, detail, remedy }) =>
      `${state.padEnd(8)} ${name}: ${detail}${remedy ? `\n         → ${remedy}` : ''}`,
  )
  output.result({ checks }, lines.join('\n'))
  if (checks.some(({ state }) => state === 'failed')) process.exitCode = 1
}
