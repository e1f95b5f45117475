import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createEmbedder, createGenerator, createReranker } from '../../src/models/model-client.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, body: Record<string, unknown>) => void

const open: Server[] = []

const serve = async (handler: Handler): Promise<string> => {
  const server = createServer(async (request, response) => {
    const raw = await text(request)
    handler(request, response, raw === '' ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(raw)))
  })
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

const json = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const delta = (content: string): string => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`

const collect = async (pieces: AsyncIterable<string>): Promise<string> => {
  let all = ''
  for await (const piece of pieces) all += piece
  return all
}

const request = { messages: [{ role: 'user', content: 'Hello' }], maxTokens: 10 } as const

afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

describe('an embedder of another engine', () => {
  it('adds the prompts, names the model, and gives unit vectors in the order of the inputs', async () => {
    const seen: Record<string, unknown>[] = []
    const baseUrl = await serve((_, response, body) => {
      seen.push(body)
      json(response, {
        data: [
          { index: 1, embedding: [0, 5] },
          { index: 0, embedding: [3, 4] },
        ],
      })
    })
    const prompts = { query: 'query: {text}', passage: 'passage: {title}\n{text}' }
    await using embedder = createEmbedder({ baseUrl, model: 'e5', prompts })
    const vectors = await embedder.embedPassages([
      { title: 'Press', text: 'Oil' },
      { title: '', text: 'Valve' },
    ])
    expect(seen).toEqual([{ model: 'e5', input: ['passage: Press\nOil', 'passage: Valve'] }])
    expect(vectors.map((vector) => [...vector].map((value) => Math.round(value * 10) / 10))).toEqual([
      [0.6, 0.8],
      [0, 1],
    ])
  })

  it('tells dimensions, model and a fingerprint that changes with the prompts', async () => {
    const baseUrl = await serve((incoming, response) => {
      if (incoming.url === '/v1/models') json(response, { data: [{ id: 'bge' }] })
      else json(response, { data: [{ index: 0, embedding: [1, 0, 0] }] })
    })
    await using plain = createEmbedder({ baseUrl })
    await using prompted = createEmbedder({ baseUrl, prompts: { query: 'q {text}', passage: 'p {text}' } })
    const [a, b] = [await plain.info(), await prompted.info()]
    expect(a).toMatchObject({ name: 'bge', dimensions: 3 })
    expect(a.fingerprint).not.toBe(b.fingerprint)
  })

  it('refuses answers with vectors missing', async () => {
    const baseUrl = await serve((_, response) => json(response, { data: [{ index: 0, embedding: [1] }] }))
    await using embedder = createEmbedder({ baseUrl, model: 'm' })
    await expect(embedder.embedQueries(['a', 'b'])).rejects.toMatchObject({ code: 'model_failed' })
  })

  it('refuses answers that are not of the protocol', async () => {
    const baseUrl = await serve((_, response) => json(response, { vectors: [] }))
    await using embedder = createEmbedder({ baseUrl, model: 'm' })
    await expect(embedder.embedQueries(['a'])).rejects.toMatchObject({ code: 'model_failed' })
  })

  it('counts tokens by /tokenize where there is one, and estimates where there is none', async () => {
    const withRoute = await serve((_, response) => json(response, { tokens: [1, 2, 3, 4] }))
    const without = await serve((_, response) => json(response, { error: { message: 'no' } }, 404))
    await using counting = createEmbedder({ baseUrl: withRoute, model: 'm' })
    await using estimating = createEmbedder({ baseUrl: without, model: 'm' })
    expect(await counting.countTokens(['液壓油'])).toEqual([4])
    expect(await estimating.countTokens(['液壓油', 'oil'])).toEqual([3, 1])
  })

  it.each([
    [
      400,
      { message: "This model's maximum context length is 512 tokens", code: 'context_length_exceeded' },
      'input_too_long',
    ],
    [404, { message: 'no such model' }, 'model_unknown'],
    [429, { message: 'slow down' }, 'model_busy'],
    [503, { message: 'loading' }, 'model_unavailable'],
    [500, { message: 'oops' }, 'model_failed'],
  ])('turns status %i into a code of ours, without the words of the engine', async (status, error, code) => {
    const baseUrl = await serve((_, response) => json(response, { error }, status))
    await using embedder = createEmbedder({ baseUrl, model: 'm' })
    const failure = await embedder.embedQueries(['a']).catch((caught: unknown) => caught)
    expect(failure).toMatchObject({ code })
    expect(String(failure)).not.toContain(error.message)
  })

  it('says that the engine can not be reached, over HTTP and over a socket', async () => {
    await using tcp = createEmbedder({ baseUrl: 'http://127.0.0.1:1/v1', model: 'm' })
    await using socket = createEmbedder({ baseUrl: 'unix:/nonexistent/host.sock' })
    await expect(tcp.embedQueries(['a'])).rejects.toMatchObject({ code: 'model_unavailable' })
    await expect(socket.embedQueries(['a'])).rejects.toMatchObject({ code: 'model_unavailable' })
  })
})

describe('a generator of another engine', () => {
  it('gives the pieces as they come, however the stream is cut', async () => {
    const baseUrl = await serve((_, response) => {
      const bytes = Buffer.from(`${delta('液壓')}: comment\n\n${delta('油')}data: [DONE]\n\n`)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (let start = 0; start < bytes.length; start += 7) response.write(bytes.subarray(start, start + 7))
      response.end()
    })
    await using generator = createGenerator({ baseUrl, model: 'm' })
    expect(await collect(generator.generate(request))).toBe('液壓油')
  })

  it('sends the schema as response_format and asks for a stream', async () => {
    let seen: Record<string, unknown> = {}
    const baseUrl = await serve((_, response, body) => {
      seen = body
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: [DONE]\n\n')
    })
    await using generator = createGenerator({ baseUrl, model: 'm' })
    await collect(generator.generate({ ...request, schema: { name: 'n', schema: { type: 'object' } } }))
    expect(seen).toMatchObject({
      model: 'm',
      stream: true,
      temperature: 0,
      max_tokens: 10,
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' } } },
    })
  })

  it('fails when the engine goes away in the middle', async () => {
    const baseUrl = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(delta('half'))
      setTimeout(() => response.destroy(), 20)
    })
    await using generator = createGenerator({ baseUrl, model: 'm' })
    await expect(collect(generator.generate(request))).rejects.toMatchObject({ code: 'model_unavailable' })
  })

  it('fails when the engine ends the stream without saying that it is done', async () => {
    const baseUrl = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(delta('half'))
    })
    await using generator = createGenerator({ baseUrl, model: 'm' })
    await expect(collect(generator.generate(request))).rejects.toMatchObject({ code: 'model_unavailable' })
  })

  it('passes on an error that arrives as an event', async () => {
    const baseUrl = await serve((_, response) => {
      const error = { message: 'The model host is stopping.', code: 'model_unavailable' }
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(`${delta('a')}data: ${JSON.stringify({ error })}\n\n`)
    })
    await using generator = createGenerator({ baseUrl, model: 'm' })
    await expect(collect(generator.generate(request))).rejects.toMatchObject({ code: 'model_unavailable' })
  })

  it.each(['ending the iteration', 'the signal'])('closes the connection on %s', async (way) => {
    let closed: () => void = () => undefined
    const whenClosed = new Promise<void>((resolve) => {
      closed = resolve
    })
    const baseUrl = await serve((_, response) => {
      response.on('close', closed)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(delta('a'))
    })
    await using generator = createGenerator({ baseUrl, model: 'm' })
    const controller = new AbortController()
    const reading = (async () => {
      for await (const _ of generator.generate(request, { signal: controller.signal })) {
        if (way === 'ending the iteration') break
        controller.abort(new Error('enough'))
      }
    })()
    if (way === 'the signal') await expect(reading).rejects.toThrow('enough')
    else await reading
    await whenClosed
  })
})

describe('a reranker of another engine', () => {
  it('gives the scores in the order of the documents', async () => {
    const baseUrl = await serve((_, response) =>
      json(response, {
        results: [
          { index: 1, relevance_score: 0.9 },
          { index: 0, relevance_score: 0.1 },
        ],
      }),
    )
    await using reranker = createReranker({ baseUrl, model: 'm' })
    expect(await reranker.rerank('oil', ['a', 'b'])).toEqual([0.1, 0.9])
  })
})
