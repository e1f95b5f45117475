/**
 * Generation through the model host against bare node-llama-cpp in the same run: the same prompt tokens and the same number of
 * written tokens, in turns, medians compared. Goal: the first token at most 1.25 times the bare engine's time plus 150 ms.
 *
 * Run: node --import tsx test/bench/generation.ts
 */
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { getLlama, type LlamaContextSequence, type LlamaModel, resolveChatWrapper } from 'node-llama-cpp'
import { z } from 'zod'
import { EngineConnection } from '../../src/models/engine-connection.ts'
import { hostHealthSchema } from '../../src/models/host/protocol.ts'
import { createEmbedder, createGenerator } from '../../src/models/model-client.ts'
import { ModelHost } from '../../src/models/model-host.ts'
import { createTempFolder, embeddingModel, generationModel } from '../model/model-host-fixture.ts'

const rounds = 5
const outputTokens = 12

const passage = Array.from(
  { length: 12 },
  (_, index) =>
    `Step ${index}: switch the press off, lock the main switch and wait until the pressure gauge shows zero.`,
).join(' ')

/** Each round begins with words of its own, so that nothing read before can be used again. */
const messagesOf = (round: string) =>
  [
    { role: 'system', content: `${round} You answer questions on machines from the passages that you are given.` },
    { role: 'user', content: `${passage}\nHow is the press made safe before maintenance? Explain each step.` },
  ] as const

const usageSchema = z.object({ usage: z.object({ prompt_tokens: z.number() }) })

interface Times {
  readonly firstMs: number
  readonly totalMs: number
}

export interface GenerationFigures {
  readonly promptTokens: number
  /** What the host says that it read: must be the same. */
  readonly hostPromptTokens: number
  readonly bare: Times
  readonly host: Times
  /** Host to bare; 1 is as fast. */
  readonly firstTokenRatio: number
  readonly totalRatio: number
  /** The same prompt once more: its beginning is still in the sequence. */
  readonly firstTokenAgainMs: number
  /** First token while ingestion has the queue full, to the first token when nothing else runs. */
  readonly besideIngestionRatio: number
  readonly promptTokensPerSecond: number
  readonly outputTokensPerSecond: number
  readonly hostResidentBytes: number
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

const medians = (times: readonly Times[]): Times => ({
  firstMs: median(times.map((time) => time.firstMs)),
  totalMs: median(times.map((time) => time.totalMs)),
})

const promptTokensOf = (model: LlamaModel, round: string) => {
  const [system, user] = messagesOf(round)
  const state = resolveChatWrapper(model).generateContextState({
    chatHistory: [
      { type: 'system', text: system.content },
      { type: 'user', text: user.content },
      { type: 'model', response: [''] },
    ],
  })
  return state.contextText.tokenize(model.tokenizer)
}

const runBare = async (model: LlamaModel, sequence: LlamaContextSequence, round: string): Promise<Times> => {
  await sequence.clearHistory()
  const from = performance.now()
  let firstMs = Number.NaN
  let written = 0
  for await (const _ of sequence.evaluate(promptTokensOf(model, round))) {
    if (written === 0) firstMs = performance.now() - from
    written += 1
    if (written === outputTokens) break
  }
  return { firstMs, totalMs: performance.now() - from }
}

const runHost = async (generator: ReturnType<typeof createGenerator>, round: string): Promise<Times> => {
  const from = performance.now()
  let firstMs = Number.NaN
  for await (const _ of generator.generate({ messages: messagesOf(round), maxTokens: outputTokens })) {
    if (Number.isNaN(firstMs)) firstMs = performance.now() - from
  }
  return { firstMs, totalMs: performance.now() - from }
}

export const benchGeneration = async (): Promise<GenerationFigures> => {
  const threads = os.availableParallelism()
  const llama = await getLlama({ gpu: 'auto', build: 'never', skipDownload: true, maxThreads: threads })
  const model = await llama.loadModel({ modelPath: generationModel.path })
  const context = await model.createContext({ contextSize: 4_096, threads })
  const sequence = context.getSequence()
  await using temp = await createTempFolder()
  const models = { embedding: embeddingModel, generation: generationModel }
  await using host = await ModelHost.start({ models, socket: path.join(temp.folder, 'host.sock') })
  await host.ready
  await using generator = createGenerator({ baseUrl: host.baseUrl })
  await using embedder = createEmbedder({ baseUrl: host.baseUrl })
  await using connection = new EngineConnection(host.baseUrl)
  const bareTimes: Times[] = []
  const hostTimes: Times[] = []
  for (let round = 0; round < rounds; round += 1) {
    bareTimes.push(await runBare(model, sequence, `Round ${round}.`))
    hostTimes.push(await runHost(generator, `Round ${round}.`))
  }
  const again = await runHost(generator, `Round ${rounds - 1}.`)
  const ingestion = new AbortController()
  const texts = Array.from({ length: 1_000 }, () => ({ title: '', text: passage }))
  const ingesting = embedder.embedPassages(texts, { signal: ingestion.signal }).catch(() => [])
  const beside = await runHost(generator, 'Beside.')
  ingestion.abort()
  await ingesting
  const info = await generator.info()
  const health = await connection.call('/health', hostHealthSchema, { root: true })
  const promptTokens = promptTokensOf(model, 'Round 0.').length
  const counted = await connection.call('/chat/completions', usageSchema, {
    body: { messages: messagesOf('Round 0.'), max_tokens: 1 },
  })
  await llama.dispose()
  const [bare, hosted] = [medians(bareTimes), medians(hostTimes)]
  return {
    promptTokens,
    hostPromptTokens: counted.usage.prompt_tokens,
    bare,
    host: hosted,
    firstTokenRatio: hosted.firstMs / bare.firstMs,
    totalRatio: hosted.totalMs / bare.totalMs,
    firstTokenAgainMs: again.firstMs,
    besideIngestionRatio: beside.firstMs / hosted.firstMs,
    promptTokensPerSecond: info.promptTokensPerSecond ?? Number.NaN,
    outputTokensPerSecond: info.outputTokensPerSecond ?? Number.NaN,
    hostResidentBytes: health.memory.residentBytes,
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${JSON.stringify(await benchGeneration(), null, 2)}\n`)
}
