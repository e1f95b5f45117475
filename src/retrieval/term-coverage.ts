/** How much of a question a text speaks of. In: terms of both. Out: a share. */

/** Share of `terms` that stand in the other terms, 0 to 1; 0 where there are none. */
export const termCoverage = (terms: readonly string[], held: ReadonlySet<string>): number =>
  terms.length === 0 ? 0 : terms.filter((term) => held.has(term)).length / terms.length
