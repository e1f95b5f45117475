/** How a place in a document is written: its page, its pages, or just "text" where the document has no pages. */
import type { FoundPassage } from '../api/parse-answer.ts'
import type { Texts } from '../i18n/en.ts'

/** The nearest heading of a heading path, which the server writes with this sign between. */
const nearestHeading = (path: string): string => path.split(' › ').at(-1) ?? path

export const passagePlace = (passage: FoundPassage, texts: Texts): string => {
  if (!passage.paginated) return passage.heading === '' ? texts.ask.wholeDocument : nearestHeading(passage.heading)
  return passage.pageEnd > passage.pageStart
    ? texts.ask.pages(passage.pageStart, passage.pageEnd)
    : texts.ask.page(passage.pageStart)
}

/** The place of a citation or quote, found through its passage. */
export const citationPlace = (
  citation: { readonly passageId: string; readonly page: number },
  passages: readonly FoundPassage[],
  texts: Texts,
): string => {
  const passage = passages.find(({ id }) => id === citation.passageId)
  return passage === undefined || passage.paginated ? texts.ask.page(citation.page) : passagePlace(passage, texts)
}
