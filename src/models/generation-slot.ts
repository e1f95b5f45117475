/**
 * A model that writes, as questions see it: a generator that may have to wait until its model is up, and a count of the questions that it
 * writes for. In: what serves it, now or soon. Out: a port. Invariant: a question that has begun on a slot ends on it.
 * Neighbours: model-engines.ts makes slots and lets one take over from another.
 */
import { isAbort, KuraError } from '../core/errors.ts'
import type { CallOptions, GenerationModelInfo, GenerationRequest, Generator } from '../core/models.ts'
import { UseCount } from '../core/use-count.ts'
import { abortable } from './host/abortable.ts'
import type { HostedModel } from './host/protocol.ts'

/** A question that has waited so long is answered by quotes. */
const switchWithinMs = 60_000

/** What serves a slot. */
export interface Serving {
  /** As it is chosen by; the engine's URL where it runs elsewhere. */
  readonly name: string
  readonly generator: Generator & AsyncDisposable
  /** In the model host; undefined where it runs elsewhere. */
  readonly model?: HostedModel
}

export class GenerationSlot implements AsyncDisposable {
  readonly uses = new UseCount()
  readonly generator: Generator
  readonly #serving: Promise<Serving>
  #current: Serving | undefined

  /** @param serving a promise where the model is to be loaded when another one has ended */
  constructor(serving: Serving | Promise<Serving>) {
    this.#current = serving instanceof Promise ? undefined : serving
    this.#serving = Promise.resolve(serving)
    this.#serving.then(
      (current) => {
        this.#current = current
      },
      () => undefined,
    )
    this.generator = new SlotGenerator(() => this.#current ?? this.#serving)
  }

  /** Undefined while it waits. */
  get current(): Serving | undefined {
    return this.#current
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#current?.generator[Symbol.asyncDispose]()
  }
}

class SlotGenerator implements Generator {
  readonly #serving: () => Serving | Promise<Serving>

  constructor(serving: () => Serving | Promise<Serving>) {
    this.#serving = serving
  }

  async info(options: CallOptions = {}): Promise<GenerationModelInfo> {
    return (await this.#up(options.signal)).info(options)
  }

  async *generate(request: GenerationRequest, options: CallOptions = {}): AsyncGenerator<string> {
    yield* (await this.#up(options.signal)).generate(request, options)
  }

  async countTokens(texts: readonly string[], options: CallOptions = {}): Promise<number[]> {
    return (await this.#up(options.signal)).countTokens(texts, options)
  }

  /** @throws model_switching */
  async #up(signal: AbortSignal | undefined): Promise<Generator> {
    const serving = this.#serving()
    if (!(serving instanceof Promise)) return serving.generator
    const limit = AbortSignal.timeout(switchWithinMs)
    try {
      return (await abortable(serving, signal ? AbortSignal.any([signal, limit]) : limit)).generator
    } catch (error) {
      if (signal?.aborted || !isAbort(error)) throw error
      throw new KuraError('model_switching', `No model could write within ${switchWithinMs / 1000} s.`)
    }
  }
}
