/**
 * How a page ends, from the text layer that it had and what OCR read. In: the unread page, the reading. Out: the page with its last outcome, never `unread`. Pure.
 * Used by `read-pages.ts`.
 */
import type { ParsedPage, Range } from '../../src/core/document.ts'
import type { ErrorCode } from '../../src/core/errors.ts'
import { betweenBlocks, remarkMark } from '../parse/page-builder.ts'

/** Readings less sure than this do not take the place of garbage: they may be garbage themselves. */
const leastOfGarbled = 0.5
/** Letters and digits that OCR must have found beyond the layer, and as a part of the layer's, to take its place. */
const [moreCharacters, morePart] = [8, 0.1]

const countsOf = (text: string): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const [character] of text
    .normalize('NFKC')
    .toLowerCase()
    .matchAll(/[\p{L}\p{N}]/gu)) {
    counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  return counts
}

/** Whether the reading has much that the layer has not. */
const findsMore = (layer: string, read: string): boolean => {
  const had = countsOf(layer)
  let [more, total] = [0, 0]
  for (const count of had.values()) total += count
  for (const [character, count] of countsOf(read)) more += Math.max(0, count - (had.get(character) ?? 0))
  return more >= moreCharacters && more >= total * morePart
}

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

/** What readers remarked on the page is in no picture of it: it comes after what OCR read. */
const withRemarks = (read: ParsedPage, page: ParsedPage): ParsedPage => {
  const seen = squash(read.text)
  const isPictureOnly = page.outcome.method === 'unread' && page.outcome.reason === 'no_text'
  let { text, blocks, lines } = read
  for (const block of page.blocks) {
    const remark = page.text.slice(block.start, block.end)
    if (!isPictureOnly && !remark.startsWith(remarkMark)) continue
    if (block.kind !== 'paragraph' || seen.includes(squash(remark))) continue
    if (text !== '') text += betweenBlocks
    const by = text.length - block.start
    const moved = <T extends Range>(range: T): T => ({ ...range, start: range.start + by, end: range.end + by })
    text += remark
    blocks = [...blocks, moved(block)]
    lines = [...lines, ...page.lines.filter(({ start, end }) => start >= block.start && end <= block.end).map(moved)]
  }
  return { ...read, text, blocks, lines }
}

/**
 * @param page as the parser left it
 * @param read as OCR ended: `ocr`, `blank` or `failed`
 * @param ink whether anything is printed on the page
 */
export const settlePage = (page: ParsedPage, read: ParsedPage, ink: boolean): ParsedPage => {
  const reason = page.outcome.method === 'unread' ? page.outcome.reason : 'no_text'
  const { outcome } = read
  if (reason === 'little_text' && outcome.method !== 'failed' && !findsMore(page.text, read.text)) {
    return { ...page, outcome: { method: 'text' } }
  }
  if (outcome.method === 'ocr') {
    if (reason === 'garbled_text' && outcome.confidence < leastOfGarbled) return failed(page, 'page_text_garbled')
    return withRemarks({ ...emptied(page), outcome, text: read.text, blocks: read.blocks, lines: read.lines }, page)
  }
  if (reason === 'garbled_text' && (ink || outcome.method === 'failed')) return failed(page, 'page_text_garbled')
  // What little text the layer has stays findable; the outcome says that the page shows more.
  if (reason === 'little_text') return { ...page, outcome }
  const kept = withRemarks({ ...emptied(page), outcome }, page)
  return kept.text !== '' && outcome.method === 'blank' ? { ...kept, outcome: { method: 'text' } } : kept
}
