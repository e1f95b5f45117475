/**
 * How a place in a document is written: the cells of a sheet (`Settings!A5:D5`), a slide, a page, pages, or the heading where the document
 * has no pages.
 */
import type { FoundPassage } from '../api/parse-answer.ts'
import type { Texts } from '../i18n/en.ts'

/** The nearest heading of a heading path, which the server writes with this sign between. */
const nearestHeading = (path: string): string => path.split(' › ').at(-1) ?? path

/** The pages of these are called slides. Only for the word: what a file really is the server knows. */
const hasSlides = (name: string): boolean => /\.(pptx?|ppsx?|odp)$/i.test(name)

/** The signs of spreadsheet programs: `Settings!A5:D5`. */
const sheetPlace = (label: string, cells: string | undefined): string => (cells ? `${label}!${cells}` : label)

const pagePlace = (name: string, page: number, texts: Texts): string =>
  hasSlides(name) ? texts.ask.slide(page) : texts.ask.page(page)

export const passagePlace = (passage: FoundPassage, texts: Texts): string => {
  const { documentName, pageStart, pageEnd, pageLabel, cells, heading } = passage
  if (!passage.paginated) return heading === '' ? texts.ask.wholeDocument : nearestHeading(heading)
  if (pageLabel) return sheetPlace(pageLabel, cells)
  if (pageEnd === pageStart) return pagePlace(documentName, pageStart, texts)
  return hasSlides(documentName) ? texts.ask.slides(pageStart, pageEnd) : texts.ask.pages(pageStart, pageEnd)
}

interface CitedPlace {
  readonly passageId: string
  readonly documentName: string
  readonly page: number
  readonly pageLabel?: string
  readonly cells?: string
}

/** The place of a citation or quote; for documents without pages it is found through its passage. */
export const citationPlace = (cited: CitedPlace, passages: readonly FoundPassage[], texts: Texts): string => {
  if (cited.pageLabel) return sheetPlace(cited.pageLabel, cited.cells)
  const passage = passages.find(({ id }) => id === cited.passageId)
  return passage === undefined || passage.paginated
    ? pagePlace(cited.documentName, cited.page, texts)
    : passagePlace(passage, texts)
}
