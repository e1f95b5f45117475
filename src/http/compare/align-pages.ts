/**
 * Which page of one revision is which page of another. In: the words of each page. Out: pairs in order; pages without a counterpart were
 * removed or added. Pages that say the same are paired first; what lies between them is paired by likeness (share of common words and pairs of
 * words, estimated by MinHash), so that an inserted page does not shift all that come behind it.
 */
import { diffArrays } from 'diff'

export interface AlignablePage {
  readonly keys: readonly string[]
  /** A sheet's name. */
  readonly label: string | null
}

/** Indexes; null where the page has no counterpart. */
export interface PagePair {
  readonly from: number | null
  readonly to: number | null
}

const hashes = 96
/** Pages that have less in common are other pages. */
const minLikeness = 0.2
/** Between pages that are paired, one page in the place of one other is the same page unless it says something else altogether. */
const minLikenessInPlace = 0.1
/** Sheets of one name. */
const likenessOfNamesakes = 0.6
/** How far from the diagonal counterparts are looked for where thousands of pages lie between two that say the same. */
const band = 600
const exactTimeoutMs = 2000

export const alignPages = (from: readonly AlignablePage[], to: readonly AlignablePage[]): PagePair[] => {
  if (from.length === 1 && to.length === 1) return [{ from: 0, to: 0 }]
  const [before, after] = [from.map((page) => page.keys.join(' ')), to.map((page) => page.keys.join(' '))]
  const likeness = new Likeness(from, to)
  const pairs: PagePair[] = []
  const gap = { fromStart: 0, toStart: 0 }
  let [fromAt, toAt] = [0, 0]
  const closeGap = (): void => {
    pairs.push(...alignGap({ ...gap, fromEnd: fromAt, toEnd: toAt }, likeness))
  }
  const changes = diffArrays(before, after, { timeout: exactTimeoutMs }) ?? []
  for (const { value, added, removed } of changes) {
    if (added) toAt += value.length
    else if (removed) fromAt += value.length
    else {
      closeGap()
      for (let i = 0; i < value.length; i += 1) pairs.push({ from: fromAt++, to: toAt++ })
      Object.assign(gap, { fromStart: fromAt, toStart: toAt })
    }
  }
  if (changes.length === 0) [fromAt, toAt] = [from.length, to.length]
  closeGap()
  return pairs
}

interface Gap {
  readonly fromStart: number
  readonly fromEnd: number
  readonly toStart: number
  readonly toEnd: number
}

/** The pairs, in order on both sides, whose likenesses add up to the most (Needleman and Wunsch, gaps cost nothing). */
const alignGap = ({ fromStart, fromEnd, toStart, toEnd }: Gap, likeness: Likeness): PagePair[] => {
  const [rows, columns] = [fromEnd - fromStart, toEnd - toStart]
  if (rows === 1 && columns === 1) {
    const isPair = likeness.isEmpty(fromStart, toStart) || likeness.of(fromStart, toStart) >= minLikenessInPlace
    return isPair ? [{ from: fromStart, to: toStart }] : unpaired({ fromStart, fromEnd, toStart, toEnd })
  }
  if (rows === 0 || columns === 0) return unpaired({ fromStart, fromEnd, toStart, toEnd })
  const width = columns + 1
  /** 0 pair, 1 removed, 2 added. */
  const steps = new Uint8Array((rows + 1) * width).fill(1)
  steps.fill(2, 0, width)
  let above = new Float32Array(width)
  for (let row = 1; row <= rows; row += 1) {
    const current = new Float32Array(width)
    const diagonal = (row * columns) / rows
    for (let column = 1; column <= columns; column += 1) {
      const [removed, added] = [above[column] ?? 0, current[column - 1] ?? 0]
      let [best, step] = removed >= added ? [removed, 1] : [added, 2]
      if (Math.abs(column - diagonal) <= band) {
        const like = likeness.of(fromStart + row - 1, toStart + column - 1)
        const paired = (above[column - 1] ?? 0) + like
        if (like >= minLikeness && paired > best) [best, step] = [paired, 0]
      }
      current[column] = best
      steps[row * width + column] = step
    }
    above = current
  }
  const pairs: PagePair[] = []
  for (let [row, column] = [rows, columns]; row > 0 || column > 0; ) {
    const step = column === 0 ? 1 : steps[row * width + column]
    pairs.push({
      from: step === 2 ? null : fromStart + --row,
      to: step === 1 ? null : toStart + --column,
    })
  }
  return pairs.reverse()
}

const unpaired = ({ fromStart, fromEnd, toStart, toEnd }: Gap): PagePair[] => [
  ...Array.from({ length: fromEnd - fromStart }, (_, i) => ({ from: fromStart + i, to: null })),
  ...Array.from({ length: toEnd - toStart }, (_, i) => ({ from: null, to: toStart + i })),
]

/** Likeness of pages, 0 to 1. Broder, "On the resemblance and containment of documents", 1997. */
class Likeness {
  readonly #from: readonly AlignablePage[]
  readonly #to: readonly AlignablePage[]
  readonly #signatures = new Map<AlignablePage, Int32Array>()

  constructor(from: readonly AlignablePage[], to: readonly AlignablePage[]) {
    this.#from = from
    this.#to = to
  }

  isEmpty(from: number, to: number): boolean {
    return this.#from[from]?.keys.length === 0 || this.#to[to]?.keys.length === 0
  }

  of(from: number, to: number): number {
    const [one, other] = [this.#from[from], this.#to[to]]
    if (!one || !other) return 0
    const areNamesakes = one.label !== null && one.label === other.label
    if (one.keys.length === 0 || other.keys.length === 0) return areNamesakes ? likenessOfNamesakes : 0
    const [first, second] = [this.#signatureOf(one), this.#signatureOf(other)]
    let same = 0
    for (let i = 0; i < hashes; i += 1) if (first[i] === second[i]) same += 1
    return Math.max(same / hashes, areNamesakes ? likenessOfNamesakes : 0)
  }

  #signatureOf(page: AlignablePage): Int32Array {
    const known = this.#signatures.get(page)
    if (known) return known
    const signature = new Int32Array(hashes).fill(0x7fffffff)
    for (const feature of featuresOf(page.keys)) {
      let state = feature
      for (let i = 0; i < hashes; i += 1) {
        // One step of a generator for each hash function: xorshift, Marsaglia 2003.
        state ^= state << 13
        state ^= state >>> 17
        state ^= state << 5
        if (state < (signature[i] ?? 0)) signature[i] = state
      }
    }
    this.#signatures.set(page, signature)
    return signature
  }
}

/** Hashes of the words and of the pairs of words that follow each other, each once; none is 0. */
const featuresOf = (keys: readonly string[]): Set<number> => {
  const features = new Set<number>()
  let previous = 0
  for (const key of keys) {
    let hash = 0x811c9dc5
    for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
    features.add(hash || 1)
    features.add(Math.imul(previous, 31) ^ hash || 1)
    previous = hash
  }
  return features
}
