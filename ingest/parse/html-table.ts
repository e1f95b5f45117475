/**
 * Tables of HTML as grids. In: a `table` element. Out: rows of cells, merged ones in every place that they cover; how many rows the page itself
 * calls header; tables inside cells, to be written after it. Neighbours: `html-blocks.ts`, `table-layout.ts`.
 */
import type { Element } from 'domhandler'
import { isElement, isShown, numberOf, textOf } from './html-text.ts'
import { collapseBlanks } from './page-builder.ts'
import type { TableRow } from './table-header.ts'
import { TableGrid } from './table-layout.ts'

/** Hostile tables declare cells over thousands of columns. */
const limits = { columns: 500, span: 500 }
const maxRowSpan = 10_000

export interface HtmlTable {
  readonly rows: readonly TableRow[]
  /** Rows in `thead`, or of nothing but `th`. */
  readonly header: number
  /** Cells in the order of the source. */
  readonly cells: readonly Element[]
  readonly columns: number
  /** Tables of several rows and columns inside cells. */
  readonly inner: readonly Element[]
}

const isCell = (element: Element): boolean => /^t[dh]$/.test(element.name)
const childElements = (parent: Element): Element[] => parent.children.filter(isElement).filter(isShown)

const rowsOf = (table: Element): { row: Element; isHead: boolean }[] => {
  const rows: { row: Element; isHead: boolean }[] = []
  const collect = (parent: Element, isHead: boolean): void => {
    for (const child of childElements(parent)) {
      if (child.name === 'tr') rows.push({ row: child, isHead })
      else if (['thead', 'tbody', 'tfoot'].includes(child.name)) collect(child, child.name === 'thead')
    }
  }
  collect(table, false)
  // A head may stand anywhere in the source; a foot stays where it is.
  return [...rows.filter(({ isHead }) => isHead), ...rows.filter(({ isHead }) => !isHead)]
}

const cellsOf = (row: Element): Element[] => childElements(row).filter(isCell)

/** Tables inside, not those inside of these. */
const tablesIn = (element: Element): Element[] =>
  childElements(element).flatMap((child) => (child.name === 'table' ? [child] : tablesIn(child)))

/** Tables of one row or column inside a cell only set text. */
const isRealTable = (table: Element): boolean => {
  const rows = rowsOf(table)
  return rows.length > 1 && rows.some(({ row }) => cellsOf(row).length > 1)
}

/** Marked up as something of its own: a header cell, all bold, coloured. */
const isStrong = (cell: Element): boolean => {
  if (cell.name === 'th') return true
  const style = cell.attribs.style ?? ''
  if (/font-weight:\s*(?:bold|[6-9]00)/i.test(style)) return true
  const colour = cell.attribs.bgcolor ?? /background(?:-color)?:\s*([^;]+)/i.exec(style)?.[1]
  if (colour !== undefined && !/^\s*(?:#?f{3}(?:f{3})?|white|transparent|none|inherit|initial)\b/i.test(colour))
    return true
  const bold = (element: Element): boolean => /^(?:b|strong)$/.test(element.name)
  const plain = collapseBlanks(textOf(cell, bold))
  return plain === '' && collapseBlanks(textOf(cell)) !== ''
}

export const readTable = (table: Element): HtmlTable => {
  const grid = new TableGrid(limits)
  const rows = rowsOf(table)
  const inner: Element[] = []
  for (const { row } of rows) {
    grid.beginRow()
    for (const cell of cellsOf(row)) {
      const own = tablesIn(cell).filter(isRealTable)
      inner.push(...own)
      const text = collapseBlanks(textOf(cell, (element) => own.includes(element)))
      const span = Math.max(1, numberOf(cell.attribs.colspan, 1))
      const down = numberOf(cell.attribs.rowspan, 1)
      grid.add(
        { text, strong: isStrong(cell) },
        span,
        down === 0 ? maxRowSpan : Math.min(maxRowSpan, Math.max(1, down)),
      )
    }
  }
  const isHeader = ({ row, isHead }: { row: Element; isHead: boolean }): boolean =>
    isHead || (cellsOf(row).length > 1 && cellsOf(row).every(({ name }) => name === 'th'))
  const firstPlain = rows.findIndex((row) => !isHeader(row))
  return {
    rows: grid.rows,
    header: Math.max(0, firstPlain),
    cells: rows.flatMap(({ row }) => cellsOf(row)),
    columns: Math.max(0, ...rows.map(({ row }) => cellsOf(row).length)),
    inner,
  }
}
