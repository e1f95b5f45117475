/**
 * Photographs on a page: leaves, stones and sheet metal look like thousands of letters to the reader, cost ten times what text does and leave noise. In: an evened grey
 * picture, as drawn first. Out: the same with white in their place. Pure. Used by `page-reader.ts`. What tells them is that nearly all their pixels differ a little from
 * their neighbours: text has that at its edges only, also where it is small, blurred or a coarse scan (0.5 at most of one tile, 0.4 of its surroundings, on manuals made
 * four times coarser and then blurred; photographs have 0.5 to 0.8), and plain grounds nowhere.
 */
import type { GrayPicture } from './gray-picture.ts'

/** Pixels of a side: some letters. */
const tileSide = 96
/** Part of the pixels that differ a little: over a tile and the eight around it, where a photograph is found; in each tile that goes on from there. */
const [foundTones, leastTones] = [0.45, 0.25]
/** Levels between ink and ground; a step between neighbours that is more than grain and less than an edge. */
const [darkest, lightest, leastStep, mostStep] = [30, 215, 5, 60]
/** Pixels between neighbours, and between those that are looked at. */
const [reach, stride] = [3, 2]
const white = 255

const tonesIn = ({ pixels, width, height }: GrayPicture, left: number, top: number): number => {
  let [toned, count] = [0, 0]
  for (let y = top; y < Math.min(height, top + tileSide); y += stride) {
    for (let x = left; x < Math.min(width - reach, left + tileSide); x += stride) {
      const level = pixels[y * width + x] ?? white
      const step = Math.abs(level - (pixels[y * width + x + reach] ?? white))
      if (level > darkest && level < lightest && step >= leastStep && step <= mostStep) toned += 1
      count += 1
    }
  }
  return count === 0 ? 0 : toned / count
}

/** Tiles of photographs, by their indices. */
const findTiles = (tones: Float64Array, columns: number, rows: number): Set<number> => {
  const around = (index: number): number[] => {
    const [column, row] = [index % columns, Math.floor(index / columns)]
    const found: number[] = []
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y += 1) {
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x += 1) found.push(y * columns + x)
    }
    return found
  }
  const toneOf = (index: number): number => tones[index] ?? 0
  const tiles = new Set<number>()
  for (let index = 0; index < tones.length; index += 1) {
    const near = around(index)
    if (near.reduce((sum, each) => sum + toneOf(each), 0) >= foundTones * near.length) tiles.add(index)
  }
  // A set goes on to what is added to it meanwhile.
  for (const index of tiles) for (const each of around(index)) if (toneOf(each) >= leastTones) tiles.add(each)
  return tiles
}

/** @returns the picture itself where there is no photograph */
export const erasePhotographs = (picture: GrayPicture): GrayPicture => {
  const { width, height } = picture
  const [columns, rows] = [Math.ceil(width / tileSide), Math.ceil(height / tileSide)]
  const tones = Float64Array.from({ length: columns * rows }, (_, index) =>
    tonesIn(picture, (index % columns) * tileSide, Math.floor(index / columns) * tileSide),
  )
  const tiles = findTiles(tones, columns, rows)
  if (tiles.size === 0) return picture
  const pixels = picture.pixels.slice()
  for (const index of tiles) {
    const [left, top] = [(index % columns) * tileSide, Math.floor(index / columns) * tileSide]
    for (let y = top; y < Math.min(height, top + tileSide); y += 1) {
      pixels.fill(white, y * width + left, y * width + Math.min(width, left + tileSide))
    }
  }
  return { ...picture, pixels }
}
