/**
 * Reads passages, quotes, statements and whole answers out of the API's JSON into the shared types of `src/core/answer.ts`.
 * Absent fields become neutral values, so that the page stays up beside an older or newer server.
 */
import type {
  Answer,
  Citation,
  NearMiss,
  PageBox,
  Passage,
  Quote,
  QuotePlace,
  Statement,
  VerifiedMark,
} from '../../core/answer.ts'
import { type Language, languages } from '../../core/document.ts'
import type { AnswerId, ChunkId, CollectionId, ConversationId, DocumentId, RevisionId } from '../../core/ids.ts'
import {
  type Fields,
  readChoice,
  readFields,
  readList,
  readNumber,
  readOptionalNumber,
  readText,
} from './read-values.ts'

/** A passage as the API gives it: with the boxes of its lines, without what stays inside the server. */
export interface FoundPassage extends Omit<Passage, 'segments' | 'segmentBoxes' | 'segmentCells' | 'pageLabels'> {
  readonly boxes: readonly PageBox[]
  /** Names of the sheets that it lies on. */
  readonly pageLabel?: string
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

const readBox = (value: unknown): PageBox => {
  const box = readFields(value)
  return {
    page: readNumber(box.page, 1),
    x: readNumber(box.x),
    y: readNumber(box.y),
    width: readNumber(box.width),
    height: readNumber(box.height),
  }
}

/** Only the names that are there: absent ones stay absent. */
const readNames = <Name extends string>(fields: Fields, names: readonly Name[]): Partial<Record<Name, string>> => {
  const found: Partial<Record<Name, string>> = {}
  for (const name of names) if (readText(fields[name]) !== '') found[name] = readText(fields[name])
  return found
}

const readPlace = (fields: Fields): QuotePlace => ({
  passageId: readText(fields.passageId) as ChunkId,
  documentId: readText(fields.documentId) as DocumentId,
  documentName: readText(fields.documentName),
  revisionId: readText(fields.revisionId) as RevisionId,
  revision: readText(fields.revision),
  page: readNumber(fields.page, 1),
  boxes: readList(fields.boxes, readBox),
  ...readNames(fields, ['pageLabel', 'cells']),
})

/** Absent where nobody has verified it. */
const readVerified = <Mark>(
  value: unknown,
  toMark: (mark: VerifiedMark, fields: Fields) => Mark,
): { readonly verified?: Mark } => {
  const fields = readFields(value)
  const by = readText(fields.by)
  return by === '' ? {} : { verified: toMark({ by, at: readText(fields.at) }, fields) }
}

export const readPassage = (value: unknown): FoundPassage => {
  const passage = readFields(value)
  const scores = readFields(passage.scores)
  const pageStart = readNumber(passage.pageStart, 1)
  return {
    id: readText(passage.id) as ChunkId,
    documentId: readText(passage.documentId) as DocumentId,
    documentName: readText(passage.documentName),
    revisionId: readText(passage.revisionId) as RevisionId,
    revision: readText(passage.revision),
    collectionId: readText(passage.collectionId) as CollectionId,
    pageStart,
    pageEnd: readNumber(passage.pageEnd, pageStart),
    paginated: passage.paginated !== false,
    heading: readText(passage.heading),
    text: readText(passage.text),
    language: readLanguage(passage.language),
    boxes: readList(passage.boxes, readBox),
    ...readNames(passage, ['pageLabel', 'cells']),
    ...readVerified(passage.verified, (mark, fields) => ({
      ...mark,
      answersQuestion: fields.answersQuestion === true,
    })),
    scores: { fused: readNumber(scores.fused) },
  }
}

export const readQuote = (value: unknown): Quote => {
  const quote = readFields(value)
  const steps = readList(quote.steps, (step) => readText(step))
  return {
    text: readText(quote.text),
    ...readNames(quote, ['header', 'before']),
    ...(steps.length === 0 ? {} : { steps }),
    ...readPlace(quote),
    score: readNumber(quote.score),
  }
}

const readCitation = (value: unknown): Citation => {
  const citation = readFields(value)
  return { ...readPlace(citation), quote: readText(citation.quote) }
}

export const readStatement = (value: unknown): Statement => {
  const statement = readFields(value)
  const kind = readChoice(statement.kind, ['quote', 'step', 'safety', 'written'], 'written')
  const differing = readList(statement.differing, readCitation)
  return {
    text: readText(statement.text),
    ...(kind === 'written' ? {} : { kind }),
    citations: readList(statement.citations, readCitation),
    ...(differing.length === 0 ? {} : { differing }),
    ...readVerified(statement.verified, (mark) => mark),
  }
}

const readNearMiss = (value: unknown): NearMiss => {
  const { asked, found } = readFields(value)
  return { asked: readText(asked), found: readList(found, (each) => readText(each)) }
}

export const readAnswer = (value: unknown): FoundAnswer => {
  const answer = readFields(value)
  const timings = readFields(answer.timingsMs)
  const firstStatement = readOptionalNumber(timings.firstStatement)
  const model = readText(answer.model)
  const nearMisses = readList(answer.nearMisses, readNearMiss)
  return {
    id: readText(answer.id) as AnswerId,
    conversationId: readText(answer.conversationId) as ConversationId,
    question: readText(answer.question),
    status: answer.status === 'not_found' ? 'not_found' : 'answered',
    language: readLanguage(answer.language),
    quotes: readList(answer.quotes, readQuote),
    statements: readList(answer.statements, readStatement),
    passages: readList(answer.passages, readPassage),
    ...(nearMisses.length === 0 ? {} : { nearMisses }),
    ...(model === '' ? {} : { model }),
    ...readNames(answer, ['asOf']),
    degraded: readList(answer.degraded, (item) => readText(item)).filter((code) => code !== ''),
    timingsMs: {
      retrieve: readNumber(timings.retrieve),
      ...(firstStatement === undefined ? {} : { firstStatement }),
      total: readNumber(timings.total),
    },
  }
}
