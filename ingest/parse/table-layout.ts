/**
 * From the grid of a table to what is written of it: lines above it, one header row made of all its header rows, rows with the text of merged cells
 * in every place that they cover, lines below. In: rows of cells as Word, PowerPoint, Excel, HTML and CSV tables give them. Out: parts in
 * order, each row with its number in the grid; every text of the grid is in exactly one part, or repeated where it was merged.
 * Neighbours: `table-header.ts`, `page-builder.ts`.
 */
import type { Box } from '../../src/core/document.ts'
import { hasDigit } from './column-names.ts'
import type { PageBuilder, Piece } from './page-builder.ts'
import { countHeaderRows, filledCells, isLone, isSame, type TableCell, type TableRow } from './table-header.ts'

export interface LaidOutRow {
  /** The texts of its cells, from the first column on. */
  readonly cells: readonly string[]
  /** First and last of the rows in the grid that it was made from. */
  readonly first: number
  readonly last: number
}

export type TablePart =
  | { readonly kind: 'line'; readonly row: LaidOutRow; readonly strong: boolean }
  | { readonly kind: 'table'; readonly hasHeader: boolean; readonly rows: readonly LaidOutRow[] }

/** A line below a table that is longer than what stands in a cell is a remark. */
const longestLoneCell = 60

const isRemark = (row: TableRow): boolean => {
  const [cell] = filledCells(row)
  return (
    isLone(row) &&
    cell !== undefined &&
    (cell.text.length > longestLoneCell || /^(?:[※*＊†‡]|notes?\b|remarks?\b|[備备]|[注註])/iu.test(cell.text))
  )
}

/** Part of the rows that may tell two columns under one name apart; what they hold is put together then. */
const oddShare = 0.2

/** Whether the column is one with the column before it: Word and Excel part a table finer than anyone sees. */
const isCopy = (rows: readonly TableRow[], column: number, header: number): boolean => {
  let [same, odd] = [0, 0]
  for (const [index, row] of rows.entries()) {
    const [cell, before] = [row[column], row[column - 1]]
    if (isSame(cell, before)) same += 1
    else if ((cell?.text ?? '') !== '' || (before?.text ?? '') !== '') {
      if (index < header) return false
      odd += 1
    }
  }
  return same > 0 && odd <= (header > 0 ? rows.length * oddShare : 0)
}

const joinCells = (cell: TableCell | undefined, next: TableCell | undefined): TableCell | undefined => {
  if ((next?.text ?? '') === '') return cell
  if (cell === undefined || cell.text === '') return next
  return { text: `${cell.text} ${next?.text}`, strong: cell.strong && next?.strong === true }
}

/** Puts columns that are one together. */
const withoutCopies = (rows: readonly TableRow[], header: number): readonly TableRow[] => {
  const width = Math.max(0, ...rows.map((row) => row.length))
  const copies = Array.from({ length: width }, (_, column) => column > 0 && isCopy(rows, column, header))
  if (!copies.includes(true)) return rows
  return rows.map((row) => {
    const cells: (TableCell | undefined)[] = []
    row.forEach((cell, column) => {
      if (!copies[column]) cells.push(cell)
      else if (!isSame(cell, row[column - 1])) cells.push(joinCells(cells.pop(), cell))
    })
    return cells
  })
}

/** A name that is merged over the first columns of a row, as of a sum, is written once, in its first place. */
const withoutLabelCopies = (row: TableRow): TableRow =>
  row.map((cell, column) =>
    column > 0 && isSame(cell, row[0]) && !hasDigit(cell?.text ?? '') && isSame(row[column - 1], row[0])
      ? undefined
      : cell,
  )

/** Where no header names the columns, a cell that is merged over several of them is written once. */
const withoutSpans = (row: TableRow): TableRow => row.filter((cell, column) => !isSame(cell, row[column - 1]))

/** The texts of a row; a cell that is merged over several columns and stands alone is written once. */
const textsOf = (row: TableRow): string[] => {
  if (isLone(row)) {
    const at = row.findIndex((cell) => cell !== undefined && cell.text !== '')
    const cell = row[at]
    const spans = cell?.merge !== undefined && row[at + 1]?.merge === cell.merge
    return spans ? [cell.text] : [...Array<string>(at).fill(''), cell?.text ?? '']
  }
  const texts = Array.from(row, (cell) => cell?.text ?? '')
  while (texts.at(-1) === '') texts.pop()
  return texts
}

const loneText = (row: TableRow): string[] =>
  filledCells(row)
    .slice(0, 1)
    .map(({ text }) => text)

/** A name of a group of columns stands over its first column only: it holds for the empty places after it. */
const spread = (row: TableRow, below: TableRow): TableRow => {
  let group: TableCell | undefined
  return Array.from({ length: Math.max(row.length, below.length) }, (_, column) => {
    const cell = row[column]
    if (cell !== undefined && cell.text !== '') {
      group = cell
      return cell
    }
    return (below[column]?.text ?? '') === '' ? undefined : group
  })
}

/** One header row: in each column the texts from top to bottom, without repetition. */
const joinHeader = (rows: readonly TableRow[]): string[] => {
  const spreadRows = rows.map((row, index) => {
    const next = rows[index + 1]
    return next && index < rows.length - 1 ? spread(row, next) : row
  })
  const width = Math.max(...rows.map((row) => row.length))
  const names = Array.from({ length: width }, (_, column) => {
    const texts = spreadRows.map((row) => row[column]?.text ?? '').filter((text) => text !== '')
    return texts.filter((text, index) => text !== texts[index - 1]).join(' ')
  })
  while (names.at(-1) === '') names.pop()
  return names
}

