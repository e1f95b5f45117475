/**
 * Chat completions. Owns the generation model, its one context and the sequences of it: each request gets a sequence of its
 * own, the one whose content shares the longest beginning with the new prompt (the system prompt is not read twice).
 * In: messages; out: pieces of text. Invariants: at most `queueLimit` requests wait, the next is refused; a request that is
 * cancelled - waiting, reading or writing - gives its sequence back within one step and never disturbs another.
 */
import type {
  ChatWrapper,
  Llama,
  LlamaContext,
  LlamaContextSequence,
  LlamaGrammar,
  LlamaModel,
  Token,
} from 'node-llama-cpp'
import { KuraError } from '../../core/errors.ts'
import type { ChatMessage } from '../../core/models.ts'
import { abortable } from './abortable.ts'
import { createChatPrompt, createChatWrapper } from './chat-prompt.ts'
import type { ComputeGate } from './compute-gate.ts'
import { createGenerationContext, measureSpeed, type Speed } from './generation-context.ts'
import { type GenerationOutcome, runGeneration } from './generation-run.ts'
import { createSchemaGrammar } from './json-grammar.ts'
import type { HostedModel, Logprob, ModelInfo } from './protocol.ts'

/** Requests that may wait for a sequence; more would wait for minutes, and are told to come back. */
const queueLimit = 32
/** How much a new measurement of the speed counts against the old ones. */
const speedWeight = 0.3
/** Requests that read or write fewer tokens say little about the speed. */
const minMeasuredTokens = 32

export interface GenerationCall {
  readonly messages: readonly ChatMessage[]
  readonly maxTokens?: number | undefined
  readonly temperature: number
  readonly seed?: number | undefined
  readonly schema?: Record<string, unknown> | undefined
  readonly signal: AbortSignal
  /** Called with each piece of text. */
  readonly onText: (text: string) => void
  /** How many of the likeliest first tokens `onFirstToken` is told, once, before the first text; 0 for none. */
  readonly topLogprobs: number
  readonly onFirstToken: (likeliest: readonly Logprob[]) => void
}

export interface GenerationDeps {
  readonly llama: Llama
  readonly model: LlamaModel
  readonly hosted: HostedModel
  readonly gate: ComputeGate
  readonly threads: number
}

interface Slot {
  readonly sequence: LlamaContextSequence
  busy: boolean
}

interface PreparedCall extends Omit<GenerationCall, 'schema' | 'maxTokens'> {
  readonly prompt: readonly Token[]
  readonly stopTexts: readonly string[]
  readonly stopTokens: ReadonlySet<Token>
  readonly grammar: LlamaGrammar | undefined
  readonly maxTokens: number
}

export class GenerationEngine implements AsyncDisposable {
  readonly #deps: GenerationDeps
  readonly #context: LlamaContext
  readonly #wrapper: ChatWrapper
  readonly #slots: readonly Slot[]
  readonly #waiting: (() => void)[] = []
  readonly #closing = new AbortController()
  readonly #running = new Set<Promise<unknown>>()
  #speed: Speed
  /** The best prompt speed seen: what the machine can do when nothing else takes its cores. */
  #bestPromptSpeed: number

