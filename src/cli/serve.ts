/**
 * `kura serve`: the server, its model host and its ingestion worker, until SIGINT or SIGTERM. What is served, where, by which models and
 * why is printed once at start.
 */
import { checkBindAddress, resolveSettings } from '../config/settings.ts'
import { isAbort } from '../core/errors.ts'
import { createApp } from '../http/create-app.ts'
import { startServer } from '../http/server.ts'
import { openKura } from '../kura.ts'
import type { ModelEngines } from '../models/model-engines.ts'
import { showPull } from './manage-models.ts'
import type { Output } from './output.ts'
import { announceServer } from './running-server.ts'

/** @throws setting_invalid, auth_required, port_in_use, data_not_writable, data_newer, data_damaged, model_unknown, model_invalid */
export const serve = async (output: Output): Promise<void> => {
  const settings = resolveSettings()
  checkBindAddress(settings)
  const stopping = new AbortController()
  const stop = new Promise<void>((resolve) =>
    stopping.signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
  await using kura = await openKura(settings, { embedding: true, generation: true, worker: true })
  kura.watches.start()
  await using server = await startServer(createApp(kura), { host: settings.host, port: settings.port })
  await using _announced = await announceServer(settings, server.url)
  output.message(`Kura serves ${server.url}  (data in ${settings.data})`)
  for (const notice of kura.engines.notices) output.message(`  ${notice}`)
  const { change } = await kura.listModels()
  if (change) output.message(`  ${change.model} is to take over as embedding model: ${change.detail}`)
  const loading = loadModels(kura.engines, output, stopping.signal)
  await stop
  output.message('Stopping…')
  kura.engines.stopPulling()
  await loading
}

/** Loads what is here, fetches what is missing; the server answers by quotes until then, and goes on so where it can not be had. */
const loadModels = async (engines: ModelEngines, output: Output, signal: AbortSignal): Promise<void> => {
  try {
    await engines.ready(signal)
    output.message('  Ready for questions.')
    const name = engines.chosen.generation.name
    if (await engines.pullMissing(showPull(output, name))) {
      await engines.ready(signal)
      output.message(`  ${name} is here and writes the answers from now on.`)
    }
  } catch (error) {
    if (!signal.aborted && !isAbort(error)) output.failure(error)
  }
}
