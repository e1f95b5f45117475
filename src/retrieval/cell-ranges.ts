/**
 * Cells of a sheet as people write them (`A5:D5`). In: the ranges that rows of a sheet's text came from. Out: those that a stretch of the
 * text touches, neighbours joined. What is not written in this way is carried along as it is.
 */
import type { CellRange, Range } from '../core/document.ts'

interface Area {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** More pieces than this say less than the area around them. */
const maxPieces = 4

const columnOf = (letters: string): number =>
  [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)

const lettersOf = (column: number): string =>
  column <= 0 ? '' : lettersOf(Math.floor((column - 1) / 26)) + String.fromCharCode(65 + ((column - 1) % 26))

const parseArea = (cells: string): Area | undefined => {
  const [, left, top, right = left, bottom = top] = /^([A-Z]{1,3})(\d+)(?::([A-Z]{1,3})(\d+))?$/.exec(cells) ?? []
  if (left === undefined || right === undefined) return undefined
  return { left: columnOf(left), right: columnOf(right), top: Number(top), bottom: Number(bottom) }
}

const writeArea = ({ left, right, top, bottom }: Area): string => {
  const [first, last] = [`${lettersOf(left)}${top}`, `${lettersOf(right)}${bottom}`]
  return first === last ? first : `${first}:${last}`
}

const around = (areas: readonly Area[]): Area => ({
  left: Math.min(...areas.map(({ left }) => left)),
  right: Math.max(...areas.map(({ right }) => right)),
  top: Math.min(...areas.map(({ top }) => top)),
  bottom: Math.max(...areas.map(({ bottom }) => bottom)),
})

/** Rows that follow each other become one range; of many pieces the range around them is told. Empty where there is none. */
export const joinCells = (ranges: readonly string[]): string => {
  const written = [...new Set(ranges.flatMap((range) => range.split(', ')).filter(Boolean))]
  const areas = written.flatMap((cells) => parseArea(cells) ?? [])
  if (areas.length < written.length) return written.join(', ')
  const joined: Area[] = []
  for (const area of areas.sort((a, b) => a.top - b.top || a.left - b.left)) {
    const last = joined.at(-1)
    if (last && area.top <= last.bottom + 1) joined[joined.length - 1] = around([last, area])
    else joined.push(area)
  }
  return (joined.length > maxPieces ? [around(joined)] : joined).map(writeArea).join(', ')
}

/** The cells that a stretch of a page's text came from. */
export const cellsOf = (range: Range, cells: readonly CellRange[]): string =>
  joinCells(cells.filter(({ start, end }) => start < range.end && end > range.start).map((each) => each.cells))
