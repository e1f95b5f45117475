/**
 * Parses one file in a child process of its own, which is killed when it takes too long, takes too much memory, or is no longer wanted.
 * In: a path. Out: a `ParsedDocument`; pages are told one by one as they come. Whatever the file does, this process stays up, and no child outlives
 * the call. Neighbours: `child.ts` (the other end), `detect-format.ts`; called by the ingestion worker.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { constants, setPriority } from 'node:os'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { DocumentFormat, ParsedDocument, ParsedPage } from '../../src/core/document.ts'
import { isErrorCode, KuraError } from '../../src/core/errors.ts'
import { detectFormatOf } from './detect-format.ts'
import { type ParsedHead, type ParseJob, replySchema } from './parse-messages.ts'

export interface ParseOptions {
  /** The uploaded name; tells Markdown, HTML and text apart where the content does not. */
  readonly name: string
  /** Found from the content where it is left out. */
  readonly format?: DocumentFormat
  readonly timeoutMs: number
  /** Resident memory that the child may have. */
  readonly memoryBytes: number
  readonly signal?: AbortSignal
  /** Called with each page, in order, while later ones are still being read. */
  readonly onPage?: (page: ParsedPage, total: number) => void
}

const mebibyte = 2 ** 20
const memoryCheckMs = 250
/** Linux counts resident memory in pages of this many bytes in `/proc/<pid>/statm` (on the machines that Node is built for by default). */
const memoryPageBytes = 4096
/** Part of the memory limit that the child's JavaScript heap may take. */
const heapShare = 0.8
const newline = 0x0a

/** Loaded before the TypeScript loader: it would rewrite these two files of 80,000 lines at every start. */
const pdfPreloads = ['pdfjs-dist/legacy/build/pdf.mjs', 'pdfjs-dist/legacy/build/pdf.worker.mjs']

