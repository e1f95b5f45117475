/**
 * What a page shows beside its text: pictures, drawn shapes, rules and frames. In: the operator list of pdf.js. Out: counts and shares that
 * `pdf-outcome.ts` weighs against the text. Only pages with little text are looked at so.
 */
import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { PDFOperatorList } from 'pdfjs-dist/types/src/display/api.js'
import { asMatrix, identity, type Matrix, multiply } from './pdf-geometry.ts'
import { paintingOf, pathCodes, pathOf } from './pdf-paths.ts'
import type { PageFrame } from './pdf-runs.ts'

export interface Ink {
  /** Pictures that are painted: small ones, masks, patterns. Larger ones are left out of the list and only leave their places behind. */
  readonly pictures: number
  /** Part of the page that places of pictures cover, left out ones as well, 0 to 1. A place may be empty; stripes and spots that are stretched cover nothing. */
  readonly pictureShare: number
  /** Closed or curved shapes about as large as a character: text that was turned into outlines, or small parts of a drawing. */
  readonly glyphShapes: number
  /** Other shapes that are neither rules nor frames nor a ground. */
  readonly shapes: number
  /** Rules, frames and grounds. */
  readonly ornaments: number
}

/** In points: heights and widths of drawn characters. */
const [minGlyph, maxGlyph] = [2, 40]
const white = '#ffffff'

const paintsPicture = new Set(
  Object.entries(OPS).flatMap(([name, code]) => (/^paint(?!FormXObject|XObject)/.test(name) ? [code] : [])),
)
/** Pixels for each square inch of the page that a picture of letters has at least: 20 each way. */
const minPixels = 400
const pointsPerInch = 72

/** Operators that put something on the page after the place of a picture was set: it was no picture's place. */
const usesPlace = new Set<number>([...paintsPicture, OPS.showText, OPS.shadingFill, OPS.paintFormXObjectBegin])

interface Shape {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly curved: boolean
  /** All of its straight parts run along the axes. */
  readonly square: boolean
}

/** The separate outlines of one path, in points of the shown page. */
const shapesOf = (path: Float32Array, m: Matrix): Shape[] => {
  const shapes: Shape[] = []
  let open: { left: number; right: number; top: number; bottom: number; curved: boolean; square: boolean } | undefined
  let [x, y] = [0, 0]
  const reach = (px: number, py: number, curved: boolean): void => {
    const [nextX, nextY] = [m[0] * px + m[2] * py + m[4], m[1] * px + m[3] * py + m[5]]
    if (!open) return
    if (!curved && Math.min(Math.abs(nextX - x), Math.abs(nextY - y)) > 0.5) open.square = false
    if (curved) open.curved = true
    open.left = Math.min(open.left, nextX)
    open.right = Math.max(open.right, nextX)
    open.top = Math.min(open.top, nextY)
    open.bottom = Math.max(open.bottom, nextY)
    ;[x, y] = [nextX, nextY]
  }
  for (let index = 0; index < path.length; ) {
    const code = path[index]
    const [px, py] = [path[index + 1] ?? 0, path[index + 2] ?? 0]
    if (code === pathCodes.moveTo) {
      if (open) shapes.push(open)
      ;[x, y] = [m[0] * px + m[2] * py + m[4], m[1] * px + m[3] * py + m[5]]
      open = { left: x, right: x, top: y, bottom: y, curved: false, square: true }
      index += 3
    } else if (code === pathCodes.lineTo) {
      reach(px, py, false)
      index += 3
    } else if (code === pathCodes.curveTo) {
      reach(path[index + 5] ?? 0, path[index + 6] ?? 0, true)
      index += 7
    } else index += 1
  }
  if (open) shapes.push(open)
  return shapes
}

const isGlyphSized = ({ left, right, top, bottom }: Shape): boolean => {
  const [width, height] = [right - left, bottom - top]
  return Math.max(width, height) >= minGlyph && width <= maxGlyph * 1.5 && height <= maxGlyph
}

