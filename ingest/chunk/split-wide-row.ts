/**
 * Cuts a table row that does not fit into a chunk together with its header: into groups of columns, each of which has the names of its own columns and the
 * first cell of the row before it. In: the row and the tokens of both. Out: pieces that follow each other without loss; none where row and
 * header do not have the same columns. Neighbours: chunk-units -> here -> pack-units; `split-oversized.ts` cuts what has no header.
 */
import type { Range } from '../../src/core/document.ts'
import type { Unit } from './chunk-units.ts'

/** What stands between two cells; a row that begins or ends with an empty cell has lost its blanks there. */
const betweenCells = /(?:^| )\|(?: |$)/gu
/** A longer first cell is no name of the row. */
const longestLabel = 60
/** Columns differ in length: a piece is aimed below the limit. */
const aim = 0.7

/** Places of the cells in the row's text. */
const cellsOf = (text: string): Range[] => {
  const cells: Range[] = []
  let start = 0
  for (const match of text.matchAll(betweenCells)) {
    cells.push({ start, end: match.index })
    start = match.index + match[0].length
  }
  return [...cells, { start, end: text.length }]
}

/** A part of a unit; undefined where nothing but blanks and bars stands there. */
const partOf = (unit: Unit, range: Range): Unit | undefined => {
  const slice = unit.text.slice(range.start, range.end)
  if (/^[\s|]*$/u.test(slice)) return undefined
  const start = unit.start + range.start + (slice.length - slice.trimStart().length)
  return { ...unit, start, end: start + slice.trim().length, text: slice.trim() }
}

/**
 * @param tokens of the row and its header together
 * @returns at least two pieces, or none
 */
export const splitWideRow = (row: Unit, header: Unit, tokens: number, maxTokens: number): Unit[] => {
  const [cells, names] = [cellsOf(row.text), cellsOf(header.text)]
  const columns = Math.ceil(cells.length / Math.max(2, Math.ceil(tokens / (maxTokens * aim))))
  if (names.length < 3 || cells.length < 3 || cells.length > names.length) return []
  const first = cells[0]
  const label = first && first.end - first.start <= longestLabel ? partOf(row, first) : undefined
  const pieces: Unit[] = []
  for (let from = 0; from < cells.length; from += columns) {
    const to = Math.min(from + columns, cells.length) - 1
    const between = (places: readonly Range[]): Range => ({
      start: places[from]?.start ?? 0,
      end: places[to]?.end ?? 0,
    })
    // Bars between two groups stay with the group before them, so that nothing is lost.
    const piece = partOf(row, { ...between(cells), end: cells[to + 1]?.start ?? row.text.length })
    if (!piece) continue
    const own = partOf(header, between(names))
    const { header: _, ...plain } = piece
    pieces.push({ ...plain, isPiece: true, ...(own && { header: own }), ...(label && from > 0 && { label }) })
  }
  return pieces.length > 1 ? pieces : []
}
