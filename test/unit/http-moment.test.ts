/** Dates and times that callers give. */
import { describe, expect, it } from 'vitest'
import { startOfMoment } from '../../src/core/moment.ts'
import { endOfMoment, momentSchema } from '../../src/http/moment.ts'

const now = new Date(2026, 2, 15, 12, 30)

describe('the end of a moment', () => {
  it('is that of the day where only a date is given, here and not in Greenwich', () => {
    expect(endOfMoment('2026-03-14', now)).toEqual(new Date(2026, 2, 14, 23, 59, 59, 999))
    expect(endOfMoment('2026-03-16', now)).toEqual(new Date(2026, 2, 16, 23, 59, 59, 999))
    expect(endOfMoment('2025-12-31', now)).toEqual(new Date(2025, 11, 31, 23, 59, 59, 999))
  })

  it('is now where the date is today', () => {
    expect(endOfMoment('2026-03-15', now)).toEqual(now)
  })

  it('is the time where one is given, with its zone or that of this machine', () => {
    expect(endOfMoment('2026-03-15T23:00:00Z', now)).toEqual(new Date('2026-03-15T23:00:00Z'))
    expect(endOfMoment('2026-03-15T08:00:00+09:00', now)).toEqual(new Date('2026-03-14T23:00:00Z'))
    expect(endOfMoment('2026-03-15T08:00', now)).toEqual(new Date(2026, 2, 15, 8))
  })
})

it('begins at midnight where only a date is given', () => {
  expect(startOfMoment('2026-03-14')).toEqual(new Date(2026, 2, 14))
})

it('never becomes a text that sorts before others, however late it is', () => {
  for (const late of ['9999-12-31', '9999-12-31T23:59:59-12:00']) {
    expect(startOfMoment(late).toISOString()).toMatch(/^9999-/)
    expect(endOfMoment(late).toISOString()).toMatch(/^9999-/)
  }
})

it.each(['', 'today', '2026', '2026-13-01', '2026-02-30', '15.03.2026', '2026-03-15T25:00:00Z'])(
  'is not %j',
  (text) => {
    expect(momentSchema.safeParse(text).success).toBe(false)
  },
)
