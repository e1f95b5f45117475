/**
 * A throw-away folder for one run, removed when the run ends, fails or is interrupted. In: what is to be done in it; it gets the folder and a signal
 * that Ctrl-C raises. Invariant: the folder goes after everything that works in it was closed. Neighbours: `npm run demo`, `kura eval`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { KuraError } from '../core/errors.ts'

const interruptions = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Gives the work a signal that Ctrl-C raises. @throws request_cancelled after an interruption */
export const withInterrupt = async <T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const interrupt = new AbortController()
  const stop = () => interrupt.abort(new KuraError('request_cancelled', 'Interrupted; nothing is left behind.'))
  for (const name of interruptions) process.on(name, stop)
  try {
    return await run(interrupt.signal)
  } finally {
    for (const name of interruptions) process.off(name, stop)
  }
}

/** @throws request_cancelled after an interruption */
export const withTempFolder = <T>(
  prefix: string,
  run: (folder: string, signal: AbortSignal) => Promise<T>,
): Promise<T> =>
  withInterrupt(async (signal) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), prefix))
    try {
      return await run(folder, signal)
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    }
  })

/** The work's result, or the signal's reason as soon as it is raised: what the work stands on is closed by the caller then. */
export const untilInterrupted = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  signal.throwIfAborted()
  let onAbort: () => void = () => undefined
  const interrupted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([work, interrupted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
