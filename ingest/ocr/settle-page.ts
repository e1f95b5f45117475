/**
 * How a page ends, from the text layer that it had and what OCR read (beyond that layer, where there is little text). In: the unread page, the reading. Out: the page with
 * its last outcome, never `unread`. Pure. Used by `read-pages.ts`.
 */
import type { Block, ParsedPage, Range } from '../../src/core/document.ts'
import type { ErrorCode } from '../../src/core/errors.ts'
import { betweenBlocks, remarkMark } from '../parse/page-builder.ts'

/** Readings less sure than this do not take the place of garbage: they may be garbage themselves. */
const leastOfGarbled = 0.5
/** Letters and digits that OCR must have found beyond the layer: fewer are specks. */
const leastBeyond = 4
/** A page with no more letters than this is a picture with a stamp or a number; with more, large type in its pictures heads nothing. */
const stampLetters = 40

const countOf = (text: string): number => text.normalize('NFKC').match(/[\p{L}\p{N}]/gu)?.length ?? 0

const failed = (page: ParsedPage, errorCode: ErrorCode): ParsedPage =>
  withRemarks({ ...emptied(page), outcome: { method: 'failed', errorCode } }, page)

const emptied = ({ number, label, outcome }: ParsedPage): ParsedPage => ({
  number,
  ...(label !== undefined && { label }),
  outcome,
  text: '',
  blocks: [],
  lines: [],
})

const squash = (text: string): string => text.normalize('NFKC').replaceAll(/\s+/g, '').toLowerCase()

type Laid = Pick<ParsedPage, 'text' | 'blocks' | 'lines'>

/** Some blocks of another page, after the page's own. */
const withBlocks = (page: ParsedPage, from: Laid, blocks: readonly Block[]): ParsedPage => {
  let { text, blocks: all, lines } = page
  for (const block of blocks) {
    if (text !== '') text += betweenBlocks
    const by = text.length - block.start
    text += from.text.slice(block.start, block.end)
    all = [...all, movedBlock(block, by)]
    const inside = from.lines.filter(({ start, end }) => start >= block.start && end <= block.end)
    lines = [...lines, ...inside.map((line) => moved(line, by))]
  }
  return { ...page, text, blocks: all, lines }
}

const moved = <T extends Range>(range: T, by: number): T => ({ ...range, start: range.start + by, end: range.end + by })

const movedBlock = (block: Block, by: number): Block => {
  if (block.kind !== 'table') return moved(block, by)
  const header = block.header && moved(block.header, by)
  return { ...moved(block, by), rows: block.rows.map((row) => moved(row, by)), ...(header && { header }) }
}

/** What readers remarked on the page is in no picture of it: it comes after what OCR read. */
const withRemarks = (read: ParsedPage, page: ParsedPage): ParsedPage => {
  const seen = squash(read.text)
  const isPictureOnly = page.outcome.method === 'unread' && page.outcome.reason === 'no_text'
  const remarks = page.blocks.filter((block) => {
    const remark = page.text.slice(block.start, block.end)
    if (!isPictureOnly && !remark.startsWith(remarkMark)) return false
    return block.kind === 'paragraph' && !seen.includes(squash(remark))
  })
  return withBlocks(read, page, remarks)
}

/** What the page's pictures say comes after what it says itself. */
const withPictures = (page: ParsedPage, read: ParsedPage): ParsedPage => {
  const isScan = countOf(page.text) <= stampLetters
  const blocks = read.blocks.map((block): Block => {
    if (block.kind !== 'heading' || isScan) return block
    return { kind: 'paragraph', start: block.start, end: block.end }
  })
  return withBlocks({ ...page, outcome: read.outcome }, read, blocks)
}

/**
 * @param page as the parser left it
 * @param read as OCR ended: `ocr`, `blank` or `failed`
 * @param ink whether anything is printed on the page
 */
export const settlePage = (page: ParsedPage, read: ParsedPage, ink: boolean): ParsedPage => {
  const reason = page.outcome.method === 'unread' ? page.outcome.reason : 'no_text'
  const { outcome } = read
  if (reason === 'little_text') {
    // What little text the layer has stays findable; the outcome says that the page shows more.
    if (outcome.method === 'failed') return { ...page, outcome }
    if (countOf(read.text) < leastBeyond) return { ...page, outcome: { method: 'text' } }
    return withPictures(page, read)
  }
  if (outcome.method === 'ocr') {
    if (reason === 'garbled_text' && outcome.confidence < leastOfGarbled) return failed(page, 'page_text_garbled')
    return withRemarks({ ...emptied(page), outcome, text: read.text, blocks: read.blocks, lines: read.lines }, page)
  }
  if (reason === 'garbled_text' && (ink || outcome.method === 'failed')) return failed(page, 'page_text_garbled')
  const kept = withRemarks({ ...emptied(page), outcome }, page)
  return kept.text !== '' && outcome.method === 'blank' ? { ...kept, outcome: { method: 'text' } } : kept
}
