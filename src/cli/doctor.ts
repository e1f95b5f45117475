/** `kura doctor`: checks the machine, the data folder, the models and the stores, and says for each what to do. */
import { statfs } from 'node:fs/promises'
import { prepareDataFolder } from '../config/data-folder.ts'
import { resolveSettings, type Settings } from '../config/settings.ts'
import { KuraError } from '../core/errors.ts'
import { chooseModels, type ModelChoice } from '../models/choose-models.ts'
import { detectHardware } from '../models/hardware.ts'
import { resolveModelFile } from '../models/model-file.ts'
import { Ledger } from '../store/ledger.ts'
import type { Output } from './output.ts'

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
