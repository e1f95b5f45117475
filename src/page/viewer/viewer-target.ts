/**
 * What the document viewer is asked to show: a page, the boxes to mark on it, and the words to mark in its text. Boxes come
 * from the parser; for formats without a layout the words are found again by what stands before them in their passage, so that
 * a sentence that a document repeats is marked where it was cited.
 */
import type { Citation, PageBox, Quote } from '../../core/answer.ts'
import type { Language } from '../../core/document.ts'
import type { FoundPassage } from '../api/parse-answer.ts'

/** Verbatim words to mark, and what stands before them. */
export interface CitedWords {
  readonly before: string
  readonly text: string
}

export interface ViewerTarget {
  readonly documentId: string
  readonly documentName: string
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

/** @param citations of one page of one document; the first leads */
export const targetOfCitations = (
  citations: readonly [Citation, ...Citation[]],
  passages: readonly FoundPassage[],
): ViewerTarget => {
  const [first] = citations
  const passageOf = (id: string) => passages.find((passage) => passage.id === id)
  return {
    documentId: first.documentId,
    documentName: first.documentName,
    page: first.page,
    boxes: citations.flatMap((citation) => citation.boxes),
    words: citations.map(({ quote, passageId }) => citedWords(quote, passageOf(passageId))),
    language: passageOf(first.passageId)?.language ?? 'und',
  }
}

export const targetOfQuote = (quote: Quote, passages: readonly FoundPassage[]): ViewerTarget => {
  const passage = passages.find(({ id }) => id === quote.passageId)
  return {
    documentId: quote.documentId,
    documentName: quote.documentName,
    page: quote.page,
    boxes: quote.boxes,
    words: [citedWords(quote.text, passage)],
    language: passage?.language ?? 'und',
  }
}

/** A whole passage: its lines are marked one by one, since it may begin with the header row of a table that stands further up. */
export const targetOfPassage = (passage: FoundPassage): ViewerTarget => ({
  documentId: passage.documentId,
  documentName: passage.documentName,
  page: passage.pageStart,
  boxes: passage.boxes,
  words: passage.text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((text) => ({ before: '', text })),
  language: passage.language,
})

/** A page without anything marked. */
export const targetOfPage = (documentId: string, documentName: string, page: number): ViewerTarget => ({
  documentId,
  documentName,
  page,
  boxes: [],
  words: [],
  language: 'und',
})
