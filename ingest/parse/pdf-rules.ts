/**
 * Lines that a page draws: the rules of its tables. In: the operator list of pdf.js. Out: horizontal and vertical rules in the plane of one
 * orientation, and whether the page paints anything at all (a page that does not is blank).
 * Next on the way: `pdf-tables.ts`.
 */
import type { PDFOperatorList } from 'pdfjs-dist/types/src/display/api.js'
import { type Orientation, turnPoint } from './pdf-geometry.ts'
import type { PageFrame } from './pdf-runs.ts'

/** A straight line along one axis: at `at` on the other axis, from `from` to `to`. */
export interface Rule {
  readonly at: number
  readonly from: number
  readonly to: number
}

export interface Rules {
  readonly horizontal: readonly Rule[]
  readonly vertical: readonly Rule[]
}

export interface Drawing {
  /** Straight strokes and thin filled boxes on the shown page: x1, y1, x2, y2 in points. */
  readonly strokes: readonly (readonly [number, number, number, number])[]
  /** Something other than text, a white ground and a few rules is painted. */
  readonly paints: boolean
  /** Length of the operator list. */
  readonly operators: number
}

type Operators = Readonly<Record<string, number>>
type Matrix = readonly [number, number, number, number, number, number]

/** Drawings with more strokes than this are pictures, not tables. */
const maxStrokes = 6_000
/** A filled box up to this many points thick is a rule. */
const maxRuleThickness = 3
/** A page that shows no more than this many rules (a letterhead's, a footer's) is blank. */
const maxOrnaments = 8
const [moveTo, lineTo, curveTo, closePath] = [0, 1, 2, 3]

const multiply = (m: Matrix, n: Matrix): Matrix => [
  m[0] * n[0] + m[2] * n[1],
  m[1] * n[0] + m[3] * n[1],
  m[0] * n[2] + m[2] * n[3],
  m[1] * n[2] + m[3] * n[3],
  m[0] * n[4] + m[2] * n[5] + m[4],
  m[1] * n[4] + m[3] * n[5] + m[5],
]

const asMatrix = (values: unknown): Matrix | undefined => {
  const numbers = values && typeof values === 'object' ? Object.values(values) : []
  const usable = numbers.length === 6 && numbers.every((value) => typeof value === 'number')
  return usable ? (numbers as unknown as Matrix) : undefined
}

const asNumbers = (values: unknown): readonly number[] | undefined =>
  Array.isArray(values) || values instanceof Float32Array || values instanceof Float64Array
    ? (values as readonly number[])
    : undefined

/** Straight parts of a path, in its own units. Curves only move the pen. */
const straightParts = (path: readonly number[]): [number, number, number, number][] => {
  const parts: [number, number, number, number][] = []
  let [x, y, startX, startY] = [0, 0, 0, 0]
  for (let index = 0; index < path.length; ) {
    const operator = path[index]
    const [nextX = 0, nextY = 0] = path.slice(index + 1, index + 3)
    if (operator === moveTo) {
      ;[x, y, startX, startY] = [nextX, nextY, nextX, nextY]
      index += 3
    } else if (operator === lineTo) {
      parts.push([x, y, nextX, nextY])
      ;[x, y] = [nextX, nextY]
      index += 3
    } else if (operator === curveTo) {
      ;[x = 0, y = 0] = path.slice(index + 5, index + 7)
      index += 7
    } else if (operator === closePath) {
      parts.push([x, y, startX, startY])
      ;[x, y] = [startX, startY]
      index += 1
    } else break
  }
  return parts
}

const isThin = (bounds: readonly number[] | undefined): boolean => {
  const [left = 0, top = 0, right = 0, bottom = 0] = bounds ?? []
  return Math.min(Math.abs(right - left), Math.abs(bottom - top)) <= maxRuleThickness
}

/** A thin filled box, as the stroke through its middle. */
const thinBox = (corners: readonly (readonly [number, number])[]): [number, number, number, number] | undefined => {
  const xs = corners.map(([x]) => x)
  const ys = corners.map(([, y]) => y)
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2]
  if (bottom - top <= maxRuleThickness && right - left > bottom - top) return [left, middleY, right, middleY]
  if (right - left <= maxRuleThickness && bottom - top > right - left) return [middleX, top, middleX, bottom]
  return undefined
}

