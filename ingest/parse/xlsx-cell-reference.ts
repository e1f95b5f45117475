/** References to cells, `B5` and `A1:D9`, to numbers and back. Pure; used by the parsers of XLSX and CSV. */

/** Rows are 1-based as shown, columns 0-based; all inclusive. */
export interface CellArea {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

const lastColumn = 16_383

export const parseReference = (reference: string): { row: number; column: number } | undefined => {
  const match = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/i.exec(reference)
  if (!match) return undefined
  let column = 0
  for (const letter of (match[1] ?? '').toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1 > lastColumn ? undefined : { row: Number(match[2]), column: column - 1 }
}

export const parseArea = (reference: string): CellArea | undefined => {
  const [from = '', to = from] = reference.split(':')
  const [first, last] = [parseReference(from), parseReference(to)]
  if (!first || !last) return undefined
  return {
    top: Math.min(first.row, last.row),
    left: Math.min(first.column, last.column),
    bottom: Math.max(first.row, last.row),
    right: Math.max(first.column, last.column),
  }
}

const columnName = (column: number): string => {
  let name = ''
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name
  }
  return name
}

/** `A5:D5`, or `A5` where it is one cell. */
export const areaName = ({ top, left, bottom, right }: CellArea): string => {
  const [first, last] = [`${columnName(left)}${top}`, `${columnName(right)}${bottom}`]
  return first === last ? first : `${first}:${last}`
}
