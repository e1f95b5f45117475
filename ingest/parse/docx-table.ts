/**
 * A table of a DOCX file as a grid. In: `w:tbl`. Out: rows of cells, merged ones in every place that they cover; how many rows Word repeats on each page;
 * tables inside cells and what hangs on their paragraphs, to be written after it. Deleted rows and cells are not content.
 * Neighbours: `docx-blocks.ts`, `table-layout.ts`.
 */
import type { DocxStory } from './docx-blocks.ts'
import type { Inline } from './docx-inline.ts'
import { type DocxStyles, isShaded } from './docx-styles.ts'
import { childOf, elementsOf, isOn, type XmlElement } from './office-xml.ts'
import type { TableRow } from './table-header.ts'
import { TableGrid } from './table-layout.ts'

export interface DocxTable {
  readonly rows: readonly TableRow[]
  /** Rows marked as header. */
  readonly header: number
  readonly hanging: readonly Inline[]
  /** Tables inside cells. */
  readonly tables: readonly XmlElement[]
}

/** Elements of a name, also inside content controls, custom markup and insertions. */
const unwrapped = (parent: XmlElement, name: string): XmlElement[] =>
  elementsOf(parent).flatMap((child) => {
    if (child.name === name) return [child]
    return /^w:(?:sdt|sdtContent|customXml|ins|moveTo)$/.test(child.name) ? unwrapped(child, name) : []
  })

const isHeader = (row: XmlElement | undefined): boolean => isOn(childOf(row, 'w:trPr', 'w:tblHeader'))
const isDeletedRow = (row: XmlElement): boolean => childOf(row, 'w:trPr', 'w:del') !== undefined
const isDeletedCell = (cell: XmlElement): boolean => childOf(cell, 'w:tcPr', 'w:cellDel') !== undefined

const numberOf = (element: XmlElement | undefined): number =>
  Math.max(0, Number(element?.attributes['w:val'] ?? 0) || 0)
const spanOf = (cell: XmlElement): number => Math.max(1, numberOf(childOf(cell, 'w:tcPr', 'w:gridSpan')))

/** @returns its size and plain cells; `read` reads its paragraphs, once */
export const readDocxTable = (
  table: XmlElement,
  story: DocxStory,
  styles: DocxStyles,
): { columns: number; hasHeader: boolean; cells: XmlElement[]; read: () => DocxTable } => {
  const rows = unwrapped(table, 'w:tr').filter((row) => !isDeletedRow(row))
  const cellsOf = (row: XmlElement): XmlElement[] => unwrapped(row, 'w:tc').filter((cell) => !isDeletedCell(cell))
  const columns = Math.max(0, ...rows.map((row) => cellsOf(row).length))
  return {
    columns,
    hasHeader: rows.length > 1 && isHeader(rows[0]) && !rows.every(isHeader),
    cells: rows.flatMap(cellsOf),
    read: () =>
      new TableReader(story, styles.hasTableHead(styleOf(table)) && hasFirstRowLook(table)).read(rows, cellsOf),
  }
}

const styleOf = (table: XmlElement): string | undefined => childOf(table, 'w:tblPr', 'w:tblStyle')?.attributes['w:val']

/** Whether the first row is to be formatted as the style says. */
const hasFirstRowLook = (table: XmlElement): boolean => {
  const { 'w:firstRow': flag, 'w:val': bits = '0' } = childOf(table, 'w:tblPr', 'w:tblLook')?.attributes ?? {}
  return flag === undefined
    ? (Number.parseInt(bits, 16) & 0x20) !== 0
    : isOn({ name: '', attributes: { val: flag }, children: [] })
}

class TableReader {
  readonly #story: DocxStory
  readonly #styledHead: boolean
  readonly #grid = new TableGrid()
  readonly #hanging: Inline[] = []
  readonly #tables: XmlElement[] = []

  constructor(story: DocxStory, styledHead: boolean) {
    this.#story = story
    this.#styledHead = styledHead
  }

  read(rows: readonly XmlElement[], cellsOf: (row: XmlElement) => XmlElement[]): DocxTable {
    rows.forEach((row, index) => {
      this.#grid.beginRow()
      this.#grid.skip(numberOf(childOf(row, 'w:trPr', 'w:gridBefore')))
      for (const cell of cellsOf(row)) this.#cell(cell, this.#styledHead && index === 0)
    })
    const firstPlain = rows.findIndex((row) => !isHeader(row))
    return {
      rows: this.#grid.rows,
      header: Math.max(0, firstPlain),
      hanging: this.#hanging,
      tables: this.#tables,
    }
  }

  #cell(cell: XmlElement, isStyled: boolean): void {
    const properties = childOf(cell, 'w:tcPr')
    const down = childOf(properties, 'w:vMerge')
    const across = childOf(properties, 'w:hMerge')
    const texts: string[] = []
    const bold: boolean[] = []
    this.#content(cell, texts, bold)
    const text = [...texts, this.#story.takeBegun()].filter((part) => part !== '').join(' ')
    const goesOn = down !== undefined && down.attributes['w:val'] !== 'restart'
    if (goesOn && text === '' && this.#grid.goOn(spanOf(cell))) return
    if (across && across.attributes['w:val'] !== 'restart' && text === '' && this.#grid.goAcross()) return
    const shading = childOf(properties, 'w:shd')
    const [isColoured, isBold] = [isShaded(shading), bold.length > 0 && bold.every(Boolean)]
    const colour = isColoured ? JSON.stringify(shading?.attributes) : ''
    const look = `${isStyled ? 'head' : ''}${isBold ? 'bold' : ''}${colour}`
    this.#grid.add({ text, strong: isStyled || isColoured || isBold, look }, spanOf(cell), down || across ? 'open' : 1)
  }

  #content(parent: XmlElement, texts: string[], bold: boolean[]): void {
    for (const child of elementsOf(parent)) {
      if (child.name === 'w:tbl') this.#innerTable(child, texts)
      else if (child.name === 'w:p') {
        const { text, isBold, inline, marker } = this.#story.readParagraph(child)
        if (inline.boxes.length + inline.graphics.length > 0) this.#hanging.push(inline)
        if (text === '') continue
        texts.push(marker ? `${marker.text} ${text}` : text)
        bold.push(isBold)
      } else if (!/^w:(?:tcPr|del|moveFrom)$/.test(child.name)) this.#content(child, texts, bold)
    }
  }

  /** A table of one column or one row inside a cell is only a way to set text. */
  #innerTable(table: XmlElement, texts: string[]): void {
    const rows = unwrapped(table, 'w:tr').filter((row) => !isDeletedRow(row))
    const columns = Math.max(0, ...rows.map((row) => unwrapped(row, 'w:tc').length))
    if (columns > 1 && rows.length > 1) this.#tables.push(table)
    else for (const row of rows) for (const cell of unwrapped(row, 'w:tc')) this.#content(cell, texts, [])
  }
}
