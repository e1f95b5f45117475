/**
 * What the table of error codes says of each code. The tables are parted by who meets the codes; errors.ts joins them.
 */

/** Who can act: the caller, the operator of the machine, nobody but time, or the makers. */
export type ErrorKind = 'input' | 'operator' | 'transient' | 'bug'

export interface ErrorCodeEntry {
  readonly kind: ErrorKind
  readonly status: number
  readonly title: string
  readonly remedy: string
}