/**
 * @param rows cells of merged areas in every place; rows without text are passed over
 * @param declared how many rows, from the first that has several cells, the file itself calls header
 */
export const layOutTable = (rows: readonly TableRow[], declared = 0): TablePart[] => {
  const filled = rows.flatMap((row, index) => (filledCells(row).length > 0 ? [{ row, index }] : []))
  const start = declared > 0 ? 0 : filled.findIndex(({ row }) => !isLone(row))
  const line = ({ row, index }: { row: TableRow; index: number }): TablePart => ({
    kind: 'line',
    row: { cells: loneText(row), first: index, last: index },
    strong: filledCells(row).every(({ strong }) => strong),
  })
  if (start < 0) return filled.map(line)
  let end = filled.length
  while (end > start + 1 && isRemark(filled[end - 1]?.row ?? [])) end -= 1
  const plain = withoutCopies(
    filled.slice(start, end).map(({ row }) => row),
    0,
  )
  const header = countHeaderRows(plain.slice(0, 100), declared)
  const joinedRows = header > 0 ? withoutCopies(plain, header) : plain
  const inTable = filled.slice(start, end).map(({ index }, at) => ({ row: joinedRows[at] ?? [], index }))
  const [first, last] = [inTable[0]?.index ?? 0, inTable[Math.max(0, header - 1)]?.index ?? 0]
  const joined = { cells: joinHeader(inTable.slice(0, Math.max(1, header)).map(({ row }) => row)), first, last }
  const body = inTable.slice(header).map(({ row, index }) => ({
    cells: textsOf(header > 0 ? withoutLabelCopies(row) : withoutSpans(row)),
    first: index,
    last: index,
  }))
  return [
    ...filled.slice(0, start).map(line),
    { kind: 'table', hasHeader: header > 0, rows: header > 0 ? [joined, ...body] : body },
    ...filled.slice(end).map(line),
  ]
}

/**
 * Writes a table; lines above and below it are paragraphs.
 * @param boxOf where a row stands, in formats with a layout
 */
export const writeTable = (
  builder: PageBuilder,
  rows: readonly TableRow[],
  declared = 0,
  boxOf: (row: LaidOutRow) => Box | undefined = () => undefined,
): void => {
  for (const part of layOutTable(rows, declared)) {
    const pieces = (row: LaidOutRow): Piece[] => {
      const box = boxOf(row)
      return row.cells.map((text) => (box ? { text, box } : { text }))
    }
    if (part.kind === 'line') builder.paragraph(pieces(part.row))
    else {
      builder.table(
        part.rows.map((row) => pieces(row).map((piece) => [piece])),
        part.hasHeader,
      )
    }
  }
}

/** Cells as they come, row by row, with their spans; gives the grid in which each merged cell stands wherever it reaches. */
export class TableGrid {
  readonly #rows: (TableCell | undefined)[][] = []
  /** Cells that reach down into rows that have not come yet. */
  readonly #reaching = new Map<number, { cell: TableCell; rows: number }>()
  readonly #limits: { columns: number; span: number }
  #merges = 0

  /** @param limits hostile tables declare cells over thousands of columns */
  constructor(limits = { columns: 1000, span: 1000 }) {
    this.#limits = limits
  }

  get rows(): readonly TableRow[] {
    return this.#rows
  }

  beginRow(): void {
    this.#rows.push([])
    this.#takeReaching()
  }

  /**
   * Puts a cell at the next free place of the row.
   * @param rowSpan 'open': later rows say with `goOn` whether they are covered
   */
  add(cell: Omit<TableCell, 'merge'>, columnSpan = 1, rowSpan: number | 'open' = 1): void {
    const merged = columnSpan > 1 || rowSpan !== 1 ? { ...cell, merge: this.#merges++ } : cell
    this.#put(merged, columnSpan, rowSpan === 'open' ? 1 : rowSpan)
  }

  /** The cell above reaches down to here. @returns false where no open cell stands above */
  goOn(columnSpan = 1): boolean {
    const above = this.#rows.at(-2)?.[this.#rows.at(-1)?.length ?? 0]
    if (above?.merge === undefined) return false
    this.#put(above, columnSpan, 1)
    return true
  }

  /** The cell before reaches over to here. @returns false where no open cell stands before */
  goAcross(): boolean {
    const before = this.#rows.at(-1)?.at(-1)
    if (before?.merge === undefined) return false
    this.#put(before, 1, 1)
    return true
  }

  /** An empty place. */
  skip(columns = 1): void {
    for (let count = 0; count < columns; count += 1) this.add({ text: '', strong: false })
  }

  #put(cell: TableCell, columnSpan: number, rowSpan: number): void {
    const row = this.#rows.at(-1)
    const { columns, span } = this.#limits
    for (let count = 0; row && count < Math.min(columnSpan, span) && row.length < columns; count += 1) {
      if (rowSpan > 1) this.#reaching.set(row.length, { cell, rows: rowSpan - 1 })
      row.push(cell)
    }
    this.#takeReaching()
  }

  #takeReaching(): void {
    const row = this.#rows.at(-1)
    if (!row) return
    for (let held = this.#reaching.get(row.length); held && held.rows > 0; held = this.#reaching.get(row.length)) {
      held.rows -= 1
      row.push(held.cell)
    }
  }
}
