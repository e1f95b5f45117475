/**
 * A page as the readers get it: upright, level, without the rules of its tables and the dots of its contents; and parts of it to try languages and turns on. In: the page as shown. Out: an
 * `UprightPage`. Pure. Used by `page-reader.ts`.
 */
import { type DotLeader, eraseLeaders, findLeaders } from './dot-leaders.ts'
import type { GrayPicture } from './gray-picture.ts'
import type { OcrLine, OcrWord } from './ocr-lines.ts'
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
  /** As in `ShownPage`. */
  readonly size: number
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
  return { picture: eraseLeaders(eraseRules(level, rules), leaders), size: shown.size, rules, leaders, quarter }
}

/** Pixels. */
const [minTileWidth, minTileHeight] = [800, 240]
/** A tile's sides in type heights: some lines of some words. */
const [tileWidth, tileHeight] = [40, 10]

/** A part of a page. */
export interface Tile extends GrayPicture {
  /** Where it begins, in pixels of the page. */
  readonly left: number
  readonly top: number
}

/**
 * Some lines of some words, where most of the given lines are, or most of the ink: quick to read, also where the page is a map full of what looks like letters.
 * @param size of the type in pixels
 */
export const fullestTile = (picture: GrayPicture, lines: readonly OcrLine[], size: number): Tile => {
  const { width, height } = picture
  const rows = Math.min(height, Math.max(minTileHeight, Math.round(size * tileHeight)))
  const columns = Math.min(width, Math.max(minTileWidth, Math.round(size * tileWidth)))
  const words = lines.flatMap((line) => line.words)
  const top = heaviest(words.length > 0 ? rowsOfWords(words, height) : rowsOfInk(picture), rows)
  const strip = cut(picture, 0, top, width, rows)
  const among = words.filter((word) => word.top >= top && word.bottom <= top + rows)
  const left = heaviest(among.length > 0 ? columnsOfWords(among, width) : columnsOfInk(strip), columns)
  return cut(picture, left, top, columns, rows)
}

const cut = ({ pixels, width }: GrayPicture, left: number, top: number, columns: number, rows: number): Tile => {
  const part = new Uint8Array(columns * rows)
  for (let row = 0; row < rows; row += 1) {
    const from = (top + row) * width + left
    part.set(pixels.subarray(from, from + columns), row * columns)
  }
  return { pixels: part, width: columns, height: rows, left, top }
}

/** Where the stretch of a length begins that weighs most. */
const heaviest = (weights: Float64Array, length: number): number => {
  const sums = new Float64Array(weights.length + 1)
  for (let at = 0; at < weights.length; at += 1) sums[at + 1] = (sums[at] ?? 0) + (weights[at] ?? 0)
  let [best, begin] = [-1, 0]
  for (let at = 0; at + length <= weights.length; at += 8) {
    const sum = (sums[at + length] ?? 0) - (sums[at] ?? 0)
    if (sum > best) [best, begin] = [sum, at]
  }
  return begin
}

/** What was read of the tile when the page was read. */
export const linesIn = ({ left, top, width, height }: Tile, lines: readonly OcrLine[]): OcrLine[] => {
  const isInside = (word: OcrWord): boolean =>
    word.top >= top && word.bottom <= top + height && word.left >= left && word.right <= left + width
  return lines.map((line) => ({ ...line, words: line.words.filter(isInside) })).filter(({ words }) => words.length > 0)
}

const weightsOfWords = (
  words: readonly OcrWord[],
  length: number,
  middleOf: (word: OcrWord) => number,
): Float64Array => {
  const weights = new Float64Array(length)
  for (const word of words) {
    const middle = Math.min(length - 1, Math.max(0, Math.round(middleOf(word))))
    weights[middle] = (weights[middle] ?? 0) + word.text.length
  }
  return weights
}

const rowsOfWords = (words: readonly OcrWord[], height: number): Float64Array =>
  weightsOfWords(words, height, ({ top, bottom }) => (top + bottom) / 2)

const columnsOfWords = (words: readonly OcrWord[], width: number): Float64Array =>
  weightsOfWords(words, width, ({ left, right }) => (left + right) / 2)

/** Changes between ink and ground along the rows: text has many, pictures and bars have few. */
const weightsOfInk = (
  { pixels, width, height }: GrayPicture,
  length: number,
  placeOf: (x: number, y: number) => number,
): Float64Array => {
  const weights = new Float64Array(length)
  for (let y = 0; y < height; y += 1) {
    for (let x = 4; x < width; x += 4) {
      const [before, here] = [pixels[y * width + x - 4] ?? 255, pixels[y * width + x] ?? 255]
      const place = placeOf(x, y)
      if (Math.abs(here - before) > 60) weights[place] = (weights[place] ?? 0) + 1
    }
  }
  return weights
}

const rowsOfInk = (picture: GrayPicture): Float64Array => weightsOfInk(picture, picture.height, (_, y) => y)

const columnsOfInk = (picture: GrayPicture): Float64Array => weightsOfInk(picture, picture.width, (x) => x)
