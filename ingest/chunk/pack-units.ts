/**
 * Packs units into chunks: of all ways to cut a section it takes the one that costs least. Costs say what a good chunk is: of
 * useful size, cut before a heading or paragraph rather than inside one, never between a heading and what follows it.
 * In: the counted units of one top-level section. Out: groups of units, each within `maxTokens`.
 * Invariant: all units, in order, each once. Neighbours: chunk-units, split-oversized -> here -> chunk-document.
 */
import type { Unit } from './chunk-units.ts'

/** A unit with its length in tokens of the embedding model. */
export interface CountedUnit extends Unit {
  /** With those of its label. */
  readonly tokens: number
  readonly header?: CountedUnit
}

export interface UnitGroup {
  /** The header row to repeat before the first unit, where that unit is a row whose header stands in an earlier chunk. */
  readonly header?: CountedUnit
  readonly units: readonly CountedUnit[]
}

export interface PackingLimits {
  readonly maxTokens: number
  /** Chunks below it are joined with their neighbours where they can be. */
  readonly minTokens: number
  /** From here on a chunk is long enough for its size to cost nothing. */
  readonly usefulTokens: number
}

/** Each chunk costs a little, so that of two equally good ways the one with fewer chunks is taken. */
const chunkCost = 0.3
/** To hold a heading that is not at the head of the chunk: above this a section of `minTokens` stands better alone. */
const mixedSectionsCost = 1.5
/** To part what belongs together: a heading from its text, a sentence from its second half. Only a full chunk justifies it. */
const tornCost = 50
/** A header longer than this share of a chunk is not repeated: rows without names of their columns say little, a name without rows nothing. */
export const maxHeaderShare = 0.6

/** @returns the groups in order; a group passes `maxTokens` only where one unit alone does */
export const packUnits = (units: readonly CountedUnit[], limits: PackingLimits): UnitGroup[] => {
  const best: { cost: number; start: number }[] = [{ cost: 0, start: 0 }]
  for (let end = 1; end <= units.length; end += 1) {
    best.push(cheapestStart(units, end, best, limits))
  }
  const groups: UnitGroup[] = []
  for (let end = units.length; end > 0; ) {
    const start = best[end]?.start ?? end - 1
    const header = repeatedHeader(units, start, limits)
    groups.push({ ...(header && { header }), units: units.slice(start, end) })
    end = start
  }
  return groups.reverse()
}

const cheapestStart = (
  units: readonly CountedUnit[],
  end: number,
  best: readonly { cost: number }[],
  limits: PackingLimits,
): { cost: number; start: number } => {
  let cheapest = { cost: Number.POSITIVE_INFINITY, start: end - 1 }
  let tokens = 0
  let mixed = 0
  for (let start = end - 1; start >= 0; start -= 1) {
    tokens += units[start]?.tokens ?? 0
    if (start < end - 1 && (units[start]?.isPiece || units[end - 1]?.isPiece)) break
    if (tokens > limits.maxTokens && start < end - 1) break
    const withHeader = tokens + (repeatedHeader(units, start, limits)?.tokens ?? 0)
    if (withHeader <= limits.maxTokens || start === end - 1) {
      const cost = (best[start]?.cost ?? 0) + chunkCost + mixed + sizeCost(withHeader, limits) + cutCost(units, start)
      if (cost < cheapest.cost) cheapest = { cost, start }
    }
    if (units[start]?.kind === 'heading' && units[start - 1]?.kind !== 'heading') mixed += mixedSectionsCost
  }
  return cheapest
}

const sizeCost = (tokens: number, { minTokens, usefulTokens }: PackingLimits): number => {
  const short = Math.max(0, 1 - tokens / usefulTokens)
  return tokens >= minTokens ? short : short + 1 + 3 * (1 - tokens / minTokens)
}

/** What it costs to begin a chunk with this unit. */
const cutCost = (units: readonly CountedUnit[], start: number): number => {
  const unit = units[start]
  const before = units[start - 1]
  if (!unit || !before) return 0
  if (unit.continues || before.kind === 'heading') return tornCost
  if (before.kind === 'header') return tornCost
  if (unit.kind === 'heading') return 0
  if (unit.block === before.block) return unit.kind === 'row' ? 0.6 : 0.8
  if (/[:：]$/u.test(before.text)) return 1.5
  return unit.blockKind === 'list-item' && before.blockKind === 'list-item' ? 0.4 : 0.15
}

/** The header to repeat where a chunk begins with this unit; none where it stands in place there, or does not fit. */
export const repeatedHeader = (
  units: readonly CountedUnit[],
  start: number,
  { maxTokens }: Pick<PackingLimits, 'maxTokens'>,
): CountedUnit | undefined => {
  const unit = units[start]
  const header = unit?.header
  if (!unit || !header || (header.page === unit.page && header.start > unit.start)) return undefined
  const isShort = unit.isPiece === true || header.tokens <= maxTokens * maxHeaderShare
  const fits = isShort && header.tokens + unit.tokens <= maxTokens
  return fits ? header : undefined
}
