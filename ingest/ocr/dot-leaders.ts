/**
 * Dot leaders in a picture: rows of dots between the titles and the page numbers of a table of contents. Tesseract takes three times as long over a page of them, and loses the
 * letters beside. In: a levelled grey picture, what was read on it without them. Out: the leaders, the picture without them, the lines with one sign for each.
 * Pure. Used by `upright-page.ts` and `page-reader.ts`; `../parse/pdf-glyphs.ts` writes leaders of text layers the same way.
 */
import type { Area } from '../parse/pdf-geometry.ts'
import { type GrayPicture, inkLevel } from './gray-picture.ts'
import type { OcrLine, OcrWord } from './ocr-lines.ts'

/** In type heights: the largest dot, and how far apart the dots of a leader may stand from middle to middle. */
const [largestDot, closest, farthest] = [0.25, 0.1, 1.2]
/** In type heights: how far off the level of the last dot the next one may be. */
const offLevel = 0.06
/** Part of the distance between two dots by which the next distance may differ. */
const uneven = 0.2
/** Fewer dots are printed dots: an ellipsis of Chinese text has six. */
const leastDots = 7
/** A picture with more is grainy, or a photograph in print. */
const maxDots = 30_000
/** In type heights: rows of dots that are closer to each other are a pattern. */
const patternRows = 0.6
/** Pixels around a dot in which its blurred edge ends. */
const edge = 2

const white = 255

/** Whether there is ink in this stretch of a row. */
const hasInk = (pixels: Uint8Array, from: number, to: number, limit: number): boolean => {
  for (let at = from; at < to; at += 1) if ((pixels[at] ?? white) <= limit) return true
  return false
}

/** The small shape whose topmost ink is this run; undefined where it is larger. */
const dotAt = (
  { pixels, width, height }: GrayPicture,
  [from, to, top]: readonly [number, number, number],
  limit: number,
  most: number,
): Area | undefined => {
  let [left, right, bottom] = [from, to, top]
  const isInk = (x: number, y: number): boolean => (pixels[y * width + x] ?? white) <= limit
  const inkIn = (y: number): readonly [number, number] | undefined => {
    let [first, last] = [-1, -1]
    for (let x = Math.max(0, left - 1); x <= Math.min(width - 1, right); x += 1) {
      if (!isInk(x, y)) continue
      if (first < 0) first = x
      last = x
    }
    if (first < 0) return undefined
    while (first > 0 && left - first <= most && isInk(first - 1, y)) first -= 1
    while (last < width - 1 && last - right <= most && isInk(last + 1, y)) last += 1
    return [first, last + 1]
  }
  for (bottom += 1; bottom < height; bottom += 1) {
    const run = inkIn(bottom)
    if (!run) break
    left = Math.min(left, run[0])
    right = Math.max(right, run[1])
    if (right - left > most || bottom - top >= most) return undefined
  }
  return { left, right, top, bottom }
}

/** All small shapes, from left to right. */
const findDots = (picture: GrayPicture, limit: number, most: number): Area[] => {
  const { pixels, width, height } = picture
  const dots: Area[] = []
  for (let y = 0; y < height; y += 1) {
    const row = y * width
    let from = -1
    for (let x = 0; x <= width; x += 1) {
      if (x < width && (pixels[row + x] ?? white) <= limit) {
        if (from < 0) from = x
      } else if (from >= 0) {
        const above = row - width
        if (
          x - from <= most &&
          (y === 0 || !hasInk(pixels, above + Math.max(0, from - 1), above + Math.min(width, x + 1), limit))
        ) {
          const dot = dotAt(picture, [from, x, y], limit, most)
          if (dot) dots.push(dot)
          if (dots.length > maxDots) return []
        }
        from = -1
      }
    }
  }
  return dots.sort((one, other) => one.left - other.left)
}

const middleOf = ({ left, right }: Area): number => (left + right) / 2
const levelOf = ({ top, bottom }: Area): number => (top + bottom) / 2

interface Chain {
  readonly dots: Area[]
  /** From middle to middle; 0 before the second dot. */
  step: number
}

