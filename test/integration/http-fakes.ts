/**
 * Deterministic parts behind the HTTP API for its tests: a real ledger, real originals and a real intake in a temporary folder;
 * retriever and answerer that give the same passages and answer each time.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { GapDesk } from '../../src/answer/gap-desk.ts'
import type { Answer, AnswerEvent, Passage } from '../../src/core/answer.ts'
import type { Language } from '../../src/core/document.ts'
import { KuraError } from '../../src/core/errors.ts'
import type { AnswerId, ChunkId, CollectionId, ConversationId, DocumentId, RevisionId } from '../../src/core/ids.ts'
import { localAdministrator, type Principal } from '../../src/core/principal.ts'
import type { SearchTrace } from '../../src/core/search-trace.ts'
import { createApp } from '../../src/http/create-app.ts'
import type { AnswererPort, HttpDeps, RetrieverPort } from '../../src/http/deps.ts'
import type { HttpApp } from '../../src/http/http-env.ts'
import type { ChunkIndex } from '../../src/store/chunk-index.ts'
import { Intake } from '../../src/store/intake.ts'
import { Ledger } from '../../src/store/ledger.ts'
import { Originals } from '../../src/store/originals.ts'
import { PartialUploads } from '../../src/store/partial-uploads.ts'
import { ActiveTuning } from '../../src/tune/active-tuning.ts'
import { TuningDesk } from '../../src/tune/tuning-desk.ts'
import { FolderWatcher } from '../../src/watch/folder-watcher.ts'

export const box = { page: 3, x: 0.1, y: 0.2, width: 0.5, height: 0.02 }

export const fakePassage = (text = 'The pump runs at 40 bar.'): Passage => ({
  id: 'rev_1.0' as ChunkId,
  documentId: 'doc_1' as DocumentId,
  documentName: 'pump.pdf',
  revisionId: 'rev_1' as RevisionId,
  revision: '1',
  collectionId: 'col_1' as CollectionId,
  pageStart: 3,
  pageEnd: 3,
  paginated: true,
  heading: 'Pump › Pressure',
  text,
  segments: [
    { start: 0, end: text.length, page: 3, pageStart: 10, pageEnd: 10 + text.length, kind: 'sentence' },
    { start: 0, end: text.length, page: 3, pageStart: 10, pageEnd: 10 + text.length, kind: 'sentence' },
  ],
  language: 'en',
  segmentBoxes: [[box], [box]],
  scores: { fused: 0.9, vector: 0.8 },
})

export const fakeAnswer = (question: string, conversationId: string, language: Language = 'en'): Answer => {
  const passage = fakePassage()
  const { id: passageId, documentId, documentName, revisionId, revision } = passage
  const place = { passageId, documentId, documentName, revisionId, revision, page: 3, boxes: [box] }
  return {
    id: 'ans_1' as AnswerId,
    conversationId: conversationId as ConversationId,
    question,
    status: 'answered',
    language,
    quotes: [{ text: passage.text, ...place, score: 0.7 }],
    statements: [
      {
        text: 'The pump runs at 40 bar.',
        citations: [{ ...place, quote: passage.text }],
      },
    ],
    passages: [passage],
    model: 'fake',
    degraded: [],
    timingsMs: { retrieve: 1, firstStatement: 2, total: 3 },
  }
}

/** Gives the passages it was made with, whatever is asked, and keeps what it was asked. */
export class FakeRetriever implements RetrieverPort {
  readonly requests: Parameters<RetrieverPort['search']>[1][] = []
  passages: readonly Passage[] = [fakePassage()]
  trace: SearchTrace | undefined
  failure: Error | undefined

  async search(_p: Principal, request: Parameters<RetrieverPort['search']>[1]) {
    this.requests.push(request)
    if (this.failure) throw this.failure
    const trace = request.explain && this.trace ? { trace: this.trace } : {}
    return { passages: this.passages.slice(0, request.limit), degraded: [], ...trace }
  }
}

/**
 * Answers by script: `fail before` and `fail after` throw before the first event and after the passages, `wait` goes on for
 * ever after the passages, `nothing` is not found, anything else is answered.
 */
export class FakeAnswerer implements AnswererPort {
  readonly requests: Parameters<AnswererPort['ask']>[1][] = []
  /** Questions whose making was stopped by the signal. */
  readonly stopped: string[] = []

  async *ask(_p: Principal, request: Parameters<AnswererPort['ask']>[1]): AsyncGenerator<AnswerEvent> {
    this.requests.push(request)
    const { question, signal } = request
    const unavailable = new KuraError('model_unavailable', 'The model engine is not up.')
    if (question === 'fail before') throw unavailable
    if (question === 'crash') throw new TypeError('secret detail')
    const answer = fakeAnswer(question, request.conversationId ?? 'con_1', request.language)
    yield { type: 'passages', passages: answer.passages }
    if (question === 'fail after') throw unavailable
    if (question === 'wait') await this.#waitForEver(question, signal)
    if (question === 'nothing') {
      yield { type: 'answer', answer: { ...answer, status: 'not_found', statements: [], quotes: [] } }
      return
    }
    yield { type: 'quotes', quotes: answer.quotes }
    if (question === 'quotes only') {
      yield { type: 'answer', answer: { ...answer, statements: [] } }
      return
    }
    for (const statement of answer.statements) yield { type: 'statement', statement }
    yield { type: 'answer', answer }
  }

