/**
 * Parts a sheet into its tables and the lines around them. Empty rows and columns part tables; a stretch without a header of its own that fits under the
 * table above it goes on with that table. In: the rows of a sheet. Out: regions in reading order, each a grid with the places of its rows and columns.
 * Every cell with text is in exactly one region. Pure; neighbours: `xlsx-sheet.ts` before, `table-layout.ts` after.
 */
import { hasDigit, isMark, isNumber } from './column-names.ts'
import { countHeaderRows, filledCells, hasStyle, type TableRow } from './table-header.ts'
import { findCuts, type HeaderHint } from './xlsx-cuts.ts'
import type { SheetRow } from './xlsx-sheet.ts'
import { columnsOf, continuesInto, headerOf, isMultiple, sampleRows, toGrid } from './xlsx-stretch.ts'

export interface Region {
  readonly grid: readonly TableRow[]
  /** The number of each row of the grid. */
  readonly rowNumbers: readonly number[]
  /** The column of each place of its rows. */
  readonly columns: readonly number[]
  /** Rows that the workbook itself calls header. */
  readonly declared: number
}

const sliceColumns = (rows: readonly SheetRow[], left: number, right: number): SheetRow[] =>
  rows.flatMap((row) => {
    const from = row.columns.findIndex((column) => column >= left)
    if (from < 0) return []
    const to = row.columns.findLastIndex((column) => column <= right)
    if (to < from) return []
    if (from === 0 && to === row.columns.length - 1) return [row]
    return [{ number: row.number, columns: row.columns.slice(from, to + 1), cells: row.cells.slice(from, to + 1) }]
  })

/** Stretches of rows without an empty row in between. */
const splitRows = (rows: readonly SheetRow[]): SheetRow[][] => {
  const bands: SheetRow[][] = []
  for (const row of rows) {
    const band = bands.at(-1)
    if (band && row.number - (band.at(-1)?.number ?? 0) <= 1) band.push(row)
    else bands.push([row])
  }
  return bands
}

/** Groups of columns without an empty column in between, first and last. */
const columnGroups = (rows: readonly SheetRow[]): { left: number; right: number }[] => {
  const groups: { left: number; right: number }[] = []
  for (const column of columnsOf(rows)) {
    const last = groups.at(-1)
    if (last && column - last.right <= 1) last.right = column
    else groups.push({ left: column, right: column })
  }
  return groups
}

/** Side by side stand tables only where each has columns, rows and a header of its own. */
const standsAlone = (rows: readonly SheetRow[]): boolean => rows.filter(isMultiple).length >= 2 && headerOf(rows) > 0

/** Whether the rows begin with nothing but numbers and marks: what they are of stands in the table to their left, beyond an empty column. */
const lacksNames = (rows: readonly SheetRow[], left: readonly SheetRow[]): boolean => {
  const [first] = columnsOf(rows)
  const body = rows.filter(isMultiple).slice(headerOf(rows), sampleRows)
  const names = body.map(({ columns, cells }) => (columns[0] === first ? (cells[0]?.text ?? '') : ''))
  const isCounted = names.every((name, index) => name === String(index + 1))
  const numbers = new Set(left.map(({ number }) => number))
  const shared = body.filter(({ number }) => numbers.has(number)).length
  return (
    shared >= body.length / 2 &&
    !isCounted &&
    names.filter((name) => name === '' || isNumber(name) || isMark(name)).length > names.length / 2
  )
}

const splitColumns = (rows: readonly SheetRow[]): SheetRow[][] => {
  const groups = columnGroups(rows)
  if (groups.length < 2) return [[...rows]]
  const parts: { left: number; right: number }[] = []
  for (const group of groups) {
    const last = parts.at(-1)
    const upTo = last ? sliceColumns(rows, last.left, last.right) : []
    const own = sliceColumns(rows, group.left, group.right)
    const isOwn = standsAlone(upTo) && standsAlone(own) && !lacksNames(own, upTo)
    if (last && !isOwn) last.right = group.right
    else parts.push({ ...group })
  }
  return parts.map(({ left, right }) => sliceColumns(rows, left, right))
}

/** The usual number of cells in a row. */
const typicalWidth = (rows: readonly SheetRow[]): number => {
  const widths = rows
    .filter(isMultiple)
    .slice(0, sampleRows)
    .map((row) => row.cells.length)
    .toSorted((a, b) => a - b)
  return widths[Math.floor(widths.length / 2)] ?? 0
}

/** Where the table proper begins: pairs of names and values often stand directly above it. */
const findStart = (rows: readonly SheetRow[], hints: readonly HeaderHint[]): { start: number; declared: number } => {
  const left = Math.min(...rows.map((row) => row.columns[0] ?? 0))
  const hinted = rows.findIndex((row) => hints.some((hint) => isHinted(row, hint)))
  let at = hinted
  if (at < 0 || at === rows.length - 1) {
    const typical = typicalWidth(rows)
    at = rows.findIndex(
      ({ cells, columns }) =>
        cells.length >= typical * 0.75 || (columns[0] !== left && cells.length >= Math.max(2, typical - 1)),
    )
  }
  let start = Math.max(0, at)
  for (
    let above = rows[start - 1], row = rows[start];
    above && row && isMultiple(above);
    above = rows[start - 1], row = rows[start]
  ) {
    if (!continuesInto(above, row)) break
    start -= 1
  }
  return { start, declared: hinted >= 0 && hinted < rows.length - 1 ? hinted - start + 1 : 0 }
}

