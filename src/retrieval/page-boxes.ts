/**
 * From offsets in a page's text to rectangles on the page. In: the parser's line boxes. Out: one box for each printed line that
 * the range touches, cut to the part of the line that it covers (characters taken as equally wide).
 */
import type { PageBox } from '../core/answer.ts'
import type { LineBox, Range } from '../core/document.ts'

export const pageBoxesOf = (page: number, range: Range, lines: readonly LineBox[]): PageBox[] =>
  lines.flatMap((line) => {
    const start = Math.max(line.start, range.start)
    const end = Math.min(line.end, range.end)
    if (start >= end) return []
    const characterWidth = line.width / (line.end - line.start)
    return [
      {
        page,
        x: line.x + (start - line.start) * characterWidth,
        y: line.y,
        width: (end - start) * characterWidth,
        height: line.height,
      },
    ]
  })
