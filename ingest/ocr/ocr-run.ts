/**
 * One run of the OCR child: starts it, gives it a job, takes its pages, kills it at its limits. In: a job. Out: how it ended and which pages it
 * had in work. Invariant: no child outlives the call. Neighbours: `child.ts` (the other end), `read-pages.ts` (what to do about the end).
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { constants, setPriority } from 'node:os'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { ParsedPage } from '../../src/core/document.ts'
import type { ErrorCode } from '../../src/core/errors.ts'
import { ChildHold } from './child-hold.ts'
import { type Habits, type OcrJob, ocrReplySchema } from './ocr-messages.ts'
import { PageLimits } from './page-limits.ts'

export interface RunOptions {
  /** Longer where the child hardly gets a processor. */
  readonly pageTimeoutMs: number
  readonly memoryBytes: number
  readonly signal: AbortSignal
  /** Whether a question is under way, to which the child gives way. */
  readonly isAsked: () => Promise<boolean>
  readonly onPage: (page: ParsedPage, ink: boolean, habits: Habits) => Promise<void>
}

export interface RunEnd {
  /** `done`, or the code that pages get which are to blame for the end. */
  readonly reason: 'done' | ErrorCode
  /** Pages that were begun and not finished. */
  readonly inWork: ReadonlySet<number>
  /** A page was finished in this run. */
  readonly progress: boolean
  /** Somebody else ended the child with this signal. */
  readonly interruptedBy?: NodeJS.Signals
}

const mebibyte = 2 ** 20
/** How often its memory is looked at, and whether it has to give way. */
const checkMs = 200
/** Linux counts resident memory in pages of this many bytes in `/proc/<pid>/statm` (on the machines that Node is built for by default). */
const memoryPageBytes = 4096
/** Part of the memory limit that the child's own JavaScript heap may take; pictures and readers lie outside. */
const heapShare = 0.4

/** Loaded before the TypeScript loader: it would look at each of their files at every start, two of them of 80,000 lines. */
const preloads = ['zod']
const pdfPreloads = ['pdfjs-dist/legacy/build/pdf.mjs', 'pdfjs-dist/legacy/build/pdf.worker.mjs', ...preloads]

