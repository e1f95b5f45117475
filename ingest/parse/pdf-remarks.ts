/**
 * Remarks that readers left on a page: notes, and what they wrote to what they marked. The page shows an icon or a mark only, or, where a program wrote
 * down no look of it, nothing. In: a page. Out: their texts with their places, and whether files are pinned to it. Neighbours: `pdf-reader.ts` before, `pdf-page.ts` after.
 */
import { AnnotationType, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { z } from 'zod'
import { collapseBlanks } from './page-builder.ts'
import { type Area, asMatrix, identity } from './pdf-geometry.ts'
import type { PageFrame } from './pdf-runs.ts'

export interface Remark {
  readonly text: string
  /** In points of the shown page. */
  readonly area: Area
  /** Meant to stand on the page as text of it. */
  readonly isText: boolean
}

/** What readers of a page added to it. */
export interface Added {
  readonly remarks: readonly Remark[]
  /** A file is pinned to the page. */
  readonly hasFile: boolean
}

/** Links, forms and windows of notes repeat what is there, or name where they lead. */
const remarkTypes = [
  AnnotationType.TEXT,
  AnnotationType.FREETEXT,
  AnnotationType.HIGHLIGHT,
  AnnotationType.UNDERLINE,
  AnnotationType.SQUIGGLY,
  AnnotationType.STRIKEOUT,
  AnnotationType.CARET,
  AnnotationType.STAMP,
  AnnotationType.INK,
  AnnotationType.LINE,
  AnnotationType.SQUARE,
  AnnotationType.CIRCLE,
  AnnotationType.POLYGON,
  AnnotationType.POLYLINE,
]
const types = new Set([...remarkTypes, AnnotationType.FILEATTACHMENT])
/** Flags of an annotation that is not shown. */
const [hidden, noView] = [2, 32]
const maxRemarks = 500

const annotationSchema = z.object({
  annotationType: z.number(),
  annotationFlags: z.number().catch(0),
  rect: z.array(z.number()).length(4),
  contentsObj: z.object({ str: z.string() }).catch({ str: '' }),
})

/** Pages that are not looked at: all but one. */
class AllPagesBut extends Set<number> {
  readonly #index: number

  constructor(index: number) {
    super()
    this.#index = index
  }

  override has(index: number): boolean {
    return index !== this.#index
  }
}

const toArea = ([x1 = 0, y1 = 0, x2 = 0, y2 = 0]: readonly number[], frame: PageFrame): Area => {
  const [a, b, c, d, e, f] = asMatrix(frame.transform) ?? identity
  const [xs, ys] = [
    [a * x1 + c * y1 + e, a * x2 + c * y2 + e],
    [b * x1 + d * y1 + f, b * x2 + d * y2 + f],
  ]
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
}

/**
 * In the order of the file; the page's operator list must have been read: by then pdf.js has parsed the annotations, and to ask for all of them, links
 * included, takes as long as to read the page. A page whose annotations can not be read has none.
 */
export const readAdded = async (document: PDFDocumentProxy, number: number, frame: PageFrame): Promise<Added> => {
  const skip = new AllPagesBut(number - 1)
  const found: readonly unknown[] = (await document.getAnnotationsByType(types, skip).catch(() => [])) ?? []
  const annotations = found.slice(0, maxRemarks).flatMap((annotation) => {
    const parsed = annotationSchema.safeParse(annotation)
    return parsed.success ? [parsed.data] : []
  })
  const remarks = annotations.flatMap(({ annotationType, annotationFlags, rect, contentsObj }): Remark[] => {
    const text = collapseBlanks(contentsObj.str)
    if (text === '' || (annotationFlags & (hidden | noView)) !== 0) return []
    return [{ text, area: toArea(rect, frame), isText: annotationType === AnnotationType.FREETEXT }]
  })
  return {
    remarks,
    hasFile: annotations.some((annotation) => annotation.annotationType === AnnotationType.FILEATTACHMENT),
  }
}
