/**
 * What a picture of a page says before it is read: how far its lines are off level, whether they run down the page, how tall its letters are. In: a grey
 * picture. Out: degrees and pixels. Pure; works on a reduced picture or on samples. Used by `page-reader.ts` and the makers of pictures.
 */
import { type GrayPicture, inkLevel, shrink } from './gray-picture.ts'

/** Skews beyond this are not looked for. */
const maxSkew = 15
/** Pixels of the longer side that lines are looked for in. */
const reducedSide = 1000
const maxPoints = 12_000
/** Rows must stand out from the mean of all angles by this much to count as lines of text. */
const clearLines = 1.25
/** Less than this, in degrees, tesseract levels by itself. */
const negligibleSkew = 0.4

interface Points {
  readonly xs: Float32Array
  readonly ys: Float32Array
}

/** Lower edges of ink: they make lines of text stand out most. */
const lowerEdges = (picture: GrayPicture, sideways: boolean): Points => {
  const { pixels, width, height } = picture
  const limit = inkLevel(picture)
  const found: number[] = []
  const below = sideways ? 1 : width
  for (let y = 0; y < height - 1; y += 1) {
    for (let x = 0; x < width - 1; x += 1) {
      const at = y * width + x
      if ((pixels[at] ?? 255) <= limit && (pixels[at + below] ?? 255) > limit) found.push(at)
    }
  }
  const step = Math.max(1, found.length / maxPoints)
  const count = Math.floor(found.length / step)
  const [xs, ys] = [new Float32Array(count), new Float32Array(count)]
  for (let index = 0; index < count; index += 1) {
    const at = found[Math.floor(index * step)] ?? 0
    const [x, y] = [at % width, Math.floor(at / width)]
    xs[index] = sideways ? y : x
    ys[index] = sideways ? x : y
  }
  return { xs, ys }
}

/** How unevenly the points fall into rows that fall by `degrees`: high where the rows are lines of text. */
const unevenness = ({ xs, ys }: Points, degrees: number, size: number): number => {
  const slope = Math.tan((degrees * Math.PI) / 180)
  const offset = size
  const bins = new Uint32Array(3 * size)
  for (let index = 0; index < xs.length; index += 1) {
    const bin = Math.round((ys[index] ?? 0) - (xs[index] ?? 0) * slope) + offset
    bins[bin] = (bins[bin] ?? 0) + 1
  }
  let sum = 0
  for (const count of bins) sum += count * count
  return sum
}

interface Lines {
  /** Degrees by which the lines fall from left to right. */
  readonly skew: number
  /** How much the rows at this angle stand out from the mean of all angles; 1 is not at all. */
  readonly clarity: number
}

const findLines = (picture: GrayPicture, sideways: boolean): Lines => {
  const points = lowerEdges(picture, sideways)
  if (points.xs.length < 30) return { skew: 0, clarity: 1 }
  const size = Math.max(picture.width, picture.height)
  let [best, bestScore, sum, count] = [0, -1, 0, 0]
  for (let degrees = -maxSkew; degrees <= maxSkew; degrees += 0.5) {
    const score = unevenness(points, degrees, size)
    sum += score
    count += 1
    if (score > bestScore) [best, bestScore] = [degrees, score]
  }
  for (const step of [0.25, 0.1]) {
    for (const degrees of [best - step, best + step]) {
      const score = unevenness(points, degrees, size)
      if (score > bestScore) [best, bestScore] = [degrees, score]
    }
  }
  return { skew: best, clarity: (bestScore * count) / sum }
}

export interface LineDirection {
  /** Degrees by which lines fall from left to right; 0 where they are level, or where there are none. */
  readonly skew: number
  /** The lines run down the page rather than across. */
  readonly sideways: boolean
}

/** @param picture at any size; it is reduced here */
export const findDirection = (picture: GrayPicture): LineDirection => {
  const reduced = shrink(picture, Math.max(1, Math.round(Math.max(picture.width, picture.height) / reducedSide)))
  const across = findLines(reduced, false)
  const down = findLines(reduced, true)
  const clear = across.clarity >= clearLines && Math.abs(across.skew) < maxSkew
  const skew = clear && Math.abs(across.skew) >= negligibleSkew ? across.skew : 0
  return { skew, sideways: down.clarity > across.clarity * 1.3 && down.clarity >= clearLines }
}

const tileSide = 400
const maxTiles = 5

/** Heights of the connected stretches of ink in one tile, rules and specks left out. */
const heightsIn = (picture: GrayPicture, left: number, top: number, limit: number): number[] => {
  const { pixels, width, height } = picture
  const [columns, rows] = [Math.min(tileSide, width - left), Math.min(tileSide, height - top)]
  const open = new Uint8Array(columns * rows)
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      if ((pixels[(top + y) * width + left + x] ?? 255) <= limit) open[y * columns + x] = 1
    }
  }
  const heights: number[] = []
  const stack: number[] = []
  for (let start = 0; start < open.length; start += 1) {
    if (open[start] !== 1) continue
    open[start] = 0
    stack.push(start)
    let [minX, maxX, minY, maxY, area] = [columns, 0, rows, 0, 0]
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const [x, y] = [at % columns, Math.floor(at / columns)]
      minX = Math.min(minX, x)
      maxX = Math.max(maxX, x)
      minY = Math.min(minY, y)
      maxY = Math.max(maxY, y)
      area += 1
      for (const next of [x > 0 ? at - 1 : -1, x < columns - 1 ? at + 1 : -1, at - columns, at + columns]) {
        if (next >= 0 && next < open.length && open[next] === 1) {
          open[next] = 0
          stack.push(next)
        }
      }
    }
    const [across, down] = [maxX - minX + 1, maxY - minY + 1]
    const cut = minX === 0 || minY === 0 || maxX === columns - 1 || maxY === rows - 1
    if (!cut && down >= 4 && across < down * 4 && down < across * 6 && area > down) heights.push(down)
  }
  return heights
}

/**
 * Height of the letters in pixels, between that of small letters and capitals, from the tiles of the page that hold most ink.
 * @returns undefined where too few shapes look like letters
 */
export const letterHeight = (picture: GrayPicture): number | undefined => {
  const limit = inkLevel(picture)
  const tiles: { left: number; top: number; ink: number }[] = []
  for (let top = 0; top < picture.height; top += tileSide) {
    for (let left = 0; left < picture.width; left += tileSide) {
      let ink = 0
      for (let y = top; y < Math.min(picture.height, top + tileSide); y += 4) {
        for (let x = left; x < Math.min(picture.width, left + tileSide); x += 4) {
          if ((picture.pixels[y * picture.width + x] ?? 255) <= limit) ink += 1
        }
      }
      // Pictures are nearly all ink; text never is.
      if (ink < ((tileSide / 4) * tileSide) / 4 / 2) tiles.push({ left, top, ink })
    }
  }
  const chosen = tiles.sort((one, other) => other.ink - one.ink).slice(0, maxTiles)
  const heights = chosen.flatMap(({ left, top }) => heightsIn(picture, left, top, limit))
  if (heights.length < 12) return undefined
  return heights.sort((one, other) => one - other)[Math.floor(heights.length * 0.7)]
}
