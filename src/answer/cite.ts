/**
 * Verbatim citations and quotes of a passage's segments. Invariant: page and boxes follow from the segment's own offsets; nothing is
 * searched for.
 */
import type { Citation, PageBox, Passage } from '../core/answer.ts'
import type { Segment } from '../core/document.ts'
import { segmentText } from './segment-text.ts'

const boxesOn = (passage: Passage, segment: Segment): readonly PageBox[] =>
  passage.segmentBoxes[passage.segments.indexOf(segment)] ?? []

export const citationOf = (passage: Passage, segment: Segment): Citation => {
  const pageLabel = passage.pageLabels?.find(({ page }) => page === segment.page)?.label
  const cells = passage.segmentCells?.[passage.segments.indexOf(segment)]
  return {
    passageId: passage.id,
    documentId: passage.documentId,
    documentName: passage.documentName,
    revisionId: passage.revisionId,
    revision: passage.revision,
    page: segment.page,
    ...(pageLabel ? { pageLabel } : {}),
    ...(cells ? { cells } : {}),
    quote: segmentText(passage, segment),
    boxes: boxesOn(passage, segment),
  }
}
