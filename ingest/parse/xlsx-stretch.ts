/**
 * A stretch of rows of a sheet as a grid, and what its first rows are. In: rows. Out: grids, header rows. Pure; used by `xlsx-regions.ts` and `xlsx-cuts.ts`.
 */
import { isNumber } from './column-names.ts'
import { countHeaderRows, isLone, spansColumns, type TableRow } from './table-header.ts'
import type { SheetRow } from './xlsx-sheet.ts'

/** The look of a table is judged by this many of its rows. */
export const sampleRows = 200

/** The columns that any of the rows uses, in order. */
export const columnsOf = (rows: readonly SheetRow[]): number[] => {
  const used = new Set<number>()
  for (const row of rows) for (const column of row.columns) used.add(column)
  return [...used].toSorted((a, b) => a - b)
}

interface Grid {
  readonly rows: readonly SheetRow[]
  readonly grid: readonly TableRow[]
  readonly columns: readonly number[]
}

/** Rows of equal length: each cell at the place of its column among those that are used. */
export const toGrid = (rows: readonly SheetRow[]): Grid => {
  const columns = columnsOf(rows)
  const places = new Map(columns.map((column, place) => [column, place]))
  const grid = rows.map((row) => {
    const cells: (SheetRow['cells'][number] | undefined)[] = Array(columns.length).fill(undefined)
    row.columns.forEach((column, index) => {
      cells[places.get(column) ?? 0] = row.cells[index]
    })
    return cells
  })
  return { rows, grid, columns }
}

/** Whether more than one cell of the row says something. */
export const isMultiple = (row: SheetRow): boolean => !isLone(row.cells)

/** How many of the rows, from the first that says more than one thing, are header. */
export const headerOf = (rows: readonly SheetRow[]): number => {
  const start = rows.findIndex(isMultiple)
  return start < 0 ? 0 : countHeaderRows(toGrid(rows.slice(start, start + sampleRows)).grid)
}

/** Whether the upper row holds names of groups over the lower one. */
export const continuesInto = (upper: SheetRow, lower: SheetRow): boolean =>
  spansColumns(toGrid([upper, lower]).grid[0] ?? []) && upper.cells.every(({ text }) => !isNumber(text))
