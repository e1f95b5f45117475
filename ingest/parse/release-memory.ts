/** Keeps a parser within its memory: what the pages of a PDF share is let go when the process nears its limit, and read again when it is needed. */
import type { PdfFile } from './pdf-document.ts'

/** Part of the limit from which on nothing is kept for later pages. */
const tight = 0.5

/** Asking for the memory of the process takes longer than laying out some pages' lines. */
const pagesBetween = 8
let pages = 0

/** To be called after each page. */
export const releaseMemory = async (file: PdfFile, limit = Number.POSITIVE_INFINITY): Promise<void> => {
  pages += 1
  if (pages % pagesBetween !== 0) return
  if (process.memoryUsage.rss() > limit * tight) await file.forget()
}
