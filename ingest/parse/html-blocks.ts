/**
 * From an HTML tree to blocks: headings with their levels, paragraphs, list items with their numbers written out, code, tables row by row with
 * merged cells repeated. In: a cheerio document. Out: blocks in a `PageBuilder`. Used for HTML files and wherever HTML stands in something else.
 * Scripts, styles, pictures and what is hidden leave nothing behind, and nothing is fetched.
 */
import type { Element } from 'domhandler'
import { formatOrdinal } from './format-ordinal.ts'
import { readTable } from './html-table.ts'
import { blockTags, isElement, isShown, numberOf, textOf } from './html-text.ts'
import { cleanText, collapseBlanks, type PageBuilder } from './page-builder.ts'
import { writeTable } from './table-layout.ts'

/** Deeper trees are hostile: their text is taken without structure. */
const maxDepth = 200

const hasBlocks = (element: Element): boolean =>
  element.children.some((child) => isElement(child) && (blockTags.has(child.name) || hasNearBlocks(child)))

/** Inline elements around blocks (`<a><div>`), one level down. */
const hasNearBlocks = (element: Element): boolean =>
  element.children.some((child) => isElement(child) && blockTags.has(child.name))

const formats: Readonly<Record<string, string>> = {
  a: 'lowerLetter',
  A: 'upperLetter',
  i: 'lowerRoman',
  I: 'upperRoman',
}

const markerOf = (list: Element, ordinal: number): string => {
  return list.name === 'ol' ? `${formatOrdinal(ordinal, formats[list.attribs.type ?? ''] ?? 'decimal')}. ` : '• '
}

/** Whether most of the table's text stands in tables inside it. */
const isLayout = (table: Element, inner: readonly Element[]): boolean => {
  const within = inner.reduce((sum, one) => sum + collapseBlanks(textOf(one)).length, 0)
  return within * 2 > collapseBlanks(textOf(table)).length
}

class HtmlBlocks {
  readonly #builder: PageBuilder
  /** Inline content between two blocks is a paragraph of its own. */
  #loose = ''

  constructor(builder: PageBuilder) {
    this.#builder = builder
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
      else if (isElement(child) && isShown(child)) this.#element(child, depth + 1)
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
    else if (element.name === 'dl' && depth < maxDepth) this.#definitions(element, depth)
    else this.#children(element, depth)
  }

  #table(table: Element, depth: number): void {
    const caption = table.children.find((child): child is Element => isElement(child) && child.name === 'caption')
    if (caption) this.#builder.paragraph([{ text: collapseBlanks(textOf(caption)) }])
    const { rows, header, cells, columns, inner } = readTable(table)
    // A table of one column is a frame around something; so is one that only holds other tables.
    const isFrame = header === 0 && (columns <= 1 || (inner.length > 0 && isLayout(table, inner)))
    if (isFrame && depth < maxDepth) {
      for (const cell of cells) {
        this.#children(cell, depth + 1)
        this.#flush()
      }
      return
    }
    writeTable(this.#builder, rows, header)
    for (const other of inner) if (depth < maxDepth) this.#table(other, depth + 1)
  }

  /** Terms with what is said of them, each pair in one piece. */
  #definitions(list: Element, depth: number): void {
    let term: string[] = []
    const flushTerm = (): void => {
      if (term.length > 0) this.#builder.paragraph([{ text: term.join(', ') }])
      term = []
    }
    for (const child of list.children) {
      if (!isElement(child) || !isShown(child)) continue
      const text = collapseBlanks(textOf(child))
      if (child.name === 'dt') {
        if (text !== '') term.push(text)
      } else if (child.name === 'dd' && term.length > 0 && !hasBlocks(child)) {
        const name = term.join(', ')
        this.#builder.listItem([{ text: `${name}${/[:：]$/.test(name) ? ' ' : ': '}${text}` }])
        term = []
      } else {
        flushTerm()
        if (child.name === 'div') this.#definitions(child, depth + 1)
        else this.#element(child, depth + 1)
      }
    }
    flushTerm()
  }

  #list(list: Element, depth: number, indent: string): void {
    let ordinal = numberOf(list.attribs.start, 1)
    for (const child of list.children) {
      if (!isElement(child) || !isShown(child)) continue
      if (child.name !== 'li') {
        if (['ol', 'ul', 'menu'].includes(child.name)) this.#list(child, depth + 1, `${indent}  `)
        else this.#element(child, depth + 1)
        continue
      }
      ordinal = numberOf(child.attribs.value, ordinal)
      this.#item(child, depth + 1, indent, markerOf(list, ordinal))
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
        if (!isElement(child) || !isShown(child)) continue
        if (/^(?:ol|ul|menu)$/.test(child.name)) this.#list(child, depth + 1, `${indent}  `)
        else if (inner(child)) this.#block(child, depth + 1)
        else if (hasBlocks(child)) visit(child)
      }
    }
    visit(item)
  }
}

/** Writes the element's content as blocks, in document order. */
export const writeHtml = (root: Element, builder: PageBuilder): void => new HtmlBlocks(builder).write(root)
