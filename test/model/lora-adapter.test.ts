/** LoRA adapters over the real 0.5B model: what fits is used, what does not is refused with the reason. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { addAdapter, readAdapters } from '../../src/models/adapters.ts'
import { describeGeneration } from '../../src/models/common-host.ts'
import { createGenerator } from '../../src/models/model-client.ts'
import { type HostedModel, ModelHost } from '../../src/models/model-host.ts'
import { type LoraOptions, makeLora } from './make-lora.ts'
import { createTempFolder, embeddingModel, generationMissing, generationModel } from './model-host-fixture.ts'

const base = 'qwen2.5-coder-0.5b-instruct'
const width = 896
const queries = Array.from({ length: 24 }, (_, layer) => ({
  name: `blk.${layer}.attn_q.weight`,
  inputs: width,
  outputs: width,
}))
const fitting: LoraOptions = { architecture: 'qwen2', tensors: queries, strength: 0.5 }

const write = async (folder: string, name: string, options: LoraOptions): Promise<string> => {
  const file = path.join(folder, name)
  await writeFile(file, makeLora(options))
  return file
}

/** Greedy, so that the same weights give the same text. */
const generate = async (folder: string, model: HostedModel): Promise<{ text: string; adapter: unknown }> => {
  await using host = await ModelHost.start({ models: { generation: model }, socket: path.join(folder, 'host.sock') })
  await host.ready
  await using generator = createGenerator({ baseUrl: host.baseUrl })
  let text = ''
  const messages = [{ role: 'user', content: 'Write the numbers from one to ten as words.' }] as const
  for await (const piece of generator.generate({ messages, maxTokens: 24 })) text += piece
  return { text, adapter: (await generator.info()).adapter }
}

describe.skipIf(generationMissing !== '')(`a LoRA adapter${generationMissing}`, () => {
  it('changes nothing where it is zero, and what the model writes where it is strong', async () => {
    await using temp = await createTempFolder()
    const { folder } = temp
    const settings = { modelsFolder: folder }
    const zero = await write(folder, 'zero-file.gguf', { ...fitting, strength: 0 })
    const strong = await write(folder, 'strong-file.gguf', fitting)
    await addAdapter(settings, { name: 'Zero', base, file: zero, scale: 1 })
    const added = await addAdapter(settings, { name: 'strong', base, file: strong, scale: 1 })
    expect(readAdapters(settings)).toMatchObject([
      { name: 'zero', base, scale: 1 },
      { name: 'strong', base },
    ])

    const plain = await generate(folder, await describeGeneration(base, settings))
    const withZero = await generate(folder, await describeGeneration('zero', settings))
    const withStrong = await generate(folder, await describeGeneration('strong', settings))
    const byPath = await describeGeneration(`${base}+${strong}`, settings)
    expect(plain.text.toLowerCase()).toContain('two')
    expect(plain.adapter).toBeUndefined()
    expect(withZero.text).toBe(plain.text)
    expect(withStrong.text).not.toBe(plain.text)
    expect(withStrong.adapter).toEqual({ name: 'strong', sha256: added.sha256, scale: 1 })
    expect(byPath).toMatchObject({ name: `${base}+strong-file`, adapter: { sha256: added.sha256 } })
  })

  it.each<{ what: string; options: Partial<LoraOptions>; message: RegExp }>([
    { what: 'another architecture', options: { architecture: 'llama' }, message: /"llama".*"qwen2"/ },
    { what: 'a model in place of an adapter', options: { type: 'model' }, message: /no adapter/ },
    {
      what: 'another width',
      options: { tensors: [{ name: 'blk.0.attn_q.weight', inputs: 1536, outputs: 1536 }] },
      message: /blk\.0\.attn_q\.weight is 896 × 896 there/,
    },
    {
      what: 'a layer that the model does not have',
      options: { tensors: [{ name: 'blk.27.attn_q.weight', inputs: width, outputs: width }] },
      message: /blk\.27\.attn_q\.weight/,
    },
    { what: 'no matrices', options: { tensors: [] }, message: /changes nothing/ },
  ])('is refused with the reason: $what', async ({ options, message }) => {
    await using temp = await createTempFolder()
    const settings = { modelsFolder: temp.folder }
    const file = await write(temp.folder, 'wrong.gguf', { ...fitting, ...options })
    const adding = addAdapter(settings, { name: 'wrong', base, file, scale: 1 })
    await expect(adding).rejects.toMatchObject({ code: 'model_invalid', message: expect.stringMatching(message) })
    expect(readAdapters(settings)).toEqual([])
  })

  it('is refused where the file is no GGUF, is a whole model, or the base writes nothing', async () => {
    await using temp = await createTempFolder()
    const settings = { modelsFolder: temp.folder }
    const text = path.join(temp.folder, 'text.gguf')
    await writeFile(text, 'an adapter')
    const file = await write(temp.folder, 'right.gguf', fitting)
    const add = (change: Partial<Parameters<typeof addAdapter>[1]>) =>
      addAdapter(settings, { name: 'one', base, file, scale: 1, ...change })
    await expect(add({ file: text })).rejects.toMatchObject({ code: 'model_invalid' })
    await expect(add({ file: generationModel.path })).rejects.toMatchObject({ code: 'model_invalid' })
    await expect(add({ file: path.join(temp.folder, 'none.gguf') })).rejects.toMatchObject({ code: 'model_missing' })
    await expect(add({ base: embeddingModel.name })).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(add({ base: 'unheard-of' })).rejects.toMatchObject({ code: 'model_unknown' })
    await expect(add({ name: base })).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(add({ name: '../up' })).rejects.toMatchObject({ code: 'invalid_request' })
    expect(readAdapters(settings)).toEqual([])
  })
})
