/**
 * The plane that a page is laid out in: points, origin top left, y downwards, turned so that the text of one orientation reads from
 * left to right. Vertical writing and text turned by 90 degrees become ordinary lines that way; boxes are turned back when written.
 * Neighbours: runs and rules come in through it (`pdf-runs.ts`, `pdf-rules.ts`), boxes go out through it (`pdf-blocks.ts`).
 */
import type { Box } from '../../src/core/document.ts'

/** Degrees, clockwise, by which the text is turned on the shown page. */
export type Orientation = 0 | 90 | 180 | 270

/** A rectangle in points, y downwards. */
export interface Area {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The shown page in points: crop box and rotation applied. */
export interface PageSize {
  readonly width: number
  readonly height: number
}

/** An affine transformation as PDF writes it: `[a, b, c, d, e, f]`. */
export type Matrix = readonly [number, number, number, number, number, number]

export const identity: Matrix = [1, 0, 0, 1, 0, 0]

/** First `n`, then `m`. */
export const multiply = (m: Matrix, n: Matrix): Matrix => [
  m[0] * n[0] + m[2] * n[1],
  m[1] * n[0] + m[3] * n[1],
  m[0] * n[2] + m[2] * n[3],
  m[1] * n[2] + m[3] * n[3],
  m[0] * n[4] + m[2] * n[5] + m[4],
  m[1] * n[4] + m[3] * n[5] + m[5],
]

/** Undefined where the values are not six finite numbers. */
export const asMatrix = (values: unknown): Matrix | undefined => {
  if (!Array.isArray(values) && !(values instanceof Float32Array) && !(values instanceof Float64Array)) return undefined
  const found = values as ArrayLike<unknown>
  const matrix = [found[0], found[1], found[2], found[3], found[4], found[5]]
  return matrix.every(Number.isFinite) ? (matrix as unknown as Matrix) : undefined
}

export const unite = (areas: readonly Area[]): Area => {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const area of areas) {
    left = Math.min(left, area.left)
    top = Math.min(top, area.top)
    right = Math.max(right, area.right)
    bottom = Math.max(bottom, area.bottom)
  }
  return { left, top, right, bottom }
}

/** A point of the shown page in the plane of one orientation. */
export const turnPoint = (
  x: number,
  y: number,
  page: PageSize,
  orientation: Orientation,
): readonly [number, number] => {
  if (orientation === 90) return [y, page.width - x]
  if (orientation === 180) return [page.width - x, page.height - y]
  if (orientation === 270) return [page.height - y, x]
  return [x, y]
}

const turnBack = (u: number, v: number, page: PageSize, orientation: Orientation): readonly [number, number] => {
  if (orientation === 90) return [page.width - v, u]
  if (orientation === 180) return [page.width - u, page.height - v]
  if (orientation === 270) return [v, page.height - u]
  return [u, v]
}

const fraction = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1e5) / 1e5

/** The area as fractions of the shown page, clipped to it. */
export const toBox = (area: Area, page: PageSize, orientation: Orientation): Box => {
  const [x1, y1] = turnBack(area.left, area.top, page, orientation)
  const [x2, y2] = turnBack(area.right, area.bottom, page, orientation)
  const [left, right] = [fraction(Math.min(x1, x2) / page.width), fraction(Math.max(x1, x2) / page.width)]
  const [top, bottom] = [fraction(Math.min(y1, y2) / page.height), fraction(Math.max(y1, y2) / page.height)]
  return { x: left, y: top, width: fraction(right - left), height: fraction(bottom - top) }
}
