/**
 * A stand-in for Kura's HTTP API that serves the built page with the strict policy of the real server, canned answers with
 * pauses between the events, and uploads whose jobs go through their stages. It remembers the requests that tests look at.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Cue } from './cue.ts'
import { answer, passages, quotes } from './fake-answers.ts'
import {
  detailOf,
  differences,
  models,
  policy,
  problem,
  readiness,
  readJson,
  sendBytes,
  statusOf,
} from './fake-bodies.ts'
import { FakeGaps } from './fake-gaps.ts'
import { FakeLibrary } from './fake-library.ts'
import { type document, manualLines, pageTextOf } from './fake-records.ts'
import { FakeUploads } from './fake-uploads.ts'
import { makeLockedPdf } from './make-locked-pdf.ts'
import { makePdf, makePng } from './make-pdf.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}
const pdfjs = fileURLToPath(new URL('../../node_modules/pdfjs-dist', import.meta.url))

type FakeDocument = ReturnType<typeof document>

interface Asked {
  readonly question: string
  readonly collections?: string[]
  readonly conversationId?: string
  readonly asOf?: string
  readonly stream?: boolean
}

export class FakeApi implements AsyncDisposable {
  readonly url: string
  /** Bodies of POST /api/ask, in order. */
  readonly asked: Asked[] = []
  /** Bodies of feedback, in order. */
  readonly feedback: unknown[] = []
  /** Questions whose caller went away before the answer was whole. */
  readonly abandoned: string[] = []
  /** Addresses below a document that were read, with their query. */
  readonly read: string[] = []
  /** Holds answers before an event, such as "quotes"; jobs at a state; files at "uploading". */
  readonly cue = new Cue()
  readonly library = new FakeLibrary(this.cue)
  readonly uploads = new FakeUploads((fields) => this.library.receive(fields), this.cue)
  readonly gaps = new FakeGaps()
  models: object = models
  readonly #server: Server
  readonly #pageFolder: string

  private constructor(server: Server, pageFolder: string) {
    this.#server = server
    this.#pageFolder = pageFolder
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  /** @param pageFolder of the built page */
  static async start(pageFolder: string): Promise<FakeApi> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const api = new FakeApi(server, pageFolder)
    server.on('request', (request, response) => {
      api.#handle(request, response).catch(() => response.destroy())
    })
    return api
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('content-security-policy', policy)
    response.setHeader('cache-control', 'no-store')
    const url = new URL(request.url ?? '/', this.url)
    const parts = url.pathname.split('/').slice(1).map(decodeURIComponent)
    if (url.pathname === '/readyz') return this.#json(response, 200, readiness)
    if (parts[0] !== 'api') return this.#static(response, parts)
    switch (parts[1]) {
      case 'models':
        return this.#json(response, 200, this.models)
      case 'ask':
        return this.#ask(request, response)
      case 'answers':
        this.feedback.push(await readJson(request))
        response.writeHead(204).end()
        return
      case 'uploads': {
        const code = await this.uploads.handle(request, response, parts[2] ?? '')
        return code === undefined ? undefined : this.#problem(response, statusOf(code), code)
      }
      case 'gaps': {
        const [status, body] = await this.gaps.handle(request, parts, url.searchParams)
        return status === 404 ? this.#problem(response, 404, 'gap_not_found') : this.#json(response, status, body)
      }
      case 'search':
        return this.#json(response, 200, { passages: passages.slice(0, 1), degraded: [] })
      case 'collections':
        return this.#collectionRoutes(request, response)
      case 'jobs':
        return this.#jobRoutes(request, response, parts)
      default:
        return this.#documentRoutes(request, response, parts, url)
    }
  }

  async #static(response: ServerResponse, parts: readonly string[]): Promise<void> {
    const path = normalize(parts.join('/') || 'index.html')
    const file = path.startsWith('assets/pdfjs/')
      ? join(pdfjs, path.slice('assets/pdfjs/'.length))
      : join(this.#pageFolder, path)
    try {
      const body = await readFile(file)
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(body)
    } catch {
      this.#problem(response, 404, 'not_found')
    }
  }

  async #ask(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await readJson(request)) as Asked
    this.asked.push(body)
    const { question } = body
    if (question.includes('too long')) return this.#problem(response, 413, 'question_too_long')
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req-1' })
    let open = true
    response.on('close', () => {
      open = false
      if (!response.writableFinished) this.abandoned.push(question)
    })
    const whole = answer(question, this.asked.length)
    const events: [string, unknown][] = [
      ['passages', { passages }],
      ['quotes', { quotes }],
      ...whole.statements.map((statement): [string, unknown] => ['statement', statement]),
      question.includes('fail') ? ['error', problem(503, 'model_failed')] : ['answer', whole],
    ]
    for (const [event, data] of events) {
      await sleep(40)
      await this.cue.reach(event)
      if (!open) return
      response.write(`: beat\n\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    }
    response.end()
  }

  async #collectionRoutes(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { library } = this
    if (request.method !== 'POST') return this.#json(response, 200, { collections: library.collections })
    const { name } = (await readJson(request)) as { name: string }
    if (library.collections.some((collection) => collection.name === name)) {
      return this.#problem(response, 409, 'collection_exists')
    }
    const made = { id: `col_${name}`, name, description: '', documents: 0, createdAt: '2026-03-05T00:00:00.000Z' }
    library.collections = [...library.collections, made]
    return this.#json(response, 201, made)
  }

  async #jobRoutes(request: IncomingMessage, response: ServerResponse, parts: readonly string[]): Promise<void> {
    const { library } = this
    const id = parts[2]
    if (id === undefined) {
      return this.#json(response, 200, { jobs: [...library.jobs.values()].reverse(), paused: library.paused })
    }
    if (id === 'pause' || id === 'resume') {
      library.paused = id === 'pause'
      return this.#json(response, 200, { paused: library.paused })
    }
    if (!library.jobs.has(id)) return this.#problem(response, 404, 'job_not_found')
    if (parts[3] === 'events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for await (const state of library.work(id)) response.write(`event: job\ndata: ${JSON.stringify(state)}\n\n`)
      response.end()
      return
    }
    if (request.method === 'POST') {
      const body = request.headers['content-type'] === undefined ? {} : ((await readJson(request)) as object)
      library.changeJob(id, parts[3] ?? '', 'password' in body ? String(body.password) : '')
    }
    return this.#json(response, 200, library.jobs.get(id))
  }

  async #documentRoutes(
    request: IncomingMessage,
    response: ServerResponse,
    parts: readonly string[],
    url: URL,
  ): Promise<void> {
    const { library } = this
    const id = parts[2]
    if (id === undefined) return this.#list(response, url.searchParams)
    const known = library.find(id)
    if (known === undefined) return this.#problem(response, 404, 'document_not_found')
    if (request.method === 'DELETE') {
      library.documents = library.documents.filter((candidate) => candidate !== known)
      response.writeHead(204).end()
      return
    }
    this.read.push(`${url.pathname}${url.search}`)
    switch (parts[3]) {
      case 'file':
        return this.#file(request, response, known)
      case 'pages': {
        const number = Number(parts[4])
        return this.#json(response, 200, { number, text: pageTextOf(id, number), method: 'text', boxes: [] })
      }
      case 'diff':
        return this.#json(response, 200, { pages: differences })
      case 'revisions':
        if (request.method === 'PATCH') {
          library.changeRevision(known, parts[4] ?? '', ((await readJson(request)) as { status: string }).status)
        }
        return this.#json(response, 200, { revisions: library.revisionsOf(known) })
      default:
        return this.#json(response, 200, detailOf(known, library.revisionsOf(known), url.searchParams.get('revision')))
    }
  }

  #list(response: ServerResponse, query: URLSearchParams): void {
    const pageSize = 4
    const from = Number(query.get('cursor') ?? 0)
    const found = this.library.documents.filter(
      ({ name, status, collectionId, parent }) =>
        parent === null &&
        query.get('kind') !== 'answer' &&
        name.toLowerCase().includes((query.get('q') ?? '').toLowerCase()) &&
        [null, status].includes(query.get('status')) &&
        [null, collectionId].includes(query.get('collection')),
    )
    const more = found.length > from + pageSize ? { nextCursor: String(from + pageSize) } : {}
    this.#json(response, 200, { documents: found.slice(from, from + pageSize), ...more })
  }

  async #file(request: IncomingMessage, response: ServerResponse, { name, format }: FakeDocument): Promise<void> {
    if (name.endsWith('.tif')) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end('II*\0')
      return
    }
    if (format === 'image') return sendBytes(request, response, 'image/png', await makePng())
    const pdf = name.startsWith('locked') ? makeLockedPdf('sesame') : await makePdf(manualLines)
    return sendBytes(request, response, 'application/pdf', pdf)
  }

  #json(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  #problem(response: ServerResponse, status: number, code: string): void {
    response
      .writeHead(status, { 'content-type': 'application/problem+json' })
      .end(JSON.stringify(problem(status, code)))
  }
}
