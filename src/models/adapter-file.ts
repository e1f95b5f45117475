/**
 * Checks a LoRA adapter against the model that it was trained on: both are GGUF files of the same architecture, and each pair of matrices
 * fits the tensor that it changes. In: two paths. Out: nothing, or an error that names what does not fit. Reads the headers only.
 * Neighbours: adapters.ts keeps adapters, the model host lays them over the model.
 */
import { KuraError, wrapError } from '../core/errors.ts'

interface Tensor {
  readonly name: string
  readonly dimensions: readonly (number | bigint)[]
}

const invalid = (file: string, what: string): KuraError =>
  new KuraError('model_invalid', `${file} ${what}`, { details: { file } })

const readGguf = async (file: string) => {
  const { readGgufFileInfo } = await import('node-llama-cpp')
  try {
    const info = await readGgufFileInfo(file, { sourceType: 'filesystem', logWarnings: false, spliceSplitFiles: false })
    return {
      metadata: info.metadata as Record<string, unknown>,
      tensors: (info.fullTensorInfo ?? []) as readonly Tensor[],
    }
  } catch (error) {
    throw wrapError(error, 'model_invalid', `${file} is not a GGUF file that can be read.`)
  }
}

/** Metadata comes nested: `general.architecture` is a field of a field. */
const fieldOf = (metadata: Record<string, unknown>, ...keys: readonly string[]): unknown =>
  keys.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    metadata,
  )

const loraTensor = /^(.+)\.lora_([ab])$/

/** @throws model_invalid telling what does not fit */
export const checkAdapterFile = async (
  file: string,
  base: { readonly path: string; readonly name: string },
): Promise<void> => {
  const [adapter, model] = [await readGguf(file), await readGguf(base.path)]
  const type = fieldOf(adapter.metadata, 'general', 'type')
  if (type !== 'adapter') {
    throw invalid(file, `is no adapter: its general.type is ${JSON.stringify(type ?? 'model')}, expected "adapter".`)
  }
  const kind = fieldOf(adapter.metadata, 'adapter', 'type')
  if (kind !== 'lora') throw invalid(file, `is an adapter of type ${JSON.stringify(kind ?? null)}; expected "lora".`)
  const architectures = [adapter, model].map(({ metadata }) => fieldOf(metadata, 'general', 'architecture'))
  if (architectures[0] !== architectures[1]) {
    throw invalid(
      file,
      `was trained for a model of the architecture "${architectures[0]}"; ${base.name} is of the architecture "${architectures[1]}".`,
    )
  }
  checkShapes(file, base.name, adapter.tensors, model.tensors)
}

/** A model's matrix takes `in` numbers and gives `out`; A takes `in` and gives the rank, B takes the rank and gives `out`. */
const checkShapes = (file: string, baseName: string, adapter: readonly Tensor[], model: readonly Tensor[]): void => {
  const shapes = new Map(model.map(({ name, dimensions }) => [name, dimensions.map(Number)]))
  const pairs = new Map<string, { a?: number[]; b?: number[] }>()
  for (const { name, dimensions } of adapter) {
    const [, changed, side] = loraTensor.exec(name) ?? []
    if (changed === undefined) continue
    const pair = pairs.get(changed) ?? {}
    pair[side === 'a' ? 'a' : 'b'] = dimensions.map(Number)
    pairs.set(changed, pair)
  }
  if (pairs.size === 0) throw invalid(file, 'changes nothing: it has no pair of tensors *.lora_a and *.lora_b.')
  for (const [name, { a, b }] of pairs) {
    const shape = shapes.get(name)
    if (!a || !b) throw invalid(file, `has only one of ${name}.lora_a and ${name}.lora_b.`)
    if (!shape) throw invalid(file, `changes the tensor ${name}, which ${baseName} does not have.`)
    // The embedding of tokens is kept the other way round.
    const fits = (from: number | undefined, to: number | undefined) => a[0] === from && b[1] === to && a[1] === b[0]
    if (fits(shape[0], shape[1]) || (name === 'token_embd.weight' && fits(shape[1], shape[0]))) continue
    throw invalid(
      file,
      `does not fit ${baseName}: ${name} is ${shape.join(' × ')} there, its pair is ${a.join(' × ')} and ${b.join(' × ')}.`,
    )
  }
}
