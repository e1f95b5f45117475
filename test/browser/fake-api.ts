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
import { ledgerOf, models, policy, problem, readiness, readJson } from './fake-bodies.ts'
import {
  answer,
  collections,
  document,
  documents,
  job,
  manualLines,
  passages,
  procedure,
  procedureText,
  quotes,
} from './fake-records.ts'
import { makePdf } from './make-pdf.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}
const pdfjs = fileURLToPath(new URL('../../node_modules/pdfjs-dist', import.meta.url))

interface FakeApiOptions {
  /** Folder of the built page. */
  readonly page: string
  /** Pause between the events of an answer or a job. */
  readonly pauseMs: number
}

type FakeDocument = ReturnType<typeof document>
type FakeJob = ReturnType<typeof job>

export class FakeApi implements AsyncDisposable {
  readonly url: string
  /** Bodies of POST /api/ask, in order. */
  readonly asked: { question: string; collections?: string[]; conversationId?: string; stream?: boolean }[] = []
  /** Bodies of feedback, in order. */
  readonly feedback: unknown[] = []
  /** Questions whose caller went away before the answer was whole. */
  readonly abandoned: string[] = []
  readonly #server: Server
  readonly #options: FakeApiOptions
  readonly #pdf: Uint8Array
  #documents: FakeDocument[] = documents()
  readonly #jobs = new Map<string, FakeJob>()
  #collections = [...collections]
  #made = 0

  private constructor(server: Server, options: FakeApiOptions, pdf: Uint8Array) {
    this.#server = server
    this.#options = options
    this.#pdf = pdf
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  static async start(options: FakeApiOptions): Promise<FakeApi> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const api = new FakeApi(server, options, await makePdf(manualLines))
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
    if (parts[1] === 'models') return this.#json(response, 200, models)
    if (parts[1] === 'ask') return this.#ask(request, response)
    if (parts[1] === 'answers') {
      this.feedback.push(await readJson(request))
      response.writeHead(204).end()
      return
    }
    if (parts[1] === 'collections') return this.#collectionRoutes(request, response, parts)
    if (parts[1] === 'jobs') return this.#jobRoutes(request, response, parts)
    return this.#documentRoutes(request, response, parts, url.searchParams)
  }

  async #static(response: ServerResponse, parts: readonly string[]): Promise<void> {
    const path = normalize(parts.join('/') || 'index.html')
    const file = path.startsWith('assets/pdfjs/')
      ? join(pdfjs, path.slice('assets/pdfjs/'.length))
      : join(this.#options.page, path)
    try {
      const body = await readFile(file)
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(body)
    } catch {
      this.#problem(response, 404, 'not_found')
    }
  }

