/**
 * Which rows at the head of a table say what stands below them. In: rows of cells. Out: how many of the first rows are header. Office files seldom say it
 * themselves, so it is read from what is there: formatting, merged cells, words over numbers. Where nothing speaks for a header there is
 * none, and the first row is content like the others. Pure; neighbours: `column-names.ts`, `table-layout.ts`.
 */
import {
  beginsWithValue,
  hasDigit,
  isDate,
  isHeaderWord,
  isMark,
  isModelName,
  isNumber,
  isNumberedName,
  isUnit,
  isYear,
} from './column-names.ts'

export interface TableCell {
  readonly text: string
  /** Set apart from plain text: bold, shaded, or marked up as a header. */
  readonly strong: boolean
  /** What it is set apart by, where the file says more than that it is: two cells of one look have the same colour and are both bold, or neither. */
  readonly look?: string
  /** Shared by all places that one merged cell covers, and by nothing else in the table. */
  readonly merge?: number
}
export type TableRow = readonly (TableCell | undefined)[]

/** More rows are no header. */
const maxHeaderRows = 4
/** The look of the rows below is judged by this many. */
const sampleRows = 60
const longestHeaderCell = 60
const longestPlainHeaderCell = 40
/** Beside an empty corner even a sentence is a name. */
const longestCornerCell = 150
/** Rows of fewer numbers are values. */
const fewestColumnNumbers = 4

export const filledCells = (row: TableRow | undefined): TableCell[] =>
  (row ?? []).filter((cell) => cell !== undefined && cell.text !== '') as TableCell[]

/** A row in which one cell stands alone, merged or not. */
export const isLone = (row: TableRow | undefined): boolean => {
  const [first, ...others] = filledCells(row)
  return first !== undefined && others.every(({ merge }) => merge !== undefined && merge === first.merge)
}

/** Whether all that stands in the row is set apart. */
export const hasStyle = (row: TableRow | undefined): boolean => {
  const filled = filledCells(row)
  return (
    filled.length > 0 &&
    filled.every((cell) => cell.strong) &&
    !filled.every(({ text }) => isNumber(text) && !isYear(text))
  )
}

/** The looks of its cells. */
export const looksOf = (row: TableRow | undefined): string =>
  [...new Set(filledCells(row).map(({ look = '' }) => look))].toSorted().join(' ')

/** Whether the row is shaded as others further down are, for the eye to follow, and otherwise than the first. */
const isBand = (rows: readonly TableRow[], at: number): boolean => {
  const looks = looksOf(rows[at])
  return (
    looks !== looksOf(rows[0]) &&
    rows.slice(at + 1, at + sampleRows).some((row) => hasStyle(row) && !isLone(row) && looksOf(row) === looks)
  )
}

/** Whether all rows are of one look or two, and none of them of the first row's. */
const isBody = (rows: readonly TableRow[], first: TableRow | undefined): boolean => {
  const looks = new Set(rows.map(looksOf))
  return looks.size * 2 <= rows.length && looks.size <= 2 && !looks.has(looksOf(first))
}

/** Rows at the head that are set apart as a whole, where what follows is not, or not in this way. */
const countStyledRows = (rows: readonly TableRow[]): number => {
  let count = 0
  while (count < maxHeaderRows && hasStyle(rows[count]) && !(count > 0 && (isLone(rows[count]) || isBand(rows, count))))
    count += 1
  const below = rows.slice(count, count + sampleRows).filter((row) => !isLone(row))
  const plain = below.filter((row) => filledCells(row).some((cell) => !cell.strong))
  if (count === 0 || below.length === 0) return 0
  return (plain.length > 0 && plain.length >= below.length / 2) || isBody(below, rows[0]) ? count : 0
}

interface Columns {
  /** Columns with a word on top and digits below, less those with a value on top as well. */
  readonly speakFor: number
  /** Columns that have a number on top as below. */
  readonly speakAgainst: number
  /** The last column has digits in nearly all of at least four rows, and none on top. */
  readonly lastIsMeasured: boolean
}

