/**
 * Paths of pdf.js's operator list. In: the arguments of a `constructPath` operator. Out: what it paints, its numbers, and its straight parts as strokes
 * on the shown page. Neighbours: `pdf-operators.ts` and `pdf-ink.ts` ask it, `pdf-rules.ts` takes the strokes.
 */
import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { type Matrix, multiply } from './pdf-geometry.ts'
import type { Stroke } from './pdf-rules.ts'

/** A filled box up to this many points thick is a rule. */
const maxRuleThickness = 3
/** How pdf.js writes the parts of a path. */
export const pathCodes = { moveTo: 0, lineTo: 1, curveTo: 2, closePath: 3 } as const
const { moveTo, lineTo, curveTo, closePath } = pathCodes

const strokeKinds = new Set<unknown>([OPS.stroke, OPS.closeStroke])
const fillKinds = new Set<unknown>([
  OPS.fill,
  OPS.eoFill,
  OPS.fillStroke,
  OPS.eoFillStroke,
  OPS.closeFillStroke,
  OPS.closeEOFillStroke,
])

/** What the arguments of a `constructPath` operator paint. */
export const paintingOf = (values: readonly unknown[]): 'stroke' | 'fill' | undefined =>
  strokeKinds.has(values[0]) ? 'stroke' : fillKinds.has(values[0]) ? 'fill' : undefined

/** The numbers of its path: codes, each followed by its points; undefined for an empty one. */
export const pathOf = (values: readonly unknown[]): Float32Array | undefined => {
  const path: unknown = Array.isArray(values[1]) ? values[1][0] : undefined
  return path instanceof Float32Array ? path : undefined
}

/** Straight parts of a path, in its own units. Curves only move the pen. */
const straightParts = (path: Float32Array): Stroke[] => {
  const parts: Stroke[] = []
  let [x, y, startX, startY] = [0, 0, 0, 0]
  for (let index = 0; index < path.length; ) {
    const operator = path[index]
    const nextX = path[index + 1] ?? 0
    const nextY = path[index + 2] ?? 0
    if (operator === moveTo) {
      x = startX = nextX
      y = startY = nextY
      index += 3
    } else if (operator === lineTo) {
      parts.push([x, y, nextX, nextY])
      x = nextX
      y = nextY
      index += 3
    } else if (operator === curveTo) {
      x = path[index + 5] ?? 0
      y = path[index + 6] ?? 0
      index += 7
    } else if (operator === closePath) {
      parts.push([x, y, startX, startY])
      x = startX
      y = startY
      index += 1
    } else break
  }
  return parts
}

/** A thin filled box, as the stroke through its middle. */
const thinBox = (parts: readonly Stroke[]): Stroke | undefined => {
  const xs = parts.flatMap(([x1, , x2]) => [x1, x2])
  const ys = parts.flatMap(([, y1, , y2]) => [y1, y2])
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2]
  if (bottom - top <= maxRuleThickness && right - left > bottom - top) return [left, middleY, right, middleY]
  if (right - left <= maxRuleThickness && bottom - top > right - left) return [middleX, top, middleX, bottom]
  return undefined
}

/**
 * @param values the arguments of a `constructPath` operator
 * @param base from user space to the shown page
 * @param current what the page's own operators put before it
 */
export const strokesOf = (values: readonly unknown[], base: Matrix, current: Matrix): Stroke[] => {
  const painting = paintingOf(values)
  const path = painting && pathOf(values)
  if (!path) return []
  const [a, b, c, d, e, f] = multiply(base, current)
  const parts = straightParts(path).map(
    ([x1, y1, x2, y2]): Stroke => [a * x1 + c * y1 + e, b * x1 + d * y1 + f, a * x2 + c * y2 + e, b * x2 + d * y2 + f],
  )
  if (painting === 'stroke') return parts
  const boxes: Stroke[] = []
  for (let index = 0; index < parts.length; index += 4) {
    const box = thinBox(parts.slice(index, index + 4))
    if (box) boxes.push(box)
  }
  return boxes
}
