/**
 * Parses a Markdown file (GFM). In: a path. Out: one page whose text is what a reader of the rendered page sees: markup gone, links as their
 * text, list numbers written out, tables row by row. Front matter gives the title and stays as a paragraph; comments are no content.
 */
import { load } from 'cheerio'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { writeHtml } from './html-blocks.ts'
import { cleanText, collapseBlanks, PageBuilder } from './page-builder.ts'
import type { ParsedHead, ParserOptions, ParseSink } from './parse-messages.ts'
import { readText, sendOnlyPage } from './single-page.ts'

type RootContent = ReturnType<typeof fromMarkdown>['children'][number]
type List = Extract<RootContent, { type: 'list' }>
type ListItem = List['children'][number]
type Table = Extract<RootContent, { type: 'table' }>
interface Node {
  readonly type: string
  readonly children?: readonly Node[]
  readonly value?: string
  readonly alt?: string | null | undefined
}

const maxDepth = 60

/** Inline content as plain text: pictures as their description, breaks as blanks, tags out. */
const inlineText = (node: Node): string => {
  const { type, value, alt, children } = node
  if (type === 'break') return ' '
  if (type === 'html') return /^<br\b/i.test(value ?? '') ? ' ' : ''
  if (type === 'image' || type === 'imageReference') return alt ?? ''
  if (type === 'footnoteReference') return ''
  return value ?? (children ?? []).map(inlineText).join('')
}

class MarkdownBlocks {
  readonly #builder = new PageBuilder()

  /** Values and dates of a document often stand in its front matter only. */
  writeMatter(matter: string): void {
    const lines = matter.split('\n').map((line) => line.trimEnd())
    this.#builder.paragraph(lines.filter((line) => line !== '').map((text) => ({ text, glue: '\n' })))
  }

  write(nodes: readonly RootContent[], depth = 0): PageBuilder {
    // Raw HTML of one table or list comes in several nodes: those that follow each other belong together.
    let html = ''
    for (const node of nodes) {
      if (node.type === 'html') {
        html += `${node.value}\n`
        continue
      }
      this.#html(html)
      html = ''
      this.#block(node, depth)
    }
    this.#html(html)
    return this.#builder
  }

  #html(source: string): void {
    const body = source.trim() === '' ? undefined : load(source)('body').get(0)
    if (body) writeHtml(body, this.#builder)
  }

  #block(node: RootContent, depth: number): void {
    if (node.type === 'heading') this.#builder.heading(node.depth, [{ text: collapseBlanks(inlineText(node)) }])
    else if (node.type === 'code') this.#builder.code([{ text: cleanText(node.value).replace(/\s+$/, '') }])
    else if (node.type === 'list') this.#list(node, '', depth)
    else if (node.type === 'table') this.#table(node)
    else if (node.type === 'blockquote' || node.type === 'footnoteDefinition') {
      if (depth < maxDepth) this.write(node.children, depth + 1)
    } else if (node.type !== 'definition' && node.type !== 'thematicBreak') {
      this.#builder.paragraph([{ text: collapseBlanks(inlineText(node)) }])
    }
  }

  #table(node: Table): void {
    const rows = node.children.map((row) => row.children.map((cell) => [{ text: collapseBlanks(inlineText(cell)) }]))
    this.#builder.table(rows, true)
  }

  #list(list: List, indent: string, depth: number): void {
    const begin = list.start ?? 1
    list.children.forEach((item, index) => {
      this.#item(item, indent, list.ordered ? `${begin + index}. ` : '• ', depth)
    })
  }

  #item(item: ListItem, indent: string, marker: string, depth: number): void {
    const check = typeof item.checked === 'boolean' ? (item.checked ? '☑ ' : '☐ ') : ''
    const own = item.children.filter((child) => child.type === 'paragraph')
    const text = collapseBlanks(own.map(inlineText).join(' '))
    if (text !== '') this.#builder.listItem([{ text: `${indent}${marker}${check}${text}` }])
    if (depth > maxDepth) return
    for (const child of item.children) {
      if (child.type === 'list') this.#list(child, `${indent}  `, depth + 1)
      else if (child.type !== 'paragraph') this.write([child], depth + 1)
    }
  }
}

/** YAML between two lines of dashes at the very beginning. */
const splitFrontMatter = (source: string): { matter: string; content: string } => {
  const found = /^---[ \t]*\r?\n([\s\S]*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(source)
  const looksLikeYaml = found !== null && /^[\w-]+[ \t]*:/m.test(found[1] ?? '')
  return looksLikeYaml
    ? { matter: found[1] ?? '', content: source.slice(found[0].length) }
    : { matter: '', content: source }
}

/** @throws file_too_large, encoding_unknown, file_damaged */
export const parseMarkdown = async (path: string, sink: ParseSink, options: ParserOptions): Promise<ParsedHead> => {
  const { matter, content } = splitFrontMatter(cleanText(await readText(path, options)))
  const tree = fromMarkdown(content, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
  const blocks = new MarkdownBlocks()
  blocks.writeMatter(matter)
  await sendOnlyPage(blocks.write(tree.children), sink)
  const named = /^title[ \t]*:[ \t]*["']?(.+?)["']?[ \t]*$/m.exec(matter)?.[1]
  const heading = tree.children.find((node) => node.type === 'heading')
  const title = collapseBlanks(named ?? (heading ? inlineText(heading) : ''))
  return { format: 'markdown', paginated: false, ...(title === '' ? {} : { title }) }
}
