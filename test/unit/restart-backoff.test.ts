import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { RestartBackoff } from '../../src/models/restart-backoff.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('waits longer after each death, up to the last pause, and begins again after a long life', () => {
  const backoff = new RestartBackoff([200, 1_000, 5_000])
  const liveFor = (ms: number): number => {
    backoff.started()
    vi.advanceTimersByTime(ms)
    return backoff.died()
  }
  expect([liveFor(10), liveFor(10), liveFor(10), liveFor(10)]).toEqual([200, 1_000, 5_000, 5_000])
  expect([liveFor(10 * 60_000), liveFor(10)]).toEqual([200, 1_000])
})
