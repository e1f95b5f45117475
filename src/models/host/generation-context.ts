/**
 * Sizes the one context of a generation model to the memory of the machine and measures how fast the model reads and writes
 * in it. Out: a context with as many sequences as fit, and its speeds.
 */
import { InsufficientMemoryError, type Llama, type LlamaContext, type LlamaModel } from 'node-llama-cpp'
import { KuraError, wrapError } from '../../core/errors.ts'
import type { HostedModel } from './protocol.ts'

/** Tokens that one call of the library may evaluate; without a GPU small, since the buffers of large vocabularies grow with it. */
const cpuBatchTokens = 256
const gpuBatchTokens = 512
/** Part of the memory that is still free which the context may take without a GPU. */
const memoryShare = 0.4

interface ContextSize {
  readonly sequences: number
  readonly contextTokens: number
}

/** From the best to the least that is still of use. Reading 4,096 tokens takes a minute without a GPU: more would not be waited for. */
const gpuSizes: readonly [ContextSize, ...ContextSize[]] = [
  { sequences: 4, contextTokens: 8_192 },
  { sequences: 4, contextTokens: 4_096 },
  { sequences: 2, contextTokens: 4_096 },
  { sequences: 1, contextTokens: 4_096 },
  { sequences: 1, contextTokens: 2_048 },
]
const cpuSizes: readonly [ContextSize, ...ContextSize[]] = [
  { sequences: 2, contextTokens: 4_096 },
  { sequences: 1, contextTokens: 4_096 },
  { sequences: 1, contextTokens: 2_048 },
]

/** What a context is given where nothing is short. `share`: the part of the memory left by the weights that it may take. */
export const bestContextSize = (
  onGpu: boolean,
): ContextSize & { readonly batchSize: number; readonly share: number } => {
  const [size] = onGpu ? gpuSizes : cpuSizes
  const batchSize = onGpu ? gpuBatchTokens : cpuBatchTokens
  return { ...size, batchSize, share: onGpu ? 1 : memoryShare }
}

/** @throws model_invalid where the adapter does not fit the model; model_too_large where not even the smallest size fits */
export const createGenerationContext = async (
  llama: Llama,
  model: LlamaModel,
  hosted: HostedModel,
  threads: number,
): Promise<LlamaContext> => {
  const { adapter } = hosted
  const cpu = llama.gpu === false
  const batchSize = cpu ? cpuBatchTokens : gpuBatchTokens
  const limit = Math.min(model.trainContextSize, hosted.contextTokens ?? Number.POSITIVE_INFINITY)
  for (const { sequences, contextTokens } of cpu ? cpuSizes : gpuSizes) {
    const contextSize = Math.min(contextTokens, limit)
    const last = sequences === 1 && contextTokens === 2_048
    if (cpu && !last && !(await fitsInMemory(model, { sequences, contextTokens: contextSize }, batchSize))) continue
    try {
      return await model.createContext({
        sequences,
        contextSize,
        batchSize,
        threads,
        failedCreationRemedy: false,
        ...(adapter ? { lora: { adapters: [{ filePath: adapter.path, scale: adapter.scale }] } } : {}),
      })
    } catch (error) {
      if (!(error instanceof InsufficientMemoryError) && !isCreationFailure(error)) {
        // An adapter is loaded last; llama.cpp does not say what is wrong with it.
        if (adapter)
          throw wrapError(error, 'model_invalid', `${hosted.name}: the adapter could not be laid over the model.`)
        throw wrapError(error, 'model_failed', `${hosted.name}: the context could not be created.`)
      }
    }
  }
  throw new KuraError('model_too_large', `${hosted.name}: no memory for a context of 2048 tokens.`)
}

const isCreationFailure = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Failed to create context'

const fitsInMemory = async (model: LlamaModel, size: ContextSize, batchSize: number): Promise<boolean> => {
  const { cpuRam } = await model.fileInsights.estimateContextResourceRequirementsV2({
    contextSize: size.contextTokens,
    sequences: size.sequences,
    modelGpuLayers: model.gpuLayers,
    batchSize,
  })
  return cpuRam <= process.availableMemory() * memoryShare
}

export interface Speed {
  readonly promptTokensPerSecond: number
  readonly outputTokensPerSecond: number
}

const warmUpTokens = 4
const probeTokens = 96
const probeOutputTokens = 6

/**
 * Reads a short made-up prompt and writes a few tokens: about 2 s where the model reads 100 tokens/s. Takes any ordinary tokens,
 * since the speed does not depend on what they mean.
 */
export const measureSpeed = async (model: LlamaModel, context: LlamaContext): Promise<Speed> => {
  const sequence = context.getSequence()
  try {
    const words = model.tokenize('The oil of the press is checked each week and written down in the book. '.repeat(10))
    const prompt = words.slice(0, probeTokens)
    await sequence.evaluateWithoutGeneratingNewTokens(words.slice(0, warmUpTokens))
    const readFrom = performance.now()
    await sequence.evaluateWithoutGeneratingNewTokens(prompt)
    const writeFrom = performance.now()
    let written = 0
    for await (const _ of sequence.evaluate(words.slice(0, 1), { yieldEogToken: true })) {
      written += 1
      if (written === probeOutputTokens) break
    }
    const end = performance.now()
    return {
      promptTokensPerSecond: (prompt.length * 1_000) / (writeFrom - readFrom),
      outputTokensPerSecond: (written * 1_000) / (end - writeFrom),
    }
  } finally {
    await sequence.clearHistory()
    sequence.dispose()
  }
}
