/**
 * Parses a plain text file of any usual encoding. In: a path. Out: one page; empty lines part paragraphs, lines that begin with a marker are
 * list items, and lines of one paragraph are joined where they were broken by width.
 */
import { glueOfLines } from './join-lines.ts'
import { beginsListItem } from './list-marker.ts'
import { cleanText, PageBuilder, type Piece } from './page-builder.ts'
import type { ParsedHead, ParseSink } from './parse-messages.ts'
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
  const columns = lines.map(columnsOf)
  const widest = Math.max(...columns)
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

/** @throws file_too_large, file_damaged */
export const parseText = async (path: string, sink: ParseSink): Promise<ParsedHead> => {
  const text = cleanText((await readText(path)).replaceAll('\f', '\n\n'))
  const builder = new PageBuilder()
  let open: string[] = []
  for (const line of [...text.split('\n'), '']) {
    const trimmed = line.replace(/^[\s\u3000]+|[\s\u3000]+$/gu, '')
    if (trimmed !== '') open.push(trimmed)
    else if (open.length > 0) {
      writeParagraph(builder, open)
      open = []
    }
  }
  await sendOnlyPage(builder, sink)
  return { format: 'text', paginated: false }
}
