/**
 * Calls of the model engine that wait while it is down: a restart of the engine must not cost a document one of its tries.
 * Neighbours: ingest-document makes the calls, the worker decides what becomes of the job when waiting did not help.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { KuraError } from '../src/core/errors.ts'
import type { ModelCall } from './chunk/embed-chunks.ts'

/** Waits between the tries of one call: about a minute in all. */
export const defaultModelWaitsMs: readonly number[] = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]

/**
 * @returns a runner that repeats a call after transient failures (`model_unavailable`, `model_busy`, `model_failed`), then throws
 *   the last one; other errors and aborts pass at once
 */
export const createPatientCall =
  (signal: AbortSignal, waitsMs: readonly number[] = defaultModelWaitsMs): ModelCall =>
  async (call) => {
    for (const wait of waitsMs) {
      signal.throwIfAborted()
      try {
        return await call(signal)
      } catch (error) {
        if (signal.aborted || !(error instanceof KuraError) || !error.retryable) throw error
        await sleep(wait, undefined, { signal })
      }
    }
    return call(signal)
  }
