/**
 * Writes one slide: its title as a heading, then texts, lists, tables, charts and diagrams in reading order, then notes and comments. In: shapes and what the
 * slide points to. Out: a page's text, blocks and boxes, each paragraph with the box of its shape. Neighbours: `pptx-shapes.ts`, `parse-pptx.ts`.
 */
import type { Box, PageOutcome } from '../../src/core/document.ts'
import { formatOrdinal } from './format-ordinal.ts'
import { readChart } from './office-chart.ts'
import { readDiagram } from './office-diagram.ts'
import type { OfficePackage, Relationship } from './office-package.ts'
import { collapseBlanks, PageBuilder, type Piece } from './page-builder.ts'
import { toBox } from './pptx-geometry.ts'
import { isTitle, type Shape, type ShapeParagraph } from './pptx-shapes.ts'
import { readSlideTable } from './pptx-table.ts'
import { writeTable } from './table-layout.ts'

export interface SlideContext {
  readonly container: OfficePackage
  readonly relationships: ReadonlyMap<string, Relationship>
  /** In the units of the file. */
  readonly size: { readonly width: number; readonly height: number }
}

/** Kinds of numbers (20.1.10.61) by the beginning of their names. */
const numberFormats: readonly (readonly [RegExp, string])[] = [
  [/^alphaLc/, 'lowerLetter'],
  [/^alphaUc/, 'upperLetter'],
  [/^romanLc/, 'lowerRoman'],
  [/^romanUc/, 'upperRoman'],
  [/^circleNum/, 'decimalEnclosedCircle'],
  [/^ea1/, 'japaneseCounting'],
]

const numberText = (type: string, value: number): string => {
  const number = formatOrdinal(value, numberFormats.find(([name]) => name.test(type))?.[1] ?? 'decimal')
  if (type.endsWith('ParenBoth')) return `(${number})`
  if (type.endsWith('ParenR')) return `${number})`
  return type.startsWith('circleNum') || type.endsWith('Plain') ? number : `${number}.`
}

/** Headings of a slide: its title, and what the notes are under. */
const [titleLevel, notesLevel] = [2, 3]

export class SlideWriter {
  readonly #context: SlideContext
  readonly #builder = new PageBuilder()
  #title = ''
  #pictures = 0
  readonly #descriptions: string[] = []

  constructor(context: SlideContext) {
    this.#context = context
  }

  get title(): string {
    return this.#title
  }

  async shapes(shapes: readonly Shape[]): Promise<void> {
    const titles = shapes.filter((shape) => shape.kind === 'text' && isTitle(shape.placeholder))
    for (const shape of [...titles, ...shapes.filter((other) => !titles.includes(other))]) await this.#shape(shape)
  }

  /** Speaker notes. */
  async notes(shapes: readonly Shape[]): Promise<void> {
    if (shapes.length === 0) return
    this.#builder.heading(notesLevel, [{ text: 'Notes' }])
    for (const shape of shapes) await this.#shape({ ...shape, place: undefined })
  }

  line(text: string): void {
    this.#builder.paragraph([{ text: collapseBlanks(text) }])
  }

  /** @param hasBackground a picture lies behind the shapes */
  finish(hasBackground: boolean): { outcome: PageOutcome } & ReturnType<PageBuilder['build']> {
    if (this.#builder.isEmpty) for (const text of this.#descriptions) this.line(text)
    const outcome: PageOutcome = !this.#builder.isEmpty
      ? { method: 'text' }
      : this.#pictures > 0 || hasBackground
        ? { method: 'failed', errorCode: 'page_has_no_text' }
        : { method: 'blank' }
    return { outcome, ...this.#builder.build() }
  }

  async #shape(shape: Shape): Promise<void> {
    const box = toBox(shape.place, this.#context.size)
    switch (shape.kind) {
      case 'group':
        for (const inner of shape.shapes) await this.#shape(inner)
        return
      case 'picture':
        this.#pictures += 1
        if (shape.description.trim() !== '') this.#descriptions.push(shape.description)
        return
      case 'table': {
        const { rows, header, placeOf } = readSlideTable(shape.table, shape.place)
        writeTable(this.#builder, rows, header, (row) => toBox(placeOf(row), this.#context.size))
        return
      }
      case 'graphic':
        return this.#graphic(shape.id, box)
      default:
        this.#text(shape, box)
    }
  }

  #text({ paragraphs, placeholder }: Shape & { kind: 'text' }, box: Box | undefined): void {
    if (isTitle(placeholder)) {
      const text = paragraphs.map((paragraph) => paragraph.text).join(' ')
      this.#title ||= text
      this.#builder.heading(titleLevel, [piece(text, box)])
      return
    }
    const counts: number[] = []
    for (const paragraph of paragraphs) {
      counts.length = Math.min(counts.length, paragraph.level + 1)
      const marker = markerOf(paragraph, counts)
      if (marker === '') this.#builder.paragraph([piece(paragraph.text, box)])
      else this.#builder.listItem([piece(`${'  '.repeat(paragraph.level)}${marker} ${paragraph.text}`, box)])
    }
  }

  /** A chart or a diagram. */
  async #graphic(id: string, box: Box | undefined): Promise<void> {
    const part = this.#context.relationships.get(id)?.target
    const root = part === undefined ? undefined : await this.#context.container.readXml(part)
    if (root?.name === 'dgm:dataModel') {
      for (const { text, level } of readDiagram(root)) {
        this.#builder.listItem([piece(`${'  '.repeat(level)}• ${collapseBlanks(text)}`, box)])
      }
    } else if (root) {
      const { lines, tables } = readChart(root)
      for (const text of lines) this.#builder.paragraph([piece(collapseBlanks(text), box)])
      for (const { rows, header } of tables) writeTable(this.#builder, rows, header, () => box)
    }
  }
}

const piece = (text: string, box: Box | undefined): Piece => (box ? { text, box } : { text })

/** The bullet or number of a paragraph, '' where it has none. Counts on; a paragraph without a number begins a new list. */
const markerOf = ({ bullet, level, isListed }: ShapeParagraph, counts: number[]): string => {
  if (typeof bullet === 'object') {
    counts[level] = (counts[level] ?? bullet.start - 1) + 1
    return numberText(bullet.number, counts[level])
  }
  counts.length = Math.min(counts.length, level)
  return isListed ? '•' : ''
}
