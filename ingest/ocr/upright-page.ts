/**
 * A page as the readers get it: upright, level, without the rules of its tables and the dots of its contents; and a strip of it to try languages on. In: the page as shown. Out: an
 * `UprightPage`. Pure. Used by `page-reader.ts`.
 */
import { type DotLeader, eraseLeaders, findLeaders } from './dot-leaders.ts'
import type { GrayPicture } from './gray-picture.ts'
import type { OcrLine } from './ocr-lines.ts'
import { findDirection } from './page-shape.ts'
import { eraseRules, findRules, type PictureRule } from './picture-rules.ts'
import { type Quarter, straighten, type TurnedPicture, turn } from './turn-picture.ts'

export interface ShownPage {
  readonly picture: TurnedPicture
  /** Height of the type in pixels, from descenders to ascenders; a guess where there are few letters. */
  readonly size: number
}

export interface UprightPage {
  readonly picture: TurnedPicture
  /** The rules that were taken out. */
  readonly rules: readonly PictureRule[]
  /** The rows of dots that were taken out. */
  readonly leaders: readonly DotLeader[]
  readonly quarter: Quarter
}

/**
 * @param quarter clockwise turn
 * @param skew of the page when it is not turned, where it is known
 */
export const setUpright = (shown: ShownPage, quarter: Quarter, skew?: number): UprightPage => {
  const turned = turn(shown.picture, quarter)
  const level = straighten(turned, (quarter === 0 ? skew : undefined) ?? findDirection(turned).skew)
  const rules = findRules(level, shown.size)
  const leaders = findLeaders(level, shown.size)
  return { picture: eraseLeaders(eraseRules(level, rules), leaders), rules, leaders, quarter }
}

/** Part of a page's height that a sample has. */
const stripPart = 0.2
const minStrip = 400

/** Part of a page over its whole width. */
export interface Strip extends GrayPicture {
  /** Where it begins, in pixels of the page. */
  readonly top: number
}

/** Where most of the given lines are, or most of the ink. */
export const fullestStrip = (picture: GrayPicture, lines: readonly OcrLine[]): Strip => {
  const { pixels, width, height } = picture
  const rows = Math.min(height, Math.max(minStrip, Math.round(height * stripPart)))
  const weights = lines.length > 0 ? weightsOfLines(lines, height) : weightsOfInk(picture)
  const sums = new Float64Array(height + 1)
  for (let y = 0; y < height; y += 1) sums[y + 1] = (sums[y] ?? 0) + (weights[y] ?? 0)
  let [best, top] = [-1, 0]
  for (let y = 0; y + rows <= height; y += 8) {
    const sum = (sums[y + rows] ?? 0) - (sums[y] ?? 0)
    if (sum > best) [best, top] = [sum, y]
  }
  return { pixels: pixels.subarray(top * width, (top + rows) * width), width, height: rows, top }
}

/** What was read of the strip when the page was read. */
export const linesIn = ({ top, height }: Strip, lines: readonly OcrLine[]): OcrLine[] =>
  lines.filter(({ words }) => words.some((word) => word.top >= top && word.bottom <= top + height))

const weightsOfLines = (lines: readonly OcrLine[], height: number): Float64Array => {
  const weights = new Float64Array(height)
  for (const word of lines.flatMap((line) => line.words)) {
    const middle = Math.min(height - 1, Math.max(0, Math.round((word.top + word.bottom) / 2)))
    weights[middle] = (weights[middle] ?? 0) + word.text.length
  }
  return weights
}

/** Changes between ink and ground: text has many, pictures and bars have few. */
const weightsOfInk = ({ pixels, width, height }: GrayPicture): Float64Array => {
  const weights = new Float64Array(height)
  for (let y = 0; y < height; y += 1) {
    for (let x = 4; x < width; x += 4) {
      const [before, here] = [pixels[y * width + x - 4] ?? 255, pixels[y * width + x] ?? 255]
      if (Math.abs(here - before) > 60) weights[y] = (weights[y] ?? 0) + 1
    }
  }
  return weights
}
