/** A guard, not a goal: what the checks reached on the sets of ../data/statements must not be lost. Fewer is better; then write the lower number here. */
import { expect, it } from 'vitest'
import { judgeSet } from '../data/statements/read-statements.ts'

it.each([
  { set: 1, shown: 7, dropped: 84 },
  { set: 2, shown: 10, dropped: 11 },
  { set: 3, shown: 12, dropped: 16 },
])(
  'of set $set at most $shown false statements are shown and $dropped true ones dropped',
  async ({ set, shown, dropped }) => {
    const judged = await judgeSet(set)
    expect(judged.length).toBeGreaterThan(280)
    expect(judged.filter(({ isTrue, isShown }) => !isTrue && isShown).length).toBeLessThanOrEqual(shown)
    expect(judged.filter(({ isTrue, isShown }) => isTrue && !isShown).length).toBeLessThanOrEqual(dropped)
  },
)
