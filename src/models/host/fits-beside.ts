/**
 * Whether another model can be loaded while one of its role still works, at its full size: one that had to make do with less would stay
 * small, or slow, when the other one is gone. In: a descriptor. Out: yes or no, from the header of the file. Neighbour: engines.ts.
 */
import { GgufInsights, type Llama, readGgufFileInfo } from 'node-llama-cpp'
import { bestContextSize } from './generation-context.ts'
import type { HostedModel } from './protocol.ts'

/** The rest of a GPU's free memory is left to what is allocated while models work. */
const gpuShare = 0.9

export const fitsBeside = async (llama: Llama, hosted: HostedModel): Promise<boolean> => {
  const onGpu = llama.gpu !== false
  const file = await readGgufFileInfo(hosted.path, { sourceType: 'filesystem', logWarnings: false })
  const insights = await GgufInsights.from(file, llama)
  const gpuLayers = onGpu ? insights.totalLayers : 0
  const { sequences, contextTokens, batchSize, share } = bestContextSize(onGpu)
  const limit = Math.min(
    contextTokens,
    hosted.contextTokens ?? contextTokens,
    insights.trainContextSize ?? contextTokens,
  )
  const model = await insights.estimateModelResourceRequirementsV2({ gpuLayers })
  const context = await insights.estimateContextResourceRequirementsV2({
    contextSize: limit,
    sequences,
    modelGpuLayers: gpuLayers,
    batchSize,
  })
  if (!onGpu) return model.cpuRam + context.cpuRam / share <= process.availableMemory()
  const { free } = await llama.getVramState()
  return model.gpuVram + context.gpuVram <= free * gpuShare
}
