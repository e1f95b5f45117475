/**
 * The second thread that reads pages of a long PDF. In: a path, then the pages that are left and the type scale. Out: pages, sent to the parent of the
 * process by the thread itself. The two threads take page after page from one queue, so that neither waits for the other.
 * This file is both ends: the class runs in the main thread, `pdf-helper-thread.ts` in the other.
 */
import { Worker } from 'node:worker_threads'
import type { TypeScale } from './pdf-style.ts'

/** Part of the memory limit that the thread's JavaScript heap may take. */
const heapShare = 0.3
const mebibyte = 2 ** 20

/** What the thread is started with. */
export interface HelperData {
  readonly path: string
  readonly password: string | undefined
  readonly memoryBytes: number | undefined
  readonly job: number
  readonly lock: Int32Array<SharedArrayBuffer>
  readonly total: number
}

/** What it is told when the scale is known. */
export interface HelperTask {
  readonly numbers: readonly number[]
  readonly next: Int32Array<SharedArrayBuffer>
  readonly scale: TypeScale
}

/** Page numbers that several threads take from: each goes to one of them. */
export class PageQueue {
  readonly numbers: readonly number[]
  readonly next: Int32Array<SharedArrayBuffer>

  constructor(numbers: readonly number[], next = new Int32Array(new SharedArrayBuffer(4))) {
    this.numbers = numbers
    this.next = next
  }

  take(): number | undefined {
    return this.numbers[Atomics.add(this.next, 0, 1)]
  }
}

/** Threads do not inherit the TypeScript loader: pdf.js first, then the loader, then the thread's own file. */
const startScript = `
  const { workerData } = require('node:worker_threads')
  const start = async ([preload, loader, file]) => {
    await import(preload)
    ;(await import(loader)).register()
    await import(file)
  }
  start(workerData.imports)`

const imports = [
  new URL('./pdf-preload.mjs', import.meta.url).href,
  import.meta.resolve('tsx/esm/api'),
  new URL('./pdf-helper-thread.ts', import.meta.url).href,
]

/** What the thread says before its first page: from then on pages are lost with it. */
export const begun = 'begun'
/** What it says at its end where files are pinned to its pages. */
export const sawPinnedFiles = 'saw pinned files'

export class PdfHelper implements AsyncDisposable {
  readonly #thread: Worker
  #hasBegun = false
  #hasPinnedFiles = false
  /** Resolves when its last page is sent, or when it ended before its first. */
  readonly end: Promise<void>

  constructor(data: HelperData) {
    const limit = data.memoryBytes && { maxOldGenerationSizeMb: Math.floor((data.memoryBytes * heapShare) / mebibyte) }
    this.#thread = new Worker(startScript, {
      eval: true,
      execArgv: [],
      workerData: { ...data, imports },
      ...(limit && { resourceLimits: limit }),
    })
    this.end = new Promise((resolve) => {
      this.#thread.once('exit', () => resolve())
    })
    this.#thread.on('message', (said: unknown) => {
      this.#hasBegun = true
      this.#hasPinnedFiles ||= said === sawPinnedFiles
    })
    this.#thread.once('error', (error: Error) => {
      if (!this.#hasBegun) return
      // The process ends, and the parent sees to the pages.
      process.stderr.write(`${'code' in error ? String(error.code) : error.name}\n`)
      process.abort()
    })
  }

  /** Files are pinned to pages that it read; known at its end. */
  get hasPinnedFiles(): boolean {
    return this.#hasPinnedFiles
  }

  begin({ numbers, next }: PageQueue, scale: TypeScale): void {
    this.#thread.postMessage({ numbers, next, scale } satisfies HelperTask)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread.terminate()
  }
}
