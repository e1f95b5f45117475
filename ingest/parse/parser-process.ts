/**
 * One run of the parsing child: started, watched, killed at its limits. In: a job and limits. Out: its replies as they come, then how it ended. Whatever the file does,
 * this process stays up, and no child outlives the call. Neighbours: `child.ts` (the other end), `parse-file.ts`, which starts it again where
 * a page ended it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { constants, setPriority } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { isErrorCode, KuraError } from '../../src/core/errors.ts'
import { type ParsedHead, type ParseJob, replySchema } from './parse-messages.ts'

export interface RunLimits {
  readonly timeoutMs: number
  /** Longest time without a sign of life while a page is worked on. */
  readonly pageTimeoutMs: number
  /** Resident memory that the child may have. */
  readonly memoryBytes: number
  readonly signal?: AbortSignal | undefined
}

export type StopCause = 'page-time' | 'memory' | 'crash' | 'other'

export type RunEnd =
  | { readonly kind: 'done'; readonly head: ParsedHead }
  | {
      readonly kind: 'stopped'
      readonly cause: StopCause
      readonly error: unknown
      /** Pages that were being worked on. */
      readonly inWork: readonly number[]
    }

type Reply = z.infer<typeof replySchema>
export type PageReply = Extract<Reply, { type: 'page' | 'attachment' }>

const mebibyte = 2 ** 20
const memoryCheckMs = 50
/** Linux counts resident memory in pages of this many bytes in `/proc/<pid>/statm` (on the machines that Node is built for by default). */
const memoryPageBytes = 4096
/** Part of the memory limit that the child's JavaScript heap may take; buffers and a second thread have the rest. */
const heapShare = 0.6
const newline = 0x0a

/** Loaded before the TypeScript loader, which would look at each of their files at every start. */
const preloads = ['zod']
const pdfPreload = new URL('./pdf-preload.mjs', import.meta.url).href

const startChild = (job: ParseJob, memoryBytes: number): ChildProcess => {
  const imports = [...preloads, 'tsx'].map((name) => import.meta.resolve(name))
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${Math.max(64, Math.floor((memoryBytes * heapShare) / mebibyte))}`,
      ...[...(job.format === 'pdf' ? [pdfPreload] : []), ...imports].flatMap((file) => ['--import', file]),
      fileURLToPath(new URL('./child.ts', import.meta.url)),
    ],
    { env: {}, stdio: ['pipe', 'ignore', 'pipe', 'pipe', 'pipe'] },
  )
  child.once('spawn', () => {
    // Questions go first: parsing takes what the model host leaves.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  })
  const input = child.stdio[4] as Writable
  // A child that ends before it has read its job says so by its end.
  input.on('error', () => undefined)
  input.end(JSON.stringify({ ...job, memoryBytes } satisfies ParseJob))
  return child
}

/** Splits a stream at line feeds only: a line separator inside a JSON string is no end of line. */
async function* readLines(stream: Readable): AsyncGenerator<string, undefined> {
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
  readonly #limits: RunLimits
  readonly #timers: NodeJS.Timeout[] = []
  #pageTimer: NodeJS.Timeout | undefined
  #reason: { readonly cause: StopCause; readonly error: unknown } | undefined

  constructor(child: ChildProcess, limits: RunLimits) {
    this.#child = child
    this.#limits = limits
    const { timeoutMs, memoryBytes, signal } = limits
    this.#timers.push(setTimeout(() => this.#kill('other', overTime(timeoutMs)), Math.max(0, timeoutMs)))
    this.#timers.push(setInterval(() => void this.#checkMemory(memoryBytes), memoryCheckMs))
    signal?.addEventListener('abort', this.#onAbort, { once: true })
    if (signal?.aborted) this.#onAbort()
  }

  /** Why the child was killed, or undefined where it was not. */
  get reason(): { readonly cause: StopCause; readonly error: unknown } | undefined {
    return this.#reason
  }

  /** Only the time that this process waits for the child counts, not the time that the child waits for this process. */
  async waitFor<Value>(next: Promise<Value>, isPage: boolean): Promise<Value> {
    const { pageTimeoutMs } = this.#limits
    if (isPage) this.#pageTimer = setTimeout(() => this.#kill('page-time', overTime(pageTimeoutMs)), pageTimeoutMs)
    try {
      return await next
    } finally {
      clearTimeout(this.#pageTimer)
    }
  }

  readonly #onAbort = (): void => this.#kill('other', this.#limits.signal?.reason)

  async #checkMemory(limit: number): Promise<void> {
    const { pid } = this.#child
    if (pid !== undefined && (await residentBytes(pid)) > limit) this.#kill('memory', overMemory(limit))
  }

  #kill(cause: StopCause, error: unknown): void {
    this.#reason ??= { cause, error }
    this.#child.kill('SIGKILL')
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#limits.signal?.removeEventListener('abort', this.#onAbort)
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

const stopOf = (
  child: ChildProcess,
  complaint: string,
  memoryBytes: number,
): { readonly cause: StopCause; readonly error: KuraError } => {
  if (/heap out of memory|Array buffer allocation failed|ERR_WORKER_OUT_OF_MEMORY/.test(complaint)) {
    return { cause: 'memory', error: overMemory(memoryBytes) }
  }
  // Nothing in the file ends a process so: somebody did, or the system, short of memory.
  if (child.signalCode === 'SIGKILL' || child.signalCode === 'SIGTERM') {
    const message = `The process that read the file was ended by ${child.signalCode}.`
    return { cause: 'other', error: new KuraError('parse_interrupted', message) }
  }
  const how = child.signalCode ? `was ended by ${child.signalCode}` : `ended with exit code ${child.exitCode}`
  return { cause: 'crash', error: new KuraError('parse_crashed', `The process that read the file ${how}.`) }
}

/**
 * @param take gets pages and attached files; the child waits until each is taken
 * @throws KuraError as the child said it, and what `take` throws
 */
export const runParser = async (
  job: ParseJob,
  limits: RunLimits,
  take: (reply: PageReply) => Promise<void>,
): Promise<RunEnd> => {
  const child = startChild(job, limits.memoryBytes)
  const end = exited(child)
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('latin1')).slice(-4000)
  })
  using guard = new Guard(child, limits)
  /** The page that each thread of the child works on. */
  const inWork = new Map<number, number>()
  const lines = readLines(child.stdio[3] as Readable)
  try {
    for (;;) {
      const { value: line } = await guard.waitFor(lines.next(), inWork.size > 0)
      if (line === undefined) break
      const reply = replySchema.parse(JSON.parse(line))
      if (reply.type === 'begin') inWork.set(reply.worker, reply.page)
      else if (reply.type === 'page' || reply.type === 'attachment') {
        for (const [worker, page] of inWork)
          if (reply.type === 'page' && page === reply.page.number) inWork.delete(worker)
        await take(reply)
      } else if (reply.type === 'done') {
        const { type: _, ...head } = reply
        return { kind: 'done', head }
      } else throw new KuraError(isErrorCode(reply.code) ? reply.code : 'parse_crashed', reply.message)
    }
    await end
    const stop = guard.reason ?? stopOf(child, complaint, limits.memoryBytes)
    return { kind: 'stopped', ...stop, inWork: [...inWork.values()] }
  } finally {
    child.kill('SIGKILL')
    await end
  }
}
