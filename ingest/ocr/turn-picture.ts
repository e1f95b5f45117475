/**
 * Pictures turned so that their text stands upright, and the way back. In: a picture, a quarter turn, a skew. Out: the turned picture and the place of
 * each of its points on the page as shown. Pure. Used by `page-reader.ts`; boxes go back through `mapBox`.
 */
import type { Box } from '../../src/core/document.ts'
import type { GrayPicture } from './gray-picture.ts'

/** Clockwise degrees. */
export type Quarter = 0 | 90 | 180 | 270

export interface TurnedPicture extends GrayPicture {
  /** From a point of this picture (pixels) to the shown page (fractions): `x = a*u + c*v + e`, `y = b*u + d*v + f`. */
  readonly toPage: readonly [number, number, number, number, number, number]
  /** Degrees by which lines of the page as shown rise (negative) or fall (positive) beyond the quarter turn. */
  readonly skew: number
}

const white = 255

/** The picture as it is: its corners are the page's. */
export const unturned = (picture: GrayPicture): TurnedPicture => ({
  ...picture,
  toPage: [1 / picture.width, 0, 0, 1 / picture.height, 0, 0],
  skew: 0,
})

type Matrix = TurnedPicture['toPage']

/** First `inner`, then `outer`. */
const after = (outer: Matrix, inner: Matrix): Matrix => [
  outer[0] * inner[0] + outer[2] * inner[1],
  outer[1] * inner[0] + outer[3] * inner[1],
  outer[0] * inner[2] + outer[2] * inner[3],
  outer[1] * inner[2] + outer[3] * inner[3],
  outer[0] * inner[4] + outer[2] * inner[5] + outer[4],
  outer[1] * inner[4] + outer[3] * inner[5] + outer[5],
]

/** Turns clockwise by quarters. */
export const turn = (picture: TurnedPicture, quarter: Quarter): TurnedPicture => {
  if (quarter === 0) return picture
  const { pixels, width, height } = picture
  const result = new Uint8Array(pixels.length)
  const sideways = quarter !== 180
  const [columns, rows] = sideways ? [height, width] : [width, height]
  // Where in the source the pixel (0, 0) lies, and how far the source moves along a row and along a column of the result.
  const [begin, along, down] =
    quarter === 90
      ? [(height - 1) * width, -width, 1]
      : quarter === 180
        ? [pixels.length - 1, -1, -width]
        : [width - 1, width, -1]
  for (let row = 0, index = 0; row < rows; row += 1) {
    let at = begin + row * down
    for (let column = 0; column < columns; column += 1, index += 1, at += along) result[index] = pixels[at] ?? white
  }
  const back: Matrix =
    quarter === 90
      ? [0, -1, 1, 0, 0, height]
      : quarter === 180
        ? [-1, 0, 0, -1, width, height]
        : [0, 1, -1, 0, width, 0]
  return { ...picture, pixels: result, width: columns, height: rows, toPage: after(picture.toPage, back) }
}

/** Turns lines that fall by `degrees` level, on a ground that is large enough for the corners. */
export const straighten = (picture: TurnedPicture, degrees: number): TurnedPicture => {
  if (degrees === 0) return picture
  const { pixels, width, height } = picture
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const columns = Math.ceil(width * Math.abs(cos) + height * Math.abs(sin))
  const rows = Math.ceil(width * Math.abs(sin) + height * Math.abs(cos))
  const result = new Uint8Array(columns * rows).fill(white)
  const e = width / 2 - (cos * columns) / 2 + (sin * rows) / 2
  const f = height / 2 - (sin * columns) / 2 - (cos * rows) / 2
  for (let row = 0, index = 0; row < rows; row += 1) {
    let x = cos * 0.5 - sin * (row + 0.5) + e - 0.5
    let y = sin * 0.5 + cos * (row + 0.5) + f - 0.5
    for (let column = 0; column < columns; column += 1, index += 1, x += cos, y += sin) {
      const [left, top] = [Math.floor(x), Math.floor(y)]
      if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) continue
      const at = top * width + left
      const [across, below] = [x - left, y - top]
      const upper = (pixels[at] ?? white) * (1 - across) + (pixels[at + 1] ?? white) * across
      const lower = (pixels[at + width] ?? white) * (1 - across) + (pixels[at + width + 1] ?? white) * across
      result[index] = upper * (1 - below) + lower * below
    }
  }
  const back: Matrix = [cos, sin, -sin, cos, e, f]
  return { pixels: result, width: columns, height: rows, toPage: after(picture.toPage, back), skew: degrees }
}

const clip = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1e5) / 1e5

/** A box in fractions of the turned picture, as the upright box on the shown page that holds it. */
export const mapBox = (box: Box, picture: TurnedPicture): Box => {
  const [a, b, c, d, e, f] = picture.toPage
  const xs: number[] = []
  const ys: number[] = []
  for (const u of [box.x * picture.width, (box.x + box.width) * picture.width]) {
    for (const v of [box.y * picture.height, (box.y + box.height) * picture.height]) {
      xs.push(a * u + c * v + e)
      ys.push(b * u + d * v + f)
    }
  }
  const [x, y] = [clip(Math.min(...xs)), clip(Math.min(...ys))]
  return { x, y, width: clip(clip(Math.max(...xs)) - x), height: clip(clip(Math.max(...ys)) - y) }
}
