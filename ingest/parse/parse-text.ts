/**
 * Parses a plain text file of any usual encoding. In: a path. Out: one page (a form feed ends a paragraph); empty lines part paragraphs, lines that begin with a marker are
 * list items, and lines of one paragraph are joined where they were broken by width. Bodies of mails are written by the same rules.
 */
import { glueOfLines } from './join-lines.ts'
import { beginsListItem } from './list-marker.ts'
import { cleanText, PageBuilder, type Piece } from './page-builder.ts'
import type { ParsedHead, ParserOptions, ParseSink } from './parse-messages.ts'
import { readText, sendOnlyPage } from './single-page.ts'

/** Width of a character in columns: Chinese and Japanese ones take two. */
const columnsOf = (line: string): number => {
  let columns = 0
  for (const character of line) columns += (character.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1
  return columns
}

/** A paragraph was broken by width when all its lines but the last are about as long as its longest. */
const isBrokenByWidth = (lines: readonly string[]): boolean => {
  if (lines.length < 2) return false
  // Records of a log are as wide as each other, but each is a line of its own.
  if (lines.every((line) => /^[\d[]/.test(line))) return false
  const columns = lines.map(columnsOf)
  const widest = columns.reduce((most, width) => Math.max(most, width), 0)
  return widest >= 40 && columns.slice(0, -1).every((width) => width > widest * 0.7)
}

const pieces = (lines: readonly string[]): Piece[] => {
  const broken = isBrokenByWidth(lines)
  return lines.map((line, index) => ({
    text: line,
    glue: broken ? glueOfLines(lines[index - 1] ?? '', line) : '\n',
  }))
}

const writeParagraph = (builder: PageBuilder, lines: readonly string[]): void => {
  let open: string[] = []
  let openIsItem = false
  const flush = (): void => {
    if (openIsItem) builder.listItem(pieces(open))
    else builder.paragraph(pieces(open))
    open = []
  }
  for (const line of lines) {
    const isItem = beginsListItem(line)
    if (isItem && open.length > 0) flush()
    if (open.length === 0) openIsItem = isItem
    open.push(line)
  }
  if (open.length > 0) flush()
}

/** Writes paragraphs and list items of plain text. */
export const writeText = (text: string, builder: PageBuilder): void => {
  let open: string[] = []
  for (const line of [...cleanText(text.replaceAll('\f', '\n\n')).split('\n'), '']) {
    const trimmed = line.replace(/^[\s\u3000]+|[\s\u3000]+$/gu, '')
    if (trimmed !== '') open.push(trimmed)
    else if (open.length > 0) {
      writeParagraph(builder, open)
      open = []
    }
  }
}

/** @throws file_too_large, encoding_unknown, file_damaged */
export const parseText = async (path: string, sink: ParseSink, options: ParserOptions): Promise<ParsedHead> => {
  const builder = new PageBuilder()
  writeText(await readText(path, options), builder)
  await sendOnlyPage(builder, sink)
  return { format: 'text', paginated: false }
}
