/**
 * Supervises the ingestion worker: one child process of `ingest/main.ts`, started again with growing pauses when it dies, and with other
 * options when the embedding model changes. In: what the worker is told. Invariant: at most one child lives; it ends itself when this
 * process is gone.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Logger } from 'pino'
import type { WorkerOptions } from '../ingest/worker-options.ts'
import type { EmbeddingSlot } from './models/embedding-slot.ts'
import { RestartBackoff } from './models/restart-backoff.ts'

/** Pauses before the first, second, … start after a death; the last one repeats. */
const restartPausesMs = [200, 1_000, 5_000, 30_000]
/** How long a worker may take to put its jobs back before it is killed; nothing is lost either way. */
const stopMs = 10_000

/** What does not change while the worker runs. */
export type FixedWorkerOptions = Omit<WorkerOptions, 'answering' | 'upcoming'>

/** The engines that it is to use; a model that can not be had is left out. */
export interface WorkerEngines {
  readonly answering: EmbeddingSlot
  readonly upcoming: EmbeddingSlot | undefined
}

const engineOptions = (slot: EmbeddingSlot | undefined) => slot?.options && { name: slot.name, ...slot.options }

const withEngines = (fixed: FixedWorkerOptions, engines: WorkerEngines): WorkerOptions => {
  const answering = engineOptions(engines.answering)
  const upcoming = engineOptions(engines.upcoming)
  return { ...fixed, ...(answering && { answering }), ...(upcoming && { upcoming }) }
}

export class WorkerProcess implements AsyncDisposable {
  readonly #logger: Logger
  readonly #backoff = new RestartBackoff(restartPausesMs)
  readonly #fixed: FixedWorkerOptions
  #options: WorkerOptions
  #child: ChildProcess | undefined
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(fixed: FixedWorkerOptions, engines: WorkerEngines, logger: Logger) {
    this.#fixed = fixed
    this.#options = withEngines(fixed, engines)
    this.#logger = logger
    this.#spawn()
  }

  get running(): boolean {
    return this.#child !== undefined
  }

  /** Ends the worker, which puts its jobs back, and starts it with these engines. Resolves when the former one has ended. */
  async restart(engines: WorkerEngines): Promise<void> {
    if (this.#stopped) return
    this.#options = withEngines(this.#fixed, engines)
    await this.#end()
    if (!this.#stopped) this.#spawn()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    await this.#end()
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer)
    const child = this.#child
    if (!child) return
    this.#child = undefined
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const kill = setTimeout(() => child.kill('SIGKILL'), stopMs)
    await exited
    clearTimeout(kill)
  }

  #spawn(): void {
    this.#backoff.started()
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
      if (child.pid === undefined) this.#onExit(child, null, null)
    })
    child.once('exit', (code, signal) => this.#onExit(child, code, signal))
  }

  #onExit(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    // One that was asked to end is no concern any more.
    if (this.#child !== child) return
    this.#child = undefined
    const pauseMs = this.#backoff.died()
    this.#logger.warn({ code, signal, pauseMs }, 'the ingestion worker died and is started again')
    this.#timer = setTimeout(() => this.#spawn(), pauseMs)
  }
}