const compareColumns = (head: TableRow, body: readonly TableRow[]): Columns => {
  let [speakFor, speakAgainst, lastIsMeasured] = [0, 0, false]
  head.forEach((cell, column) => {
    const top = cell?.text ?? ''
    const below = body.map((row) => row[column]?.text ?? '').filter((text) => text !== '')
    if (top === '' || below.length === 0) return
    const withDigits = below.filter(hasDigit).length / below.length
    const withNumbers = below.filter(isNumber).length / below.length
    const isOverValues = isModelName(top) && !below.some(isModelName)
    const digitsBelowWord =
      ((!hasDigit(top) || isOverValues) && withDigits >= 0.6) || (isNumberedName(top) && withNumbers >= 0.6)
    if (digitsBelowWord) speakFor += 1
    else if (beginsWithValue(top) && withDigits >= 0.6) speakFor -= 1
    if (isNumber(top) && !isYear(top) && withNumbers >= 0.5) speakAgainst += 1
    if (column === head.length - 1) lastIsMeasured = digitsBelowWord && withDigits >= 0.9 && below.length >= 4
  })
  return { speakFor, speakAgainst, lastIsMeasured }
}

/** Years, or days that do not come back below, on top of numbers, after a word or an empty corner; a sum may stand beside them. */
const isRowOfTimes = (head: TableRow, body: readonly TableRow[]): boolean => {
  const [, ...others] = head.map((cell) => cell?.text ?? '')
  if (others.length > 1 && others.every(isYear)) return true
  const days = others.filter(isDate)
  return (
    days.length > 1 &&
    new Set(days).size === days.length &&
    others.every((text) => text !== '' && (isDate(text) || !hasDigit(text))) &&
    body.every((row) => row.slice(1).every((cell) => !isDate(cell?.text ?? '')))
  )
}

/** An empty corner, names on top and names on the left: a table that is read from both sides. */
const hasCorner = (head: TableRow, others: readonly TableRow[]): boolean => {
  const names = head.slice(1).map((cell) => cell?.text ?? '')
  const filled = names.filter((text) => text !== '')
  const labelled = others.filter((row) => (row[0]?.text ?? '') !== '')
  const width = Math.max(...others.map((row) => row.length))
  return (
    (head[0]?.text ?? '') === '' &&
    filled.length >= Math.max(2, (width - 2) * 0.6) &&
    labelled.length >= Math.max(2, others.length * 0.6) &&
    filled.every((text) => text.length <= longestCornerCell && !isNumber(text) && !beginsWithValue(text)) &&
    new Set(filled).size > 1 &&
    !head.some((cell, column) => isNumberedName(cell?.text ?? '') && isNumberedName(others[0]?.[column]?.text ?? ''))
  )
}

/** Nothing but words everywhere: names of columns are short, all there, all different, and do not come back below. */
const namesColumns = (head: TableRow, body: readonly TableRow[]): boolean => {
  const names = head.map((cell) => cell?.text ?? '')
  return (
    new Set(names).size === names.length &&
    names.every(
      (name, column) =>
        name !== '' &&
        name.length <= longestPlainHeaderCell &&
        !hasDigit(name) &&
        !/[。．.!?！？;；:：]$/u.test(name) &&
        body.every((row) => row[column]?.text !== name),
    )
  )
}

const firstIsHeader = (rows: readonly TableRow[]): boolean => {
  const [head = [], ...others] = rows
  const sample = others.slice(0, sampleRows)
  const body = sample.filter((row) => !isLone(row))
  const filled = filledCells(head)
  if (hasCorner(head, sample)) return true
  if (body.length === 0 || filled.length < 2 || filled.some(({ text }) => text.length > longestHeaderCell)) return false
  const width = Math.max(...rows.slice(0, sampleRows).map((row) => row.length))
  if (isRowOfTimes(head, body)) return true
  // "Part no.: | RF-10 | Date: | 2024": names and values side by side.
  if (filled.some(({ text }) => /[:：]$/u.test(text)) && !filled.every(({ text }) => /[:：]$/u.test(text))) return false
  const { speakFor, speakAgainst, lastIsMeasured } = compareColumns(head, body)
  if (speakAgainst > 0 && speakFor < speakAgainst * 3) return false
  // Two columns are as likely names and their values, one pair a row.
  if (width === 2) return speakFor === 2 || lastIsMeasured || filled.every(({ text }) => isHeaderWord(text))
  return speakFor > 0 || (head.length === width && namesColumns(head, body))
}