const startChild = (job: ParseJob, memoryBytes: number): ChildProcess => {
  const preloads = job.format === 'pdf' ? pdfPreloads : []
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${Math.max(64, Math.floor((memoryBytes * heapShare) / mebibyte))}`,
      ...[...preloads, 'tsx'].flatMap((name) => ['--import', import.meta.resolve(name)]),
      fileURLToPath(new URL('./child.ts', import.meta.url)),
      JSON.stringify(job),
    ],
    { env: {}, stdio: ['pipe', 'ignore', 'pipe', 'pipe'] },
  )
  child.once('spawn', () => {
    // Questions go first: parsing takes what the model host leaves.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  })
  return child
}

/** Splits a stream at line feeds only: a line separator inside a JSON string is no end of line. */
async function* readLines(stream: Readable): AsyncGenerator<string> {
  let parts: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let begin = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, begin)) {
      parts.push(chunk.subarray(begin, end))
      yield Buffer.concat(parts).toString('utf8')
      parts = []
      begin = end + 1
    }
    if (begin < chunk.length) parts.push(chunk.subarray(begin))
  }
}

const residentBytes = async (pid: number): Promise<number> => {
  const statm = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '')
  return Number(statm.split(' ')[1] ?? 0) * memoryPageBytes
}

/** Kills the child at its limits and remembers why. */
class Guard implements Disposable {
  readonly #child: ChildProcess
  readonly #options: ParseOptions
  readonly #timers: NodeJS.Timeout[] = []
  #reason: unknown

  constructor(child: ChildProcess, options: ParseOptions) {
    this.#child = child
    this.#options = options
    const { timeoutMs, memoryBytes, signal } = options
    this.#timers.push(setTimeout(() => this.#kill(overTime(timeoutMs)), timeoutMs))
    this.#timers.push(setInterval(() => void this.#checkMemory(memoryBytes), memoryCheckMs))
    signal?.addEventListener('abort', this.#onAbort, { once: true })
    if (signal?.aborted) this.#onAbort()
  }

  /** Why the child was killed, or undefined where it was not. */
  get reason(): unknown {
    return this.#reason
  }

  readonly #onAbort = (): void => this.#kill(this.#options.signal?.reason)

  async #checkMemory(limit: number): Promise<void> {
    if (this.#child.pid !== undefined && (await residentBytes(this.#child.pid)) > limit) this.#kill(overMemory(limit))
  }

  #kill(reason: unknown): void {
    this.#reason ??= reason
    this.#child.kill('SIGKILL')
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
  }
}

const overTime = (limitMs: number): KuraError =>
  new KuraError('parse_timeout', `Reading the file was stopped after ${limitMs / 1000} s.`, { details: { limitMs } })

const overMemory = (limit: number): KuraError =>
  new KuraError('parse_memory', `Reading the file was stopped at ${Math.round(limit / mebibyte)} MiB of memory.`, {
    details: { limitBytes: limit },
  })

const exited = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })

/** @throws KuraError as the child said it */
const receive = async (
  child: ChildProcess,
  pages: ParsedPage[],
  options: ParseOptions,
): Promise<ParsedHead | undefined> => {
  for await (const line of readLines(child.stdio[3] as Readable)) {
    const reply = replySchema.parse(JSON.parse(line))
    if (reply.type === 'page') {
      pages.push(reply.page)
      options.onPage?.(reply.page, reply.total)
    } else if (reply.type === 'done') {
      const { type: _, ...head } = reply
      return head
    } else {
      throw new KuraError(isErrorCode(reply.code) ? reply.code : 'parse_crashed', reply.message)
    }
  }
  return undefined
}

const crash = (child: ChildProcess, complaint: string, options: ParseOptions): KuraError => {
  if (/heap out of memory|Array buffer allocation failed/.test(complaint)) return overMemory(options.memoryBytes)
  // Nothing in the file ends a process so: somebody did, or the system, short of memory.
  if (child.signalCode === 'SIGKILL' || child.signalCode === 'SIGTERM') {
    return new KuraError('parse_interrupted', `The process that read the file was ended by ${child.signalCode}.`)
  }
  const how = child.signalCode ? `was ended by ${child.signalCode}` : `ended with exit code ${child.exitCode}`
  return new KuraError('parse_crashed', `The process that read the file ${how}.`)
}

/** Documents without a word are errors: the pages, which were told before, say why. */
const checkText = (document: ParsedDocument): ParsedDocument => {
  if (document.pages.some((page) => page.outcome.method === 'text')) return document
  const codes = document.pages.flatMap(({ outcome }) => (outcome.method === 'failed' ? [outcome.errorCode] : []))
  if (codes.length > 0 && codes.every((code) => code === 'page_unreadable')) {
    throw new KuraError('pdf_damaged', `None of the ${codes.length} pages could be read.`)
  }
  const count = document.pages.length
  const message = document.paginated
    ? `None of the ${count} pages has text: ${codes.length} show pictures only, ${count - codes.length} are blank.`
    : 'The file has no text.'
  throw new KuraError('no_text', message)
}

/**
 * @param path the file; its name does not matter
 * @throws file_not_found, file_empty, format_unsupported, pdf_damaged, pdf_encrypted, file_damaged, file_bomb, file_too_large, no_text (after the pages were told),
 * parse_timeout, parse_memory, parse_crashed, parse_interrupted; the signal's reason when it is aborted
 */
export const parseFile = async (path: string, options: ParseOptions): Promise<ParsedDocument> => {
  options.signal?.throwIfAborted()
  const format = options.format ?? (await detectFormatOf(path, options.name))
  const child = startChild({ path, format }, options.memoryBytes)
  const end = exited(child)
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('latin1')).slice(-4000)
  })
  using guard = new Guard(child, options)
  const pages: ParsedPage[] = []
  try {
    const head = await receive(child, pages, options)
    if (head) return checkText({ ...head, pages })
    await end
    throw guard.reason ?? crash(child, complaint, options)
  } finally {
    child.kill('SIGKILL')
    await end
  }
}
