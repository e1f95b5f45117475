/** Joins the boxes of one printed line that touch or overlap, so that two sentences on a line are marked as one stretch. */
import type { Box } from '../../core/document.ts'

/** Gaps up to this share of the page's width are blanks between words. */
const widestGap = 0.015

const onOneLine = (a: Box, b: Box): boolean => {
  const shared = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return shared > 0.6 * Math.min(a.height, b.height)
}

const touch = (a: Box, b: Box): boolean => Math.max(a.x, b.x) - Math.min(a.x + a.width, b.x + b.width) <= widestGap

const union = (a: Box, b: Box): Box => {
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  }
}

/** @param boxes of one page */
export const joinBoxes = (boxes: readonly Box[]): Box[] => {
  const joined: Box[] = []
  for (const box of [...boxes].sort((a, b) => a.x - b.x)) {
    const at = joined.findIndex((other) => onOneLine(other, box) && touch(other, box))
    const other = joined[at]
    if (other === undefined) joined.push({ x: box.x, y: box.y, width: box.width, height: box.height })
    else joined[at] = union(other, box)
  }
  return joined.sort((a, b) => a.y - b.y || a.x - b.x)
}
