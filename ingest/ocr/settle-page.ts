/**
 * How a page ends, from the text layer that it had and what OCR read. In: the unread page, the reading. Out: the page with its last outcome, never `unread`. Pure.
 * Used by `read-pages.ts`.
 */
import type { ParsedPage } from '../../src/core/document.ts'
import type { ErrorCode } from '../../src/core/errors.ts'

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

const failed = (page: ParsedPage, errorCode: ErrorCode): ParsedPage => ({
  ...emptied(page),
  outcome: { method: 'failed', errorCode },
})

const emptied = ({ number, label, outcome }: ParsedPage): ParsedPage => ({
  number,
  ...(label !== undefined && { label }),
  outcome,
  text: '',
  blocks: [],
  lines: [],
})

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
    return { ...emptied(page), outcome, text: read.text, blocks: read.blocks, lines: read.lines }
  }
  if (reason === 'garbled_text' && (ink || outcome.method === 'failed')) return failed(page, 'page_text_garbled')
  // What little text the layer has stays findable; the outcome says that the page shows more.
  return { ...(reason === 'little_text' ? page : emptied(page)), outcome }
}