  async #ask(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await readJson(request)) as FakeApi['asked'][number]
    this.asked.push(body)
    const { question } = body
    if (question.includes('too long')) return this.#problem(response, 413, 'question_too_long')
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req-1' })
    let open = true
    response.on('close', () => {
      open = false
    })
    const whole = answer(question, this.asked.length)
    const events: [string, unknown][] = [
      ['passages', { passages }],
      ['quotes', { quotes }],
      ...whole.statements.map((statement): [string, unknown] => ['statement', statement]),
      question.includes('fail') ? ['error', problem(503, 'model_failed')] : ['answer', whole],
    ]
    for (const [event, data] of events) {
      await sleep(question.includes('slow') ? this.#options.pauseMs * 20 : this.#options.pauseMs)
      if (!open) {
        this.abandoned.push(question)
        return
      }
      response.write(`: beat\n\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    }
    response.end()
  }

  async #collectionRoutes(request: IncomingMessage, response: ServerResponse, parts: readonly string[]): Promise<void> {
    if (parts[3] === 'documents') return this.#upload(request, response, parts[2] ?? '')
    if (request.method !== 'POST') return this.#json(response, 200, { collections: this.#collections })
    const { name } = (await readJson(request)) as { name: string }
    if (this.#collections.some((collection) => collection.name === name)) {
      return this.#problem(response, 409, 'collection_exists')
    }
    const made = { id: `col_${name}`, name, description: '', documents: 0, createdAt: '2026-03-05T00:00:00.000Z' }
    this.#collections = [...this.#collections, made]
    return this.#json(response, 201, made)
  }

  async #upload(request: IncomingMessage, response: ServerResponse, collectionId: string): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) {
      chunks.push(chunk as Buffer)
      await sleep(1)
    }
    const name = /filename="([^"]*)"/.exec(Buffer.concat(chunks).toString('utf8'))?.[1] ?? ''
    if (name.endsWith('.exe')) return this.#problem(response, 422, 'format_unsupported')
    const same = this.#documents.find((known) => known.name === name)
    if (same !== undefined) {
      const received = { id: same.id, name, revisionId: same.revisionId, jobId: null, duplicateOf: same.id }
      return this.#json(response, 202, { documents: [received] })
    }
    this.#made += 1
    const id = `doc_new${this.#made}`
    const made = document(id, name, {
      collectionId,
      status: 'queued',
      chunks: 0,
      publishedAt: null,
      pages: { text: 0, ocr: 0, blank: 0, failed: 0 },
    })
    this.#documents = [made, ...this.#documents]
    const jobId = `job_${id}`
    this.#jobs.set(jobId, job(jobId, id, name, { state: 'queued', stage: 'queued' }))
    return this.#json(response, 202, { documents: [{ id, name, revisionId: made.revisionId, jobId }] })
  }

  async #jobRoutes(request: IncomingMessage, response: ServerResponse, parts: readonly string[]): Promise<void> {
    const id = parts[2] ?? ''
    const known = this.#jobs.get(id)
    if (known === undefined) return this.#problem(response, 404, 'job_not_found')
    if (parts[3] === 'events') return this.#work(response, known)
    if (request.method === 'POST') {
      const retried = { state: 'queued', stage: 'queued', error: null, attempts: 2 }
      this.#jobs.set(id, { ...known, ...(parts[3] === 'cancel' ? { state: 'cancelled' } : retried) })
    }
    return this.#json(response, 200, this.#jobs.get(id))
  }

  /** Streams a job while it goes through its stages. A file named "broken" fails at its first attempt. */
  async #work(response: ServerResponse, from: FakeJob): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const states = [
      ...[0, 1, 2, 3].map((done) => ({ state: 'running', stage: 'parsing', progress: { done, total: 3 } })),
      ...[2, 4, 6].map((done) => ({ state: 'running', stage: 'embedding', progress: { done, total: 6 } })),
      { state: 'done', stage: 'done', progress: { done: 6, total: 6 } },
    ]
    const failure = {
      state: 'failed',
      stage: 'parsing',
      error: { code: 'pdf_damaged', message: 'The file has no pages.' },
    }
    const fails = from.documentName.startsWith('broken') && from.attempts === 1
    for (const state of fails ? [...states.slice(0, 2), failure] : states) {
      await sleep(this.#options.pauseMs)
      const now = this.#jobs.get(from.id)
      if (response.destroyed || now === undefined) return
      const next = now.state === 'cancelled' ? now : { ...now, ...state }
      this.#jobs.set(from.id, next)
      this.#settle(next)
      response.write(`event: job\ndata: ${JSON.stringify(next)}\n\n`)
      if (next.state === 'cancelled') break
    }
    response.end()
  }

  /** The document follows its job. */
  #settle(now: FakeJob): void {
    const ready = { status: 'ready', chunks: 6, pages: { text: 3, ocr: 0, blank: 0, failed: 0 }, error: null }
    const changes: Readonly<Record<string, object>> = {
      done: ready,
      failed: { status: 'failed', error: now.error },
      cancelled: { status: 'cancelled' },
      running: { status: 'processing', error: null },
    }
    this.#documents = this.#documents.map((known) =>
      known.id === now.documentId ? { ...known, ...changes[now.state] } : known,
    )
  }

  async #documentRoutes(
    request: IncomingMessage,
    response: ServerResponse,
    parts: readonly string[],
    query: URLSearchParams,
  ): Promise<void> {
    const id = parts[2]
    if (id === undefined) return this.#list(response, query)
    const known = this.#documents.find((candidate) => candidate.id === id)
    if (known === undefined) return this.#problem(response, 404, 'document_not_found')
    if (request.method === 'DELETE') {
      this.#documents = this.#documents.filter((candidate) => candidate !== known)
      response.writeHead(204).end()
      return
    }
    if (parts[3] === 'file') return this.#file(request, response)
    if (parts[3] === 'pages') {
      const number = Number(parts[4])
      const text = id === procedure.id ? procedureText : (manualLines[number - 1]?.join('\n') ?? '')
      return this.#json(response, 200, { number, text, method: 'text', boxes: [] })
    }
    return this.#json(response, 200, { ...known, pageLedger: ledgerOf(known) })
  }

  #list(response: ServerResponse, query: URLSearchParams): void {
    const pageSize = 4
    const from = Number(query.get('cursor') ?? 0)
    const found = this.#documents.filter(
      ({ name, status, collectionId }) =>
        name.toLowerCase().includes((query.get('q') ?? '').toLowerCase()) &&
        [null, status].includes(query.get('status')) &&
        [null, collectionId].includes(query.get('collection')),
    )
    const more = found.length > from + pageSize ? { nextCursor: String(from + pageSize) } : {}
    this.#json(response, 200, { documents: found.slice(from, from + pageSize), ...more })
  }

  #file(request: IncomingMessage, response: ServerResponse): void {
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
    const headers = { 'content-type': 'application/pdf', 'accept-ranges': 'bytes' }
    if (range === null) {
      response.writeHead(200, { ...headers, 'content-length': this.#pdf.length }).end(this.#pdf)
      return
    }
    const start = Number(range[1])
    const end = Math.min(range[2] === '' ? Number.POSITIVE_INFINITY : Number(range[2]), this.#pdf.length - 1)
    const contentRange = `bytes ${start}-${end}/${this.#pdf.length}`
    response
      .writeHead(206, { ...headers, 'content-range': contentRange, 'content-length': end + 1 - start })
      .end(this.#pdf.subarray(start, end + 1))
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