const coveredShare = (m: Matrix, { width, height }: PageFrame): number => {
  const xs = [m[4], m[4] + m[0], m[4] + m[2], m[4] + m[0] + m[2]].map((x) => Math.min(width, Math.max(0, x)))
  const ys = [m[5], m[5] + m[1], m[5] + m[3], m[5] + m[1] + m[3]].map((y) => Math.min(height, Math.max(0, y)))
  const area = (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys))
  return area / Math.max(1, width * height)
}

class InkReader {
  readonly #base: Matrix
  readonly #frame: PageFrame
  readonly #stack: { matrix: Matrix; fill: unknown }[] = []
  #matrix: Matrix
  #fill: unknown = '#000000'
  /** A place was set, and nothing has been painted since. */
  #placed = false
  readonly ink = { pictures: 0, pictureShare: 0, glyphShapes: 0, shapes: 0, ornaments: 0 }

  constructor(frame: PageFrame) {
    this.#frame = frame
    this.#base = asMatrix(frame.transform) ?? identity
    this.#matrix = this.#base
  }

  apply(operator: number, values: unknown): void {
    const [first, second, third, fourth] = Array.isArray(values) ? values : []
    if (usesPlace.has(operator)) this.#placed = false
    if (operator === OPS.save) this.#save()
    else if (operator === OPS.restore || operator === OPS.paintFormXObjectEnd || operator === OPS.endAnnotation) {
      this.#endPlace()
      const { matrix, fill } = this.#stack.pop() ?? { matrix: this.#matrix, fill: this.#fill }
      this.#matrix = matrix
      this.#fill = fill
    } else if (operator === OPS.transform) {
      this.#matrix = multiply(this.#matrix, asMatrix(values) ?? identity)
      this.#placed = true
    } else if (operator === OPS.paintFormXObjectBegin) {
      this.#save()
      this.#matrix = multiply(this.#matrix, asMatrix(first) ?? identity)
    } else if (operator === OPS.beginAnnotation) {
      this.#save()
      this.#matrix = multiply(this.#base, multiply(asMatrix(third) ?? identity, asMatrix(fourth) ?? identity))
    } else if (operator === OPS.setFillRGBColor) this.#fill = first
    else if (operator === OPS.setFillColorN) this.#fill = second ?? 'pattern'
    else if (operator === OPS.shadingFill) this.ink.ornaments += 1
    else if (operator === OPS.constructPath && Array.isArray(values)) this.#path(values)
    else if (paintsPicture.has(operator)) {
      const share = coveredShare(this.#matrix, this.#frame)
      const isGround = operator === OPS.paintImageXObject && this.#isTooCoarse(Number(second) * Number(third), share)
      this.ink.pictures += 1
      if (!isGround) this.ink.pictureShare += share
    }
  }

  /** A stripe or spot stretched over its place is colour behind the page, or a line on it. */
  #isTooCoarse(pixels: number, share: number): boolean {
    const { width, height } = this.#frame
    return pixels < (minPixels * share * width * height) / pointsPerInch ** 2
  }

  #save(): void {
    this.#stack.push({ matrix: this.#matrix, fill: this.#fill })
    this.#placed = false
  }

  #endPlace(): void {
    if (this.#placed) this.ink.pictureShare += coveredShare(this.#matrix, this.#frame)
    this.#placed = false
  }

  #path(values: readonly unknown[]): void {
    const painting = paintingOf(values)
    const path = painting && pathOf(values)
    if (!path || (painting === 'fill' && this.#fill === white)) return
    this.#placed = false
    for (const shape of shapesOf(path, this.#matrix)) {
      if (shape.square && !shape.curved) this.ink.ornaments += 1
      else if (isGlyphSized(shape)) this.ink.glyphShapes += 1
      else this.ink.shapes += 1
    }
  }
}

export const inspectInk = (list: PDFOperatorList, frame: PageFrame): Ink => {
  const reader = new InkReader(frame)
  list.fnArray.forEach((operator, index) => {
    reader.apply(operator, list.argsArray[index])
  })
  return { ...reader.ink, pictureShare: Math.min(1, reader.ink.pictureShare) }
}