  private constructor(deps: GenerationDeps, context: LlamaContext, speed: Speed) {
    this.#deps = deps
    this.#context = context
    this.#wrapper = createChatWrapper(deps.model)
    this.#speed = speed
    this.#bestPromptSpeed = speed.promptTokensPerSecond
    this.#slots = Array.from({ length: context.totalSequences }, () => ({
      sequence: context.getSequence(),
      busy: false,
    }))
  }

  /** @throws model_too_large */
  static async create(deps: GenerationDeps): Promise<GenerationEngine> {
    const context = await createGenerationContext(deps.llama, deps.model, deps.hosted, deps.threads)
    return new GenerationEngine(deps, context, await measureSpeed(deps.model, context))
  }

  get info(): ModelInfo {
    const { model, hosted } = this.#deps
    const { adapter } = hosted
    return {
      contextTokens: this.#context.contextSize,
      parallel: this.#slots.length,
      parameters: hosted.parameters ?? model.fileInsights.totalParameters,
      ...(hosted.sha256 === undefined ? {} : { sha256: hosted.sha256 }),
      ...(adapter === undefined
        ? {}
        : { adapter: { name: adapter.name, sha256: adapter.sha256, scale: adapter.scale } }),
      promptTokensPerSecond: round(this.#speed.promptTokensPerSecond),
      outputTokensPerSecond: round(this.#speed.outputTokensPerSecond),
      contextBytes: this.#context.memoryUsage.ram + this.#context.memoryUsage.vram,
      modelBytes: model.size,
    }
  }

  tokenize(text: string): readonly Token[] {
    return this.#deps.model.tokenize(text)
  }

  /**
   * Checks the request and takes a place in the queue; the returned function waits for a sequence and generates.
   * @throws input_too_long, model_busy, invalid_request
   */
  async accept(call: GenerationCall): Promise<() => Promise<GenerationOutcome>> {
    const prepared = await this.#prepare(call)
    const free = this.#slots.some((slot) => !slot.busy)
    if (!free && this.#waiting.length >= queueLimit) {
      throw new KuraError('model_busy', `${queueLimit} requests wait for the model already.`, {
        details: { limit: queueLimit },
      })
    }
    return () => this.#track(this.#generate(prepared))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new KuraError('model_unavailable', 'The model host is stopping.'))
    await Promise.allSettled(this.#running)
    await this.#context.dispose()
    await this.#deps.model.dispose()
  }

  async #prepare(call: GenerationCall): Promise<PreparedCall> {
    const { llama, model } = this.#deps
    const { tokens, stopTexts, stopTokens } = createChatPrompt(model, this.#wrapper, call.messages)
    const limit = this.#context.contextSize - 2
    if (tokens.length >= limit) {
      throw new KuraError(
        'input_too_long',
        `The prompt has ${tokens.length} tokens; the model's context holds ${limit}.`,
        {
          details: { tokens: tokens.length, limit },
        },
      )
    }
    return {
      ...call,
      prompt: tokens,
      stopTexts,
      stopTokens,
      maxTokens: Math.min(call.maxTokens ?? limit, limit - tokens.length),
      grammar: call.schema === undefined ? undefined : await createSchemaGrammar(llama, call.schema),
    }
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work)
    try {
      return await work
    } finally {
      this.#running.delete(work)
    }
  }

  async #generate(call: PreparedCall): Promise<GenerationOutcome> {
    const signal = AbortSignal.any([call.signal, this.#closing.signal])
    const slot = await this.#acquire(call.prompt, signal)
    try {
      using _answering = this.#deps.gate.beginAnswer()
      const outcome = await runGeneration({
        ...call,
        signal,
        model: this.#deps.model,
        sequence: slot.sequence,
        gate: this.#deps.gate,
        bestPromptSpeed: this.#bestPromptSpeed,
      })
      this.#learn(outcome)
      return outcome
    } finally {
      slot.busy = false
      this.#waiting.shift()?.()
    }
  }

  /** Waits in the order of arrival. */
  async #acquire(prompt: readonly Token[], signal: AbortSignal): Promise<Slot> {
    for (;;) {
      signal.throwIfAborted()
      const best = this.#slots
        .filter((slot) => !slot.busy)
        .map((slot) => ({ slot, shared: slot.sequence.compareContextTokens([...prompt]).firstDifferentIndex }))
        .sort((a, b) => b.shared - a.shared || a.slot.sequence.nextTokenIndex - b.slot.sequence.nextTokenIndex)[0]
      if (best !== undefined) {
        best.slot.busy = true
        return best.slot
      }
      let wake: () => void = () => undefined
      const turn = new Promise<void>((resolve) => {
        wake = resolve
        this.#waiting.push(resolve)
      })
      try {
        await abortable(turn, signal)
      } catch (error) {
        const index = this.#waiting.indexOf(wake)
        // Woken and cancelled at once: the turn goes to the next.
        if (index >= 0) this.#waiting.splice(index, 1)
        else this.#waiting.shift()?.()
        throw error
      }
    }
  }

  #learn(outcome: GenerationOutcome): void {
    const blend = (old: number, tokens: number, ms: number): number =>
      tokens < minMeasuredTokens || ms <= 0 ? old : old * (1 - speedWeight) + ((tokens * 1_000) / ms) * speedWeight
    this.#speed = {
      promptTokensPerSecond: blend(this.#speed.promptTokensPerSecond, outcome.readTokens, outcome.readMs),
      outputTokensPerSecond: blend(this.#speed.outputTokensPerSecond, outcome.completionTokens, outcome.writeMs),
    }
    this.#bestPromptSpeed = Math.max(this.#bestPromptSpeed, this.#speed.promptTokensPerSecond)
  }
}

const round = (value: number): number => Math.round(value * 10) / 10
