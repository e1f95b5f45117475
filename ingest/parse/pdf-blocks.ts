/**
 * From rows in reading order to blocks: headings by type size and weight, list items by their markers, code by its typeface, tables,
 * and paragraphs whose lines are joined so that sentences read through. In: rows of one orientation. Out: blocks and line
 * boxes, written into the page's `PageBuilder`.
 */
import { glueOfLines } from './join-lines.ts'
import { beginsListItem, beginsWithBullet } from './list-marker.ts'
import type { PageBuilder, Piece } from './page-builder.ts'
import { type Orientation, type PageSize, toBox } from './pdf-geometry.ts'
import type { Segment } from './pdf-lines.ts'
import type { Row } from './pdf-reading-order.ts'
import { levelOf, type TypeScale } from './pdf-style.ts'
import { type Table, toUnruledTable } from './pdf-tables.ts'
import {
  continuesCode,
  endsSentence,
  hadRoom,
  isRunningText,
  type Line,
  type LineRow,
  quantile,
  rightEdge,
  tableEnd,
  toLine,
  usualPitch,
  withLocalEdges,
} from './pdf-text-lines.ts'

const maxHeadingCharacters = 160
/** Without bold type a heading is set at least this much larger than the body. */
const plainHeadingRatio = 1.25
const maxBoldHeadingCharacters = 80

export class BlockWriter {
  readonly #builder: PageBuilder
  readonly #scale: TypeScale
  readonly #page: PageSize
  readonly #orientation: Orientation

  constructor(builder: PageBuilder, scale: TypeScale, page: PageSize, orientation: Orientation) {
    this.#builder = builder
    this.#scale = scale
    this.#page = page
    this.#orientation = orientation
  }

  /** Writes all rows as blocks, in order. */
  write(rows: readonly Row[]): void {
    let open: LineRow[] = []
    for (const row of rows) {
      if (row.kind === 'line' && row.column === (open[0]?.column ?? row.column)) {
        open.push(row)
        continue
      }
      this.#writeColumn(open)
      open = row.kind === 'line' ? [row] : []
      if (row.kind === 'table') this.#writeTable(row.table)
    }
    this.#writeColumn(open)
  }

