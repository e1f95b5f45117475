/**
 * Small guards that turn unknown JSON into plain values. The page must stay up when a field is absent or new, so a wrong value
 * becomes the neutral one (empty text, 0, false, no items) and never an exception.
 */
export type Fields = Readonly<Record<string, unknown>>

/** The fields of a JSON object; none for anything else. */
export const readFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

export const readText = (value: unknown, fallback = ''): string => (typeof value === 'string' ? value : fallback)

export const readNumber = (value: unknown, fallback = 0): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : fallback

export const readOptionalNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** The items of a JSON array, each read by `read`; an empty list for anything else. */
export const readList = <T>(value: unknown, read: (item: unknown) => T): T[] =>
  Array.isArray(value) ? value.map((item) => read(item)) : []

/** The value if it is one of the choices, else the fallback. */
export const readChoice = <T extends string>(value: unknown, choices: readonly T[], fallback: T): T =>
  choices.find((choice) => choice === value) ?? fallback
