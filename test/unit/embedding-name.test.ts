import { describe, expect, it } from 'vitest'
import { embeddingNameOf, embeddingSettingsOf, engineOptionsOf } from '../../src/models/embedding-name.ts'

const modelsFolder = '/nowhere'

describe('the name of an embedding model', () => {
  it('is the same however the model is written', () => {
    const nameOf = (embeddingModel: string) =>
      embeddingNameOf({ embeddingModel, embeddingUrl: undefined, modelsFolder })
    expect(nameOf('BGE-M3 ')).toBe('bge-m3')
    expect(nameOf('/models/own.gguf')).toBe('/models/own.gguf')
  })

  it('leads back to the engine and the settings that it was made of', () => {
    const settings = { embeddingModel: 'org/bge #1', embeddingUrl: 'http://gpu-box:8000/v1' }
    const name = embeddingNameOf({ ...settings, modelsFolder })
    expect(embeddingSettingsOf(name)).toEqual(settings)
    expect(engineOptionsOf(name)).toEqual({ baseUrl: 'http://gpu-box:8000/v1', model: 'org/bge #1' })
  })

  it('brings the prompts of the catalog along for an engine that does not know them', () => {
    expect(engineOptionsOf('http://gpu-box:8000/v1#multilingual-e5-small')?.prompts?.query).toBe('query: {text}')
    expect(engineOptionsOf('multilingual-e5-small')).toBeUndefined()
  })

  it('needs the model where it is an address', () => {
    expect(() => embeddingSettingsOf('http://gpu-box:8000/v1')).toThrow('name of its model')
  })
})
