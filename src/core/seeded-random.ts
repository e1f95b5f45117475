/** Chance that is the same on every machine: from a seed come numbers, and orders of lists. */

/** mulberry32 (Tommy Ettinger, public domain). Numbers in [0, 1). */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The items in another order; the order of the input counts, so it should be sorted by something that stays. */
export const shuffled = <Item>(items: readonly Item[], random: () => number): Item[] => {
  const order = items.map((item) => ({ item, rank: random() }))
  return order.sort((a, b) => a.rank - b.rank).map(({ item }) => item)
}
