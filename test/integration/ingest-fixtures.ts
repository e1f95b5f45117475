/**
 * What the tests of the ingestion worker share: real stores in a folder, a parser and an embedder that need no model.
 * Both fakes are deterministic: the same file gives the same pages, the same text the same vector.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { indexFingerprint } from '../../ingest/chunk/index-fingerprint.ts'
import type { IndexTarget } from '../../ingest/index-target.ts'
import type { readPages } from '../../ingest/ocr/read-pages.ts'
import type { parseFile } from '../../ingest/parse/parse-file.ts'
import type { IngestionWorkerDeps } from '../../ingest/worker.ts'
import type { Block, ParsedPage } from '../../src/core/document.ts'
import { KuraError } from '../../src/core/errors.ts'
import type { JobId } from '../../src/core/ids.ts'
import type { CallOptions, Embedder, EmbeddingModelInfo } from '../../src/core/models.ts'
import { localAdministrator } from '../../src/core/principal.ts'
import { ChunkIndex } from '../../src/store/chunk-index.ts'
import { Intake, type Registration } from '../../src/store/intake.ts'
import { Ledger } from '../../src/store/ledger.ts'
import { Originals } from '../../src/store/originals.ts'

const dimensions = 8

export class FakeEmbedder implements Embedder {
  /** Thrown by the next calls, in order, before any call works. */
  failures: KuraError[] = []
  /** Waited for in each `embedPassages`. */
  delayMs = 0
  embedded = 0
  readonly #name: string

  constructor(name = 'fake') {
    this.#name = name
  }

  async info(): Promise<EmbeddingModelInfo> {
    return { name: this.#name, fingerprint: this.#name, dimensions, maxTokens: 512 }
  }

  async embedQueries(texts: readonly string[]): Promise<Float32Array[]> {
    return texts.map(vectorOf)
  }

  async embedPassages(
    passages: readonly { readonly title: string; readonly text: string }[],
    options: CallOptions = {},
  ): Promise<Float32Array[]> {
    const failure = this.failures.shift()
    if (failure) throw failure
    for (const { title, text } of passages) {
      const tokens = countTokens(text) + 2 * countTokens(title) + 16
      if (tokens > 512) throw new KuraError('input_too_long', `${tokens} tokens are more than 512.`)
    }
    if (this.delayMs > 0) await sleep(this.delayMs, undefined, { signal: options.signal })
    this.embedded += passages.length
    return passages.map(({ title, text }) => vectorOf(`${title}\n${text}`))
  }

  async countTokens(texts: readonly string[]): Promise<number[]> {
    return texts.map(countTokens)
  }
}

const countTokens = (text: string): number => (text.match(/[A-Za-z0-9]{1,4}|\S/gu) ?? []).length

const vectorOf = (text: string): Float32Array => {
  const bytes = createHash('sha256').update(text).digest()
  const vector = Float32Array.from({ length: dimensions }, (_, i) => (bytes[i] ?? 0) / 255 + 0.01)
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}

/**
 * Pages are parted by form feeds; `# ` makes a heading, `!code` a page that failed, `?words` a scan, `!!code` a file that can not be read,
 * `@name words` a file inside the file.
 */
export const fakeParse: typeof parseFile = async (
  file,
  { fromPage = 1, onPage, onAttachment, scratchFolder, signal },
) => {
  const source = await readFile(file, 'utf8')
  const error = /^!!(\w+)/u.exec(source)?.[1]
  if (error === 'crash') throw new TypeError(`can not read "${source}"`)
  if (error) throw new KuraError(error as 'pdf_damaged', 'The file can not be read.')
  const texts = source.split('\f')
  const pages: ParsedPage[] = []
  for (const [i, text] of texts.entries()) {
    signal?.throwIfAborted()
    if (i + 1 < fromPage) continue
    const page = parsePage(i + 1, text)
    pages.push(page)
    await onPage?.(page, texts.length)
  }
  await mkdir(scratchFolder, { recursive: true })
  for (const [, entry = '', words = ''] of source.matchAll(/^@(\S+) (.+)$/gmu)) {
    const unpacked = path.join(scratchFolder, createHash('sha256').update(`${entry} ${words}`).digest('hex'))
    await writeFile(unpacked, words.replaceAll('\\f', '\f'))
    await onAttachment?.({ entry, file: unpacked })
  }
  return { format: 'pdf', paginated: true, title: 'A title', pages }
}