const strokesOf = (path: readonly number[], filled: boolean, matrix: Matrix): [number, number, number, number][] => {
  const point = (x: number, y: number): [number, number] => [
    matrix[0] * x + matrix[2] * y + matrix[4],
    matrix[1] * x + matrix[3] * y + matrix[5],
  ]
  const parts = straightParts(path)
  if (!filled) return parts.map(([x1, y1, x2, y2]) => [...point(x1, y1), ...point(x2, y2)])
  const boxes: [number, number, number, number][] = []
  for (let index = 0; index + 3 < parts.length || index < parts.length; index += 4) {
    const box = thinBox(parts.slice(index, index + 4).flatMap(([x1, y1, x2, y2]) => [point(x1, y1), point(x2, y2)]))
    if (box) boxes.push(box)
  }
  return boxes
}

/**
 * @param operators the table of operator numbers of the pdf.js build that made the list
 */
export const readDrawing = (list: PDFOperatorList, operators: Operators, frame: PageFrame): Drawing => {
  const pictureOperators = new Set(
    Object.entries(operators)
      .filter(([name]) => /^paint(?!FormXObject)|^shadingFill$|^rawFillPath$/.test(name))
      .map(([, n]) => n),
  )
  const strokeKinds = new Set([operators.stroke, operators.closeStroke])
  const fillKinds = new Set(
    ['fill', 'eoFill', 'fillStroke', 'eoFillStroke', 'closeFillStroke', 'closeEOFillStroke'].map((n) => operators[n]),
  )
  const strokes: (readonly [number, number, number, number])[] = []
  const stack: Matrix[] = []
  let matrix = asMatrix(frame.transform) ?? [1, 0, 0, 1, 0, 0]
  let [pictures, shapes, thinShapes] = [0, 0, 0]
  let fill: unknown
  for (const [index, operator] of list.fnArray.entries()) {
    const values: unknown = list.argsArray[index]
    if (operator === operators.save) stack.push(matrix)
    else if (operator === operators.restore || operator === operators.paintFormXObjectEnd)
      matrix = stack.pop() ?? matrix
    else if (operator === operators.transform) matrix = multiply(matrix, asMatrix(values) ?? [1, 0, 0, 1, 0, 0])
    else if (operator === operators.paintFormXObjectBegin) {
      stack.push(matrix)
      const own = Array.isArray(values) ? asMatrix(values[0]) : undefined
      if (own) matrix = multiply(matrix, own)
    } else if (operator === operators.constructPath && Array.isArray(values)) {
      const filled = fillKinds.has(values[0])
      if (!filled && !strokeKinds.has(values[0])) continue
      if (isThin(asNumbers(values[2]))) thinShapes += 1
      else if (!filled || fill !== '#ffffff') shapes += 1
      const path = asNumbers(Array.isArray(values[1]) ? values[1][0] : undefined)
      if (path && strokes.length < maxStrokes) strokes.push(...strokesOf(path, filled, matrix))
    } else if (operator === operators.setFillRGBColor) fill = Array.isArray(values) ? values[0] : undefined
    else if (pictureOperators.has(operator)) pictures += 1
  }
  const paints = pictures > 0 || shapes > 0 || thinShapes > maxOrnaments
  return { strokes: strokes.length < maxStrokes ? strokes : [], paints, operators: list.fnArray.length }
}

/** Joins pieces of one line that touch or overlap. */
const joinRules = (rules: Rule[]): Rule[] => {
  const joined: { at: number; from: number; to: number }[] = []
  for (const rule of rules.sort((one, other) => one.at - other.at || one.from - other.from)) {
    const touching = joined.findLast(
      (other) => Math.abs(other.at - rule.at) < 1.5 && rule.from <= other.to + 3 && rule.to >= other.from - 3,
    )
    if (touching) {
      touching.from = Math.min(touching.from, rule.from)
      touching.to = Math.max(touching.to, rule.to)
    } else joined.push({ ...rule })
  }
  return joined
}

/** The rules of a drawing in the plane of one orientation; strokes shorter than 4 points are no rules. */
export const rulesOf = (drawing: Drawing, frame: PageFrame, orientation: Orientation): Rules => {
  const horizontal: Rule[] = []
  const vertical: Rule[] = []
  for (const [x1, y1, x2, y2] of drawing.strokes) {
    const [u1, v1] = turnPoint(x1, y1, frame, orientation)
    const [u2, v2] = turnPoint(x2, y2, frame, orientation)
    const [width, height] = [Math.abs(u2 - u1), Math.abs(v2 - v1)]
    if (height < 1 && width >= 4) horizontal.push({ at: (v1 + v2) / 2, from: Math.min(u1, u2), to: Math.max(u1, u2) })
    else if (width < 1 && height >= 4)
      vertical.push({ at: (u1 + u2) / 2, from: Math.min(v1, v2), to: Math.max(v1, v2) })
  }
  return { horizontal: joinRules(horizontal), vertical: joinRules(vertical) }
}
