/**
 * Writes one page: text, blocks and line boxes grow together, so that every range is right by construction and nothing is
 * searched for afterwards. In: pieces of text in reading order, each with its box where the format has a layout.
 * Out: the `text`, `blocks` and `lines` of a `ParsedPage`. Used by every parser beside it.
 */
import type { Block, Box, LineBox, Range } from '../../src/core/document.ts'

/** A stretch of text without line breaks of its own, e.g. one printed line or one table cell. */
export interface Piece {
  readonly text: string
  /** Written between this piece and the one before it in the same block. @default '' */
  readonly glue?: string
  readonly box?: Box
}

export const betweenBlocks = '\n\n'
const betweenRows = '\n'
const betweenCells = ' | '
/** Stands before what readers remarked on a page, in its text. */
export const remarkMark = 'Comment: '

/**
 * Text as it may be stored: control characters, byte order marks and soft hyphens out, lone surrogates replaced. Line breaks and tabs stay.
 */
export const cleanText = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\ufeff]|\p{Cs}/gu, (character) =>
      /\p{Cs}/u.test(character) ? '\ufffd' : '',
    )

/** Runs of blanks and line breaks become one blank, as a browser shows them; the ends are trimmed. */
export const collapseBlanks = (text: string): string =>
  cleanText(text)
    .replace(/[^\S\u3000]+/g, ' ')
    .trim()

export class PageBuilder {
  #text = ''
  readonly #blocks: Block[] = []
  readonly #lines: LineBox[] = []

  get isEmpty(): boolean {
    return this.#blocks.length === 0
  }

  heading(level: number, pieces: readonly Piece[]): void {
    const range = this.#block(pieces)
    if (range) this.#blocks.push({ kind: 'heading', level: Math.min(6, Math.max(1, level)), ...range })
  }

  paragraph(pieces: readonly Piece[]): void {
    const range = this.#block(pieces)
    if (range) this.#blocks.push({ kind: 'paragraph', ...range })
  }

  /** Items that follow each other stand on lines of their own, without an empty line between them. */
  listItem(pieces: readonly Piece[]): void {
    const follows = this.#blocks.at(-1)?.kind === 'list-item'
    const range = this.#block(pieces, follows ? betweenRows : betweenBlocks)
    if (range) this.#blocks.push({ kind: 'list-item', ...range })
  }

  code(pieces: readonly Piece[]): void {
    const range = this.#block(pieces)
    if (range) this.#blocks.push({ kind: 'code', ...range })
  }

  /**
   * A table row by row: `rows[r][c]` holds the pieces of one cell. Rows without any text are left out.
   * @param header whether the first row is the header
   */
  table(rows: readonly (readonly (readonly Piece[])[])[], header: boolean): void {
    const filled = rows.filter((row) => row.some((cell) => cell.some((piece) => piece.text !== '')))
    if (filled.length === 0) return
    const ranges = filled.map((cells, index) => {
      this.#separate(index === 0 ? betweenBlocks : betweenRows)
      const start = this.#text.length
      cells.forEach((cell, column) => {
        if (column > 0) this.#text += betweenCells
        this.#write(cell)
      })
      return { start, end: this.#text.length }
    })
    const [first, ...others] = ranges
    const last = ranges.at(-1)
    if (!first || !last) return
    const range = { start: first.start, end: last.end }
    const withHeader = header && others.length > 0
    this.#blocks.push(
      withHeader ? { kind: 'table', header: first, rows: others, ...range } : { kind: 'table', rows: ranges, ...range },
    )
  }

  build(): { text: string; blocks: readonly Block[]; lines: readonly LineBox[] } {
    return { text: this.#text, blocks: this.#blocks, lines: this.#lines }
  }

  #block(pieces: readonly Piece[], separator = betweenBlocks): Range | undefined {
    if (!pieces.some((piece) => piece.text.trim() !== '')) return undefined
    this.#separate(separator)
    const start = this.#text.length
    this.#write(pieces)
    return { start, end: this.#text.length }
  }

  #separate(separator: string): void {
    if (this.#text !== '') this.#text += separator
  }

  #write(pieces: readonly Piece[]): void {
    let first = true
    for (const piece of pieces) {
      if (piece.text === '') continue
      if (!first) this.#text += piece.glue ?? ''
      first = false
      const start = this.#text.length
      this.#text += piece.text
      if (piece.box) this.#lines.push({ start, end: this.#text.length, ...piece.box })
    }
  }
}