/** Dots on one level that are as far apart from each other. */
const findChains = (dots: readonly Area[], size: number): Chain[] => {
  const slack = Math.max(1.5, size * offLevel)
  const chains: Chain[] = []
  /** Chains that may go on, by the level of their last dot. */
  const open = new Map<number, Chain[]>()
  const levels = (dot: Area): number => Math.floor(levelOf(dot) / slack)
  for (const dot of dots) {
    const level = levels(dot)
    let best: Chain | undefined
    for (const near of [level - 1, level, level + 1]) {
      const alive = (open.get(near) ?? []).filter(({ dots }) => reaches(dots.at(-1), dot, size))
      open.set(near, alive)
      for (const chain of alive) {
        if (goesOn(chain, dot, slack, size) && chain.dots.length > (best?.dots.length ?? 0)) best = chain
      }
    }
    const chain = best ?? { dots: [], step: 0 }
    const last = chain.dots.at(-1)
    if (last) {
      const was = open.get(levels(last)) ?? []
      was.splice(was.indexOf(chain), 1)
      chain.step = middleOf(dot) - middleOf(last)
    } else chains.push(chain)
    chain.dots.push(dot)
    open.set(level, [...(open.get(level) ?? []), chain])
  }
  return chains
}

const reaches = (last: Area | undefined, dot: Area, size: number): boolean =>
  last !== undefined && middleOf(dot) - middleOf(last) <= farthest * size

const goesOn = ({ dots, step }: Chain, dot: Area, slack: number, size: number): boolean => {
  const last = dots.at(-1)
  if (!last || Math.abs(levelOf(dot) - levelOf(last)) > slack) return false
  const distance = middleOf(dot) - middleOf(last)
  if (step === 0) return distance >= closest * size
  return Math.abs(distance - step) <= Math.max(2, step * uneven)
}

/** A row of dots, and each of them. */
export interface DotLeader extends Area {
  readonly dots: readonly Area[]
}

/** @param size height of the type in pixels */
export const findLeaders = (picture: GrayPicture, size: number): DotLeader[] => {
  const chains = findChains(findDots(picture, inkLevel(picture), Math.max(3, largestDot * size)), size)
  const leaders = chains.flatMap(({ dots }): DotLeader[] => {
    const [first, last] = [dots[0], dots.at(-1)]
    if (!first || !last || dots.length < leastDots) return []
    const [top, bottom] = [Math.min(first.top, last.top), Math.max(first.bottom, last.bottom)]
    return [{ left: first.left, right: last.right, top, bottom, dots }]
  })
  return leaders.filter((leader) => !leaders.some((other) => isPattern(leader, other, size)))
}

const isPattern = (one: Area, other: Area, size: number): boolean =>
  one !== other &&
  one.left < other.right &&
  other.left < one.right &&
  Math.abs(levelOf(one) - levelOf(other)) < patternRows * size

export const eraseLeaders = <Picture extends GrayPicture>(picture: Picture, leaders: readonly DotLeader[]): Picture => {
  if (leaders.length === 0) return picture
  const { width, height } = picture
  const pixels = picture.pixels.slice()
  for (const { left, right, top, bottom } of leaders.flatMap(({ dots }) => dots)) {
    const [from, to] = [Math.max(0, left - edge), Math.min(width, right + edge)]
    for (let y = Math.max(0, top - edge); y < Math.min(height, bottom + edge); y += 1) {
      pixels.fill(white, y * width + from, y * width + to)
    }
  }
  return { ...picture, pixels }
}

/** In type heights: how far from the word before a leader may begin. */
const fromWord = 2.5

const baselineAt = ({ baseline }: OcrLine, x: number): number => baseline.offset + baseline.slope * x

/** Puts a sign for each leader behind the word that it follows; a row of dots that follows none was an ornament. */
export const withLeaders = (lines: readonly OcrLine[], leaders: readonly DotLeader[]): OcrLine[] => {
  const words = new Map<OcrLine, OcrWord[]>()
  for (const leader of leaders) {
    const middle = levelOf(leader)
    const gapTo = (line: OcrLine): number => {
      const base = baselineAt(line, leader.left)
      if (middle > base + line.size * 0.2 || middle < base - line.size) return Infinity
      const before = line.words.filter(({ right }) => right <= leader.left + line.size * 0.3)
      return (leader.left - Math.max(...before.map(({ right }) => right))) / line.size
    }
    const [nearest] = lines
      .map((line) => ({ line, gap: gapTo(line) }))
      .filter(({ gap }) => gap <= fromWord)
      .sort((one, other) => one.gap - other.gap)
    if (!nearest) continue
    const { line } = nearest
    const { left, right } = leader
    const base = baselineAt(line, left)
    const word = {
      text: '…',
      confidence: 1,
      left,
      right,
      top: Math.round(base - line.size * 0.5),
      bottom: Math.round(base),
    }
    words.set(line, [...(words.get(line) ?? line.words), word])
  }
  return lines.map((line) => {
    const more = words.get(line)
    return more ? { ...line, words: more.sort((one, other) => one.left - other.left) } : line
  })
}
