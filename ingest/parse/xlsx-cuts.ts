/**
 * Where tables that follow one another without an empty row are parted: by the header of the next one. In: a stretch of rows. Out: where each table but the first begins.
 * Invariant: a row of data that is marked or shaded begins no table. Pure; used by `xlsx-regions.ts`.
 */
import { isMark, isNumber } from './column-names.ts'
import { hasStyle, isLone, looksOf } from './table-header.ts'
import type { SheetRow } from './xlsx-sheet.ts'
import { continuesInto, headerOf, isMultiple, sampleRows } from './xlsx-stretch.ts'

/** Where the workbook says that a header is. */
export interface HeaderHint {
  readonly row: number
  readonly left: number
  readonly right: number
  /** A table or a filter; rows that only stay in place may be something else. */
  readonly isSure: boolean
}

/** A title line directly above a header belongs to its table. @returns indices of rows */
export const findCuts = (rows: readonly SheetRow[], hints: readonly HeaderHint[]): number[] => {
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
