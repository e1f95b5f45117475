/** How patient watching is, in milliseconds. */
export interface WatchTiming {
  /** How long a file must not have changed before it is taken. */
  readonly steadyMs: number
  /** How long a file must be gone before the folder's rule is followed. */
  readonly goneMs: number
  /** Between two looks at the folder itself; where there are no events, also between two comparisons at the least. */
  readonly lookMs: number
  /** From a change that was heard of to a comparison of the whole folder, which finds what was not heard of. */
  readonly recheckMs: number
  /** Between two comparisons of the whole folder where there are events, and between two tries of a file that failed. */
  readonly compareMs: number
}

export const usualTiming: WatchTiming = {
  steadyMs: 2_000,
  goneMs: 10_000,
  lookMs: 5_000,
  recheckMs: 30_000,
  compareMs: 600_000,
}
