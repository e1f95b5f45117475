/**
 * Dark ink on a light ground, wherever it was the other way round: whole pages in white on black, and panels of a page, as screens of machines, editors and heads of tables
 * have them. The reader takes large dark areas for pictures and leaves out what is written in them. In: a grey picture. Out: the same with such areas inverted, their ground
 * white. Pure. Used by `page-reader.ts`, before light is evened (which would turn a dark panel into grey clouds).
 */
import { type GrayPicture, levelOf, shrink } from './gray-picture.ts'

/** A picture darker than this on the whole shows white letters on a dark ground. */
const darkMedian = 96
/** Pixels of a cell's side: less than there is between a panel and the letters beside it. */
const cellSide = 4
/** Cells darker than this are ground of a panel, or ink. Blue heads of tables are at 109, orange ones at 150. */
const darkCell = 170
/** Levels that neighbouring cells of a ground differ by, and the part of a panel that is so even. Letters that touch have no such ground. */
const [evenLevels, leastEven] = [8, 0.6]
/** Levels that ink differs by from its ground. */
const leastContrast = 50
/** Cells: a panel holds at least a line of some letters. */
const [leastWidth, leastHeight] = [24, 7]
/** A narrower panel is this many times as wide as it is high: a large letter in bold type is not. */
const [wide, leastAspect] = [120, 1.8]
/** Part of its box that a panel's ground takes; frames, rules and large letters take less. */
const leastFilled = 0.5
/** Part of the ground that the writing on it takes at least, and its pieces: a bar, a shadow and the stroke of a large letter have none. */
const [leastWriting, leastPieces] = [0.005, 2]
/** What is lighter inside a panel and as large and as solid as this is a panel of its own, with dark ink: an input field, a button, the page on a dark desk. */
const [fieldWidth, fieldHeight, solid] = [24, 6, 0.8]
const white = 255

interface Cells {
  readonly levels: Uint8Array
  readonly columns: number
  readonly rows: number
}

/** Cells that hang together, side by side. */
interface Area {
  readonly cells: readonly number[]
  /** In cells; `right` and `bottom` belong to it. */
  readonly box: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
}

interface Panel {
  readonly cells: readonly number[]
  /** Its ground. */
  readonly level: number
}

const widthOf = ({ box }: Area): number => box.right - box.left + 1
const heightOf = ({ box }: Area): number => box.bottom - box.top + 1
const filledPart = (area: Area): number => area.cells.length / (widthOf(area) * heightOf(area))

const visitBeside = (cell: number, { columns, rows }: Cells, visit: (near: number) => void): void => {
  const x = cell % columns
  if (x > 0) visit(cell - 1)
  if (x < columns - 1) visit(cell + 1)
  if (cell >= columns) visit(cell - columns)
  if (cell < columns * (rows - 1)) visit(cell + columns)
}

/** All cells that can be reached from one, and are so marked in `seen`. */
const areaFrom = (start: number, all: Cells, seen: Uint8Array, belongs: (cell: number) => boolean): Area => {
  const { columns, rows } = all
  const cells = [start]
  const box = { left: columns, top: rows, right: 0, bottom: 0 }
  const visit = (cell: number): void => {
    if (seen[cell] !== 0 || !belongs(cell)) return
    seen[cell] = 1
    cells.push(cell)
  }
  seen[start] = 1
  // The list goes on to what is added to it meanwhile.
  for (const cell of cells) {
    const [x, y] = [cell % columns, Math.floor(cell / columns)]
    box.left = Math.min(box.left, x)
    box.right = Math.max(box.right, x)
    box.top = Math.min(box.top, y)
    box.bottom = Math.max(box.bottom, y)
    visitBeside(cell, all, visit)
  }
  return { cells, box }
}

const areasOf = (cells: Cells, candidates: Iterable<number>, belongs: (cell: number) => boolean): Area[] => {
  const seen = new Uint8Array(cells.levels.length)
  const areas: Area[] = []
  for (const cell of candidates) {
    if (seen[cell] === 0 && belongs(cell)) areas.push(areaFrom(cell, cells, seen, belongs))
  }
  return areas
}

/** A mark for each cell that is one of them: pages have millions of cells, for which sets take too much memory. */
const marksOf = (cells: readonly number[], count: number): Uint8Array => {
  const marks = new Uint8Array(count)
  for (const cell of cells) marks[cell] = 1
  return marks
}