/** Forms number their columns: "1 | 2 | 3 | 4" below the names, above the first row. */
const columnNumbersAt = (rows: readonly TableRow[]): number =>
  rows.slice(0, maxHeaderRows).findIndex((row, index) => {
    const texts = distinctTexts(row)
    return (
      index > 0 &&
      texts.length >= fewestColumnNumbers &&
      texts.every((text, place) => text.replace(/^[(（](.+)[)）]$/, '$1') === String(place + 1)) &&
      rows.slice(0, index).every((above) => !filledCells(above).some(({ text }) => isNumber(text))) &&
      distinctTexts(rows[index - 1] ?? []).length >= texts.length / 2 &&
      rows[index + 1]?.some((cell) => cell !== undefined && cell.text !== '' && !isNumber(cell.text)) === true
    )
  })

/** The texts of a row, those of merged cells once. */
const distinctTexts = (row: TableRow): string[] =>
  filledCells(row.filter((cell, column) => !isSame(cell, row[column - 1]))).map(({ text }) => text)

/** Whether a cell of the row is merged over several columns. */
export const spansColumns = (row: TableRow): boolean =>
  row.some((cell, column) => cell?.merge !== undefined && cell.merge === row[column + 1]?.merge)

/** Whether the row still belongs to the header whose last row stands above it. */
const goesOn = (above: TableRow, row: TableRow | undefined, below: TableRow | undefined): boolean => {
  const filled = filledCells(row)
  if (!row || !below || filled.length === 0 || isLone(row)) return false
  const own = row.filter((cell, column) => cell && cell.text !== '' && !isSame(cell, above[column])) as TableCell[]
  if (own.length === 0) return true
  if (own.every(({ text }) => isUnit(text)) && !own.every(({ text }) => isMark(text))) return true
  if (own.some(({ text }) => isNumber(text))) return false
  if (row.some((cell, column) => isSame(cell, above[column]))) return true
  // A value may be merged over the same columns as the one above it: only a row that divides them names the parts.
  const underSpan = row.some(
    (cell, column) =>
      isSame(above[column], above[column + 1]) &&
      !isSame(cell, row[column + 1]) &&
      filledCells([cell, row[column + 1]]).length > 0,
  )
  const digitsBelow = filledCells(below).some(({ text }) => hasDigit(text))
  // The name of the first column stands either above or below, not a name and a value side by side.
  const fillsGaps = (above[0]?.text ?? '') === '' ? (row[0]?.text ?? '') !== '' : (row[0]?.text ?? '') === ''
  const fillsMore = above.some(
    (cell, column) => column > 0 && (cell?.text ?? '') === '' && (row[column]?.text ?? '') !== '',
  )
  return !own.some(({ text }) => hasDigit(text)) && (underSpan || (fillsGaps && fillsMore && digitsBelow))
}

/** Whether both places show one merged cell. */
export const isSame = (cell: TableCell | undefined, other: TableCell | undefined): boolean =>
  cell?.merge !== undefined && cell.merge === other?.merge

/**
 * @param rows without lone rows at the head
 * @param declared how many rows the file itself calls header; 0 where it says nothing
 */
export const countHeaderRows = (rows: readonly TableRow[], declared = 0): number => {
  if (declared > 0) return Math.min(declared, Math.max(0, rows.length - 1))
  if (rows.length < 2) return 0
  const numbered = columnNumbersAt(rows)
  if (numbered > 0) return numbered + 1
  let count = countStyledRows(rows)
  if (count === 0 && firstIsHeader(rows)) count = 1
  const [first] = rows
  if (count === 0 && first && spansColumns(first) && !filledCells(first).some(({ text }) => hasDigit(text))) {
    const measures = rows.slice(2, sampleRows).some((row) => filledCells(row).some(({ text }) => hasDigit(text)))
    count = measures && goesOn(first, rows[1], rows[2]) ? 1 : 0
  }
  while (count > 0 && count < Math.min(maxHeaderRows, rows.length - 1)) {
    if (!goesOn(rows[count - 1] ?? [], rows[count], rows[count + 1])) break
    count += 1
  }
  return count
}
