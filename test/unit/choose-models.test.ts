import { describe, expect, it } from 'vitest'
import { chooseModels } from '../../src/models/choose-models.ts'
import type { Hardware } from '../../src/models/hardware.ts'

const gib = 2 ** 30
const settings = {
  modelsFolder: '/nowhere',
  embeddingModel: 'multilingual-e5-small',
  generationModel: undefined,
  rerankingModel: undefined,
  embeddingUrl: undefined,
  generationUrl: undefined,
  rerankingUrl: undefined,
}
const machine = (gpuGib: readonly number[], memoryGib = 32): Hardware => ({
  cores: 8,
  memoryBytes: memoryGib * gib,
  gpus: gpuGib.map((size) => ({ name: 'NVIDIA Test', memoryBytes: size * gib })),
})
const all = new Set([
  'mistral-small-3.2-24b-instruct',
  'llama-3.1-8b-instruct',
  'llama-3.2-3b-instruct',
  'qwen2.5-coder-1.5b-instruct',
  'qwen2.5-coder-0.5b-instruct',
  'multilingual-e5-small',
])
const generationOn = (hardware: Hardware, present: ReadonlySet<string> = all) =>
  chooseModels(settings, hardware, present).generation

describe('choosing models by hardware', () => {
  it('takes the largest of the Llama and Mistral class that fits into the GPU with its context', () => {
    expect(generationOn(machine([80])).name).toBe('mistral-small-3.2-24b-instruct')
    expect(generationOn(machine([24])).name).toBe('mistral-small-3.2-24b-instruct')
    expect(generationOn(machine([16])).name).toBe('llama-3.1-8b-instruct')
    expect(generationOn(machine([12])).name).toBe('llama-3.1-8b-instruct')
    expect(generationOn(machine([6])).name).toBe('llama-3.2-3b-instruct')
  })

  it('adds the memory of several GPUs up', () => {
    expect(generationOn(machine([12, 12])).name).toBe('mistral-small-3.2-24b-instruct')
  })

  it('takes the 1.5B without a GPU, or with one that is too small', () => {
    expect(generationOn(machine([])).name).toBe('qwen2.5-coder-1.5b-instruct')
    expect(generationOn(machine([2])).name).toBe('qwen2.5-coder-1.5b-instruct')
    expect(generationOn(machine([], 2)).name).toBe('qwen2.5-coder-0.5b-instruct')
  })

  it('says why in one sentence', () => {
    expect(generationOn(machine([16])).reason).toMatch(/^Llama 3\.1 8B Instruct: .*16\.0 GiB.*\.$/)
    expect(generationOn(machine([])).reason).toMatch(
      /^Qwen2\.5 Coder 1\.5B Instruct: .*no GPU, 8 cores, 32\.0 GiB.*\.$/,
    )
  })

  it('offers the best model on disk where its choice is not there', () => {
    const choice = generationOn(machine([80]), new Set(['qwen2.5-coder-0.5b-instruct', 'llama-3.2-3b-instruct']))
    expect(choice.name).toBe('mistral-small-3.2-24b-instruct')
    expect(choice.present).toBe(false)
    expect(choice.reason).toContain('kura models pull mistral-small-3.2-24b-instruct')
    expect(choice.fallback?.name).toBe('llama-3.2-3b-instruct')
  })

  it('offers no model that would take minutes on a processor while a smaller one is there', () => {
    const present = new Set(['qwen2.5-coder-0.5b-instruct', 'qwen3-8b'])
    expect(generationOn(machine([]), present).fallback?.name).toBe('qwen2.5-coder-0.5b-instruct')
    expect(generationOn(machine([]), new Set(['qwen3-8b'])).fallback?.name).toBe('qwen3-8b')
    expect(generationOn(machine([], 4), new Set(['qwen3-8b'])).fallback).toBeUndefined()
  })
})

describe('choosing models by settings', () => {
  it('lets a configured model win over the hardware', () => {
    const { generation } = chooseModels({ ...settings, generationModel: 'Qwen3-4B' }, machine([80]), all)
    expect(generation).toMatchObject({ name: 'qwen3-4b', source: 'local', present: false })
    expect(generation.reason).toContain('as the settings say')
  })

  it('takes the path of a GGUF as it is', () => {
    const { generation } = chooseModels({ ...settings, generationModel: '/m/own.gguf' }, machine([]), all)
    expect(generation).toMatchObject({ name: '/m/own.gguf', source: 'local', present: true })
  })

  it('loads nothing for a role that has a URL, or is switched off', () => {
    const chosen = chooseModels(
      { ...settings, embeddingUrl: 'http://gpu:8000/v1', generationModel: 'none', rerankingUrl: 'http://gpu:8001/v1' },
      machine([80]),
      all,
    )
    expect(chosen.embedding).toMatchObject({ name: 'http://gpu:8000/v1', source: 'url' })
    expect(chosen.generation).toMatchObject({ name: 'none', source: 'none' })
    expect(chosen.reranking).toMatchObject({ source: 'url' })
  })

  it('chooses no reranker unless one is configured', () => {
    expect(chooseModels(settings, machine([80]), all).reranking).toBeUndefined()
  })

  it('refuses a model that is made for another role', () => {
    expect(() => chooseModels({ ...settings, generationModel: 'bge-m3' }, machine([]), all)).toThrow(
      expect.objectContaining({ code: 'setting_invalid' }),
    )
  })
})
