/**
 * A reading child: given the pages of one file after the other, watched, killed at its limits. In: jobs. Out: its pages as they come, then how each run ended and
 * which pages it had in work. Invariant: a run that does not end in `done` ends the child.
 * Neighbours: `child.ts` (the other end), `ocr-pool.ts` (keeps those that may go on), `read-pages.ts` (what to do about the end).
 */
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import type { ParsedPage } from '../../src/core/document.ts'
import type { ErrorCode } from '../../src/core/errors.ts'
import { FileChild, residentBytes } from '../children/file-child.ts'
import { ChildHold } from './child-hold.ts'
import { type CheckedReply, type Habits, type OcrJob, type OcrSettings, ocrReplySchema } from './ocr-messages.ts'
import { PageLimits } from './page-limits.ts'

/** What a child has to be started with. */
export interface OcrKind extends OcrSettings {
  /** Resident memory that it may have. */
  readonly memoryBytes: number
}

export interface RunOptions {
  /** Longer where the child hardly gets a processor. */
  readonly pageTimeoutMs: number
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

/** How often its memory is looked at, and whether it has to give way. */
const checkMs = 200
/** Part of the memory limit that the child's own JavaScript heap may take; pictures and readers lie outside. */
const heapShare = 0.4

const preloads = ['pdfjs-dist/legacy/build/pdf.mjs', 'pdfjs-dist/legacy/build/pdf.worker.mjs', 'zod']

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

/** What goes on in a child while it reads one file, and why it is to end. */
class Run implements Disposable {
  readonly #child: ChildProcess
  readonly #memoryBytes: number
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

  constructor(child: ChildProcess, { memoryBytes }: OcrKind, options: RunOptions) {
    this.#child = child
    this.#memoryBytes = memoryBytes
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
    if (this.#error !== undefined) return
    try {
      this.#follow(ocrReplySchema.parse(JSON.parse(line)))
    } catch (error) {
      this.stop(error)
    }
  }

  #follow(reply: CheckedReply): void {
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

  /** To be called when the run is over or the child has ended. @throws what a callback threw, the signal's reason */
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
    if ((await residentBytes(this.#child)) > this.#memoryBytes) this.#limit('ocr_memory')
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

export class OcrProcess extends FileChild {
  readonly kind: OcrKind

  constructor(kind: OcrKind) {
    const { memoryBytes, ...settings } = kind
    super({
      script: new URL('./child.ts', import.meta.url),
      args: [JSON.stringify(settings satisfies OcrSettings)],
      preloads,
      memoryBytes,
      heapShare,
      // Questions go first, then what is embedded and parsed, below normal too: reading takes what these leave.
      priority: constants.priority.PRIORITY_LOW,
    })
    this.kind = kind
  }

  /**
   * Reads pages of one file; not to be called while it reads others, nor after a run that did not end in `done`.
   * @throws what `onPage` throws; the signal's reason when it is aborted
   */
  run(job: OcrJob, options: RunOptions): Promise<RunEnd> {
    return this.runJob(
      () => job,
      async () => {
        using run = new Run(this.child, this.kind, options)
        await this.#follow(run)
        return await run.end()
      },
      ({ reason }) => reason === 'done',
    )
  }

  /** Until the child has said its last word of this file, or has ended, so that how is known. */
  async #follow(run: Run): Promise<void> {
    while (!run.isOver) {
      const { value: line } = await this.lines.next()
      if (line === undefined) return this.ended
      run.take(line)
    }
  }
}
