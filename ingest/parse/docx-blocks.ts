/**
 * From the body of a DOCX part to blocks: headings by style or outline level, list items with their numbers written out, tables, text boxes after the
 * paragraph that they hang on, charts and SmartArt as tables and lists. In: a story (`w:body`, `w:hdr`, `w:footnote`). Out: blocks in a
 * `PageBuilder`. What was deleted in tracked changes is not content. Neighbours: `docx-inline.ts`, `docx-table.ts`.
 */
import { type Inline, InlineReader, type NoteMarks } from './docx-inline.ts'
import type { DocxNumbering, ListMarker } from './docx-numbering.ts'
import type { DocxStyles } from './docx-styles.ts'
import { readDocxTable } from './docx-table.ts'
import { readChart } from './office-chart.ts'
import { readDiagram } from './office-diagram.ts'
import type { OfficePackage, Relationship } from './office-package.ts'
import { childOf, elementsOf, type XmlElement } from './office-xml.ts'
import { collapseBlanks, type PageBuilder } from './page-builder.ts'
import { writeTable } from './table-layout.ts'

/** What all stories of one document share. */
export interface DocxContext {
  readonly container: OfficePackage
  readonly styles: DocxStyles
  readonly numbering: DocxNumbering
  readonly notes: NoteMarks
}

export interface StoryOptions {
  /** Relationships of the part that the story stands in. */
  readonly relationships: ReadonlyMap<string, Relationship>
  /** Headers and footers: page numbers are left out. */
  readonly isMargin?: boolean
  /** Writes a part that stands in the document as a file of its own (`w:altChunk`). */
  readonly writeChunk?: (part: string) => Promise<void>
}

/** What a paragraph comes to: `text` is collapsed, with its number before it. */
export interface ParagraphText {
  readonly text: string
  readonly isBold: boolean
  readonly inline: Inline
}

const wrappers = new Set([
  'w:customXml',
  'w:smartTag',
  'w:ins',
  'w:moveTo',
  'w:sdtContent',
  'mc:Choice',
  'mc:Fallback',
  'w:dir',
  'w:bdo',
])

export class DocxStory {
  readonly #context: DocxContext
  readonly #options: StoryOptions
  readonly #builder: PageBuilder
  readonly #inlines: InlineReader
  /** The beginning of a paragraph that stands in one of its own: a large first letter, or what is left after its end was deleted. */
  #begun = ''
  #title = ''
  #firstHeading = ''
  #pictures = 0

  constructor(context: DocxContext, options: StoryOptions, builder: PageBuilder) {
    this.#context = context
    this.#options = options
    this.#builder = builder
    this.#inlines = new InlineReader(context.styles, context.notes, options.isMargin ?? false)
  }

  /** The text set as the title, or the first heading of the first level. */
  get title(): string {
    return this.#title || this.#firstHeading
  }

  get hasPictures(): boolean {
    return this.#pictures > 0
  }

  /** Writes what stands in the element, in order. */
  async write(root: XmlElement): Promise<void> {
    for (const child of elementsOf(root)) {
      if (/^w:(?:tbl|sdt|altChunk)$/.test(child.name)) this.#flush()
      await this.#block(child)
    }
    this.#flush()
  }

  /** The beginning of a paragraph to which no other came: the end of a cell or of the text. */
  takeBegun(): string {
    const text = collapseBlanks(this.#begun)
    this.#begun = ''
    return text
  }

  #flush(): void {
    const text = this.takeBegun()
    if (text !== '') this.#builder.paragraph([{ text }])
  }

  async #block(element: XmlElement): Promise<void> {
    const { name } = element
    if (name === 'w:p') await this.#paragraph(element)
    else if (name === 'w:tbl') await this.#table(element)
    else if (name === 'w:sdt') await this.write(childOf(element, 'w:sdtContent') ?? noElement)
    else if (name === 'w:altChunk') {
      const part = this.#options.relationships.get(element.attributes['r:id'] ?? '')?.target
      if (part !== undefined) await this.#options.writeChunk?.(part)
    } else if (name === 'mc:AlternateContent') {
      await this.write(childOf(element, 'mc:Choice') ?? childOf(element, 'mc:Fallback') ?? noElement)
    } else if (name === 'm:oMath' || name === 'm:oMathPara')
      await this.#paragraph({ ...noElement, children: [element] })
    else if (wrappers.has(name)) await this.write(element)
  }

  /** The paragraph's text with the number that Word shows before it. Counts, so each paragraph is read once, in order. */
  readParagraph(paragraph: XmlElement): ParagraphText & { readonly marker: ListMarker | undefined } {
    const properties = childOf(paragraph, 'w:pPr')
    const inline = this.#inlines.read(paragraph)
    this.#pictures += inline.pictures
    const mark = childOf(properties, 'w:rPr')
    const goesOn = (childOf(mark, 'w:del') ?? childOf(mark, 'w:moveFrom')) !== undefined
    if (goesOn || childOf(properties, 'w:framePr')?.attributes['w:dropCap']?.match(/^(?:drop|margin)$/)) {
      this.#begun += inline.text.trimStart()
      return { text: '', isBold: inline.isBold, inline, marker: undefined }
    }
    const text = collapseBlanks(this.#begun + inline.text)
    this.#begun = ''
    return { text, isBold: inline.isBold, inline, marker: this.#context.numbering.next(properties) }
  }

  async #paragraph(paragraph: XmlElement): Promise<void> {
    const properties = childOf(paragraph, 'w:pPr')
    const { text, marker, inline } = this.readParagraph(paragraph)
    const level = this.#context.styles.headingLevel(properties)
    if (text !== '') {
      const isTitle = this.#context.styles.isTitle(properties)
      if (isTitle) this.#title ||= text
      const number = marker && !marker.isBullet ? `${marker.text} ` : ''
      if (level !== undefined) {
        if (level === 1) this.#firstHeading ||= `${number}${text}`
        this.#builder.heading(level, [{ text: `${number}${text}` }])
      } else if (marker) this.#builder.listItem([{ text: `${'  '.repeat(marker.level)}${marker.text} ${text}` }])
      else this.#builder.paragraph([{ text }])
    }
    await this.writeHanging(inline)
  }

  /** What hangs on a paragraph: text boxes, charts, diagrams. */
  async writeHanging({ boxes, graphics }: Inline): Promise<void> {
    for (const box of boxes) await this.write(box)
    for (const id of graphics) {
      const part = this.#options.relationships.get(id)?.target
      const root = part === undefined ? undefined : await this.#context.container.readXml(part)
      if (root?.name === 'dgm:dataModel') {
        for (const item of readDiagram(root)) {
          this.#builder.listItem([{ text: `${'  '.repeat(item.level)}• ${collapseBlanks(item.text)}` }])
        }
      } else if (root) {
        const { lines, tables } = readChart(root)
        for (const line of lines) this.#builder.paragraph([{ text: collapseBlanks(line) }])
        for (const { rows, header } of tables) writeTable(this.#builder, rows, header)
      }
    }
  }

  async #table(table: XmlElement): Promise<void> {
    const read = readDocxTable(table, this, this.#context.styles)
    // A table of one column is a frame around paragraphs.
    if (read.columns <= 1 && !read.hasHeader) {
      for (const cell of read.cells) await this.write(cell)
      return
    }
    const { rows, header, hanging, tables } = read.read()
    writeTable(this.#builder, rows, header)
    for (const inline of hanging) await this.writeHanging(inline)
    for (const inner of tables) await this.#table(inner)
  }
}

const noElement: XmlElement = { name: '', attributes: {}, children: [] }
