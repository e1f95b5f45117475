/**
 * The type sizes of a document: what is body text and what is a heading of which level. In: font sizes with the number of characters set in them, taken from
 * a sample of pages. Out: a `TypeScale` that `pdf-blocks.ts` asks.
 */

export interface TypeScale {
  /** Points. */
  readonly body: number
  /** Sizes of headings in points, the largest first. */
  readonly headings: readonly number[]
}

/** A heading is set at least this much larger than the body. */
const headingRatio = 1.14
const maxLevels = 5
/** A size that holds more than this part of the characters is running text. */
const maxHeadingShare = 0.2

const rounded = (size: number): number => Math.round(size * 2) / 2

/** @param characters number of characters by font size in points */
export const createTypeScale = (characters: ReadonlyMap<number, number>): TypeScale => {
  const weights = new Map<number, number>()
  let total = 0
  for (const [size, count] of characters) {
    weights.set(rounded(size), (weights.get(rounded(size)) ?? 0) + count)
    total += count
  }
  const [usual = 10] = [...weights].sort((one, other) => other[1] - one[1])[0] ?? []
  // Small print in tables and code can outweigh the running text: the largest size that carries much text is the body's.
  const texts = [...weights].flatMap(([size, count]) => (count > total * maxHeadingShare ? [size] : []))
  const body = Math.max(usual, ...texts)
  const headings: number[] = []
  for (const [size, count] of [...weights].sort((one, other) => other[0] - one[0])) {
    if (size < body * headingRatio || count === 0) continue
    if (size < (headings.at(-1) ?? Number.POSITIVE_INFINITY) * 0.94) headings.push(size)
  }
  return { body, headings: headings.slice(0, maxLevels) }
}

/** The heading level of a font size, 1 to 6, or undefined for body text and smaller. */
export const levelOf = (scale: TypeScale, size: number): number | undefined => {
  if (size < scale.body * headingRatio) return undefined
  const level = scale.headings.findIndex((heading) => size >= heading * 0.96)
  return level < 0 ? scale.headings.length + 1 : level + 1
}