/** The lighter areas that a dark one encloses. */
const holesIn = (dark: Area, cells: Cells): Area[] => {
  const { left, top, right, bottom } = dark.box
  const own = marksOf(dark.cells, cells.levels.length)
  const inside: number[] = []
  for (let y = top; y <= bottom; y += 1) for (let x = left; x <= right; x += 1) inside.push(y * cells.columns + x)
  const isInBox = (cell: number): boolean => {
    const [x, y] = [cell % cells.columns, Math.floor(cell / cells.columns)]
    return x >= left && x <= right && y >= top && y <= bottom
  }
  const isAtEdge = ({ box }: Area): boolean =>
    box.left === left || box.right === right || box.top === top || box.bottom === bottom
  return areasOf(cells, inside, (cell) => isInBox(cell) && own[cell] === 0).filter((area) => !isAtEdge(area))
}

const isField = (hole: Area): boolean =>
  widthOf(hole) >= fieldWidth && heightOf(hole) >= fieldHeight && filledPart(hole) >= solid

/** Dark cells among cells as dark as they are: every panel has some, letters of text hardly any, so that no time goes to these. */
const groundCells = ({ levels, columns }: Cells): number[] => {
  const found: number[] = []
  for (let cell = columns; cell < levels.length - columns; cell += 1) {
    const level = levels[cell] ?? white
    if (level >= darkCell) continue
    const isLike = (other: number): boolean => Math.abs((levels[other] ?? white) - level) <= evenLevels
    if (isLike(cell - 1) && isLike(cell + 1) && isLike(cell - columns) && isLike(cell + columns)) found.push(cell)
  }
  return found
}

const evenPart = (dark: Area, { levels }: Cells): number => {
  const isEven = (cell: number): boolean => Math.abs((levels[cell] ?? 0) - (levels[cell + 1] ?? white)) <= evenLevels
  return dark.cells.filter(isEven).length / dark.cells.length
}

const toPanel = (dark: Area, cells: Cells): Panel | undefined => {
  const [width, height] = [widthOf(dark), heightOf(dark)]
  if (width < leastWidth || height < leastHeight || filledPart(dark) < leastFilled) return undefined
  if (width < wide && width < height * leastAspect) return undefined
  const writing = holesIn(dark, cells).filter((hole) => !isField(hole))
  const written = writing.reduce((sum, hole) => sum + hole.cells.length, 0)
  if (writing.length < leastPieces || written < dark.cells.length * leastWriting) return undefined
  const levels = Uint8Array.from(dark.cells, (cell) => cells.levels[cell] ?? 0).sort()
  const level = levels[levels.length >> 1] ?? 0
  const inked = levels.filter((each) => each < level - leastContrast).length
  if (inked > written || evenPart(dark, cells) < leastEven) return undefined
  return { cells: [...dark.cells, ...writing.flatMap((hole) => hole.cells)], level }
}

/** Inverts the panel so that its ground is white, and takes the dark out of the seam around it, whose cells are of both the panel and the page. */
const lighten = (pixels: Uint8Array, width: number, { cells, level }: Panel, all: Cells): void => {
  const { columns } = all
  const own = marksOf(cells, all.levels.length)
  const each = (cell: number, change: (pixel: number) => number): void => {
    const [x, y] = [(cell % columns) * cellSide, Math.floor(cell / columns) * cellSide]
    for (let row = y; row < y + cellSide; row += 1) {
      for (let at = row * width + x; at < row * width + x + cellSide; at += 1) pixels[at] = change(pixels[at] ?? white)
    }
  }
  const seam = new Set<number>()
  for (const cell of cells) {
    visitBeside(cell, all, (near) => {
      if (own[near] === 0) seam.add(near).add(cell)
    })
    if (!seam.has(cell)) each(cell, (pixel) => Math.min(white, ((white - pixel) * white) / (white - level)))
  }
  for (const cell of seam) each(cell, (pixel) => (pixel < (level + white) / 2 ? white : pixel))
}

const invert = (picture: GrayPicture): GrayPicture => ({
  ...picture,
  pixels: picture.pixels.map((pixel) => white - pixel),
})

/** @returns the picture itself where nothing on it is light on dark */
export const darkOnLight = (picture: GrayPicture): GrayPicture => {
  const upright = levelOf(picture, 0.5) < darkMedian ? invert(picture) : picture
  const { pixels: levels, width: columns, height: rows } = shrink(upright, cellSide)
  const cells = { levels, columns, rows }
  const dark = areasOf(cells, groundCells(cells), (cell) => (levels[cell] ?? white) < darkCell)
  const panels = dark.flatMap((area) => toPanel(area, cells) ?? [])
  if (panels.length === 0) return upright
  const pixels = upright.pixels.slice()
  for (const panel of panels) lighten(pixels, upright.width, panel, cells)
  return { ...upright, pixels }
}
