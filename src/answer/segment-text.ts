/** What a segment of a passage says, the table head that a row stands under, and which segments a citation quotes. Offsets come from the chunker. */
import type { Citation, Passage } from '../core/answer.ts'
import type { Segment } from '../core/document.ts'

export const segmentText = (passage: Passage, { start, end }: Segment): string => passage.text.slice(start, end)

/** The head of the table that the segment is in or comes after; a passage may hold more than one table. */
export const headerBefore = (passage: Passage, segment: Segment): Segment | undefined =>
  passage.segments.slice(0, passage.segments.indexOf(segment)).findLast(({ kind }) => kind === 'header')

/** A row with the head of its table: what it says. */
export const withHeader = (passage: Passage, segment: Segment): string => {
  const header = segment.kind === 'row' ? headerBefore(passage, segment) : undefined
  return header ? `${segmentText(passage, header)}\n${segmentText(passage, segment)}` : segmentText(passage, segment)
}

/** The segments of a passage that a citation quotes; more than one where its page repeats them. */
export const citedSegments = (passage: Passage, { page, quote }: Pick<Citation, 'page' | 'quote'>): Segment[] =>
  passage.segments.filter((segment) => segment.page === page && segmentText(passage, segment) === quote)
