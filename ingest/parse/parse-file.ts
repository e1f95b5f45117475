/**
 * Parses one file in a child process, which is killed when it takes too long, takes too much memory, or is no longer wanted. In: a path. Out: a
 * `ParsedDocument`; pages are told one by one, in order, as they come. A page of a PDF that ends the child costs that page only: a new child
 * goes on with the others. Invariant: a file or a page fails only by what it did to a child that had read nothing else.
 * Neighbours: `parser-pool.ts`, `detect-format.ts`; called by the ingestion worker.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import type { FileFormat, ParsedDocument, ParsedPage } from '../../src/core/document.ts'
import type { ErrorCode } from '../../src/core/errors.ts'
import { detectFormatOf } from './detect-format.ts'
import { failedPage } from './failed-page.ts'
import { noTextError } from './no-text-error.ts'
import type { Attachment, ParsedHead, ParseJob } from './parse-messages.ts'
import { ParserPool, type PoolRun } from './parser-pool.ts'
import type { PageReply } from './parser-process.ts'

export interface ParseOptions {
  /** The uploaded name; tells Markdown, HTML and text apart where the content does not. */
  readonly name: string
  /** Found from the content where it is left out. */
  readonly format?: FileFormat
  readonly password?: string
  /** Label of the Encoding Standard, for text files; takes the place of any guess. */
  readonly encoding?: string
  /** Where a folder for unpacked and converted files is made, and removed again. */
  readonly scratchFolder: string
  readonly timeoutMs: number
  /** Longest time that one page of a PDF may take. @default 60_000 */
  readonly pageTimeoutMs?: number
  /** Resident memory that the child may have. */
  readonly memoryBytes: number
  /** PDFs: the first page that is wanted; those before it are there already. All pages come out as in one go. @default 1 */
  readonly fromPage?: number
  readonly signal?: AbortSignal
  /** Children that read other files too. Without it one is started for this file, and gone when the call is over. */
  readonly parsers?: ParserPool
  /** Called with each page, in order, while later ones are still being read. */
  readonly onPage?: (page: ParsedPage, total: number) => void | Promise<void>
  /** Called with each file inside the file. What it does not take away is gone afterwards. */
  readonly onAttachment?: (attachment: Attachment) => void | Promise<void>
}

const usualPageTimeoutMs = 60_000
/** Pages that may end the child before the document is given up. */
const maxRestarts = 5
/** Memory fills up over many pages: a page is to blame when it ends the child for the second time. */
const strikesToBlame = { 'page-time': 1, crash: 1, memory: 2 } as const

const pageCodes = {
  'page-time': 'page_timeout',
  memory: 'page_memory',
  crash: 'page_crashed',
} as const satisfies Record<string, ErrorCode>
type PageFault = keyof typeof pageCodes

const isPageFault = (cause: string): cause is PageFault => Object.hasOwn(pageCodes, cause)

/** Pages as they arrive, told in order. */
class PageOrder {
  readonly told: ParsedPage[] = []
  readonly #options: ParseOptions
  readonly #waiting = new Map<number, ParsedPage>()
  #next: number
  #total: number | undefined

  constructor(options: ParseOptions) {
    this.#options = options
    this.#next = options.fromPage ?? 1
  }