  async #waitForEver(question: string, signal: AbortSignal | undefined): Promise<void> {
    try {
      await sleep(600_000, undefined, signal ? { signal } : {})
    } catch (error) {
      this.stopped.push(question)
      throw error
    }
  }
}

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: Record<string, unknown>
}

export interface HttpFixture extends AsyncDisposable {
  readonly app: HttpApp
  readonly deps: HttpDeps
  readonly folder: string
  readonly ledger: Ledger
  readonly originals: Originals
  readonly retriever: FakeRetriever
  readonly answerer: FakeAnswerer
  readonly log: readonly LogLine[]
  readonly principal: Principal
  get(path: string, headers?: Record<string, string>): Promise<Response>
  send(method: string, path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  upload(collection: string, files: readonly File[], fields?: Record<string, string>): Promise<Response>
}

const noIndex: Pick<ChunkIndex, 'storedRows'> = { storedRows: async () => new Map() }

export const createFixture = async (
  options: {
    readonly maxFileBytes?: number
    readonly ready?: boolean
    readonly index?: Pick<ChunkIndex, 'storedRows'>
  } = {},
): Promise<HttpFixture> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'kura-http-'))
  const maxFileBytes = options.maxFileBytes ?? 1_000_000
  const ledger = await Ledger.open(path.join(folder, 'kura.db'))
  const originals = await Originals.open(path.join(folder, 'originals'))
  const partialUploads = await PartialUploads.open(path.join(folder, 'uploads'))
  const log: LogLine[] = []
  const write = (level: LogLine['level']) => (fields: object, message: string) => {
    log.push({ level, message, fields: { ...fields } })
  }
  const retriever = new FakeRetriever()
  const answerer = new FakeAnswerer()
  const logger = { info: write('info'), warn: write('warn'), error: write('error') }
  const intake = new Intake({ ledger, originals, maxFileBytes })
  const deps: HttpDeps = {
    settings: { host: '127.0.0.1', maxFileBytes },
    logger,
    ledger,
    originals,
    intake,
    watches: new FolderWatcher({ ledger, intake, logger, dataFolder: folder, maxFileBytes }),
    retriever,
    answerer,
    health: async () => ({
      ready: options.ready ?? true,
      components: [{ name: 'ledger', state: 'ok', detail: 'open' }],
      degraded: [],
    }),
    listModels: async () => ({
      chosen: [{ role: 'generation', name: null, state: 'off', reason: 'KURA_GENERATION_MODEL is none' }],
      catalog: [],
      adapters: [],
      indexes: [],
      change: null,
    }),
    chooseModel: async (_role, name) => ({ name, takesEffect: 'next_start' }),
    gauges: async () => ({ indexRows: 7, indexMissing: 3, reconciled: { orphan_revisions: 4 }, modelHostRestarts: 2 }),
    partialUploads,
    tunings: new TuningDesk({
      ledger,
      active: await ActiveTuning.open(ledger.tunings),
      target: async () => {
        throw new KuraError('model_unavailable', 'The embedding engine is not up.')
      },
      holdGenerator: () => ({ generator: undefined, [Symbol.dispose]: () => undefined }),
      isBusy: () => false,
      logger,
    }),
    gapDesk: new GapDesk({ ledger, intake, index: async () => options.index ?? noIndex }),
    embedQuestion: async () => undefined,
    replayAnswer: async () => {
      throw new KuraError('answer_not_recorded', 'The answer was given by another version.')
    },
  }
  const app = createApp(deps, { pageFolder: path.join(folder, 'page') })
  return {
    app,
    deps,
    folder,
    ledger,
    originals,
    retriever,
    answerer,
    log,
    principal: localAdministrator,
    get: async (address, headers = {}) => app.request(address, { headers }),
    send: async (method, address, body, headers = {}) =>
      app.request(address, {
        method,
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    upload: async (collection, files, fields = {}) => {
      const form = new FormData()
      for (const [name, value] of Object.entries(fields)) form.append(name, value)
      for (const file of files) form.append('file', file)
      return app.request(`/api/collections/${encodeURIComponent(collection)}/documents`, { method: 'POST', body: form })
    },
    [Symbol.asyncDispose]: async () => {
      await partialUploads[Symbol.asyncDispose]()
      await ledger[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The events of a server-sent stream; data parsed where it is JSON. */
export const readEvents = async (response: Response): Promise<{ event: string | undefined; data: unknown }[]> =>
  (await response.text())
    .split('\n\n')
    .filter((block) => block.trim() !== '' && !block.startsWith(':'))
    .map((block) => {
      const field = (name: string) =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2)
      const data = field('data') ?? ''
      return { event: field('event'), data: data.startsWith('{') ? (JSON.parse(data) as unknown) : data }
    })
