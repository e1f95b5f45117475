/**
 * What the document viewer is asked to show: a page of a revision, the boxes to mark on it, and the words to mark in its text. Boxes come
 * from the parser; for formats without a layout the words are found again by what stands before them in their passage, so that
 * a sentence that a document repeats is marked where it was cited.
 */
import type { Citation, PageBox, Quote, QuotePlace } from '../../core/answer.ts'
import type { Language } from '../../core/document.ts'
import type { FoundPassage } from '../api/parse-answer.ts'

/** Verbatim words to mark, and what stands before them. */
export interface CitedWords {
  readonly before: string
  readonly text: string
}

/** The content that is shown. */
export interface ShownContent {
  readonly documentId: string
  readonly documentName: string
  /** Id of the revision; empty for the one that people mean who name none. */
  readonly revisionId: string
  /** Its label; empty if unknown. */
  readonly revision: string
}

export interface ViewerTarget extends ShownContent {
  readonly page: number
  /** Of any page of the document; only those of the page shown are drawn. */
  readonly boxes: readonly PageBox[]
  readonly words: readonly CitedWords[]
  readonly language: Language
}

const contextLength = 60

const citedWords = (text: string, passage: FoundPassage | undefined): CitedWords => {
  const at = passage?.text.indexOf(text) ?? -1
  return { before: passage?.text.slice(Math.max(0, at - contextLength), Math.max(0, at)) ?? '', text }
}

const contentOf = ({ documentId, documentName, revisionId, revision }: QuotePlace | FoundPassage): ShownContent => ({
  documentId,
  documentName,
  revisionId,
  revision,
})

/** @param citations of one page of one document; the first leads */
export const targetOfCitations = (
  citations: readonly [Citation, ...Citation[]],
  passages: readonly FoundPassage[],
): ViewerTarget => {
  const [first] = citations
  const passageOf = (id: string) => passages.find((passage) => passage.id === id)
  return {
    ...contentOf(first),
    page: first.page,
    boxes: citations.flatMap((citation) => citation.boxes),
    words: citations.map(({ quote, passageId }) => citedWords(quote, passageOf(passageId))),
    language: passageOf(first.passageId)?.language ?? 'und',
  }
}

export const targetOfQuote = (quote: Quote, passages: readonly FoundPassage[]): ViewerTarget => {
  const passage = passages.find(({ id }) => id === quote.passageId)
  return {
    ...contentOf(quote),
    page: quote.page,
    boxes: quote.boxes,
    words: [citedWords(quote.text, passage)],
    language: passage?.language ?? 'und',
  }
}

/** A whole passage: its lines are marked one by one, since it may begin with the header row of a table that stands further up. */
export const targetOfPassage = (passage: FoundPassage): ViewerTarget => ({
  ...contentOf(passage),
  page: passage.pageStart,
  boxes: passage.boxes,
  words: passage.text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((text) => ({ before: '', text })),
  language: passage.language,
})

/** A page without anything marked. */
export const targetOfPage = (content: ShownContent, page: number): ViewerTarget => ({
  ...content,
  page,
  boxes: [],
  words: [],
  language: 'und',
})
