/**
 * Writes one sheet: its tables row by row under their headers, the lines around them, and for each row the cells that it came from. In: a `Sheet` and what else
 * stands on it. Out: text, blocks and cell ranges of a page. Neighbours: `xlsx-regions.ts`, `table-layout.ts`, `xlsx-extras.ts`.
 */
import type { CellRange, ParsedPage } from '../../src/core/document.ts'
import { PageBuilder } from './page-builder.ts'
import type { TableCell } from './table-header.ts'
import { type LaidOutRow, layOutTable } from './table-layout.ts'
import { areaName, type CellArea } from './xlsx-cell-reference.ts'
import type { HeaderHint } from './xlsx-cuts.ts'
import { filledColumns, findRegions, type Region } from './xlsx-regions.ts'
import type { Sheet, SheetRow } from './xlsx-sheet.ts'

/** Text that belongs to a sheet beside its cells: notes, lists of choices, shapes. */
export interface SheetLine {
  readonly text: string
  /** Where it hangs; '' for the sheet as a whole. */
  readonly cells: string
}

/** Merged areas are filled up to this many places in all: hostile sheets merge all that there is. */
const maxFilledPlaces = 1_000_000
const longestHeading = 80

/** Puts the text of each merged area in all its places that lie where the sheet has text. */
const fillMerges = (rows: readonly SheetRow[], merges: readonly CellArea[]): readonly SheetRow[] => {
  const lastRow = rows.at(-1)?.number ?? 0
  const lastColumn = rows.reduce((last, row) => Math.max(last, row.columns.at(-1) ?? 0), 0)
  const byNumber = new Map(rows.map((row) => [row.number, row]))
  let places = 0
  merges.forEach(({ top, left, bottom, right }, merge) => {
    const anchor = byNumber.get(top)
    const cell = anchor?.cells[anchor.columns.indexOf(left)]
    const [lowest, outermost] = [Math.min(bottom, lastRow), Math.min(right, Math.max(lastColumn, left))]
    places += (lowest - top + 1) * (outermost - left + 1)
    if (!cell || places > maxFilledPlaces) return
    for (let number = top; number <= lowest; number += 1) {
      const row = byNumber.get(number)
      // A row that only a merged cell reaches has no text of its own.
      if (row) place(row, left, outermost, { ...cell, merge })
    }
  })
  return rows
}

/** Fills the places that are empty; what other cells hold under a merged one is not shown, and is content all the same. */
const place = (row: SheetRow, left: number, right: number, cell: TableCell): void => {
  const from = row.columns.findIndex((column) => column >= left)
  const start = from < 0 ? row.columns.length : from
  const after = row.columns.findIndex((column) => column > right)
  const count = (after < 0 ? row.columns.length : after) - start
  const own = new Map(
    row.columns.slice(start, start + count).map((column, index) => [column, row.cells[start + index]]),
  )
  const columns = Array.from({ length: right - left + 1 }, (_, index) => left + index)
  row.columns.splice(start, count, ...columns)
  row.cells.splice(start, count, ...columns.map((column) => mergedInto(own.get(column), cell)))
}

const mergedInto = (own: TableCell | undefined, cell: TableCell): TableCell =>
  own === undefined || own.text === cell.text ? cell : own

class SheetWriter {
  readonly #builder = new PageBuilder()
  /** The cells of each range that was written, in order. */
  readonly #places: string[] = []

  region(region: Region): void {
    const parts = layOutTable(region.grid, region.declared)
    parts.forEach((part, index) => {
      if (part.kind === 'table') {
        for (const row of part.rows) this.#places.push(placeOf(region, row))
        this.#builder.table(
          part.rows.map(({ cells }) => cells.map((text) => [{ text }])),
          part.hasHeader,
        )
        return
      }
      const [text = ''] = part.row.cells
      this.#places.push(placeOf(region, part.row))
      const next = parts[index + 1]
      const isTitle = next?.kind === 'table' || next?.strong === false
      const isHeading = part.strong && isTitle && text.length <= longestHeading && /\p{L}/u.test(text)
      if (isHeading) this.#builder.heading(2, [{ text }])
      else this.#builder.paragraph([{ text }])
    })
  }

  line({ text, cells }: SheetLine): void {
    if (text.trim() === '') return
    this.#places.push(cells)
    this.#builder.paragraph([{ text }])
  }

  build(): Pick<ParsedPage, 'text' | 'blocks' | 'lines' | 'cells'> {
    const built = this.#builder.build()
    const ranges = built.blocks.flatMap((block) =>
      block.kind === 'table' ? [...(block.header ? [block.header] : []), ...block.rows] : [block],
    )
    const cells: CellRange[] = ranges.flatMap(({ start, end }, index) => {
      const place = this.#places[index] ?? ''
      return place === '' ? [] : [{ start, end, cells: place }]
    })
    return { ...built, cells }
  }
}

const placeOf = ({ grid, columns, rowNumbers }: Region, { first, last }: LaidOutRow): string => {
  const filled = grid.slice(first, last + 1).flatMap((row) => filledColumns(row, columns))
  return areaName({
    top: rowNumbers[first] ?? 1,
    bottom: rowNumbers[last] ?? 1,
    left: filled.reduce((least, column) => Math.min(least, column), filled[0] ?? 0),
    right: filled.reduce((most, column) => Math.max(most, column), 0),
  })
}

const hintsOf = (
  sheet: Sheet,
  titleRows: readonly [number, number] | undefined,
  tables: readonly CellArea[],
): HeaderHint[] => {
  const all = { left: 0, right: Number.POSITIVE_INFINITY }
  const areas = [...tables, ...(sheet.autoFilter ? [sheet.autoFilter] : [])]
  return [
    ...areas.map(({ top, left, right }) => ({ row: top, left, right, isSure: true })),
    ...(titleRows ? [{ row: titleRows[1], ...all, isSure: false }] : []),
    ...(sheet.frozenRows > 0 ? [{ row: sheet.frozenRows, ...all, isSure: false }] : []),
  ]
}

export interface SheetExtras {
  /** Areas of tables that have a header row. */
  readonly tables: readonly CellArea[]
  readonly titleRows: readonly [number, number] | undefined
  readonly before: readonly SheetLine[]
  readonly after: readonly SheetLine[]
}

export const writeSheet = (
  sheet: Sheet,
  extras: SheetExtras,
): Pick<ParsedPage, 'text' | 'blocks' | 'lines' | 'cells'> => {
  const writer = new SheetWriter()
  for (const line of extras.before) writer.line(line)
  const rows = fillMerges(sheet.rows, sheet.merges)
  for (const region of findRegions(rows, hintsOf(sheet, extras.titleRows, extras.tables))) writer.region(region)
  for (const line of extras.after) writer.line(line)
  return writer.build()
}
