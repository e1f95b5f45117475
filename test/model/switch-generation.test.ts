/** Another real model takes over the writing while questions are under way; with room for both, and without. */

import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { resolveSettings } from '../../src/config/settings.ts'
import type { Generator } from '../../src/core/models.ts'
import { createEmbedder } from '../../src/models/model-client.ts'
import { ModelEngines } from '../../src/models/model-engines.ts'
import { ModelHost } from '../../src/models/model-host.ts'
import { makeLora } from './make-lora.ts'
import { createTempFolder, embeddingModel, generationMissing, generationModel } from './model-host-fixture.ts'

const logger = pino({ level: 'silent' })
const messages = [{ role: 'user', content: 'Count slowly from one to fifty, in words, one a line.' }] as const

const open = (folder: string) =>
  ModelEngines.open(
    resolveSettings({ KURA_DATA: folder, KURA_GENERATION_MODEL: generationModel.name, KURA_LOG_LEVEL: 'silent' }),
    { embedding: true, generation: true },
    logger,
  )

const begin = async (generator: Generator, maxTokens: number) => {
  const pieces = generator.generate({ messages, maxTokens })[Symbol.asyncIterator]()
  const first = await pieces.next()
  const rest = async () => {
    let text = String(first.value)
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) text += next.value
    return text
  }
  return { rest }
}

const required = (generator: Generator | undefined): Generator => {
  if (!generator) throw new Error('Nothing writes.')
  return generator
}

describe.skipIf(generationMissing !== '')(`a change of the model that writes${generationMissing}`, () => {
  it('ends a question on the model that it began on, answers new ones with the other, and goes on embedding', async () => {
    await using temp = await createTempFolder()
    await using engines = await open(temp.folder)
    await engines.ready()
    const adapter = path.join(temp.folder, 'strange.gguf')
    const tensors = [{ name: 'blk.0.attn_q.weight', inputs: 896, outputs: 896 }]
    await writeFile(adapter, makeLora({ architecture: 'qwen2', tensors, strength: 0.5 }))

    using old = engines.holdGenerator()
    const former = required(old.generator)
    const underWay = await begin(former, 40)
    await engines.switchGeneration({ generationModel: `${generationModel.name}+${adapter}`, generationUrl: undefined })
    using held = engines.holdGenerator()
    const newer = required(held.generator)
    expect((await former.info()).name).toBe(generationModel.name)
    expect((await newer.info()).name).toBe(`${generationModel.name}+strange`)
    const [formerText, newerText, vectors] = await Promise.all([
      underWay.rest(),
      begin(newer, 8).then(({ rest }) => rest()),
      engines.embedder.embedQueries(['still there']),
    ])
    expect(formerText.toLowerCase()).toContain('two')
    expect(newerText).not.toBe('')
    expect(vectors).toHaveLength(1)
    // What the question does next is still done by the model that it began on.
    expect(await former.countTokens(['one two'])).toEqual(await newer.countTokens(['one two']))
    old[Symbol.dispose]()
    await expect
      .poll(
        () =>
          former.info().then(
            () => 'there',
            () => 'gone',
          ),
        { timeout: 150_000 },
      )
      .toBe('gone')
    expect(engines.report().chosen[1]).toMatchObject({
      role: 'generation',
      name: `${generationModel.name}+strange`,
      state: 'ready',
    })
  })

  it('goes on with the others where the host dies while it loads another model, or the file is no model', async () => {
    await using temp = await createTempFolder()
    const socket = path.join(temp.folder, 'host.sock')
    await using host = await ModelHost.start({ models: { embedding: embeddingModel }, socket })
    await host.ready
    const wrong = path.join(temp.folder, 'wrong.gguf')
    await writeFile(wrong, makeLora({ architecture: 'qwen2', tensors: [], strength: 0 }))
    await expect(host.load({ ...generationModel, path: wrong, ordinal: 1 })).rejects.toMatchObject({
      code: 'model_invalid',
    })
    const { pid = 0 } = host.status()
    const loading = host.load({ ...generationModel, ordinal: 2 })
    process.kill(pid, 'SIGKILL')
    await expect(loading).rejects.toMatchObject({ code: 'model_failed' })
    await host.untilReady()
    await expect.poll(() => host.status().state, { timeout: 150_000 }).toBe('ready')
    expect(host.status().models.map(({ role }) => role)).toEqual(['embedding'])
    await using embedder = createEmbedder({ baseUrl: host.baseUrl })
    expect(await embedder.embedQueries(['still there'])).toHaveLength(1)
  })

  it('keeps the former model where the other one is no generation model or can not be had', async () => {
    await using temp = await createTempFolder()
    await using engines = await open(temp.folder)
    await engines.ready()
    await expect(
      engines.switchGeneration({ generationModel: 'llama-3.1-8b-instruct', generationUrl: undefined }),
    ).rejects.toMatchObject({ code: 'model_missing' })
    // An embedding model's file has no output: it can be loaded by nobody who writes.
    await expect(
      engines.switchGeneration({ generationModel: path.join(temp.folder, 'none.gguf'), generationUrl: undefined }),
    ).rejects.toMatchObject({ code: 'model_missing' })
    const [, generation] = engines.report().chosen
    expect(generation).toMatchObject({ name: generationModel.name, state: 'ready' })
    expect(generation?.reason).toContain('can not take over')
    using held = engines.holdGenerator()
    expect((await required(held.generator).info()).name).toBe(generationModel.name)
    expect(await engines.embedder.embedQueries(['still there'])).toHaveLength(1)
    expect(embeddingModel.name).toBe((await engines.embedder.info()).name)
  })
})