  /** Pages that need not be read any more. */
  get known(): number[] {
    return [...Array.from({ length: this.#next - 1 }, (_, index) => index + 1), ...this.#waiting.keys()]
  }

  async take(page: ParsedPage, total: number): Promise<void> {
    this.#total = total
    this.hold(page)
    for (let next = this.#waiting.get(this.#next); next; next = this.#waiting.get(this.#next)) await this.#tell(next)
  }

  /** A page that is told when those before it are. */
  hold(page: ParsedPage): void {
    if (page.number >= this.#next && !this.#waiting.has(page.number)) this.#waiting.set(page.number, page)
  }

  /** Tells what is left. */
  async finish(): Promise<void> {
    for (const page of [...this.#waiting.values()].sort((one, other) => one.number - other.number))
      await this.#tell(page)
  }

  async #tell(page: ParsedPage): Promise<void> {
    this.#waiting.delete(page.number)
    this.#next = page.number + 1
    this.told.push(page)
    await this.#options.onPage?.(page, this.#total ?? page.number)
  }
}

/** Runs children until all pages are there or the document is given up. */
class Restarts {
  readonly #job: Omit<ParseJob, 'id'>
  readonly #options: ParseOptions
  readonly #parsers: ParserPool
  readonly #order: PageOrder
  readonly #deadline: number
  readonly #strikes = new Map<number, number>()
  readonly #broken = new Set<number>()
  readonly #attached = new Set<string>()

  constructor(job: Omit<ParseJob, 'id'>, options: ParseOptions, parsers: ParserPool, order: PageOrder) {
    this.#job = job
    this.#options = options
    this.#parsers = parsers
    this.#order = order
    this.#deadline = performance.now() + options.timeoutMs
  }

  async run(): Promise<ParsedHead> {
    let isFresh = false
    for (let restarts = 0; ; ) {
      const { end, wasUsed } = await this.#runOnce(isFresh, restarts > 0)
      if (end.kind === 'done') return end.head
      const { cause, error, inWork } = end
      if (cause === 'unwanted') throw error
      isFresh = true
      if (wasUsed) continue
      if (!isPageFault(cause) || inWork.length === 0 || restarts >= maxRestarts) throw error
      this.#blame(inWork, cause)
      restarts += 1
    }
  }

  async #runOnce(isFresh: boolean, alone: boolean): Promise<PoolRun> {
    const { memoryBytes, pageTimeoutMs = usualPageTimeoutMs, signal } = this.#options
    const scratchFolder = await mkdtemp(path.join(this.#job.scratchFolder, 'run-'))
    const told = { skip: this.#order.known, broken: [...this.#broken], ...(alone && { alone }) }
    const timeoutMs = this.#deadline - performance.now()
    return this.#parsers.run(
      { ...this.#job, scratchFolder, ...told },
      { timeoutMs, pageTimeoutMs, memoryBytes, signal },
      { isFresh, take: (reply) => this.#take(reply) },
    )
  }

  /** Of a file that is read again what was told before is not told again. */
  async #take(reply: PageReply): Promise<void> {
    if (reply.type === 'page') return this.#order.take(reply.page, reply.total)
    if (this.#attached.has(reply.entry)) return
    this.#attached.add(reply.entry)
    await this.#options.onAttachment?.({ entry: reply.entry, file: reply.file })
  }

  /** Of several pages that were worked on at once the next child, which takes one after the other, tells which it was. */
  #blame(inWork: readonly number[], cause: PageFault): void {
    const [number] = inWork
    if (number === undefined || inWork.length > 1) return
    const strikes = (this.#strikes.get(number) ?? 0) + 1
    this.#strikes.set(number, strikes)
    if (strikes < strikesToBlame[cause]) return
    this.#broken.add(number)
    this.#order.hold(failedPage(number, pageCodes[cause]))
  }
}

/** Documents without a word are errors: the pages, which were told before, say why. */
const checkText = (document: ParsedDocument): ParsedDocument => {
  if (document.pages.some(({ outcome }) => outcome.method === 'text' || outcome.method === 'unread')) return document
  throw noTextError(document)
}

/**
 * @param file absolute path; its name does not matter
 * @returns all pages; from `fromPage` on where that is given
 * @throws file_not_found, file_empty, format_unsupported, pdf_damaged, pdf_encrypted, pdf_password_wrong, file_damaged, file_bomb, file_too_large, no_text (after the
 * pages were told), parse_timeout, parse_memory, parse_crashed, parse_interrupted; the signal's reason when it is aborted
 */
export const parseFile = async (file: string, options: ParseOptions): Promise<ParsedDocument> => {
  options.signal?.throwIfAborted()
  if (!options.parsers) {
    await using parsers = new ParserPool()
    return await parseFile(file, { ...options, parsers })
  }
  const { name, password, encoding, fromPage = 1 } = options
  const format = options.format ?? (await detectFormatOf(file, name, encoding))
  const scratchFolder = await mkdtemp(path.join(options.scratchFolder, 'parse-'))
  const secrets = { ...(password !== undefined && { password }), ...(encoding !== undefined && { encoding }) }
  const order = new PageOrder(options)
  try {
    const job = { path: file, name, format, scratchFolder, ...secrets }
    const head = await new Restarts(job, options, options.parsers, order).run()
    await order.finish()
    const document = { ...head, pages: order.told }
    return fromPage > 1 ? document : checkText(document)
  } finally {
    await rm(scratchFolder, { recursive: true, force: true })
  }
}
