/**
 * A table on a slide as a grid, and where its rows stand. In: `a:tbl` and its place. Out: rows of cells, merged ones in every place that they cover.
 * Neighbours: `pptx-slide.ts`, `table-layout.ts`.
 */
import { readDrawingText } from './office-drawing-text.ts'
import { childOf, childrenOf, type XmlElement } from './office-xml.ts'
import type { Rectangle } from './pptx-geometry.ts'
import type { TableRow } from './table-header.ts'
import { type LaidOutRow, TableGrid } from './table-layout.ts'

export interface SlideTable {
  readonly rows: readonly TableRow[]
  /** Rows that the table's style sets apart as header. */
  readonly header: number
  readonly placeOf: (row: LaidOutRow) => Rectangle | undefined
}

const numberOf = (element: XmlElement, name: string): number => Number(element.attributes[name] ?? 1) || 1
const isCovered = ({ attributes: { hMerge, vMerge } }: XmlElement): boolean =>
  [hMerge, vMerge].some((value) => value === '1' || value === 'true')

/** Of a cell: a colour of its own. */
const isFilled = (cell: XmlElement): boolean => childOf(cell, 'a:tcPr', 'a:solidFill') !== undefined

export const readSlideTable = (table: XmlElement, place: Rectangle | undefined): SlideTable => {
  const grid = new TableGrid()
  const rows = childrenOf(table, 'a:tr')
  for (const row of rows) {
    grid.beginRow()
    for (const cell of childrenOf(row, 'a:tc')) {
      const paragraphs = readDrawingText(childOf(cell, 'a:txBody'))
      const text = paragraphs.map((paragraph) => paragraph.text).join(' ')
      if (isCovered(cell) && text === '') continue
      const strong = isFilled(cell) || (paragraphs.length > 0 && paragraphs.every(({ isBold }) => isBold))
      grid.add({ text, strong }, numberOf(cell, 'gridSpan'), numberOf(cell, 'rowSpan'))
    }
  }
  const heights = rows.map(({ attributes }) => Math.max(0, Number(attributes.h ?? 0) || 0))
  const total = heights.reduce((sum, height) => sum + height, 0)
  const upTo = (row: number): number => heights.slice(0, row).reduce((sum, height) => sum + height, 0) / (total || 1)
  const firstRow = childOf(table, 'a:tblPr')?.attributes.firstRow
  return {
    rows: grid.rows,
    header: (firstRow === '1' || firstRow === 'true') && rows.length > 1 ? 1 : 0,
    placeOf: ({ first, last }) =>
      place && {
        ...place,
        y: place.y + upTo(first) * place.height,
        height: (upTo(last + 1) - upTo(first)) * place.height,
      },
  }
}
