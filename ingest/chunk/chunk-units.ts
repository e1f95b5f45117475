/**
 * From parsed pages to the units that chunks are packed from: sentences, table rows, headings, lines of code, in reading order.
 * In: a ParsedDocument. Out: units that carry their exact place in the page's text and the heading path above them.
 * Invariant: every character of every page that is not blank is in exactly one unit, but for running heads and feet, which are in none.
 * Neighbours: parser -> here -> split-oversized -> pack-units.
 */
import type { Block, DocumentFormat, ParsedDocument, ParsedPage, Range, Segment } from '../../src/core/document.ts'
import { splitSentences } from '../../src/core/split-sentences.ts'
import { findRunningBlocks } from './running-blocks.ts'

/** What is never cut any further, except where it alone is longer than a chunk. Offsets point into the page's text. */
export interface Unit extends Range {
  readonly page: number
  readonly kind: Segment['kind']
  readonly text: string
  /** Counts the blocks of the document; units of one paragraph, list item or table share it. */
  readonly block: number
  readonly blockKind: Block['kind']
  /** The table's header row, to be repeated above this row in a chunk that does not hold it in place; it may stand on an earlier page. */
  readonly header?: Unit
  /** A group of columns of a row; `header` holds their names only, `label` is the first cell of the row. */
  readonly isPiece?: true
  readonly label?: Unit
  /** Only for headings; 1 is the outermost. */
  readonly level?: number
  readonly headingPath: readonly string[]
  /** The sentence began in the unit before (on the page before): the two stay in one chunk. */
  readonly continues: boolean
}

interface OpenHeading {
  readonly level: number
  readonly text: string
}

const maxMarkLength = 80
/** What the parsers write between the cells of a row. */
const betweenCells = ' | '
/** Longest heading kept in a path; a whole paragraph set as a heading must not crowd out the text. */
const maxHeadingLength = 160

/**
 * A sheet or a slide does not stand under the headings of the one before it, but under its own name. What comes back on each of them is no running
 * head: their parsers know those and write them once.
 */
const standAlone: ReadonlySet<DocumentFormat> = new Set(['xlsx', 'xls', 'pptx', 'ppt'])
/** Above all headings. */
const labelLevel = 0

/** @returns the units of the document in reading order */
export const createUnits = (document: ParsedDocument): Unit[] => {
  const isContent = findContent(document)
  const headings: OpenHeading[] = []
  const units: Unit[] = []
  let blockNumber = 0
  /** The table that ends the page before. */
  let openTable: OpenTable | undefined
  for (const page of document.pages) {
    const pageUnits: Unit[] = []
    if (standAlone.has(document.format)) {
      headings.length = 0
      openTable = undefined
      if (page.label !== undefined) openHeading(headings, labelLevel, page.label)
    }
    for (const block of coverPage(page)) {
      if (!isContent(page, block)) continue
      if (block.kind === 'heading') openHeading(headings, block.level, page.text.slice(block.start, block.end))
      const path = headings.map((heading) => heading.text)
      const header = block.kind === 'table' ? continuedHeader(openTable, page, block) : undefined
      const found = unitsOfBlock(page, block, { block: blockNumber, headingPath: path }, header)
      if (block.kind === 'table') openTable = tableOf(page, block, found, header)
      else if (!isContinuedMark(page, block)) openTable = undefined
      pageUnits.push(...found)
      blockNumber += 1
    }
    appendPage(units, pageUnits)
  }
  return units
}

/** All but running heads and feet; all, where a document has nothing else. */
const findContent = (document: ParsedDocument): ((page: ParsedPage, block: Block) => boolean) => {
  if (standAlone.has(document.format)) return () => true
  const running = findRunningBlocks(document)
  const blocks = document.pages.reduce((sum, page) => sum + page.blocks.length, 0)
  return running.size === blocks ? () => true : (page, block) => !running.has(`${page.number}:${block.start}`)
}

type TableBlock = Extract<Block, { kind: 'table' }>

interface OpenTable {
  readonly page: number
  readonly header: Unit | undefined
  readonly columns: number
}

const columnsOf = (page: ParsedPage, table: TableBlock): number => {
  const [row] = table.rows
  return row ? page.text.slice(row.start, row.end).split(betweenCells).length : 0
}

/** A table at the head of a page, with no header of its own and as many columns as the one that ends the page before, goes on with that one. */
const continuedHeader = (open: OpenTable | undefined, page: ParsedPage, table: TableBlock): Unit | undefined => {
  const goesOn = open && open.page === page.number - 1 && !table.header && open.columns === columnsOf(page, table)
  return goesOn ? open.header : undefined
}

