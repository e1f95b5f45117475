/**
 * Decides which model plays which role: what is configured wins, else the hardware decides. In: settings, hardware, the models
 * on disk. Out: a name and a sentence why, for each role, printed at start and by `kura models`. Nothing is loaded or fetched;
 * where the best choice is not on disk, the best one that is comes along as `fallback`.
 */
import path from 'node:path'
import type { Settings } from '../config/settings.ts'
import { KuraError } from '../core/errors.ts'
import type { ModelRole } from '../core/models-report.ts'
import { type CatalogEntry, catalog, findEntry } from './catalog.ts'
import { displayName, isGenerationPresent } from './generation-model.ts'
import type { Hardware } from './hardware.ts'
import { presentModels } from './model-file.ts'

export interface ModelChoice {
  /** Catalog name, path of a GGUF, base URL of an engine, or `none`. */
  readonly name: string
  /** `local` runs in the model host; nothing is loaded for the others. */
  readonly source: 'local' | 'url' | 'none'
  /** One sentence for people. */
  readonly reason: string
  /** Whether its file is here; true for URLs and paths, which are checked when they are used. */
  readonly present: boolean
  /** Where `present` is false: the best model of the role that is on disk and fits. */
  readonly fallback?: { readonly name: string; readonly reason: string }
}

export interface ChosenModels {
  readonly embedding: ModelChoice
  readonly generation: ModelChoice
  readonly reranking?: ModelChoice
}

type ModelSettings = Pick<
  Settings,
  | 'modelsFolder'
  | 'embeddingModel'
  | 'generationModel'
  | 'rerankingModel'
  | 'embeddingUrl'
  | 'generationUrl'
  | 'rerankingUrl'
>

/** The Llama and Mistral class, best first; the first that fits into the GPUs is taken. */
const gpuPreference = ['mistral-small-3.2-24b-instruct', 'llama-3.1-8b-instruct', 'llama-3.2-3b-instruct'] as const
const cpuDefault = 'qwen2.5-coder-1.5b-instruct'
const smallest = 'qwen2.5-coder-0.5b-instruct'
/** Two answers at once with prompts of some 8,000 tokens. */
const contextTokens = 16_384
/** Compute buffers, the embedding model and its contexts. */
const overheadBytes = 1.5 * 2 ** 30
/** The rest is the driver's, the desktop's, or other programs'. */
const usableShare = 0.9
/** Below this a processor writes at reading speed; above, an answer takes minutes. */
const cpuParameters = 4.5e9

const neededBytes = (entry: CatalogEntry): number =>
  entry.bytes + Math.min(contextTokens, entry.contextTokens) * (entry.contextBytesPerToken ?? 0) + overheadBytes

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`

const entryOf = (name: string): CatalogEntry => {
  const entry = findEntry(name)
  if (entry === undefined) throw new KuraError('internal', `The catalog has no model ${name}.`)
  return entry
}

const isPath = (name: string): boolean => /[\\/]|\.gguf$/i.test(name)

const configured = (role: ModelRole, name: string, present: ReadonlySet<string>, chosenBy: string): ModelChoice => {
  const entry = findEntry(name)
  if (entry === undefined) {
    // An unknown name is refused where the file is resolved, with the list of names.
    const reason = `${isPath(name) ? path.basename(name) : name}: ${chosenBy}.`
    return { name, source: 'local', reason, present: isPath(name) }
  }
  if (entry.role !== role) {
    throw new KuraError(
      'setting_invalid',
      `${entry.name} is a model for ${entry.role}, not for ${role}; see \`kura models\`.`,
    )
  }
  const here = present.has(entry.name)
  const missing = here ? '' : `; its file is not here yet (\`kura models pull ${entry.name}\`)`
  return { name: entry.name, source: 'local', reason: `${entry.title}: ${chosenBy}${missing}.`, present: here }
}

const byUrl = (url: string): ModelChoice => ({
  name: url,
  source: 'url',
  reason: 'An engine elsewhere, as the settings say.',
  present: true,
})

interface HardwareChoice {
  readonly entry: CatalogEntry
  readonly why: string
  /** Memory that the models share. */
  readonly memoryBytes: number
}

