/**
 * Gives a command its API: the server's with `--url`, that of a server which runs on the same data folder, else one inside this process that
 * works on the data folder directly and is closed when the command ends.
 */
import { resolveSettings, type Settings } from '../config/settings.ts'
import { createApp } from '../http/create-app.ts'
import { openKura } from '../kura.ts'
import { ApiClient, remoteFetch } from './api-client.ts'
import { findRunningServer } from './running-server.ts'
import { untilInterrupted } from './temp-folder.ts'

export interface ConnectOptions {
  /** Base URL of a running server; undefined works on the data folder. */
  readonly url: string | undefined
  readonly apiKey: string | undefined
  /** What a local command needs besides the stores; starting engines takes seconds. */
  readonly needs: { readonly embedding: boolean; readonly generation: boolean; readonly worker: boolean }
  readonly settings?: Settings
  /** Ends the command early; what it has opened is closed before. */
  readonly signal?: AbortSignal
}

export const withApi = async <T>(options: ConnectOptions, run: (api: ApiClient) => Promise<T>): Promise<T> => {
  if (options.url !== undefined) return run(new ApiClient(remoteFetch(options.url, options.apiKey)))
  const settings = options.settings ?? resolveSettings()
  const running = options.settings ? undefined : await findRunningServer(settings)
  if (running !== undefined) return run(new ApiClient(remoteFetch(running, options.apiKey)))
  await using kura = await openKura(
    // What fails is said by the command itself.
    { ...settings, logLevel: settings.logLevel === 'info' ? 'error' : settings.logLevel },
    options.needs,
  )
  await kura.engines.ready(options.signal)
  const app = createApp(kura)
  // The host name is one that the app accepts; nothing goes over a network.
  // Awaited here: the disposal above must not begin before the command has ended.
  const command = run(new ApiClient(async (path, init) => app.request(`http://127.0.0.1${path}`, init)))
  return await (options.signal ? untilInterrupted(command, options.signal) : command)
}
