/** How one model takes over the writing from another: with memory for both, without it, and where the new one fails. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { KuraError } from '../../src/core/errors.ts'
import type { Generator } from '../../src/core/models.ts'
import { GenerationSlots } from '../../src/models/generation-slots.ts'
import type { HostedModel } from '../../src/models/model-host.ts'
import { ScriptedGenerator } from './fakes.ts'

const modelOf = (name: string): HostedModel => ({ name, path: `/${name}.gguf`, role: 'generation' })

/** Has memory for so many models; loads none whose name says that it is broken. */
class FakeHost {
  readonly baseUrl = 'unix:/fake'
  readonly loaded: HostedModel[] = []
  readonly #room: number

  constructor(room: number) {
    this.#room = room
  }

  async load(model: HostedModel): Promise<void> {
    await sleep(1)
    if (this.loaded.length >= this.#room) throw new KuraError('model_too_large', 'No memory for both.')
    if (model.name.includes('broken')) throw new KuraError('model_invalid', 'The file is damaged.')
    this.loaded.push(model)
  }

  unload({ ordinal }: Pick<HostedModel, 'ordinal'>): void {
    const index = this.loaded.findIndex((model) => model.ordinal === ordinal)
    this.loaded.splice(index, index < 0 ? 0 : 1)
  }

  get names(): string[] {
    return this.loaded.map(({ name }) => name)
  }
}

/** Says by which model it is written. */
class HostGenerator extends ScriptedGenerator implements AsyncDisposable {
  readonly #host: FakeHost
  readonly #ordinal: number | undefined

  constructor(host: FakeHost, ordinal: number | undefined) {
    super([])
    this.#host = host
    this.#ordinal = ordinal
  }

  override async *generate(): AsyncGenerator<string> {
    for (let i = 0; i < 3; i += 1) {
      await sleep(1)
      const model = this.#host.loaded.find(({ ordinal }) => ordinal === this.#ordinal)
      if (!model) throw new KuraError('model_unavailable', 'The model is not loaded.')
      yield `${model.name} `
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

const setUp = async (room: number) => {
  const host = new FakeHost(room)
  const closing = new AbortController()
  const slots = new GenerationSlots({
    closing: closing.signal,
    host: () => host,
    startHost: async () => host,
    connect: ({ ordinal }) => new HostGenerator(host, ordinal),
  })
  await slots.load(modelOf('former'))
  return { host, slots, closing }
}

const write = async (generator: Generator | undefined): Promise<string> => {
  let text = ''
  for await (const piece of generator?.generate({ messages: [], maxTokens: 3 }) ?? []) text += piece
  return text.trim()
}

/** A question that holds the model of its beginning, and writes twice. */
const question = async (slots: GenerationSlots): Promise<string[]> => {
  using held = slots.hold()
  const first = await write(held.generator)
  await sleep(20)
  return [first, await write(held.generator)]
}

const former = 'former former former'
const newer = 'newer newer newer'

describe('GenerationSlots', () => {
  it('lets a question end on the model that it began on, and frees it after the last one', async () => {
    const { host, slots } = await setUp(2)
    const underWay = question(slots)
    await slots.load(modelOf('newer'))
    expect(host.names).toEqual(['former', 'newer'])
    expect(await question(slots)).toEqual([newer, newer])
    expect(await underWay).toEqual([former, former])
    await sleep(1)
    expect(host.names).toEqual(['newer'])
  })

  it('lets new questions wait for the former model to end where there is no memory for both', async () => {
    const { host, slots } = await setUp(1)
    const underWay = question(slots)
    const switching = slots.load(modelOf('newer'))
    await sleep(5)
    const waiting = question(slots)
    expect(await underWay).toEqual([former, former])
    await switching
    expect(await waiting).toEqual([newer, newer])
    expect(host.names).toEqual(['newer'])
  })

  it.each([1, 2])('gives the former model back where the new one fails, with room for %i', async (room) => {
    const { host, slots } = await setUp(room)
    const underWay = question(slots)
    const switching = slots.load(modelOf('broken'))
    const settled = switching.catch((error: unknown) => error)
    await sleep(5)
    const waiting = question(slots)
    expect(await underWay).toEqual([former, former])
    expect(await settled).toMatchObject({ code: 'model_invalid' })
    expect(await waiting).toEqual([former, former])
    expect(host.names).toEqual(['former'])
  })

  it('answers new questions without a model when none is to write, and ends the others', async () => {
    const { host, slots } = await setUp(2)
    const underWay = question(slots)
    slots.put(undefined)
    expect(slots.hold().generator).toBeUndefined()
    expect(await underWay).toEqual([former, former])
    await sleep(1)
    expect(host.names).toEqual([])
  })

  it('refuses a model that is too large by itself and goes on', async () => {
    const { slots } = await setUp(1)
    const tooLarge = new GenerationSlots({
      closing: new AbortController().signal,
      host: () => new FakeHost(0),
      startHost: async () => new FakeHost(0),
      connect: () => new HostGenerator(new FakeHost(0), 1),
    })
    await expect(tooLarge.load(modelOf('huge'))).rejects.toMatchObject({ code: 'model_too_large' })
    expect(tooLarge.generator).toBeUndefined()
    expect(await question(slots)).toEqual([former, former])
  })
})