/** Reads a scan, waiting a little for each page as OCR does. */
export const fakeReadPages: typeof readPages = async (_file, { pages, signal, onPage }) => {
  for (const page of pages) {
    await sleep(15, undefined, { signal })
    await onPage({ ...page, outcome: { method: 'ocr', confidence: 0.9 } })
  }
}

const parsePage = (number: number, text: string): ParsedPage => {
  const failed = /^!(\w+)/u.exec(text)?.[1]
  if (failed) return { number, outcome: { method: 'failed', errorCode: failed }, text: '', blocks: [], lines: [] }
  if (text.trim() === '') return { number, outcome: { method: 'blank' }, text: '', blocks: [], lines: [] }
  const blocks: Block[] = [...text.matchAll(/\S[^\n]*/gu)].map((match) => {
    const range = { start: match.index, end: match.index + match[0].length }
    return match[0].startsWith('# ') ? { kind: 'heading', level: 1, ...range } : { kind: 'paragraph', ...range }
  })
  const outcome = text.startsWith('?')
    ? { method: 'unread' as const, reason: 'no_text' as const }
    : { method: 'text' as const }
  return { number, outcome, text, blocks, lines: [] }
}

export interface Stores extends AsyncDisposable {
  readonly folder: string
  readonly ledger: Ledger
  readonly originals: Originals
  readonly index: ChunkIndex
  readonly target: IndexTarget
  readonly intake: Intake
}

/** The table of the embedder's model, made known to the ledger. */
export const openTarget = async (folder: string, ledger: Ledger, embedder: Embedder): Promise<IndexTarget> => {
  const model = await embedder.info()
  const fingerprint = indexFingerprint(model)
  const index = await ChunkIndex.open(path.join(folder, 'index'), { fingerprint, dimensions })
  await ledger.indexes.register({ fingerprint, model: model.name, dimensions })
  return { index, embedder, model, fingerprint }
}

export const openStores = async (folder: string, embedder: Embedder = new FakeEmbedder()): Promise<Stores> => {
  const ledger = await Ledger.open(path.join(folder, 'kura.db'))
  const originals = await Originals.open(path.join(folder, 'originals'))
  const target = await openTarget(folder, ledger, embedder)
  const intake = new Intake({ ledger, originals, maxFileBytes: 2 ** 20 })
  const dispose = async (): Promise<void> => {
    await target.index[Symbol.asyncDispose]()
    await ledger[Symbol.asyncDispose]()
  }
  return { folder, ledger, originals, index: target.index, target, intake, [Symbol.asyncDispose]: dispose }
}

export const workerDeps = ({ folder, ...stores }: Stores, embedder: Embedder): IngestionWorkerDeps => ({
  ...stores,
  target: { ...stores.target, embedder },
  settings: { parseTimeoutMs: 60_000, parseMemoryBytes: 2 ** 30, scratchFolder: path.join(folder, 'scratch') },
  logger: pino({ level: 'silent' }),
  parse: fakeParse,
  readPages: fakeReadPages,
  modelWaitsMs: [1, 1, 1],
  retryDelaysMs: [1],
})

/** @returns ids of the document and its job */
export const upload = async (
  { ledger, intake }: Stores,
  name: string,
  content: string,
  registration: Partial<Registration> = {},
) => {
  const [known] = await ledger.collections.list(localAdministrator)
  const collection = known ?? (await ledger.collections.create(localAdministrator, { name: 'Manuals' }))
  const stream = Readable.from([Buffer.from(content)])
  const { id, revisionId, jobId } = await intake.receive(localAdministrator, {
    collectionId: collection.id,
    name,
    stream,
    ...registration,
  })
  return { documentId: id, revisionId, jobId: jobId as JobId }
}

/** A document of so many pages, each with its own sentences; every third one a scan. */
export const manual = (title: string, pages: number): string =>
  Array.from({ length: pages }, (_, page) =>
    [
      `${page % 3 === 2 ? '?' : ''}# ${title} chapter ${page}`,
      ...Array.from(
        { length: 12 },
        (_, i) =>
          `Step ${i} of ${title} on page ${page}: turn valve ${page * 12 + i} and wait until the lamp is green. 請確認壓力表第 ${i} 格歸零。`,
      ),
    ].join('\n\n'),
  ).join('\f')