const isHinted = (row: SheetRow, { row: number, left, right, isSure }: HeaderHint): boolean => {
  if (row.number !== number || !row.columns.some((column) => column >= left && column <= right)) return false
  return isSure || (isMultiple(row) && !row.cells.some(({ text }) => isNumber(text)))
}

/** Whether the rows can stand under the table: in its columns, without a header, digits where it has digits. */
const fitsUnder = (rows: readonly SheetRow[], table: readonly SheetRow[]): boolean => {
  const body = rows.filter(isMultiple)
  const [first] = body
  if (!first || hasStyle(first.cells) || headerOf(table) === 0 || headerOf(body) > 0) return false
  const [own, upper] = [columnGroups(body), columnGroups(table)]
  const [left, right] = [upper[0]?.left ?? 0, upper.at(-1)?.right ?? 0]
  if ((own[0]?.left ?? 0) < left || (own.at(-1)?.right ?? 0) > right) return false
  if (typicalWidth(body) < typicalWidth(table) / 2) return false
  const sample = toGrid(table.filter(isMultiple).slice(0, sampleRows))
  const header = countHeaderRows(sample.grid)
  const lower = toGrid(body.slice(0, sampleRows))
  const digits = (grid: readonly TableRow[], place: number): number | undefined => {
    const texts = grid.flatMap((row) => (row[place]?.text ? [row[place].text] : []))
    return texts.length === 0 ? undefined : texts.filter(hasDigit).length / texts.length
  }
  return lower.columns.every((column, place) => {
    const above = digits(sample.grid.slice(header), sample.columns.indexOf(column)) ?? 0
    const below = digits(lower.grid, place)
    return below === undefined || above < 0.6 || below >= 0.5
  })
}

/** Whether a stretch is nothing but a header, and the next one what stands under it: often an empty row parts them. */
const isHeaderOf = (upper: readonly SheetRow[], lower: readonly SheetRow[]): boolean => {
  const head = upper.filter(isMultiple)
  const body = lower.filter(isMultiple)
  const numbers = (rows: readonly SheetRow[]): boolean =>
    rows.some(({ cells }) => cells.some(({ text }) => isNumber(text)))
  if (head.length === 0 || head.length > 3 || numbers(head) || !numbers(body) || headerOf(body) > 0) return false
  const [own, above] = [columnsOf(body), columnsOf(head)]
  const covered = above.filter((column) => own.includes(column)).length
  const reaches = (own[0] ?? 0) <= (above[0] ?? 0) && (own.at(-1) ?? 0) <= (above.at(-1) ?? 0) + 1
  return reaches && covered >= above.length * 0.6
}

/** Joins what belongs to one table: a stretch that fits under a table goes on with it, with the lines in between. */
const joinBands = (bands: readonly SheetRow[][]): SheetRow[][] => {
  const joined: SheetRow[][] = []
  let table: SheetRow[] | undefined
  let lines: SheetRow[][] = []
  for (const band of bands) {
    if (!band.some(isMultiple)) {
      if (table) lines.push(band)
      else joined.push(band)
    } else if (table && (fitsUnder(band, table) || (lines.length === 0 && isHeaderOf(table, band)))) {
      for (const rows of [...lines, band]) for (const row of rows) table.push(row)
      lines = []
    } else {
      joined.push(...lines, band)
      lines = []
      table = band
    }
  }
  return [...joined, ...lines]
}

const regionsOf = (rows: readonly SheetRow[], hints: readonly HeaderHint[]): Region[] => {
  const cuts = [0, ...findCuts(rows, hints), rows.length]
  return cuts.slice(1).flatMap((end, index) => {
    const part = rows.slice(cuts[index], end)
    const { start, declared } = part.some(isMultiple) ? findStart(part, hints) : { start: 0, declared: 0 }
    // Lines directly above a table stay with it; pairs of names and values are a table of their own.
    const last = part.slice(0, start).findLastIndex((row) => isMultiple(row)) + 1
    const region = (some: readonly SheetRow[], header: number): Region[] => {
      if (some.length === 0) return []
      const { grid, columns } = toGrid(some)
      return [{ grid, columns, rowNumbers: some.map(({ number }) => number), declared: header }]
    }
    const lines = declared > 0 ? region(part.slice(last, start), 0) : []
    return [...region(part.slice(0, last), 0), ...lines, ...region(part.slice(declared > 0 ? start : last), declared)]
  })
}

/** @param rows in ascending order, merged areas filled in */
export const findRegions = (rows: readonly SheetRow[], hints: readonly HeaderHint[]): Region[] =>
  joinBands(splitRows(rows)).flatMap((band) => {
    const parts = splitColumns(band)
    return parts.length === 1 ? regionsOf(band, hints) : parts.flatMap((part) => findRegions(part, hints))
  })

/** Rows whose only text is in one place. */
export const filledColumns = (row: TableRow, columns: readonly number[]): number[] => {
  const filled = new Set(filledCells(row))
  return columns.filter((_, place) => {
    const cell = row[place]
    return cell !== undefined && filled.has(cell)
  })
}
