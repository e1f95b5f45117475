/**
 * A child process that reads one file after the other, and may be killed at any moment: files can make their readers loop, crash or eat memory. In: how it is started, and jobs. Out: its
 * lines. Invariant: a run that does not end well ends the child, so no file follows one that failed. Neighbours: `serve-jobs.ts` is the other end; `parse/parser-process.ts`
 * and `ocr/ocr-process.ts` say what runs mean; `reusable-children.ts` keeps those that may go on.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setPriority } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { readLines } from './read-lines.ts'

export interface ChildStart {
  readonly script: URL
  readonly args: readonly string[]
  /** Modules that are loaded before the TypeScript loader, which would look at each of their files at every start. */
  readonly preloads: readonly string[]
  readonly nodeOptions?: readonly string[]
  /** Resident memory that it may have. */
  readonly memoryBytes: number
  /** Part of it that the child's JavaScript heap may take; buffers and other threads have the rest. */
  readonly heapShare: number
  /** As `os.constants.priority`. */
  readonly priority: number
}

const mebibyte = 2 ** 20
const leastHeapMebibytes = 64
/** Linux counts resident memory in pages of this many bytes in `/proc/<pid>/statm` (on the machines that Node is built for by default). */
const memoryPageBytes = 4096

/** Resident memory of a process; 0 where it is gone, or the system does not tell. */
export const residentBytes = async ({ pid }: ChildProcess): Promise<number> => {
  const statm = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '')
  return Number(statm.split(' ')[1] ?? 0) * memoryPageBytes
}

/** Its streams: standard input tells it that the parent lives, 2 is its complaints, 3 its lines, 4 its jobs. */
const start = ({ script, args, preloads, nodeOptions = [], memoryBytes, heapShare, priority }: ChildStart) => {
  const heapMebibytes = Math.max(leastHeapMebibytes, Math.floor((memoryBytes * heapShare) / mebibyte))
  const imports = [...preloads, 'tsx'].flatMap((name) => ['--import', import.meta.resolve(name)])
  const options = [...nodeOptions, `--max-old-space-size=${heapMebibytes}`, ...imports]
  const child = spawn(process.execPath, [...options, fileURLToPath(script), ...args], {
    env: {},
    stdio: ['pipe', 'ignore', 'pipe', 'pipe', 'pipe'],
  })
  child.once('spawn', () => {
    if (child.pid !== undefined) setPriority(child.pid, priority)
  })
  // A child that ends before it has read its job says so by its end.
  child.stdio[4]?.on('error', () => undefined)
  return child
}

const complaintCharacters = 4000

export abstract class FileChild implements AsyncDisposable {
  protected readonly child: ChildProcess
  /** What it says, one JSON document a line, from one file to the next. */
  protected readonly lines: AsyncGenerator<string, undefined>
  /** The end of what it wrote to standard error. */
  protected complaint = ''
  #files = 0
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>

  constructor(options: ChildStart) {
    this.child = start(options)
    this.lines = readLines(this.child.stdio[3] as Readable)
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.complaint = (this.complaint + chunk.toString('latin1')).slice(-complaintCharacters)
    })
    this.ended = new Promise((resolve) => {
      this.child.once('close', () => resolve())
      this.child.once('error', () => resolve())
    })
  }

  /** Files that it has been given. */
  get files(): number {
    return this.#files
  }

  residentBytes(): Promise<number> {
    return residentBytes(this.child)
  }

  /**
   * Gives it a file and follows what it says; not to be called while it reads another, nor after a run that was not clean.
   * @param job of the number of its file
   * @throws what `follow` throws
   */
  protected async runJob<End>(
    job: (file: number) => object,
    follow: (file: number) => Promise<End>,
    isClean: (end: End) => boolean,
  ): Promise<End> {
    this.#files += 1
    const file = this.#files
    const input = this.child.stdio[4] as Writable
    input.write(`${JSON.stringify(job(file))}\n`)
    let mayGoOn = false
    try {
      const end = await follow(file)
      mayGoOn = isClean(end)
      return end
    } finally {
      if (!mayGoOn) await this[Symbol.asyncDispose]()
    }
  }

  /** Resolves when the process is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL')
    // What nobody reads any more would keep its pipe open, and the child from having ended.
    await this.lines.return(undefined)
    await this.ended
  }
}
