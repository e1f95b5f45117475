/** Opens Kura on a throw-away data folder with the models of the settings, for one corpus, and removes it afterwards. */
import path from 'node:path'
import type { Output } from '../cli/output.ts'
import { untilInterrupted, withTempFolder } from '../cli/temp-folder.ts'
import type { Settings } from '../config/settings.ts'
import { type Kura, openKura } from '../kura.ts'

export const withThrowAwayKura = <T>(
  settings: Settings,
  options: { readonly generation: boolean; readonly output: Output },
  run: (kura: Kura, signal: AbortSignal) => Promise<T>,
): Promise<T> =>
  withTempFolder('kura-eval-', async (data, signal) => {
    const folders = { data, ledgerFile: path.join(data, 'kura.db'), indexUri: path.join(data, 'index') }
    await using kura = await openKura(
      { ...settings, ...folders, logLevel: 'warn' },
      { embedding: true, generation: options.generation, worker: false },
    )
    for (const notice of kura.engines.notices) options.output.message(notice)
    await kura.engines.ready(signal)
    return await untilInterrupted(run(kura, signal), signal)
  })