  /** Lines of one text column: stretches of rows with cells side by side become tables where they clearly are some. */
  #writeColumn(rows: readonly LineRow[]): void {
    const columnRight = rightEdge(rows)
    let plain: LineRow[] = []
    for (let index = 0; index < rows.length; ) {
      const end = tableEnd(rows, index)
      const table = end > index ? toUnruledTable(rows.slice(index, end).map((row) => row.segments)) : undefined
      if (table) {
        this.#writeLines(plain.map((row) => toLine(row, columnRight)))
        plain = []
        this.#writeTable(table)
        index = end
      } else {
        const [row] = rows.slice(index, index + 1)
        if (row) plain.push(row)
        index += 1
      }
    }
    this.#writeLines(plain.map((row) => toLine(row, columnRight)))
  }

  #writeTable(table: Table): void {
    if (table.caption) this.#builder.paragraph(this.#pieces(table.caption))
    this.#builder.table(
      table.rows.map((row) => row.map((cell) => this.#pieces(cell))),
      table.header,
    )
  }

  #writeLines(printed: readonly Line[]): void {
    const lines = withLocalEdges(printed)
    const pitch = usualPitch(lines)
    for (let index = 0; index < lines.length; ) {
      const first = lines[index]
      if (!first) break
      const level = this.#headingLevel(lines, index)
      let end = index + 1
      if (level !== undefined) {
        while (end < lines.length && this.#continuesHeading(lines[end - 1], lines[end])) end += 1
        this.#builder.heading(level, this.#joined(lines.slice(index, end)))
      } else if (first.monospace) {
        while (end < lines.length && continuesCode(lines[end - 1], lines[end])) end += 1
        this.#builder.code(this.#code(lines.slice(index, end)))
      } else {
        const isItem = beginsListItem(first.text)
        while (end < lines.length && this.#continuesText(lines, index, end, pitch, isItem)) end += 1
        const pieces = this.#joined(lines.slice(index, end))
        if (isItem) this.#builder.listItem(pieces)
        else this.#builder.paragraph(pieces)
      }
      index = end
    }
  }

  #headingLevel(lines: readonly Line[], index: number): number | undefined {
    const line = lines[index]
    if (!line || line.text.length > maxHeadingCharacters || !/[\p{L}\p{N}]/u.test(line.text)) return undefined
    if (line.segments.length > 2 || beginsWithBullet(line.text)) return undefined
    const level = levelOf(this.#scale, line.size)
    if (level !== undefined) {
      const isClear = line.bold || line.size >= this.#scale.body * plainHeadingRatio
      return isClear && !isRunningText(lines, index) ? level : undefined
    }
    const [before, after] = [lines[index - 1], lines[index + 1]]
    const stands =
      line.bold &&
      line.size >= this.#scale.body * 0.95 &&
      line.text.length <= maxBoldHeadingCharacters &&
      !/[.。；;，,：:]$/u.test(line.text) &&
      !beginsListItem(line.text) &&
      /\p{L}{2}/u.test(line.text) &&
      !(before?.bold && line.top - before.bottom < line.size * 0.6) &&
      after !== undefined &&
      !after.bold &&
      line.right < line.columnRight - line.size
    return stands ? this.#scale.headings.length + 1 : undefined
  }

  #continuesHeading(line: Line | undefined, next: Line | undefined): boolean {
    return (
      line !== undefined &&
      next !== undefined &&
      levelOf(this.#scale, line.size) !== undefined &&
      Math.abs(next.size - line.size) < line.size * 0.03 &&
      next.baseline > line.baseline &&
      next.baseline - line.baseline < line.size * 1.7 &&
      !/^(?:\d+\.|第.{1,4}[章节節条條])/u.test(next.text) &&
      !hadRoom(line, next)
    )
  }

  /** Whether `lines[end]` belongs to the paragraph or list item that began at `lines[begin]`. */
  #continuesText(lines: readonly Line[], begin: number, end: number, pitch: number, isItem: boolean): boolean {
    const [first, line, next] = [lines[begin], lines[end - 1], lines[end]]
    if (!first || !line || !next) return false
    if (this.#headingLevel(lines, end) !== undefined || next.monospace || beginsListItem(next.text)) return false
    if (line.segments.length > 1 || next.segments.length > 1) return false
    const distance = (next.baseline - line.baseline) / line.size
    if (distance <= 0 || distance > Math.max(pitch, 1) * 1.3 + 0.1) return false
    if (Math.abs(next.size - line.size) > line.size * 0.15) return false
    if (/ … \S{1,6}$/u.test(line.text) || hadRoom(line, next)) return false
    const indent = (next.left - line.left) / line.size
    if (isItem && end - begin === 1) return indent > -0.5
    if (indent > 1.2) return false
    return !(indent > 0.8 && endsSentence(line.text)) && !(indent < -0.8 && end - begin > 1)
  }

  #pieces(segments: readonly Segment[]): Piece[] {
    return segments.map((segment, index) => ({
      text: segment.text,
      glue: glueOfLines(segments[index - 1]?.text ?? '', segment.text),
      box: toBox(segment, this.#page, this.#orientation),
    }))
  }

  #joined(lines: readonly Line[]): Piece[] {
    return lines.flatMap((line, index) => {
      const pieces = line.segments.map((segment) => ({
        text: segment.text,
        glue: ' ',
        box: toBox(segment, this.#page, this.#orientation),
      }))
      const [first, ...others] = pieces
      const glue = glueOfLines(lines[index - 1]?.segments.at(-1)?.text ?? '', first?.text ?? '')
      return first ? [{ ...first, glue }, ...others] : []
    })
  }

  /** Code keeps its lines and, by the width of its characters, its indents and columns. */
  #code(lines: readonly Line[]): Piece[] {
    const left = Math.min(...lines.map((line) => line.left))
    const segments = lines.flatMap((line) => line.segments)
    const widths = segments.map((segment) => (segment.right - segment.left) / Math.max(1, segment.text.length))
    const width = Math.max(1, quantile(widths, 0.5))
    return lines.map((line) => {
      let text = ''
      for (const segment of line.segments) {
        const column = Math.min(200, Math.round((segment.left - left) / width))
        text += ' '.repeat(Math.max(text === '' ? 0 : 1, column - text.length)) + segment.text
      }
      return { text, glue: '\n', box: toBox(line, this.#page, this.#orientation) }
    })
  }
}
