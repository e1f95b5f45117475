/**
 * Which model writes now, and how another one takes over. In: a model to run here, another engine, or none. Out: a slot for each question.
 * Invariants: a question ends on the model that it began on; the former model's memory is freed when its last question has ended; where both
 * do not fit into memory, new questions wait for the former one to end, and get it back where the new one fails.
 * Neighbours: model-engines.ts decides what is to write, model-host.ts loads and unloads.
 */
import { KuraError } from '../core/errors.ts'
import type { Generator } from '../core/models.ts'
import type { GeneratorOptions } from './engine-generator.ts'
import { GenerationSlot, type Serving } from './generation-slot.ts'
import type { HostedModel, ModelHost } from './model-host.ts'

/** Questions that take longer are given up: one whose reader has stopped reading would keep the memory for ever. */
const drainWithinMs = 10 * 60 * 1000

export interface HeldGenerator extends Disposable {
  /** Undefined where no model may write now. */
  readonly generator: Generator | undefined
}

/** What is needed of the process that runs models. */
type Host = Pick<ModelHost, 'load' | 'unload' | 'baseUrl'>

interface GenerationSlotsDeps {
  /** Ends all waiting. */
  readonly closing: AbortSignal
  readonly host: () => Host | undefined
  /** Starts a host where there is none. */
  readonly startHost: (model: HostedModel) => Promise<Host>
  readonly connect: (options: GeneratorOptions) => Generator & AsyncDisposable
}

export class GenerationSlots implements AsyncDisposable {
  readonly #deps: GenerationSlotsDeps
  readonly #retiring = new Set<Promise<void>>()
  #current: GenerationSlot | undefined
  #ordinals = 0

  constructor(deps: GenerationSlotsDeps) {
    this.#deps = deps
  }

  get generator(): Generator | undefined {
    return this.#current?.generator
  }

  /** What writes now; undefined where nothing does, or while new questions wait. */
  get serving(): Serving | undefined {
    return this.#current?.current
  }

  /** New questions wait for a model that is to be loaded. */
  get isWaiting(): boolean {
    return this.#current !== undefined && this.#current.current === undefined
  }

  /** The model of this moment, kept until the handle is disposed. */
  hold(): HeldGenerator {
    const slot = this.#current
    const held = slot?.uses.hold()
    return { generator: slot?.generator, [Symbol.dispose]: () => held?.[Symbol.dispose]() }
  }

  /** The model with an ordinal that no other model had. */
  number(model: HostedModel): HostedModel {
    this.#ordinals += 1
    return { ...model, ordinal: this.#ordinals }
  }

  /** A model that is in the host already, or another engine. What wrote before goes when its questions have ended. */
  put(serving: Serving | undefined): void {
    const former = this.#current
    this.#current = serving && new GenerationSlot(serving)
    if (former) this.#retire(former)
  }

  /** What wrote before has gone with its host: its questions fail. */
  async drop(): Promise<void> {
    const former = this.#current
    this.#current = undefined
    await former?.[Symbol.asyncDispose]()
  }

  /**
   * Loads a model and lets it take over; resolves when it writes.
   * @throws model_missing, model_invalid, model_too_large, model_failed: the former one goes on then
   */
  async load(unnumbered: HostedModel): Promise<void> {
    const model = this.number(unnumbered)
    const host = this.#deps.host()
    if (!host) {
      this.put(this.serveBy(await this.#deps.startHost(model), model))
      return
    }
    try {
      await host.load(model, this.#deps.closing)
      this.put(this.serveBy(host, model))
    } catch (error) {
      const isCrowded = this.serving?.model !== undefined || this.#retiring.size > 0
      if (!isCrowded || !(error instanceof KuraError) || error.code !== 'model_too_large') throw error
      await this.#loadWhenFree(host, unnumbered)
    }
  }

  /** What a numbered model of this host is written with. */
  serveBy({ baseUrl }: Pick<Host, 'baseUrl'>, model: HostedModel): Serving {
    return { name: model.name, generator: this.#deps.connect({ baseUrl, ordinal: model.ordinal }), model }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#retiring)
    await this.drop()
  }

  async #loadWhenFree(host: Host, next: HostedModel): Promise<void> {
    const former = this.#current
    const formerModel = former?.current?.model
    let resolve: (serving: Serving) => void = () => undefined
    let reject: (error: unknown) => void = () => undefined
    const waiting = new GenerationSlot(
      new Promise<Serving>((onLoaded, onFailure) => {
        resolve = onLoaded
        reject = onFailure
      }),
    )
    this.#current = waiting
    if (former) this.#retire(former)
    await Promise.all(this.#retiring)
    try {
      resolve(await this.#loadInto(host, next))
    } catch (error) {
      await this.#restore(host, formerModel).then(resolve, (failure: unknown) => {
        reject(failure)
        if (this.#current === waiting) this.#current = undefined
      })
      throw error
    }
  }

  async #restore(host: Host, former: HostedModel | undefined): Promise<Serving> {
    if (!former) throw new KuraError('model_unavailable', 'No generation model is loaded.')
    return this.#loadInto(host, former)
  }

  async #loadInto(host: Host, unnumbered: HostedModel): Promise<Serving> {
    const model = this.number(unnumbered)
    await host.load(model, this.#deps.closing)
    return this.serveBy(host, model)
  }

  #retire(slot: GenerationSlot): void {
    const host = this.#deps.host()
    const retire = async () => {
      await slot.uses.unused(AbortSignal.any([this.#deps.closing, AbortSignal.timeout(drainWithinMs)]))
      const model = slot.current?.model
      if (model) host?.unload(model)
      await slot[Symbol.asyncDispose]()
    }
    const retiring = retire()
    this.#retiring.add(retiring)
    void retiring.finally(() => this.#retiring.delete(retiring))
  }
}
