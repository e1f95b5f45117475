/**
 * What the styles of a DOCX file say: heading levels, bold print, numbering, table heads. A style has what the style it is based on has. In:
 * `word/styles.xml`. Names are understood in the languages that Word writes them in, but levels of outline come first.
 * Neighbours: `docx-numbering.ts`, `docx-blocks.ts`.
 */
import { childOf, childrenOf, isOn, type XmlElement } from './office-xml.ts'

/** "heading 2", "标题 2", "見出し 2" as programs other than Word store them. */
const headingName =
  /^(?:heading|標題|标题|見出し|überschrift|titre|título|titolo|kop|rubrik|nagłówek|заголовок|제목)\s*([1-9])$/i
const titleName = /^(?:title|標題|标题|表題|タイトル|文書のタイトル)$/i
const subtitleName = /^(?:subtitle|副標題|副标题|副題)$/i

const longestChain = 30
/** Outline levels from here on are body text. */
const bodyLevel = 9

export interface StyleNumbering {
  readonly instance: string
  readonly level: number
}

export class DocxStyles {
  readonly #styles = new Map<string, XmlElement>()
  readonly #headings = new Map<string, number | undefined>()

  constructor(root: XmlElement | undefined) {
    for (const style of childrenOf(root, 'w:style')) this.#styles.set(style.attributes['w:styleId'] ?? '', style)
  }

  /** The level of a heading, 1 to 9; undefined for other paragraphs. @param properties `w:pPr` */
  headingLevel(properties: XmlElement | undefined): number | undefined {
    const own = childOf(properties, 'w:outlineLvl')?.attributes['w:val']
    if (own !== undefined) return Number(own) < bodyLevel ? Number(own) + 1 : undefined
    const id = childOf(properties, 'w:pStyle')?.attributes['w:val']
    if (id === undefined) return undefined
    if (!this.#headings.has(id)) this.#headings.set(id, this.#levelOfStyle(id))
    return this.#headings.get(id)
  }

  isTitle(properties: XmlElement | undefined): boolean {
    const id = childOf(properties, 'w:pStyle')?.attributes['w:val']
    return id !== undefined && this.#chain(id).some((style) => titleName.test(nameOf(style)))
  }

  /** Whether a style sets its text in bold. */
  isBold(id: string | undefined): boolean {
    if (id === undefined) return false
    for (const style of this.#chain(id)) {
      const bold = childOf(style, 'w:rPr', 'w:b')
      if (bold) return isOn(bold)
    }
    return false
  }

  /** Whether a table style sets its first row apart. */
  hasTableHead(id: string | undefined): boolean {
    if (id === undefined) return false
    return this.#chain(id).some((style) =>
      childrenOf(style, 'w:tblStylePr').some(
        (part) =>
          part.attributes['w:type'] === 'firstRow' &&
          (isOn(childOf(part, 'w:rPr', 'w:b')) || isShaded(childOf(part, 'w:tcPr', 'w:shd'))),
      ),
    )
  }

  /** Instance and level of numbering, as far as the style has them. */
  numberingOf(id: string): { instance: string | undefined; level: string | undefined } {
    let instance: string | undefined
    let level: string | undefined
    for (const style of this.#chain(id)) {
      const numbering = childOf(style, 'w:pPr', 'w:numPr')
      instance ??= childOf(numbering, 'w:numId')?.attributes['w:val']
      level ??= childOf(numbering, 'w:ilvl')?.attributes['w:val']
    }
    return { instance, level }
  }

  #levelOfStyle(id: string): number | undefined {
    for (const style of this.#chain(id)) {
      const outline = childOf(style, 'w:pPr', 'w:outlineLvl')?.attributes['w:val']
      if (outline !== undefined) return Number(outline) < bodyLevel ? Number(outline) + 1 : undefined
      const named = headingName.exec(nameOf(style))
      if (named) return Number(named[1])
      if (titleName.test(nameOf(style))) return 1
      if (subtitleName.test(nameOf(style))) return 2
    }
    // Where a style is named and not defined, its name is all there is.
    const [, digit] = /^heading\s*([1-9])$/i.exec(this.#styles.has(id) ? '' : id) ?? []
    return digit === undefined ? undefined : Number(digit)
  }

  /** The style and those that it is based on, nearest first. */
  #chain(id: string): XmlElement[] {
    const chain: XmlElement[] = []
    let style = this.#styles.get(id)
    while (style && chain.length < longestChain) {
      chain.push(style)
      style = this.#styles.get(childOf(style, 'w:basedOn')?.attributes['w:val'] ?? '')
    }
    return chain
  }
}

const nameOf = (style: XmlElement): string => childOf(style, 'w:name')?.attributes['w:val'] ?? ''

/** Whether `w:shd` gives a cell a colour of its own. */
export const isShaded = (shading: XmlElement | undefined): boolean => {
  const { 'w:fill': fill = 'auto', 'w:val': pattern = 'clear' } = shading?.attributes ?? {}
  const coloured = !/^(?:auto|f{6}|)$/i.test(fill)
  return coloured || !['clear', 'nil'].includes(pattern)
}