const chooseByHardware = ({ gpus, memoryBytes, cores }: Hardware): HardwareChoice => {
  const gpuBytes = gpus.reduce((sum, gpu) => sum + gpu.memoryBytes, 0)
  const onGpu = gpuPreference.map(entryOf).find((entry) => neededBytes(entry) <= gpuBytes * usableShare)
  const names = [...new Set(gpus.map((gpu) => gpu.name))].join(', ')
  if (onGpu !== undefined) {
    const why = `the best of the Llama and Mistral class that fits into ${gib(gpuBytes)} of GPU memory (${gpus.length} × ${names}) with ${contextTokens.toLocaleString('en-US')} tokens of context`
    return { entry: onGpu, why, memoryBytes: gpuBytes }
  }
  const gpu = gpus.length === 0 ? 'no GPU' : `too little GPU memory (${gib(gpuBytes)}, ${names})`
  const machine = `${gpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${gib(memoryBytes)} of memory`
  const standard = entryOf(cpuDefault)
  if (neededBytes(standard) <= memoryBytes * usableShare) {
    return { entry: standard, why: `small enough to answer on a processor (${machine})`, memoryBytes }
  }
  return { entry: entryOf(smallest), why: `the smallest there is, for a small machine (${machine})`, memoryBytes }
}

/** Among what is here and fits: the largest that the machine answers with in time, else the smallest. */
const findFallback = (
  choice: HardwareChoice,
  present: ReadonlySet<string>,
  onGpu: boolean,
): CatalogEntry | undefined => {
  const candidates = catalog
    .filter((entry) => entry.role === 'generation' && present.has(entry.name))
    .filter((entry) => neededBytes(entry) <= choice.memoryBytes * usableShare || entry.name === smallest)
    .sort((a, b) => b.parameters - a.parameters)
  return onGpu ? candidates[0] : (candidates.find((entry) => entry.parameters <= cpuParameters) ?? candidates.at(-1))
}

const chooseGeneration = (hardware: Hardware, present: ReadonlySet<string>): ModelChoice => {
  const choice = chooseByHardware(hardware)
  const { entry, why } = choice
  const reason = `${entry.title}: ${why}`
  if (present.has(entry.name)) return { name: entry.name, source: 'local', reason: `${reason}.`, present: true }
  const onGpu = (gpuPreference as readonly string[]).includes(entry.name)
  const other = findFallback(choice, present, onGpu)
  const missing = `${reason}; its file is not here yet (\`kura models pull ${entry.name}\`, ${gib(entry.bytes)})`
  if (other === undefined) return { name: entry.name, source: 'local', reason: `${missing}.`, present: false }
  return {
    name: entry.name,
    source: 'local',
    reason: `${missing}; ${other.name} is here and can take its place.`,
    present: false,
    fallback: {
      name: other.name,
      reason: `${other.title}: the best one on this machine while ${entry.name} is not here.`,
    },
  }
}

/**
 * @param present names of the catalog models on disk
 * @throws setting_invalid where a model is configured for a role that it is not made for
 */
export const chooseModels = (
  settings: ModelSettings,
  hardware: Hardware,
  present: ReadonlySet<string> = presentModels(settings),
): ChosenModels => {
  const byChoice = 'as the settings say'
  const isBundled = findEntry(settings.embeddingModel)?.sources.some((source) => source.kind === 'file') ?? false
  const embedding = settings.embeddingUrl
    ? byUrl(settings.embeddingUrl)
    : configured('embedding', settings.embeddingModel, present, isBundled ? 'comes with the project' : byChoice)
  const chooseGenerator = (): ModelChoice => {
    if (settings.generationUrl) return byUrl(settings.generationUrl)
    if (settings.generationModel === 'none') {
      const reason = 'No generation model, as the settings say: answers are verbatim quotes.'
      return { name: 'none', source: 'none', reason, present: true }
    }
    const { generationModel } = settings
    if (generationModel && !findEntry(generationModel) && isGenerationPresent(generationModel, settings)) {
      return {
        name: generationModel,
        source: 'local',
        reason: `${displayName(generationModel)}: ${byChoice}.`,
        present: true,
      }
    }
    if (generationModel) return configured('generation', generationModel, present, byChoice)
    return chooseGeneration(hardware, present)
  }
  const generation = chooseGenerator()
  if (settings.rerankingUrl) return { embedding, generation, reranking: byUrl(settings.rerankingUrl) }
  if (!settings.rerankingModel) return { embedding, generation }
  return { embedding, generation, reranking: configured('reranking', settings.rerankingModel, present, byChoice) }
}
