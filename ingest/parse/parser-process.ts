/**
 * A parsing child: started, given one file after the other, watched, killed at its limits. In: jobs and limits. Out: its replies as they come, then how each run ended.
 * Invariants: whatever a file does, this process stays up; a run that does not end in `done` ends the child, so no file follows one that failed.
 * Neighbours: `child.ts` (the other end), `parser-guard.ts`; `parser-pool.ts` keeps those that may go on.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { isErrorCode, KuraError } from '../../src/core/errors.ts'
import { type ParsedHead, type ParseJob, replySchema } from './parse-messages.ts'
import { ParserGuard, type RunLimits, residentBytes, type Stop, stopOf } from './parser-guard.ts'
import { readLines } from './read-lines.ts'

export type RunEnd =
  | { readonly kind: 'done'; readonly head: ParsedHead }
  | (Stop & {
      readonly kind: 'stopped'
      /** Pages that were being worked on. */
      readonly inWork: readonly number[]
    })

type Reply = z.infer<typeof replySchema>
export type PageReply = Extract<Reply, { type: 'page' | 'attachment' }>

/** What a child has to be started with: pdf.js is loaded before the TypeScript loader, or not at all. */
export interface ParserKind {
  readonly pdf: boolean
  /** Resident memory that it may have. */
  readonly memoryBytes: number
}

const mebibyte = 2 ** 20
/** Part of the memory limit that the child's JavaScript heap may take; buffers and a second thread have the rest. */
const heapShare = 0.6

/** Twice the usual, in MiB: what a page needs is mostly let go before it is ever looked through, which is a tenth of the time. */
const youngHeap = '--max-semi-space-size=32'

/** Loaded before the TypeScript loader, which would look at each of their files at every start. */
const preloads = ['zod']
const pdfPreload = new URL('./pdf-preload.mjs', import.meta.url).href

const startChild = ({ pdf, memoryBytes }: ParserKind, isSpare: boolean): ChildProcess => {
  const imports = [...preloads, 'tsx'].map((name) => import.meta.resolve(name))
  const child = spawn(
    process.execPath,
    [
      youngHeap,
      `--max-old-space-size=${Math.max(64, Math.floor((memoryBytes * heapShare) / mebibyte))}`,
      ...[...(pdf ? [pdfPreload] : []), ...imports].flatMap((file) => ['--import', file]),
      fileURLToPath(new URL('./child.ts', import.meta.url)),
      ...(pdf ? ['pdf'] : []),
      ...(isSpare ? ['spare'] : []),
    ],
    { env: {}, stdio: ['pipe', 'ignore', 'pipe', 'pipe', 'pipe'] },
  )
  child.once('spawn', () => {
    // Questions go first: parsing takes what the model host leaves.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  })
  // A child that ends before it has read its job says so by its end.
  child.stdio[4]?.on('error', () => undefined)
  return child
}

export class ParserProcess implements AsyncDisposable {
  readonly kind: ParserKind
  readonly #child: ChildProcess
  readonly #lines: AsyncGenerator<string, undefined>
  #complaint = ''
  #files = 0
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>

  /** @param isSpare it waits for its first file: it may warm up for it */
  constructor(kind: ParserKind, isSpare = false) {
    this.kind = kind
    this.#child = startChild(kind, isSpare)
    this.#lines = readLines(this.#child.stdio[3] as Readable)
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#complaint = (this.#complaint + chunk.toString('latin1')).slice(-4000)
    })
    this.ended = new Promise((resolve) => {
      this.#child.once('close', () => resolve())
      this.#child.once('error', () => resolve())
    })
  }

  /** Files that it has been given. */
  get files(): number {
    return this.#files
  }

  residentBytes(): Promise<number> {
    return residentBytes(this.#child)
  }

  /**
   * Reads one file; not to be called while it reads another, nor after a run that did not end in `done`.
   * @param take gets pages and attached files; the child waits until each is taken
   * @throws what `take` throws, and what a reply that is none makes zod throw
   */
  async run(
    job: Omit<ParseJob, 'id' | 'memoryBytes'>,
    limits: RunLimits,
    take: (reply: PageReply) => Promise<void>,
  ): Promise<RunEnd> {
    this.#files += 1
    const id = this.#files
    const { memoryBytes } = this.kind
    const input = this.#child.stdio[4] as Writable
    input.write(`${JSON.stringify({ ...job, id, memoryBytes } satisfies ParseJob)}\n`)
    let isClean = false
    try {
      using guard = new ParserGuard(this.#child, limits)
      const end = await this.#follow(id, guard, take)
      isClean = end.kind === 'done'
      return end
    } finally {
      if (!isClean) await this[Symbol.asyncDispose]()
    }
  }

  async #follow(id: number, guard: ParserGuard, take: (reply: PageReply) => Promise<void>): Promise<RunEnd> {
    /** The page that each thread of the child works on. */
    const inWork = new Map<number, number>()
    const stopped = (stop: Stop): RunEnd => ({ kind: 'stopped', ...stop, inWork: [...inWork.values()] })
    for (;;) {
      const { value: line } = await guard.waitFor(this.#lines.next(), inWork.size > 0)
      if (line === undefined) break
      const reply = replySchema.parse(JSON.parse(line))
      if (reply.job !== id) {
        return stopped({ cause: 'crash', error: new KuraError('parse_crashed', 'The parser spoke of another file.') })
      }
      if (reply.type === 'begin') inWork.set(reply.worker, reply.page)
      else if (reply.type === 'page' || reply.type === 'attachment') {
        for (const [worker, page] of inWork)
          if (reply.type === 'page' && page === reply.page.number) inWork.delete(worker)
        await take(reply)
      } else if (reply.type === 'done') {
        const { type: _, job: __, ...head } = reply
        return { kind: 'done', head }
      } else {
        const code = isErrorCode(reply.code) ? reply.code : 'parse_crashed'
        return stopped({ cause: 'refused', error: new KuraError(code, reply.message) })
      }
    }
    await this.ended
    return stopped(guard.reason ?? stopOf(this.#child, this.#complaint, this.kind.memoryBytes))
  }

  /** Resolves when the process is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.ended
  }
}
