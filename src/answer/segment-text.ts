/** What a segment of a passage says, and the table head that a row stands under. Offsets come from the chunker; nothing is searched for. */
import type { Passage } from '../core/answer.ts'
import type { Segment } from '../core/document.ts'

export const segmentText = (passage: Passage, { start, end }: Segment): string => passage.text.slice(start, end)

/** The head of the table that the segment is in or comes after; a passage may hold more than one table. */
export const headerBefore = (passage: Passage, segment: Segment): Segment | undefined =>
  passage.segments.slice(0, passage.segments.indexOf(segment)).findLast(({ kind }) => kind === 'header')
