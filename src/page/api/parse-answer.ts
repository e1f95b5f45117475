/**
 * Reads passages, quotes, statements and whole answers out of the API's JSON into the shared types of `src/core/answer.ts`.
 * Absent fields become neutral values, so that the page stays up beside an older or newer server.
 */
import type { Answer, Citation, PageBox, Passage, Quote, Statement } from '../../core/answer.ts'
import { type Language, languages } from '../../core/document.ts'
import type { AnswerId, ChunkId, CollectionId, ConversationId, DocumentId } from '../../core/ids.ts'
import { readChoice, readFields, readList, readNumber, readOptionalNumber, readText } from './read-values.ts'

/** A passage as the API gives it: with the boxes of its lines, without what stays inside the server. */
export interface FoundPassage extends Omit<Passage, 'segments' | 'segmentBoxes' | 'revisionId'> {
  readonly boxes: readonly PageBox[]
}

/** An answer as the API gives it. */
export interface FoundAnswer extends Omit<Answer, 'passages'> {
  readonly passages: readonly FoundPassage[]
}

/** What arrives while a question is being answered; the last is always `answer`. */
export type AskEvent =
  | { readonly type: 'passages'; readonly passages: readonly FoundPassage[] }
  | { readonly type: 'quotes'; readonly quotes: readonly Quote[] }
  | { readonly type: 'statement'; readonly statement: Statement }
  | { readonly type: 'answer'; readonly answer: FoundAnswer }

export const readLanguage = (value: unknown): Language => readChoice(value, languages, 'und')

export const readBox = (value: unknown): PageBox => {
  const box = readFields(value)
  return {
    page: readNumber(box.page, 1),
    x: readNumber(box.x),
    y: readNumber(box.y),
    width: readNumber(box.width),
    height: readNumber(box.height),
  }
}

export const readPassage = (value: unknown): FoundPassage => {
  const passage = readFields(value)
  const scores = readFields(passage.scores)
  const pageStart = readNumber(passage.pageStart, 1)
  return {
    id: readText(passage.id) as ChunkId,
    documentId: readText(passage.documentId) as DocumentId,
    documentName: readText(passage.documentName),
    revision: readText(passage.revision),
    collectionId: readText(passage.collectionId) as CollectionId,
    pageStart,
    pageEnd: readNumber(passage.pageEnd, pageStart),
    paginated: passage.paginated !== false,
    heading: readText(passage.heading),
    text: readText(passage.text),
    language: readLanguage(passage.language),
    boxes: readList(passage.boxes, readBox),
    scores: { fused: readNumber(scores.fused) },
  }
}

export const readQuote = (value: unknown): Quote => {
  const quote = readFields(value)
  return {
    text: readText(quote.text),
    passageId: readText(quote.passageId) as ChunkId,
    documentId: readText(quote.documentId) as DocumentId,
    documentName: readText(quote.documentName),
    page: readNumber(quote.page, 1),
    boxes: readList(quote.boxes, readBox),
    score: readNumber(quote.score),
  }
}

const readCitation = (value: unknown): Citation => {
  const citation = readFields(value)
  return {
    passageId: readText(citation.passageId) as ChunkId,
    documentId: readText(citation.documentId) as DocumentId,
    documentName: readText(citation.documentName),
    revision: readText(citation.revision),
    page: readNumber(citation.page, 1),
    quote: readText(citation.quote),
    boxes: readList(citation.boxes, readBox),
  }
}

export const readStatement = (value: unknown): Statement => {
  const statement = readFields(value)
  return { text: readText(statement.text), citations: readList(statement.citations, readCitation) }
}

export const readAnswer = (value: unknown): FoundAnswer => {
  const answer = readFields(value)
  const timings = readFields(answer.timingsMs)
  const firstStatement = readOptionalNumber(timings.firstStatement)
  const model = readText(answer.model)
  return {
    id: readText(answer.id) as AnswerId,
    conversationId: readText(answer.conversationId) as ConversationId,
    question: readText(answer.question),
    status: answer.status === 'not_found' ? 'not_found' : 'answered',
    language: readLanguage(answer.language),
    quotes: readList(answer.quotes, readQuote),
    statements: readList(answer.statements, readStatement),
    passages: readList(answer.passages, readPassage),
    ...(model === '' ? {} : { model }),
    degraded: readList(answer.degraded, (item) => readText(item)).filter((code) => code !== ''),
    timingsMs: {
      retrieve: readNumber(timings.retrieve),
      ...(firstStatement === undefined ? {} : { firstStatement }),
      total: readNumber(timings.total),
    },
  }
}
