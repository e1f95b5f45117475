/**
 * Supervises the ingestion worker: one child process of `ingest/main.ts`, started again with growing pauses when it dies. In: what the
 * worker is told. Invariant: at most one child lives; it ends itself when this process is gone.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Logger } from 'pino'
import type { WorkerOptions } from '../ingest/worker-options.ts'

/** Pauses before the first, second, … start after a death; the last one repeats. */
const restartPausesMs = [200, 1_000, 5_000, 30_000]
/** A worker that lived so long starts again with the shortest pause. */
const stableMs = 60_000
/** How long a worker may take to put its jobs back before it is killed; nothing is lost either way. */
const stopMs = 10_000

export class WorkerProcess implements AsyncDisposable {
  readonly #options: WorkerOptions
  readonly #logger: Logger
  #child: ChildProcess | undefined
  #timer: NodeJS.Timeout | undefined
  #stopped = false
  #deaths = 0
  #startedAt = 0

  constructor(options: WorkerOptions, logger: Logger) {
    this.#options = options
    this.#logger = logger
    this.#spawn()
  }

  get running(): boolean {
    return this.#child !== undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    const child = this.#child
    if (!child) return
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const kill = setTimeout(() => child.kill('SIGKILL'), stopMs)
    await exited
    clearTimeout(kill)
  }

  #spawn(): void {
    this.#startedAt = Date.now()
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
    const main = fileURLToPath(new URL('../ingest/main.ts', import.meta.url))
    const child = fork(main, [JSON.stringify(this.#options)], {
      execArgv: ['--import', tsx],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#child = child
    child.on('error', (error) => {
      this.#logger.error({ err: error }, 'the ingestion worker could not be started')
      // A process that never was does not exit.
      if (child.pid === undefined) this.#onExit(null, null)
    })
    child.once('exit', (code, signal) => this.#onExit(code, signal))
  }

  #onExit(code: number | null, signal: NodeJS.Signals | null): void {
    this.#child = undefined
    if (this.#stopped) return
    this.#deaths = Date.now() - this.#startedAt > stableMs ? 0 : this.#deaths
    const pauseMs = restartPausesMs[Math.min(this.#deaths, restartPausesMs.length - 1)] ?? 0
    this.#deaths += 1
    this.#logger.warn({ code, signal, pauseMs }, 'the ingestion worker died and is started again')
    this.#timer = setTimeout(() => this.#spawn(), pauseMs)
  }
}
