/**
 * One generation in one sequence: keeps the beginning that the sequence holds already, reads the rest of the prompt in slices,
 * writes token by token. Every step passes the compute gate, and between steps the signal is looked at: that is what makes a
 * cancelled request stop soon, and lets others go between.
 */
import {
  type LlamaContextSequence,
  type LlamaGrammar,
  LlamaGrammarEvaluationState,
  type LlamaModel,
  type SequenceEvaluateOptions,
  type Token,
} from 'node-llama-cpp'
import { wrapError } from '../../core/errors.ts'
import type { ComputeGate } from './compute-gate.ts'
import { isCompleteJson } from './json-grammar.ts'
import type { Logprob } from './protocol.ts'
import { TextStream } from './text-stream.ts'

/** A slice of the prompt is meant to be read in this time, so that a cancelled request ends within half a second. */
const sliceMs = 400
const minSliceTokens = 16
const maxSliceTokens = 512
/**
 * A slice that took so many times longer than meant shows that other work has the cores. Threads wait for each other once a layer and
 * slice then, so that small slices cost far more than they save (2 to 3 times the whole prompt, measured): the next is twice as large.
 */
const lateFactor = 1.5

export interface GenerationRun {
  readonly model: LlamaModel
  readonly sequence: LlamaContextSequence
  readonly gate: ComputeGate
  readonly prompt: readonly Token[]
  readonly stopTexts: readonly string[]
  readonly stopTokens: ReadonlySet<Token>
  readonly grammar: LlamaGrammar | undefined
  readonly maxTokens: number
  readonly temperature: number
  readonly seed?: number | undefined
  readonly signal: AbortSignal
  readonly onText: (text: string) => void
  /** How many of the likeliest first tokens `onFirstToken` is told; 0 for none. */
  readonly topLogprobs: number
  readonly onFirstToken: (likeliest: readonly Logprob[]) => void
  readonly bestPromptSpeed: number
}

export interface GenerationOutcome {
  readonly finishReason: 'stop' | 'length'
  readonly promptTokens: number
  /** Tokens of the prompt that the sequence held already. */
  readonly cachedTokens: number
  readonly completionTokens: number
  readonly readTokens: number
  readonly readMs: number
  readonly writeMs: number
}

/** A multiple of 16 tokens, near to what the model reads in `sliceMs`. */
const sliceTokensFor = (tokensPerSecond: number): number => {
  const wanted = Math.ceil((tokensPerSecond * sliceMs) / 1_000 / 16) * 16
  return Math.min(maxSliceTokens, Math.max(minSliceTokens, wanted))
}

/** @throws the signal's reason, model_failed */
export const runGeneration = async (run: GenerationRun): Promise<GenerationOutcome> => {
  try {
    const started = performance.now()
    const rest = await readPrompt(run)
    const written = await write(run, rest.tokens)
    return {
      finishReason: written.finishReason,
      promptTokens: run.prompt.length,
      cachedTokens: rest.cached,
      completionTokens: written.tokens,
      readTokens: run.prompt.length - rest.cached,
      readMs: written.firstTokenAt - started,
      writeMs: performance.now() - written.firstTokenAt,
    }
  } catch (error) {
    if (run.signal.aborted) throw run.signal.reason
    throw wrapError(error, 'model_failed', 'The generation model failed.')
  }
}

/** Reads all but the last slice, which is read together with the first generated token. */
const readPrompt = async (run: GenerationRun): Promise<{ tokens: Token[]; cached: number }> => {
  const { sequence, prompt, signal } = run
  // At least one token must be read anew, to have something to go on from.
  await sequence.adaptStateToTokens(prompt.slice(0, -1), false)
  const cached = sequence.nextTokenIndex
  let slice = sliceTokensFor(run.bestPromptSpeed)
  let position = cached
  while (prompt.length - position > slice) {
    const tokens = prompt.slice(position, position + slice)
    let tookMs = 0
    await run.gate.step(signal, async () => {
      const from = performance.now()
      await sequence.evaluateWithoutGeneratingNewTokens(tokens)
      tookMs = performance.now() - from
    })
    position += tokens.length
    if (tookMs > sliceMs * lateFactor) slice = Math.min(maxSliceTokens, slice * 2)
  }
  return { tokens: prompt.slice(position), cached }
}

interface Written {
  readonly finishReason: 'stop' | 'length'
  readonly tokens: number
  readonly firstTokenAt: number
}

/** Probabilities are over the whole vocabulary and cost a look at all of it: they are asked of the first token only. */
async function* generateTokens(
  run: GenerationRun,
  rest: Token[],
  options: SequenceEvaluateOptions,
): AsyncGenerator<Token> {
  const { sequence, model, topLogprobs } = run
  if (topLogprobs === 0) {
    yield* sequence.evaluate(rest, options)
    return
  }
  const first = await sequence.evaluateWithMetadata(rest, { probabilities: true }, options).next()
  if (first.done === true) return
  const { token, probabilities } = first.value
  run.onFirstToken(
    [...probabilities]
      .slice(0, topLogprobs)
      .map(([each, probability]) => ({ token: model.detokenize([each]), logprob: Math.log(probability) })),
  )
  yield token
  yield* sequence.evaluate([token], options)
}

const write = async (run: GenerationRun, rest: Token[]): Promise<Written> => {
  const { model, grammar, signal } = run
  const stream = new TextStream<Token>((tokens, previous) => model.detokenize(tokens, false, previous), run.stopTexts)
  const iterator = generateTokens(run, rest, {
    temperature: run.temperature,
    ...(run.seed === undefined ? {} : { seed: run.seed }),
    ...(grammar === undefined ? {} : { grammarEvaluationState: new LlamaGrammarEvaluationState({ model, grammar }) }),
  })
  let tokens = 0
  let firstTokenAt: number | undefined
  let whole = ''
  const send = (text: string): void => {
    if (text === '') return
    whole += text
    run.onText(text)
  }
  try {
    let finishReason: Written['finishReason'] | undefined
    while (finishReason === undefined) {
      const next = await run.gate.step(signal, () => iterator.next())
      firstTokenAt ??= performance.now()
      signal.throwIfAborted()
      if (next.done === true || run.stopTokens.has(next.value)) {
        finishReason = 'stop'
        break
      }
      tokens += 1
      send(stream.push(next.value))
      if (stream.stopped || (grammar !== undefined && isCompleteJson(whole))) finishReason = 'stop'
      else if (tokens >= run.maxTokens) finishReason = 'length'
    }
    send(stream.end())
    return { finishReason, tokens, firstTokenAt: firstTokenAt ?? performance.now() }
  } finally {
    await iterator.return(undefined)
  }
}
