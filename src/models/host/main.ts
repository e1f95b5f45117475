/**
 * The model host: the child process that alone loads node-llama-cpp. In: one `start` message from the supervisor over IPC;
 * out: HTTP on a Unix socket and state messages. Invariant: it never outlives its parent, so that no orphan keeps gigabytes
 * of weights; it has nothing to save and may be killed at any moment.
 */
import { chmod, mkdir, readdir, rm } from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { KuraError } from '../../core/errors.ts'
import { Engines } from './engines.ts'
import { type FromHost, type ToHost, toHostSchema } from './protocol.ts'
import { createRoutes } from './routes.ts'

type StartMessage = Extract<ToHost, { type: 'start' }>

interface Started {
  readonly engines: Engines
  readonly stop: () => Promise<void>
}

const tell = (message: FromHost): void => {
  if (process.connected) process.send?.(message)
}

const isAnswered = (socket: string): Promise<boolean> =>
  new Promise((resolve) => {
    const connection = net.connect(socket)
    connection.once('connect', () => {
      connection.destroy()
      resolve(true)
    })
    connection.once('error', () => resolve(false))
  })

const isProcessAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The sockets in the folder are named after the process that they serve (`modelHostSocket`); one that was killed left its own behind. */
const removeDeadSockets = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) {
    const pid = /^model-host-(\d+)(?:-\d+)?\.sock$/.exec(name)?.[1]
    if (pid !== undefined && !isProcessAlive(Number(pid))) await rm(path.join(folder, name), { force: true })
  }
}

/** Sockets that killed hosts left behind are removed. @throws model_unavailable */
const prepareSocket = async (socket: string): Promise<void> => {
  await mkdir(path.dirname(socket), { recursive: true, mode: 0o700 })
  await removeDeadSockets(path.dirname(socket))
  if (await isAnswered(socket)) {
    throw new KuraError('model_unavailable', 'Another model host of this data folder is running.')
  }
  await rm(socket, { force: true })
}

const start = async (message: StartMessage): Promise<Started> => {
  const engines = await Engines.open(
    (level, text) => tell({ type: 'log', level, message: text }),
    ({ role, ordinal = 0 }, state, error) =>
      tell({
        type: 'model',
        role,
        ordinal,
        state,
        ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
      }),
  )
  await prepareSocket(message.socket)
  const server = createAdaptorServer({ fetch: createRoutes(engines).fetch, overrideGlobalObjects: false })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(message.socket, resolve)
  })
  // Whoever can connect can ask: this user only.
  await chmod(message.socket, 0o600)
  tell({ type: 'listening' })
  engines.load(message.models)
  const stop = async () => {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
    await engines[Symbol.asyncDispose]()
  }
  return { engines, stop }
}

const refuse = (error: unknown): void => {
  const failure =
    error instanceof KuraError
      ? error
      : new KuraError('model_failed', 'The model host could not start.', { cause: error })
  tell({ type: 'refused', error: { code: failure.code, message: failure.message } })
  process.disconnect()
}

const main = (): void => {
  let started: Promise<Started | undefined> = Promise.resolve(undefined)
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  // The terminal sends these to the whole group; the supervisor decides when this process ends.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => undefined)
  process.on('message', (raw) => {
    const message = toHostSchema.parse(raw)
    if (message.type === 'start') {
      started = start(message).catch((error: unknown) => {
        refuse(error)
        return undefined
      })
    } else if (message.type === 'stop') {
      void started.then((host) => host?.stop()).finally(() => process.exit(0))
    } else {
      void started.then((host) =>
        message.type === 'load' ? host?.engines.load([message.model]) : host?.engines.unload(message),
      )
    }
  })
}

main()
