import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { GenerationRequest } from '../../src/core/models.ts'
import { EngineConnection } from '../../src/models/engine-connection.ts'
import { createEmbedder, createGenerator } from '../../src/models/model-client.ts'
import { ModelHost } from '../../src/models/model-host.ts'
import { createTempFolder, embeddingModel, generationMissing, generationModel } from './model-host-fixture.ts'

const counting: GenerationRequest = {
  messages: [
    { role: 'system', content: 'You do exactly what you are asked, with no words before or after.' },
    { role: 'user', content: 'Write the numbers from 1 to 15 with commas between them.' },
  ],
  maxTokens: 40,
}
const endless: GenerationRequest = {
  messages: [{ role: 'user', content: 'Tell a very long story about a dragon and a king.' }],
  maxTokens: 1_500,
}

const collect = async (pieces: AsyncIterable<string>): Promise<string> => {
  let all = ''
  for await (const piece of pieces) all += piece
  return all
}

const completionSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }), finish_reason: z.string() })),
  usage: z.object({
    prompt_tokens: z.number(),
    completion_tokens: z.number(),
    prompt_tokens_details: z.object({ cached_tokens: z.number() }),
  }),
})

describe.skipIf(generationMissing !== '')(`the generation model in the model host${generationMissing}`, () => {
  let temp: Awaited<ReturnType<typeof createTempFolder>>
  let host: ModelHost
  let generator: ReturnType<typeof createGenerator>
  let connection: EngineConnection

  beforeAll(async () => {
    temp = await createTempFolder()
    const models = { embedding: embeddingModel, generation: generationModel }
    host = await ModelHost.start({ models, socket: path.join(temp.folder, 'host.sock') })
    await host.ready
    generator = createGenerator({ baseUrl: host.baseUrl })
    connection = new EngineConnection(host.baseUrl)
  })

  afterAll(async () => {
    await generator[Symbol.asyncDispose]()
    await connection[Symbol.asyncDispose]()
    await host[Symbol.asyncDispose]()
    await temp[Symbol.asyncDispose]()
  })

  it('answers in pieces', async () => {
    const pieces: string[] = []
    for await (const piece of generator.generate(counting)) pieces.push(piece)
    expect(pieces.length).toBeGreaterThan(5)
    expect(pieces.join('').replaceAll(' ', '')).toContain('1,2,3,4,5')
  })

  it('reports its context and the speeds that it measured', async () => {
    const info = await generator.info()
    expect(info.contextTokens).toBeGreaterThanOrEqual(2_048)
    expect(info.promptTokensPerSecond).toBeGreaterThan(0)
    expect(info.outputTokensPerSecond).toBeGreaterThan(0)
    expect(info.parameters).toBeGreaterThan(400_000_000)
  })

  it('holds the output to a JSON schema', async () => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' }, population: { type: 'integer' }, kind: { enum: ['capital', 'port'] } },
    }
    const text = await collect(
      generator.generate({
        messages: [{ role: 'user', content: 'Describe Tokyo.' }],
        maxTokens: 80,
        schema: { name: 'city', schema },
      }),
    )
    const parsed = z
      .object({ city: z.string(), population: z.number().int(), kind: z.enum(['capital', 'port']) })
      .safeParse(JSON.parse(text))
    expect(parsed.success).toBe(true)
  })

  it('says that a schema without a grammar is not valid', async () => {
    const request = { ...counting, schema: { name: 'none', schema: { title: 'nothing' } } }
    await expect(collect(generator.generate(request))).rejects.toMatchObject({ code: 'invalid_request' })
  })

  it('reads the beginning that two prompts share only once', async () => {
    const ask = (question: string) =>
      connection.call('/chat/completions', completionSchema, {
        body: {
          messages: [
            {
              role: 'system',
              content: 'You are the assistant of a press shop. Answer from the manual, shortly and exactly.',
            },
            { role: 'user', content: question },
          ],
          max_tokens: 2,
        },
      })
    const first = await ask('What is oil?')
    const second = await ask('What is a valve?')
    expect(second.usage.prompt_tokens_details.cached_tokens).toBeGreaterThan(15)
    expect(second.usage.prompt_tokens).toBeGreaterThan(second.usage.prompt_tokens_details.cached_tokens)
    expect(first.choices[0]?.finish_reason).toBe('length')
    expect(first.usage.completion_tokens).toBe(2)
  })

  it('gives the same text for the same seed, and greedy text by default', async () => {
    const request = { ...counting, temperature: 1, seed: 7, maxTokens: 12 }
    expect(await collect(generator.generate(request))).toBe(await collect(generator.generate(request)))
    expect(await collect(generator.generate(counting))).toBe(await collect(generator.generate(counting)))
  })

  it('refuses a prompt that is longer than the context, and lives on', async () => {
    const content = 'press '.repeat(9_000)
    await expect(
      collect(generator.generate({ messages: [{ role: 'user', content }], maxTokens: 5 })),
    ).rejects.toMatchObject({ code: 'input_too_long' })
    expect(host.status().restarts).toBe(0)
  })

  it('leaves one answer whole when another beside it is cancelled', async () => {
    const cancel = new AbortController()
    const cancelled = (async () => {
      for await (const _ of generator.generate(endless, { signal: cancel.signal })) cancel.abort(new Error('enough'))
    })()
    const beside = collect(generator.generate(counting))
    await expect(cancelled).rejects.toThrow('enough')
    // Not the very text of a run alone: two sequences in one batch add up in another order, and a blank more or less may win.
    expect((await beside).replaceAll(' ', '')).toContain('1,2,3,4,5,6,7,8,9,10,11,12')
  })

  it('frees the sequences of cancelled requests, whether they wait, read or write', async () => {
    const cancel = new AbortController()
    const requests = Array.from({ length: 8 }, () => collect(generator.generate(endless, { signal: cancel.signal })))
    setTimeout(() => cancel.abort(new Error('enough')), 300)
    for (const outcome of await Promise.allSettled(requests)) expect(outcome.status).toBe('rejected')
    const after = await Promise.all([1, 2, 3].map(() => collect(generator.generate({ ...counting, maxTokens: 3 }))))
    expect(after.every((text) => text !== '')).toBe(true)
  })

  it('embeds questions and passages while it generates', async () => {
    await using embedder = createEmbedder({ baseUrl: host.baseUrl })
    const cancel = new AbortController()
    const writing = collect(generator.generate(endless, { signal: cancel.signal })).catch(() => 'cancelled')
    expect(await embedder.embedQueries(['What is oil?'])).toHaveLength(1)
    expect(await embedder.embedPassages([{ title: 'Press', text: 'Oil is changed each year.' }])).toHaveLength(1)
    cancel.abort()
    expect(await writing).toBe('cancelled')
  })

  it('refuses requests beyond the bound of its queue', async () => {
    const cancel = new AbortController()
    const requests = Array.from({ length: 45 }, () => collect(generator.generate(endless, { signal: cancel.signal })))
    const firstFailure = await Promise.any(
      requests.map(async (request) => {
        const failure = await request.then(
          () => undefined,
          (error: unknown) => error,
        )
        return failure ?? Promise.reject(new Error('it was answered'))
      }),
    )
    cancel.abort(new Error('enough'))
    await Promise.allSettled(requests)
    expect(firstFailure).toMatchObject({ code: 'model_busy' })
  })
})
