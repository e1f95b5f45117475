/** What a revision is at a time, from the entries that say what is in force from when on. */
import { describe, expect, it } from 'vitest'
import type { RevisionId } from '../../src/core/ids.ts'
import { type EffectivityEntry, validityOf } from '../../src/store/effectivity.ts'

const day = (number: number): string => `2026-01-${String(number).padStart(2, '0')}T00:00:00.000Z`
const id = (name: string): RevisionId => name as RevisionId
const entry = (name: string | null, from: number): EffectivityEntry => ({
  revisionId: name === null ? null : id(name),
  effectiveFrom: day(from),
})
const all = new Set(['a', 'b', 'c'].map(id))

/** Validity of `a`, `b` and `c`, by their first letters: draft, Scheduled, effective, superseded, withdrawn. */
const letters = { draft: 'd', scheduled: 'S', effective: 'e', superseded: 's', withdrawn: 'w' }
const told = (entries: readonly EffectivityEntry[], at: number, published: ReadonlySet<RevisionId> = all): string =>
  ['a', 'b', 'c'].map((name) => letters[validityOf(id(name), entries, published, day(at)).validity]).join('')

describe('validityOf', () => {
  it('follows the entries from day to day', () => {
    const entries = [entry('a', 5), entry('b', 10), entry('c', 15)]
    expect([1, 5, 9, 10, 14, 15, 20].map((at) => told(entries, at))).toEqual([
      'SSS',
      'eSS',
      'eSS',
      'seS',
      'seS',
      'sse',
      'sse',
    ])
  })

  it('calls what has no entry a draft', () => {
    expect(told([entry('a', 5)], 6)).toBe('edd')
  })

  it('passes over what is not published', () => {
    const entries = [entry('a', 5), entry('b', 10), entry('c', 15)]
    expect(told(entries, 20, new Set([id('a'), id('c')]))).toBe('sSe')
    expect(told(entries, 20, new Set([id('a')]))).toBe('eSS')
  })

  it('tells a roll-back, which is scheduled until its day, and the roll-back of that', () => {
    const back = [entry('a', 1), entry('b', 5), entry('a', 10)]
    expect([2, 6, 11].map((at) => told(back, at))).toEqual(['eSd', 'Sed', 'esd'])
    const again = [...back, entry('b', 15)]
    expect(told(again, 16)).toBe('sed')
    expect(validityOf(id('a'), again, all, day(16))).toEqual({
      validity: 'superseded',
      effectiveFrom: day(10),
      effectiveUntil: day(15),
    })
  })

  it('tells a withdrawal, and what comes after it', () => {
    const entries = [entry('a', 1), entry('b', 5), entry(null, 10), entry('c', 15)]
    expect([6, 11, 16].map((at) => told(entries, at))).toEqual(['seS', 'swS', 'swe'])
  })

  it('counts the later of two entries of one time', () => {
    expect(told([entry('a', 5), entry('b', 5)], 6)).toBe('sed')
  })

  it('leaves out a change that changed nothing', () => {
    expect(validityOf(id('a'), [entry('a', 1), entry('a', 5), entry('b', 9)], all, day(7))).toEqual({
      validity: 'effective',
      effectiveFrom: day(5),
      effectiveUntil: day(9),
    })
  })
})