/** "Table 3 (continued)" stands between the two halves of a table. */
const isContinuedMark = ({ text }: ParsedPage, { start, end }: Block): boolean =>
  end - start <= maxMarkLength && /\bcont(?:inued|['’]d|\.)|[续續続]|接上/iu.test(text.slice(start, end))

const tableOf = (
  page: ParsedPage,
  table: TableBlock,
  units: readonly Unit[],
  inherited: Unit | undefined,
): OpenTable => ({
  page: page.number,
  header: units.find((unit) => unit.kind === 'header') ?? inherited,
  columns: columnsOf(page, table),
})

const openHeading = (open: OpenHeading[], level: number, text: string): void => {
  while (open.length > 0 && (open.at(-1)?.level ?? 0) >= level) open.pop()
  open.push({ level, text: text.replaceAll(/\s+/gu, ' ').trim().slice(0, maxHeadingLength) })
}

/** The page's blocks, and a paragraph for every stretch of text that no block covers: what is printed is never lost. */
const coverPage = (page: ParsedPage): Block[] => {
  const blocks: Block[] = []
  let cursor = 0
  for (const block of page.blocks) {
    const start = Math.max(cursor, block.start)
    const end = Math.min(page.text.length, block.end)
    if (end <= start) continue
    blocks.push(...paragraphsBetween(page.text, cursor, start))
    blocks.push(start === block.start && end === block.end ? block : { kind: 'paragraph', start, end })
    cursor = end
  }
  blocks.push(...paragraphsBetween(page.text, cursor, page.text.length))
  return blocks
}

const paragraphsBetween = (text: string, start: number, end: number): Block[] => {
  const blocks: Block[] = []
  for (const match of text.slice(start, end).matchAll(/\S(?:[^\n]|\n(?![^\S\n]*\n))*/gu)) {
    blocks.push({ kind: 'paragraph', start: start + match.index, end: start + match.index + match[0].trimEnd().length })
  }
  return blocks
}

const unitsOfBlock = (
  page: ParsedPage,
  block: Block,
  context: Pick<Unit, 'block' | 'headingPath'>,
  inherited: Unit | undefined,
): Unit[] => {
  const shared = { page: page.number, blockKind: block.kind, continues: false, ...context }
  const unit = (range: Range, kind: Segment['kind']): Unit | undefined => {
    const trimmed = trimRange(page.text, range)
    return trimmed && { ...trimmed, ...shared, kind, text: page.text.slice(trimmed.start, trimmed.end) }
  }
  const present = (units: readonly (Unit | undefined)[]): Unit[] => units.filter((found) => found !== undefined)
  const sentences = (range: Range): Unit[] =>
    present(
      splitSentences(page.text.slice(range.start, range.end)).map((sentence) =>
        unit({ start: range.start + sentence.start, end: range.start + sentence.end }, 'sentence'),
      ),
    )
  switch (block.kind) {
    case 'heading':
      return present([unit(block, 'heading')]).map((heading) => ({ ...heading, level: block.level }))
    case 'code':
      return present(linesOf(page.text, block).map((line) => unit(line, 'row')))
    case 'table':
      return unitsOfTable(block, unit, sentences, inherited)
    default:
      return sentences(block)
  }
}

const unitsOfTable = (
  table: TableBlock,
  unit: (range: Range, kind: Segment['kind']) => Unit | undefined,
  sentences: (range: Range) => Unit[],
  inherited: Unit | undefined,
): Unit[] => {
  const units: Unit[] = []
  const header = table.header ? unit(table.header, 'header') : inherited
  const parts = table.rows.map((row) => ({ row, isHeader: false }))
  if (table.header) parts.push({ row: table.header, isHeader: true })
  let cursor = table.start
  for (const { row, isHeader } of parts.toSorted((a, b) => a.row.start - b.row.start)) {
    const start = Math.max(cursor, row.start)
    if (row.end <= start) continue
    if (start > cursor) units.push(...sentences({ start: cursor, end: start }))
    const found = isHeader ? header : unit({ start, end: row.end }, 'row')
    if (found) units.push(isHeader || !header ? found : { ...found, header })
    cursor = row.end
  }
  if (table.end > cursor) units.push(...sentences({ start: cursor, end: table.end }))
  return units
}

const linesOf = (text: string, range: Range): Range[] => {
  const lines: Range[] = []
  let start = range.start
  while (start < range.end) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 || newline >= range.end ? range.end : newline + 1
    lines.push({ start, end })
    start = end
  }
  return lines
}

const trimRange = (text: string, range: Range): Range | undefined => {
  const slice = text.slice(range.start, range.end)
  const start = range.start + (slice.length - slice.trimStart().length)
  const end = range.start + slice.trimEnd().length
  return start < end ? { start, end } : undefined
}

/** Adds a page. Where the last sentence of the text before runs on at the head of this page, its two parts stay together. */
const appendPage = (units: Unit[], page: readonly Unit[]): void => {
  const before = units.at(-1)
  const [after, ...others] = page
  const goesOn = before && after && before.page === after.page - 1 && runsOn(before, after)
  units.push(...(goesOn ? [{ ...after, continues: true }, ...others] : page))
}

const sentenceEnd = /[.!?。！？…；：:;｡][」』）】〉》〕］｝”’"')\]}»›]*$/u

/** No full stop before the page's end, and no sign of a new beginning after it. */
const runsOn = (before: Unit, after: Unit): boolean => {
  const text = (unit: Unit): boolean => unit.blockKind === 'paragraph' || unit.blockKind === 'list-item'
  if (!text(before) || after.blockKind !== 'paragraph' || sentenceEnd.test(before.text)) return false
  if (/^[\p{Ll}]/u.test(after.text)) return /[\p{L}\p{N},;)\]’”-]$/u.test(before.text)
  return (
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー、，]$/u.test(before.text) &&
    startsInMidSentence(after.text)
  )
}

/** Chinese and Japanese have no lower case: a paragraph with a full stop of its own, and not a numbered one, counts. */
const startsInMidSentence = (text: string): boolean =>
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]/u.test(text) &&
  !/^(?:第?[一二三四五六七八九十百]+[、章節节．]|[图圖表図])/u.test(text) &&
  sentenceEnd.test(text)
