/** Limits of pages: time in which their work was held does not count. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { PageLimits } from '../../ingest/ocr/page-limits.ts'

let ended = 0
let limits: PageLimits
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  ended = 0
  limits = new PageLimits(1000, () => {
    ended += 1
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
