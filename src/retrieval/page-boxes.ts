/**
 * From offsets in a page's text to its place on the page. In: what the parser wrote down of the page: line boxes, cells, the page's name.
 * Out: one box for each printed line that a range touches, cut to the part of the line that it covers (characters taken as equally wide), and
 * for sheets the cells.
 */
import type { PageBox, Passage } from '../core/answer.ts'
import type { IndexedChunk, LineBox, Range } from '../core/document.ts'
import type { PageLayout } from '../store/pages.ts'
import { cellsOf, joinCells } from './cell-ranges.ts'

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

/** Where a chunk and its segments stand. */
export const placesOf = (
  chunk: IndexedChunk,
  layouts: ReadonlyMap<number, PageLayout>,
): Pick<Passage, 'segmentBoxes' | 'pageLabels' | 'segmentCells' | 'cells'> => {
  const segmentBoxes = chunk.segments.map(({ page, pageStart, pageEnd }) =>
    pageBoxesOf(page, { start: pageStart, end: pageEnd }, layouts.get(page)?.lines ?? []),
  )
  const pageLabels = [...layouts]
    .flatMap(([page, { label }]) => (label === null ? [] : [{ page, label }]))
    .sort((a, b) => a.page - b.page)
  const segmentCells = chunk.segments.map(({ page, pageStart, pageEnd }) =>
    cellsOf({ start: pageStart, end: pageEnd }, layouts.get(page)?.cells ?? []),
  )
  const cells = chunk.pageStart === chunk.pageEnd ? joinCells(segmentCells) : ''
  return {
    segmentBoxes,
    ...(pageLabels.length === 0 ? {} : { pageLabels }),
    ...(segmentCells.some(Boolean) ? { segmentCells } : {}),
    ...(cells === '' ? {} : { cells }),
  }
}
