/**
 * Supervises the model host: starts the child process that alone loads node-llama-cpp, follows the state of its models, starts it
 * again with growing pauses when it dies, and ends it. In: descriptors of model files and a socket path; out: a socket that
 * `model-client.ts` speaks to. Invariant: at most one child lives, and none outlives this process.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Logger } from 'pino'
import { isErrorCode, KuraError } from '../core/errors.ts'
import { abortable } from './host/abortable.ts'
import { type FromHost, fromHostSchema, type HostedModel, type HostedRole, type ToHost } from './host/protocol.ts'
import { RestartBackoff } from './restart-backoff.ts'

export type { HostedModel, HostedRole } from './host/protocol.ts'

/** Pauses before the first, second, ... start after a death; the last one repeats. */
const restartPausesMs = [200, 1_000, 3_000, 10_000, 30_000]
/** Whoever waits for a host that died so often while loading is told; it is started again all the same. */
const maxDeathsWhileLoading = 3
/** How long a host may take to free its models before it is killed. */
const stopMs = 5_000
/** Of `sockaddr_un`, without the closing zero; Linux has 107, macOS 103. */
const maxSocketBytes = 103

export interface ModelHostOptions {
  readonly models: { readonly [Role in HostedRole]?: HostedModel }
  /** Path of the Unix socket, see `modelHostSocket`. */
  readonly socket: string
  /** Lets other processes go first on the processor, while it works on what nobody waits for. @default false */
  readonly background?: boolean
  readonly logger?: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'> | undefined
}

export interface ModelHostStatus {
  /** `ready`: the host answers and each model is loaded, or failed for good. */
  readonly state: 'starting' | 'ready' | 'restarting' | 'stopped'
  readonly pid?: number | undefined
  /** Since the start of this process. */
  readonly restarts: number
  readonly models: readonly {
    readonly role: HostedRole
    readonly name: string
    readonly ordinal: number
    readonly state: 'loading' | 'ready' | 'failed'
    readonly error?: KuraError | undefined
  }[]
}

/**
 * A socket path in the folder, or, where that would be too long for a socket, in the system's folder for temporary files.
 * @param ordinal tells the hosts of one process apart: a client of an earlier one must never be answered by another model
 */
export const modelHostSocket = (folder: string, ordinal = 0): string => {
  const name = `model-host-${process.pid}${ordinal === 0 ? '' : `-${ordinal}`}.sock`
  const wanted = path.join(folder, name)
  if (Buffer.byteLength(wanted) <= maxSocketBytes) return wanted
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 12)
  return path.join(os.tmpdir(), `kura-${os.userInfo().uid}-${hash}`, name)
}

interface Hosted {
  readonly model: HostedModel
  state: 'loading' | 'ready' | 'failed'
  error?: KuraError
  /** Came by `load` and was not loaded yet: given up where it fails, so that it never harms the others. */
  isOnTrial: boolean
}

export class ModelHost implements AsyncDisposable {
  /** Settles when every model is loaded for the first time, or rejects with what made one fail; the host serves the others then. */
  readonly ready: Promise<void>
  readonly #options: ModelHostOptions
  /** Embedding first, then in the order in which they came. */
  readonly #hosted: Hosted[]
  readonly #changes = new Set<() => void>()
  #child: ChildProcess | undefined
  #state: ModelHostStatus['state'] = 'starting'
  #restarts = 0
  readonly #backoff = new RestartBackoff(restartPausesMs)
  /** Deaths in a row before all models were loaded. */
  #deathsWhileLoading = 0
  #restartTimer: NodeJS.Timeout | undefined
  #refusal: KuraError | undefined

  private constructor(options: ModelHostOptions) {
    this.#options = options
    const { embedding, reranking, generation } = options.models
    this.#hosted = [embedding, reranking, generation]
      .filter((model) => model !== undefined)
      .map((model) => ({ model, state: 'loading', isOnTrial: false }))
    this.#spawn()
    this.ready = this.untilReady()
    // Whoever does not wait for it finds the failure in `status`.
    this.ready.catch(() => undefined)
  }

