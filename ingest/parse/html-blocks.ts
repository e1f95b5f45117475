/**
 * From an HTML tree to blocks: headings with their levels, paragraphs, list items with their numbers written out, code, tables row by row with
 * merged cells repeated. In: a cheerio document. Out: blocks in a `PageBuilder`. Used for HTML files and for DOCX (by way of mammoth).
 * Scripts, styles and pictures leave nothing behind, and nothing is fetched.
 */
import type { Element } from 'domhandler'
import { formatOrdinal } from './format-ordinal.ts'
import { readTable } from './html-table.ts'
import { blockTags, isElement, numberOf, skipped, textOf } from './html-text.ts'
import { cleanText, collapseBlanks, type PageBuilder } from './page-builder.ts'

/** Deeper trees are hostile: their text is taken without structure. */
const maxDepth = 200

const hasBlocks = (element: Element): boolean =>
  element.children.some((child) => isElement(child) && (blockTags.has(child.name) || hasNearBlocks(child)))

/** Inline elements around blocks (`<a><div>`), one level down. */
const hasNearBlocks = (element: Element): boolean =>
  element.children.some((child) => isElement(child) && blockTags.has(child.name))

/** Attribute of a list item whose marker is known, without the blank after it. */
export const markerAttribute = 'data-kura-marker'

const formats: Readonly<Record<string, string>> = {
  a: 'lowerLetter',
  A: 'upperLetter',
  i: 'lowerRoman',
  I: 'upperRoman',
}

const markerOf = (list: Element, item: Element, ordinal: number): string => {
  const known = item.attribs[markerAttribute]
  if (known !== undefined) return `${known} `
  return list.name === 'ol' ? `${formatOrdinal(ordinal, formats[list.attribs.type ?? ''] ?? 'decimal')}. ` : '• '
}

export interface HtmlOptions {
  /** Take the first row of each table of several rows for its header, as Word's tables do not say. */
  readonly firstRowIsHeader: boolean
}

class HtmlBlocks {
  readonly #builder: PageBuilder
  readonly #options: HtmlOptions
  /** Inline content between two blocks is a paragraph of its own. */
  #loose = ''

  constructor(builder: PageBuilder, options: HtmlOptions) {
    this.#builder = builder
    this.#options = options
  }

  write(root: Element): void {
    this.#children(root, 0)
    this.#flush()
  }

  #flush(): void {
    const text = collapseBlanks(this.#loose)
    this.#loose = ''
    if (text !== '') this.#builder.paragraph([{ text }])
  }

  #children(element: Element, depth: number): void {
    for (const child of element.children) {
      if (child.type === 'text') this.#loose += child.data
      else if (isElement(child) && !skipped.has(child.name)) this.#element(child, depth + 1)
    }
  }

  #element(element: Element, depth: number): void {
    const isBlock = blockTags.has(element.name)
    if (!isBlock && !hasBlocks(element)) {
      this.#loose += element.name === 'br' ? '\n' : textOf(element)
      return
    }
    this.#flush()
    if (depth > maxDepth) this.#loose += textOf(element)
    else this.#block(element, depth)
    this.#flush()
  }

  #block(element: Element, depth: number): void {
    const heading = /^h([1-6])$/.exec(element.name)
    if (heading) this.#builder.heading(Number(heading[1]), [{ text: collapseBlanks(textOf(element)) }])
    else if (element.name === 'pre')
      this.#builder.code([{ text: cleanText(textOf(element)).replace(/^\n+|\s+$/g, '') }])
    else if (element.name === 'table') this.#table(element, depth)
    else if (['ol', 'ul', 'menu'].includes(element.name)) this.#list(element, depth, '')
    else this.#children(element, depth)
  }

  #table(table: Element, depth: number): void {
    const caption = table.children.find((child): child is Element => isElement(child) && child.name === 'caption')
    if (caption) this.#builder.paragraph([{ text: collapseBlanks(textOf(caption)) }])
    const { rows, header } = readTable(table)
    const columns = Math.max(0, ...rows.map((row) => row.length))
    // A table of one cell is a frame around something.
    if (columns <= 1 && rows.length <= 1) {
      const cells = table.children.flatMap((child) => (isElement(child) ? [child] : []))
      for (const cell of cells) if (cell !== caption) this.#children(cell, depth + 1)
      return
    }
    const withHeader = header || (this.#options.firstRowIsHeader && columns > 1 && rows.length > 1)
    this.#builder.table(
      rows.map((row) => row.map((text) => [{ text }])),
      withHeader,
    )
  }

  #list(list: Element, depth: number, indent: string): void {
    let ordinal = numberOf(list.attribs.start, 1)
    for (const child of list.children) {
      if (!isElement(child) || skipped.has(child.name)) continue
      if (child.name !== 'li') {
        if (['ol', 'ul', 'menu'].includes(child.name)) this.#list(child, depth + 1, `${indent}  `)
        else this.#element(child, depth + 1)
        continue
      }
      ordinal = numberOf(child.attribs.value, ordinal)
      this.#item(child, depth + 1, indent, markerOf(list, child, ordinal))
      ordinal += 1
    }
  }

  /** The item's own text, then what stands in it: lists one level in, tables and code as blocks. */
  #item(item: Element, depth: number, indent: string, marker: string): void {
    const inner = (element: Element): boolean => /^(?:ol|ul|menu|table|pre)$/.test(element.name)
    const text = collapseBlanks(textOf(item, inner))
    if (text !== '') this.#builder.listItem([{ text: `${indent}${marker}${text}` }])
    if (depth > maxDepth) return
    const visit = (element: Element): void => {
      for (const child of element.children) {
        if (!isElement(child) || skipped.has(child.name)) continue
        if (/^(?:ol|ul|menu)$/.test(child.name)) this.#list(child, depth + 1, `${indent}  `)
        else if (inner(child)) this.#block(child, depth + 1)
        else if (hasBlocks(child)) visit(child)
      }
    }
    visit(item)
  }
}

/** Writes the element's content as blocks, in document order. */
export const writeHtml = (root: Element, builder: PageBuilder, options: HtmlOptions): void =>
  new HtmlBlocks(builder, options).write(root)