const startChild = (job: OcrJob, memoryBytes: number): ChildProcess => {
  const first = job.format === 'pdf' ? pdfPreloads : preloads
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${Math.max(64, Math.floor((memoryBytes * heapShare) / mebibyte))}`,
      ...[...first, 'tsx'].flatMap((name) => ['--import', import.meta.resolve(name)]),
      fileURLToPath(new URL('./child.ts', import.meta.url)),
    ],
    { env: {}, stdio: ['pipe', 'ignore', 'ignore', 'pipe', 'pipe'] },
  )
  child.once('spawn', () => {
    // Questions go first, then what is embedded and parsed, below normal too: reading takes what these leave.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW)
  })
  const jobPipe = child.stdio[4] as Writable
  // A child that is killed before it has read its job says so by its end.
  jobPipe.on('error', () => undefined)
  child.stdin?.on('error', () => undefined)
  jobPipe.end(JSON.stringify(job))
  return child
}

const residentBytes = async (pid: number): Promise<number> => {
  const statm = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '')
  return Number(statm.split(' ')[1] ?? 0) * memoryPageBytes
}

/** Linux counts processor time in ticks of this length. */
const msPerTick = 10

/** Of all threads of a process, since its start; undefined where it is gone, or the system does not tell. Reading it takes some microseconds. */
const processorMsOf = ({ pid }: ChildProcess): number | undefined => {
  try {
    // The name of the program, in parentheses, may hold blanks.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) * msPerTick
  } catch {
    return undefined
  }
}

const exited = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })

/** What goes on in one child, and why it is to end. */
class Run implements Disposable {
  readonly #child: ChildProcess
  readonly #options: RunOptions
  readonly #timer: NodeJS.Timeout
  readonly #hold: ChildHold
  /** For each page that is drawn or read right now; 0 stands for the start, until the first page begins. */
  readonly #limits: PageLimits
  readonly #inWork = new Set<number>()
  #progress = false
  #done = false
  #isClosed = false
  #saving: Promise<void> = Promise.resolve()
  /** The child was killed from here. */
  #killed = false
  #reason: ErrorCode | undefined
  #error: unknown

  constructor(child: ChildProcess, options: RunOptions) {
    this.#child = child
    this.#options = options
    this.#hold = new ChildHold(child)
    this.#limits = new PageLimits({
      limitMs: options.pageTimeoutMs,
      processorMs: () => processorMsOf(child),
      onLimit: () => this.#limit('ocr_timeout'),
    })
    this.#timer = setInterval(() => void this.#check(), checkMs)
    this.#limits.begin(0)
    options.signal.addEventListener('abort', this.#onAbort, { once: true })
    if (options.signal.aborted) this.#onAbort()
  }

  /** Takes one line of the child. Pages are handed on one after the other, while later lines are read. */
  take(line: string): void {
    const reply = ocrReplySchema.parse(JSON.parse(line))
    if (reply.type === 'done') this.#done = true
    if (reply.type === 'error') this.#reason ??= 'page_unreadable'
    if (reply.type === 'stage') {
      this.#limits.end(0)
      this.#inWork.add(reply.number)
      if (reply.stage === 'wait') this.#limits.end(reply.number)
      else this.#limits.begin(reply.number)
    }
    if (reply.type === 'page') {
      this.#limits.end(reply.page.number)
      this.#inWork.delete(reply.page.number)
      this.#progress = true
      const { page, ink, habits } = reply
      this.#saving = this.#saving
        .then(() => (this.#error === undefined ? this.#options.onPage(page, ink, habits) : undefined))
        .catch((error: unknown) => this.stop(error))
    }
  }

  /** Kills the child; `error` is what the caller gets. */
  stop(error: unknown): void {
    this.#error ??= error
    this.#kill()
  }

  /** The child has said its last word. */
  get isOver(): boolean {
    return this.#done || this.#reason === 'page_unreadable'
  }

  /** To be called when the child has ended. @throws what a callback threw, the signal's reason */
  async end(): Promise<RunEnd> {
    await this.#saving
    if (this.#error !== undefined) throw this.#error
    const { signalCode } = this.#child
    const known = { inWork: this.#inWork, progress: this.#progress }
    if (this.#done) return { reason: 'done', ...known }
    const fromOutside = !this.#killed && !this.isOver && (signalCode === 'SIGKILL' || signalCode === 'SIGTERM')
    return { reason: this.#reason ?? 'ocr_failed', ...known, ...(fromOutside && { interruptedBy: signalCode }) }
  }

  readonly #onAbort = (): void => this.stop(this.#options.signal.reason)

  async #check(): Promise<void> {
    const { pid } = this.#child
    if (pid !== undefined && (await residentBytes(pid)) > this.#options.memoryBytes) this.#limit('ocr_memory')
    // A ledger that is busy for a moment is asked again.
    const isAsked = await this.#options.isAsked().catch(() => false)
    if (this.#isClosed) return
    const was = this.#hold.isHeld
    this.#hold.update(isAsked)
    if (was !== this.#hold.isHeld) this.#limits[was ? 'resume' : 'hold']()
  }

  #limit(reason: ErrorCode): void {
    this.#reason ??= reason
    this.#kill()
  }

  #kill(): void {
    this.#killed = true
    this.#child.kill('SIGKILL')
  }

  [Symbol.dispose](): void {
    this.#isClosed = true
    clearInterval(this.#timer)
    this.#limits[Symbol.dispose]()
    this.#hold[Symbol.dispose]()
    this.#options.signal.removeEventListener('abort', this.#onAbort)
  }
}

/** @throws what `onPage` throws; the signal's reason when it is aborted */
export const runChild = async (job: OcrJob, options: RunOptions): Promise<RunEnd> => {
  const child = startChild(job, options.memoryBytes)
  const end = exited(child)
  using run = new Run(child, options)
  try {
    for await (const line of createInterface({ input: child.stdio[3] as Readable, crlfDelay: 0 })) {
      run.take(line)
      if (run.isOver) break
    }
  } catch (error) {
    run.stop(error)
  } finally {
    // A child that was killed is waited for, so that how it ended is known.
    if (!run.isOver) await end
    child.kill('SIGKILL')
    await end
  }
  return run.end()
}
