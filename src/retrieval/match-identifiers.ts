/**
 * How well passages hold the codes that a question asks for. In: what the question may be asking for, and what each passage holds. Out: a score
 * for each passage that holds one, and the codes that were meant.
 * Invariant: keys are compared whole, so PPR-9078 is never found for PPR-9087. Neighbours: core/identifiers.ts reads both sides.
 */
import type { AskedIdentifier, Identifier } from '../core/identifiers.ts'

/** By how the code is spelled: as it was asked for; with other marks; with letters and digits that look alike, as OCR writes them. */
const levels = { exact: 1, otherMarks: 0.9, lookAlike: 0.8 }

const withoutMarks = (spelling: string): string => spelling.replace(/[-_/.\s]+/g, '')

/** Where marks part digits from digits, in the spelling without marks. */
const digitBorders = (spelling: string): Set<number> => {
  const borders: number[] = []
  let length = 0
  for (const part of spelling.split(/[-_/.\s]+/)) {
    length += part.length
    borders.push(length)
  }
  const bare = withoutMarks(spelling)
  return new Set(borders.filter((at) => /\d/.test(bare[at - 1] ?? '') && /\d/.test(bare[at] ?? '')))
}

/** Marks may be left out, but not put elsewhere. */
const agree = (some: ReadonlySet<number>, others: ReadonlySet<number>): boolean =>
  [...some].every((at) => others.has(at)) || [...others].every((at) => some.has(at))

/** 0 where it is another code: 1-23 is not 12-3, though 123 may be either. */
const levelOf = (asked: Identifier, held: Identifier): number => {
  if (asked.key !== held.key) return 0
  if (asked.spelling === held.spelling) return levels.exact
  if (!agree(digitBorders(asked.spelling), digitBorders(held.spelling))) return 0
  return withoutMarks(asked.spelling) === withoutMarks(held.spelling) ? levels.otherMarks : levels.lookAlike
}

const bestLevel = (asked: Identifier, held: readonly Identifier[]): number =>
  held.reduce((best, each) => Math.max(best, levelOf(asked, each)), 0)

/** Of readings of the same words the longest one that was found: not also `B 0205` where `JIS B 0205` is. */
const distinctReadings = <Found extends { readonly asked: AskedIdentifier }>(found: readonly Found[]): Found[] => {
  const taken: Found[] = []
  for (const each of found.toSorted((a, b) => b.asked.key.length - a.asked.key.length)) {
    const { first, last, key } = each.asked
    const isPart = taken.some(({ asked }) => asked.key.includes(key) && asked.first <= last && first <= asked.last)
    if (!isPart) taken.push(each)
  }
  return taken
}

export interface IdentifierMatches<Key> {
  /** As the question spells them; those that a passage holds. */
  readonly found: readonly string[]
  /** 0 to 1: the share of the codes found for this question that the passage holds, rare ones counting more. Only passages that hold one. */
  readonly scores: ReadonlyMap<Key, number>
}

export const matchIdentifiers = <Key>(
  asked: readonly AskedIdentifier[],
  passages: readonly { readonly key: Key; readonly identifiers: readonly Identifier[] }[],
): IdentifierMatches<Key> => {
  const found = asked.flatMap((each) => {
    const all = passages.map(({ key, identifiers }) => ({ key, level: bestLevel(each, identifiers) }))
    const best = Math.max(...all.map(({ level }) => level), 0)
    // What only looks alike counts where nothing is spelled right: L1 and I1 are two things.
    const least = best > levels.lookAlike ? levels.otherMarks : levels.lookAlike
    const holders = all.filter(({ level }) => level >= least)
    return holders.length === 0 ? [] : [{ asked: each, holders, weight: 1 / (1 + Math.log2(holders.length)) }]
  })
  const meant = distinctReadings(found)
  const sum = meant.reduce((total, { weight }) => total + weight, 0)
  const scores = new Map<Key, number>()
  for (const { holders, weight } of meant)
    for (const { key, level } of holders) scores.set(key, (scores.get(key) ?? 0) + (weight * level) / sum)
  return { found: meant.map(({ asked: { spelling } }) => spelling), scores }
}
