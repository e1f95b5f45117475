/** What every route has in common: headers, problems, limits, protection from foreign pages, the description of the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorCodes, isErrorCode } from '../../src/core/errors.ts'
import { createFixture, type HttpFixture } from './http-fakes.ts'

interface Operation {
  readonly method: string
  readonly path: string
  readonly parameters: readonly string[]
  readonly takesJson: boolean
}

interface SchemaNode {
  readonly description?: string
  readonly $ref?: string
  readonly properties?: Record<string, SchemaNode>
  readonly [key: string]: unknown
}

interface ApiDocument {
  readonly openapi: string
  readonly paths: Record<
    string,
    Record<
      string,
      {
        summary?: string
        parameters?: { name: string; in: string; description?: string }[]
        requestBody?: { content: Record<string, unknown> }
        responses: Record<string, { description: string; content?: Record<string, unknown> }>
      }
    >
  >
  readonly components: { readonly schemas: Record<string, SchemaNode> }
}

let http: HttpFixture
let api: ApiDocument
let operations: Operation[]
beforeAll(async () => {
  http = await createFixture()
  api = (await (await http.get('/openapi.json')).json()) as ApiDocument
  operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      parameters: (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name),
      takesJson: 'application/json' in (operation.requestBody?.content ?? {}),
    })),
  )
})
afterAll(() => http[Symbol.asyncDispose]())

const fill = (path: string, id: string): string => path.replace(/\{\w+\}/g, encodeURIComponent(id))

const expectProblem = async (response: Response): Promise<Record<string, unknown>> => {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const problem = (await response.json()) as Record<string, unknown>
  expect(problem).toMatchObject({
    type: `/docs/errors#${problem.code}`,
    title: expect.any(String),
    status: response.status,
    detail: expect.any(String),
    remedy: expect.any(String),
    requestId: response.headers.get('x-request-id'),
  })
  expect(isErrorCode(String(problem.code))).toBe(true)
  return problem
}

describe('/openapi.json', () => {
  it('describes every route of the contract', () => {
    expect(api.openapi).toBe('3.1.0')
    const served = operations.map(({ method, path }) => `${method} ${path}`)
    expect(served).toEqual(
      expect.arrayContaining([
        'GET /healthz',
        'GET /readyz',
        'GET /metrics',
        'POST /api/collections',
        'GET /api/collections',
        'PATCH /api/collections/{id}',
        'DELETE /api/collections/{id}',
        'POST /api/collections/{id}/documents',
        'GET /api/documents',
        'GET /api/documents/{id}',
        'DELETE /api/documents/{id}',
        'GET /api/documents/{id}/revisions',
        'PATCH /api/documents/{id}/revisions/{revision}',
        'GET /api/documents/{id}/diff',
        'GET /api/documents/{id}/file',
        'GET /api/documents/{id}/pages/{number}',
        'GET /api/jobs',
        'POST /api/jobs/pause',
        'POST /api/jobs/resume',
        'GET /api/jobs/{id}',
        'GET /api/jobs/{id}/events',
        'POST /api/jobs/{id}/cancel',
        'POST /api/jobs/{id}/retry',
        'POST /api/search',
        'POST /api/ask',
        'POST /api/answers/{id}/feedback',
        'GET /api/models',
        'POST /v1/chat/completions',
        'GET /v1/models',
      ]),
    )
  })

  it('explains every route, parameter, response and field', () => {
    const missing: string[] = []
    const visit = (place: string, node: SchemaNode): void => {
      for (const [name, property] of Object.entries(node.properties ?? {})) {
        if (
          !property.description &&
          !property.$ref &&
          !('allOf' in property) &&
          !('anyOf' in property && property.anyOf)
        ) {
          missing.push(`${place}.${name}`)
        }
        visit(`${place}.${name}`, property)
      }
      for (const key of ['items', 'schema']) {
        const child = node[key]
        if (child && typeof child === 'object') visit(`${place}[]`, child as SchemaNode)
      }
    }
    for (const [name, schema] of Object.entries(api.components.schemas)) visit(name, schema)
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const place = `${method} ${path}`
        if (!operation.summary) missing.push(place)
        for (const parameter of operation.parameters ?? []) {
          if (!parameter.description && !(parameter as { schema?: SchemaNode }).schema?.description) {
            missing.push(`${place} ${parameter.name}`)
          }
        }
        for (const [status, response] of Object.entries(operation.responses)) {
          if (!response.description) missing.push(`${place} ${status}`)
          for (const content of Object.values(response.content ?? {}))
            visit(`${place} ${status}`, content as SchemaNode)
        }
        for (const content of Object.values(operation.requestBody?.content ?? {})) visit(place, content as SchemaNode)
      }
    }
    expect(missing).toEqual([])
  })

  it('states the shape of errors for every route', () => {
    for (const methods of Object.values(api.paths)) {
      for (const { responses } of Object.values(methods)) {
        expect(responses[500]?.content).toHaveProperty('application/problem+json')
      }
    }
    expect(api.components.schemas).toHaveProperty('Problem')
  })
})

describe('every route', () => {
  it.each(['../../x', "' OR 1=1 --", '%00', '\u0000', '🦾', 'a'.repeat(5000), '%E0%A4%A', '..', '<script>'])(
    'answers the id %.20j with a problem',
    async (id) => {
      for (const { method, path, parameters, takesJson } of operations) {
        if (parameters.length === 0) continue
        const body =
          takesJson && method !== 'GET'
            ? { body: '{"rating":"up"}', headers: { 'content-type': 'application/json' } }
            : {}
        const response = await http.app.request(fill(path, id), { method, ...body })
        expect(response.status, `${method} ${path}`).toBeGreaterThanOrEqual(400)
        expect(response.status, `${method} ${path}`).toBeLessThan(500)
        if (method !== 'HEAD') await expectProblem(response)
      }
    },
  )

  it('answers malformed bodies with a code of their own', async () => {
    const bodies = [
      '',
      '{',
      '{"a":',
      'null',
      '[]',
      '"x"',
      '1e999',
      '{"question":{"$gt":""}}',
      '{"__proto__":{}}',
      '\ufffe',
      '['.repeat(50_000),
    ]
    for (const { method, path, takesJson } of operations) {
      if (!takesJson) continue
      for (const body of bodies) {
        const response = await http.send(method, fill(path, 'x'), body)
        expect(response.status, `${method} ${path} ${body.slice(0, 20)}`).toBeGreaterThanOrEqual(400)
        expect(response.status, `${method} ${path} ${body.slice(0, 20)}`).toBeLessThan(500)
        const { code } = await expectProblem(response)
        expect(code).not.toBe('internal')
      }
    }
  })

  it('says that a body is no well-formed JSON, and that it is no JSON', async () => {
    const malformed = await http.send('POST', '/api/search', '{"query": "x"')
    expect(malformed.status).toBe(400)
    expect(await expectProblem(malformed)).toMatchObject({
      code: 'invalid_request',
      detail: expect.stringContaining('JSON'),
    })
    const form = await http.app.request('/api/search', { method: 'POST', body: new URLSearchParams({ query: 'x' }) })
    expect(form.status).toBe(415)
    expect(await expectProblem(form)).toMatchObject({ code: 'media_type_unsupported' })
  })

  it('refuses bodies of more than 1 MiB, declared or not', async () => {
    const body = JSON.stringify({ query: 'x'.repeat(1024 * 1024) })
    for (const headers of [{}, { 'content-length': String(body.length) }]) {
      const response = await http.send('POST', '/api/search', body, headers)
      expect(response.status).toBe(413)
      expect(await expectProblem(response)).toMatchObject({ code: 'request_too_large' })
    }
  })

  it('carries the security headers and a request id', async () => {
    for (const path of ['/', '/healthz', '/api/nowhere', '/docs', '/openapi.json']) {
      const { headers } = await http.get(path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'self'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe-inline')
      expect(policy).not.toMatch(/'unsafe-eval'/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
    }
  })

  it('keeps a sane request id and replaces any other', async () => {
    expect((await http.get('/healthz', { 'x-request-id': 'trace-1.2_3' })).headers.get('x-request-id')).toBe(
      'trace-1.2_3',
    )
    for (const given of ['a b', '<x>', 'x'.repeat(200)]) {
      expect((await http.get('/healthz', { 'x-request-id': given })).headers.get('x-request-id')).not.toBe(given)
    }
  })
})

describe('unknown addresses', () => {
  it('are problems, not pages', async () => {
    for (const path of ['/api/nowhere', '/nowhere', '/api', '/api/documents/', '/assets/../../package.json', '/.env']) {
      const response = await http.get(path)
      expect(response.status, path).toBe(404)
      expect(await expectProblem(response)).toMatchObject({ code: 'not_found' })
    }
  })

  it('name the methods that are served', async () => {
    const response = await http.app.request('/api/documents/doc_1', { method: 'PUT' })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('DELETE, GET, HEAD')
    expect(await expectProblem(response)).toMatchObject({ code: 'method_not_allowed' })
    expect((await http.get('/api/ask')).status).toBe(405)
  })
})

describe('foreign pages', () => {
  const createFrom = (headers: Record<string, string>, address = '/api/collections') =>
    http.send('POST', address, { name: `c-${Math.random()}` }, headers)

  it.each(['localhost:8484', '127.0.0.1:8484', '[::1]:8484', 'localhost', '127.0.0.1:9000'])(
    'are told from this one by Host: %s is ours',
    async (host) => {
      expect((await http.get('/api/collections', { host })).status).toBe(200)
    },
  )

  it.each([
    'evil.example',
    'evil.example:8484',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '10.0.0.1',
    'a@localhost',
    '',
  ])('can not read through a name of theirs: %j', async (host) => {
    const response = await http.app.request('http://evil.example/api/collections', { headers: { host } })
    expect(response.status).toBe(403)
    expect(await expectProblem(response)).toMatchObject({ code: 'host_not_allowed' })
  })

  it.each([
    { host: 'localhost:8484', origin: 'https://evil.example' },
    { host: 'localhost:8484', origin: 'http://localhost:3000' },
    { host: 'localhost:8484', origin: 'null' },
    { host: 'localhost:8484', 'sec-fetch-site': 'cross-site' },
    { host: 'localhost:8484', 'sec-fetch-site': 'same-site' },
  ])('can not write: %j', async (headers) => {
    const response = await createFrom(headers)
    expect(response.status).toBe(403)
    expect(await expectProblem(response)).toMatchObject({ code: 'host_not_allowed' })
  })

  it.each([
    { host: 'localhost:8484', origin: 'http://localhost:8484', 'sec-fetch-site': 'same-origin' },
    { host: 'localhost', origin: 'https://localhost' },
    { host: '127.0.0.1:8484' },
  ])('are not this page or a program: %j', async (headers) => {
    expect((await createFrom(headers)).status).toBe(201)
  })
})

describe('health', () => {
  it('tells whether the process and its parts are up', async () => {
    expect(await (await http.get('/healthz')).json()).toEqual({ status: 'ok' })
    expect(await (await http.get('/readyz')).json()).toEqual({
      ready: true,
      components: [{ name: 'ledger', state: 'ok', detail: 'open' }],
      degraded: [],
    })
    await using down = await createFixture({ ready: false })
    expect((await down.get('/readyz')).status).toBe(503)
    expect((await down.get('/healthz')).status).toBe(200)
  })

  it('counts requests by route pattern, jobs, index rows and restarts', async () => {
    await http.get('/api/documents/doc_secret')
    const text = await (await http.get('/metrics')).text()
    expect(text).toMatch(
      /kura_http_request_duration_seconds_count\{method="GET",route="\/api\/documents\/:id",status="404"\} \d+/,
    )
    expect(text).toContain('kura_jobs{state="queued"} 0')
    expect(text).toContain('kura_oldest_queued_job_age_seconds 0')
    expect(text).toContain('kura_index_rows 7')
    expect(text).toContain('kura_model_host_restarts 2')
    expect(text).toContain('kura_reconciled{kind="orphan_revisions"} 4')
    expect(text).not.toContain('doc_secret')
  })

  it('shows the models and why they were chosen', async () => {
    expect(await (await http.get('/api/models')).json()).toEqual({
      chosen: [{ role: 'generation', name: null, state: 'off', reason: 'KURA_GENERATION_MODEL is none' }],
      catalog: [],
      adapters: [],
      indexes: [],
      change: null,
    })
  })
})

it('the table of codes and the page that explains them are the same', async () => {
  const page = await (await http.get('/docs/errors')).text()
  for (const code of Object.keys(errorCodes)) expect(page).toContain(`<tr id="${code}">`)
})
