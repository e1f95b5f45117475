/**
 * Parts a sheet into its tables and the lines around them. Empty rows and columns part tables; a stretch without a header of its own that fits under the
 * table above it goes on with that table. In: the rows of a sheet. Out: regions in reading order, each a grid with the places of its rows and columns.
 * Every cell with text is in exactly one region. Pure; neighbours: `xlsx-sheet.ts` before, `table-layout.ts` after.
 */
import { hasDigit, isMark, isNumber } from './column-names.ts'
import { countHeaderRows, filledCells, hasStyle, isLone, looksOf, spansColumns, type TableRow } from './table-header.ts'
import type { SheetRow } from './xlsx-sheet.ts'

export interface Region {
  readonly grid: readonly TableRow[]
  /** The number of each row of the grid. */
  readonly rowNumbers: readonly number[]
  /** The column of each place of its rows. */
  readonly columns: readonly number[]
  /** Rows that the workbook itself calls header. */
  readonly declared: number
}

/** Where the workbook says that a header is. */
export interface HeaderHint {
  readonly row: number
  readonly left: number
  readonly right: number
  /** A table or a filter; rows that only stay in place may be something else. */
  readonly isSure: boolean
}

const sampleRows = 200

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

const columnsOf = (rows: readonly SheetRow[]): number[] => {
  const used = new Set<number>()
  for (const row of rows) for (const column of row.columns) used.add(column)
  return [...used].toSorted((a, b) => a - b)
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

interface Grid {
  readonly rows: readonly SheetRow[]
  readonly grid: readonly TableRow[]
  readonly columns: readonly number[]
}

const toGrid = (rows: readonly SheetRow[]): Grid => {
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

const isMultiple = (row: SheetRow): boolean => !isLone(row.cells)

const headerOf = (rows: readonly SheetRow[]): number => {
  const start = rows.findIndex(isMultiple)
  return start < 0 ? 0 : countHeaderRows(toGrid(rows.slice(start, start + sampleRows)).grid)
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

/** Where in a stretch of rows another table begins, by its header; a title line directly above belongs to it. */
const findCuts = (rows: readonly SheetRow[], hints: readonly HeaderHint[]): number[] => {
  const sure = new Set(hints.filter(({ isSure }) => isSure).map(({ row }) => row))
  const first = rows.find(isMultiple)
  const cuts: number[] = []
  let header = headerAt(rows, 0)
  for (let at = 1; at < rows.length - 1; at += 1) {
    const [row, above, below] = [rows[at], rows[at - 1], rows[at + 1]]
    if (!row || !above || !below || !isMultiple(row)) continue
    const repeats = first !== undefined && first !== row && textsOf(first) === textsOf(row)
    const styled =
      hasStyle(row.cells) &&
      !hasStyle(below.cells) &&
      !row.cells.some(({ text }) => isNumber(text)) &&
      row.cells.length >= 2
    const title = isLone(above.cells)
    const before = title ? rows[at - 2] : above
    const ends = before !== undefined && isMultiple(before) && !hasStyle(before.cells)
    const isDeclared = sure.has(row.number) && before !== undefined && isMultiple(before) && !continuesInto(before, row)
    const isHeader = styled && ends && row.cells.length >= before.cells.length / 2
    const isNew = isHeader && (namesNumbers(row, below) || looksLikeHeader(rows, at, header))
    if (repeats || !(isNew || isDeclared)) continue
    cuts.push(title ? at - 1 : at)
    header = headerAt(rows, title ? at - 1 : at)
  }
  return cuts
}

/** The header of the table that begins there. */
const headerAt = (rows: readonly SheetRow[], begin: number): SheetRow[] => {
  const head = rows.slice(begin, begin + sampleRows)
  return head.filter(isMultiple).slice(0, headerOf(head))
}

/**
 * Under a header a row that stands out in another way is an alarm's, or one of those that are shaded for the eye to follow: the next header looks as the first one does.
 * @param header of the table above
 */
const looksLikeHeader = (rows: readonly SheetRow[], at: number, header: readonly SheetRow[]): boolean => {
  const looks = looksOf(rows[at]?.cells)
  const everySecond = [at - 4, at - 2, at + 2, at + 4].filter((other) => looksOf(rows[other]?.cells) === looks)
  if (everySecond.length > 1) return false
  return header.length === 0 || header.some(({ cells }) => hasStyle(cells) && looksOf(cells) === looks)
}

/** Whether words stand over numbers in half of the columns, or in a quarter of many: a row of data has numbers there itself. */
const namesNumbers = (row: SheetRow, below: SheetRow): boolean => {
  const values = new Map(below.columns.map((column, index) => [column, below.cells[index]?.text ?? '']))
  const named = row.columns.filter(
    (column, index) => !isMark(row.cells[index]?.text ?? '') && isNumber(values.get(column) ?? ''),
  )
  return named.length * (named.length > 2 ? 4 : 2) >= row.cells.length
}

const textsOf = (row: SheetRow): string => row.cells.map(({ text }) => text).join('\n')

/** Whether the upper row holds names of groups over the lower one. */
const continuesInto = (upper: SheetRow, lower: SheetRow): boolean =>
  spansColumns(toGrid([upper, lower]).grid[0] ?? []) && upper.cells.every(({ text }) => !isNumber(text))

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
