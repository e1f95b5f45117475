/** Between two steps of a long computation: whatever else the process has to do comes first. */
import { setImmediate as nextTurn } from 'node:timers/promises'

/** @throws AbortError where the signal is aborted */
export const giveWay = async (signal: AbortSignal): Promise<void> => {
  await nextTurn()
  signal.throwIfAborted()
}