  /**
   * Returns as soon as the child is spawned; loading goes on in it.
   * @throws setting_invalid for a socket path that is too long
   */
  static async start(options: ModelHostOptions): Promise<ModelHost> {
    if (Buffer.byteLength(options.socket) > maxSocketBytes) {
      throw new KuraError(
        'setting_invalid',
        `The socket path has more than ${maxSocketBytes} bytes; choose a shorter data folder.`,
      )
    }
    return new ModelHost(options)
  }

  get socket(): string {
    return this.#options.socket
  }

  /** For the client: `createEmbedder({ baseUrl: host.baseUrl })`. */
  get baseUrl(): string {
    return `unix:${this.#options.socket}`
  }

  status(): ModelHostStatus {
    return {
      state: this.#state,
      pid: this.#child?.pid,
      restarts: this.#restarts,
      models: this.#hosted.map(({ model: { role, name, ordinal = 0 }, state, error }) => ({
        role,
        name,
        ordinal,
        state,
        error,
      })),
    }
  }

  /**
   * Waits until the models of the roles (all, if none is named) are loaded, restarts included.
   * @throws model_invalid, model_missing, model_too_large, model_unavailable once the host is stopped
   */
  async untilReady(options: { roles?: readonly HostedRole[]; signal?: AbortSignal } = {}): Promise<void> {
    const { roles } = options
    for (;;) {
      options.signal?.throwIfAborted()
      const wanted = this.#hosted.filter(({ model, isOnTrial }) => !isOnTrial && (roles?.includes(model.role) ?? true))
      if (wanted.every(({ state }) => state !== 'loading')) {
        const failed = wanted.find(({ error }) => error !== undefined)
        if (failed?.error !== undefined) throw failed.error
        return
      }
      if (this.#state === 'stopped')
        throw this.#refusal ?? new KuraError('model_unavailable', 'The model host is stopped.')
      if (this.#deathsWhileLoading >= maxDeathsWhileLoading) {
        throw new KuraError(
          'model_failed',
          `The model host died ${this.#deathsWhileLoading} times while it loaded its models.`,
        )
      }
      await this.#nextChange(options.signal)
    }
  }

  /**
   * Loads another model beside those that are there, and waits until it is loaded. Where that fails, or the process dies of it, the others go
   * on as before.
   * @throws model_invalid, model_missing, model_failed; model_too_large where it does not fit beside another of its role
   */
  async load(model: HostedModel, signal?: AbortSignal): Promise<void> {
    const hosted: Hosted = { model, state: 'loading', isOnTrial: true }
    this.#hosted.push(hosted)
    if (this.#child) this.#send(this.#child, { type: 'load', model })
    try {
      while (hosted.state === 'loading') {
        if (this.#state === 'stopped') throw new KuraError('model_unavailable', 'The model host is stopped.')
        await this.#nextChange(signal)
      }
      if (hosted.error) throw hosted.error
      hosted.isOnTrial = false
    } catch (error) {
      this.unload(model)
      throw error
    }
  }

  /** Frees the model's memory; what runs on it fails. */
  unload({ role, ordinal = 0 }: Pick<HostedModel, 'role' | 'ordinal'>): void {
    const index = this.#hosted.findIndex(({ model }) => model.role === role && (model.ordinal ?? 0) === ordinal)
    if (index >= 0) this.#hosted.splice(index, 1)
    if (this.#child) this.#send(this.#child, { type: 'unload', role, ordinal })
    this.#changed()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = 'stopped'
    clearTimeout(this.#restartTimer)
    const child = this.#child
    this.#changed()
    if (child === undefined) return
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    this.#send(child, { type: 'stop' })
    // A load can not be broken off, may take minutes, and leaves nothing behind.
    const isLoading = this.#hosted.some(({ state }) => state === 'loading')
    const kill = setTimeout(() => child.kill('SIGKILL'), isLoading ? 0 : stopMs)
    await exited
    clearTimeout(kill)
    await rm(this.socket, { force: true })
  }

  #spawn(): void {
    this.#backoff.started()
    // Resolved here, so that any working directory will do.
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
    const main = fileURLToPath(new URL('./host/main.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', tsx, main], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    this.#child = child
    if (this.#options.background) giveWay(child)
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', (line) => this.#options.logger?.debug({ line }, 'model host'))
    }
    child.on('message', (raw) => this.#receive(raw))
    child.once('exit', (code, signal) => this.#onExit(child, code, signal))
    child.on('error', (error) => {
      this.#options.logger?.error({ err: error }, 'the model host could not be spawned')
      if (child.pid === undefined) this.#onExit(child, null, null)
    })
    this.#send(child, { type: 'start', socket: this.socket, models: this.#hosted.map(({ model }) => model) })
  }

  #send(child: ChildProcess, message: ToHost): void {
    if (child.connected) child.send(message, () => undefined)
  }

  #receive(raw: unknown): void {
    const message: FromHost = fromHostSchema.parse(raw)
    const { logger } = this.#options
    if (message.type === 'log') {
      logger?.[message.level]({ part: 'llama' }, message.message)
    } else if (message.type === 'refused') {
      this.#refusal = toError(message.error)
      logger?.error({ code: message.error.code }, message.error.message)
    } else if (message.type === 'model') {
      const error = message.error === undefined ? undefined : toError(message.error)
      const hosted = this.#hosted.find(
        ({ model }) => model.role === message.role && (model.ordinal ?? 0) === message.ordinal,
      )
      if (hosted) hosted.state = message.state
      if (hosted && error) hosted.error = error
      if (error === undefined) logger?.info({ role: message.role }, 'model loaded')
      else logger?.error({ role: message.role, code: error.code }, error.message)
      const done = this.#hosted.every(({ state, isOnTrial }) => isOnTrial || state !== 'loading')
      if (done) this.#deathsWhileLoading = 0
      if (done && this.#state !== 'stopped') this.#state = 'ready'
      this.#changed()
    }
  }

  #onExit(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#child === child) this.#child = undefined
    for (const hosted of this.#hosted.filter(({ isOnTrial }) => isOnTrial)) {
      hosted.state = 'failed'
      hosted.error = new KuraError('model_failed', `The model host died while it loaded ${hosted.model.name}.`)
    }
    const others = this.#hosted.filter(({ isOnTrial }) => !isOnTrial)
    this.#hosted.splice(0, this.#hosted.length, ...others)
    if (others.some(({ state }) => state === 'loading')) this.#deathsWhileLoading += 1
    for (const hosted of others) {
      hosted.state = 'loading'
      delete hosted.error
    }
    if (this.#state === 'stopped') return
    if (this.#refusal !== undefined) {
      this.#state = 'stopped'
      this.#changed()
      return
    }
    const pause = this.#backoff.died()
    this.#restarts += 1
    this.#state = 'restarting'
    this.#options.logger?.warn({ code, signal, pauseMs: pause }, 'the model host died and is started again')
    this.#restartTimer = setTimeout(() => this.#spawn(), pause)
    this.#changed()
  }

  #changed(): void {
    for (const wake of [...this.#changes]) wake()
  }

  async #nextChange(signal: AbortSignal | undefined): Promise<void> {
    let wake: () => void = () => undefined
    const change = new Promise<void>((resolve) => {
      wake = resolve
      this.#changes.add(resolve)
    })
    try {
      await (signal === undefined ? change : abortable(change, signal))
    } finally {
      this.#changes.delete(wake)
    }
  }
}

const giveWay = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) os.setPriority(pid, os.constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It has ended already, or the system does not allow it: it works all the same.
  }
}

const toError = (error: { code: string; message: string }): KuraError =>
  new KuraError(isErrorCode(error.code) ? error.code : 'model_failed', error.message)
