/** Limits of pages: time in which their work was held, or got no processor, does not count. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { PageLimits } from '../../ingest/ocr/page-limits.ts'

let ended = 0
/** Share of a processor that the work gets. */
let share = 1
let limits: PageLimits
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  ended = 0
  share = 1
  limits = new PageLimits({
    limitMs: 1000,
    processorMs: () => performance.now() * share,
    onLimit: () => {
      ended += 1
    },
  })
})
afterEach(() => {
  limits[Symbol.dispose]()
  vi.useRealTimers()
})

it('end work that takes too long, and only that', () => {
  limits.begin(1)
  limits.begin(2)
  vi.advanceTimersByTime(999)
  limits.end(2)
  expect(ended).toBe(0)
  vi.advanceTimersByTime(1)
  expect(ended).toBe(1)
})

it('do not run while work is held, and go on with what was left of them', () => {
  limits.begin(1)
  vi.advanceTimersByTime(600)
  limits.hold()
  limits.begin(2)
  vi.advanceTimersByTime(60_000)
  expect(ended).toBe(0)
  limits.resume()
  vi.advanceTimersByTime(399)
  expect(ended).toBe(0)
  vi.advanceTimersByTime(1)
  expect(ended).toBe(1)
  vi.advanceTimersByTime(600)
  expect(ended).toBe(2)
})

it('give more time where others have the processor, but not for ever', () => {
  share = 0.2
  limits.begin(1)
  vi.advanceTimersByTime(8_999)
  expect(ended).toBe(0)
  vi.advanceTimersByTime(1)
  expect(ended).toBe(1)
})

it('hold as they are where the system does not tell who has the processor', () => {
  const onLimit = vi.fn()
  using strict = new PageLimits({ limitMs: 1000, processorMs: () => undefined, onLimit })
  strict.begin(1)
  vi.advanceTimersByTime(1000)
  expect(onLimit).toHaveBeenCalledOnce()
})
