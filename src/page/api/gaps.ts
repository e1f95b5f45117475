/**
 * Gaps: questions without an answer that helped. Reads the API's JSON; absent fields become neutral values, so that the page stays up
 * beside an older or newer server.
 */
import type { Language } from '../../core/document.ts'
import { type GapReason, type GapState, gapReasons, gapStates } from '../../store/gap-records.ts'
import { type FoundPassage, readLanguage, readPassage } from './parse-answer.ts'
import { type Fields, readChoice, readFields, readList, readNumber, readText } from './read-values.ts'
import { sendForFields } from './request.ts'

export interface Gap {
  readonly id: string
  readonly collectionId: string
  readonly question: string
  readonly language: Language
  readonly state: GapState
  readonly note: string
  readonly asked: number
  readonly lastAskedAt: string
}

export interface GapExample {
  readonly answerId: string
  readonly question: string
  readonly reason: GapReason
  readonly comment: string
  readonly correction: string
  readonly askedAt: string
}

export interface GapCitation {
  readonly documentId: string
  readonly documentName: string
  readonly revisionId: string
  readonly revision: string
  readonly page: number
  readonly quote: string
  readonly inForce: boolean
}

export interface GapAnswer {
  readonly documentId: string
  readonly text: string
  readonly questions: readonly string[]
  readonly by: string
  readonly at: string
  readonly signed: boolean
  readonly citations: readonly GapCitation[]
  readonly isPreparing: boolean
  readonly inForce: boolean
}

export interface GapDetail extends Gap {
  readonly examples: readonly GapExample[]
  readonly nearest: readonly FoundPassage[]
  readonly answer: GapAnswer | undefined
}

export interface GapFilter {
  readonly collection: string
  readonly state: string
}

export interface GapPage {
  readonly gaps: readonly Gap[]
  readonly nextCursor: string | undefined
}

const pathOf = (id: string): string => `/api/gaps/${encodeURIComponent(id)}`

const readGap = (value: unknown): Gap => {
  const gap = readFields(value)
  return {
    id: readText(gap.id),
    collectionId: readText(gap.collectionId),
    question: readText(gap.question),
    language: readLanguage(gap.language),
    state: readChoice(gap.state, gapStates, 'open'),
    note: readText(gap.note),
    asked: readNumber(gap.asked),
    lastAskedAt: readText(gap.lastAskedAt),
  }
}

const readExample = (value: unknown): GapExample => {
  const example = readFields(value)
  return {
    answerId: readText(example.answerId),
    question: readText(example.question),
    reason: readChoice(example.reason, gapReasons, 'not_found'),
    comment: readText(example.comment),
    correction: readText(example.correction),
    askedAt: readText(example.askedAt),
  }
}

const readCitation = (value: unknown): GapCitation => {
  const cited = readFields(value)
  return {
    documentId: readText(cited.documentId),
    documentName: readText(cited.documentName),
    revisionId: readText(cited.revisionId),
    revision: readText(cited.revision),
    page: readNumber(cited.page, 1),
    quote: readText(cited.quote),
    inForce: cited.inForce !== false,
  }
}

const readGapAnswer = (fields: Fields): GapAnswer => ({
  documentId: readText(fields.documentId),
  text: readText(fields.text),
  questions: readList(fields.questions, (item) => readText(item)),
  by: readText(fields.by),
  at: readText(fields.at),
  signed: fields.signed === true,
  citations: readList(fields.citations, readCitation),
  isPreparing: fields.status === 'queued' || fields.status === 'processing',
  inForce: fields.inForce === true,
})

const readGapDetail = (fields: Fields): GapDetail => ({
  ...readGap(fields),
  examples: readList(fields.examples, readExample),
  nearest: readList(fields.nearest, readPassage),
  answer: readText(readFields(fields.answer).documentId) === '' ? undefined : readGapAnswer(readFields(fields.answer)),
})

/** Those asked most often first. */
export const listGaps = async (
  filter: GapFilter,
  cursor: string | undefined,
  signal?: AbortSignal,
): Promise<GapPage> => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...filter, cursor: cursor ?? '' }))
    if (value !== '') query.set(name, value)
  const fields = await sendForFields(`/api/gaps?${query}`, { signal })
  return { gaps: readList(fields.gaps, readGap), nextCursor: readText(fields.nextCursor) || undefined }
}

/** Open ones, and those whose verified answer has expired. */
export const countWaitingGaps = async (signal: AbortSignal): Promise<number> => {
  const counts = readFields((await sendForFields('/api/gaps?limit=1', { signal })).counts)
  return readNumber(counts.open) + readNumber(counts.expired)
}

export const getGap = async (id: string, signal?: AbortSignal): Promise<GapDetail> =>
  readGapDetail(await sendForFields(pathOf(id), { signal }))

/** What the owner writes. */
export interface GapDraft {
  readonly text: string
  readonly questions: readonly string[]
  readonly passageIds: readonly string[]
  /** Empty where nobody signs. */
  readonly signedBy: string
}

export const answerGap = async (
  id: string,
  { text, questions, passageIds, signedBy }: GapDraft,
): Promise<GapDetail> => {
  const citations = passageIds.map((passageId) => ({ passageId }))
  const body = { text, questions, citations, ...(signedBy === '' ? {} : { signedBy }) }
  const fields = await sendForFields(`${pathOf(id)}/answer`, { method: 'POST', body })
  return readGapDetail(readFields(fields.gap))
}

const settle = async (id: string, action: string, body: object): Promise<GapDetail> =>
  readGapDetail(await sendForFields(`${pathOf(id)}/${action}`, { method: 'POST', body }))

export const markGapMissing = (id: string, note: string): Promise<GapDetail> => settle(id, 'missing-document', { note })

/** @param note empty where none is given */
export const dismissGap = (id: string, note: string): Promise<GapDetail> =>
  settle(id, 'dismiss', note === '' ? {} : { note })

export const reopenGap = (id: string): Promise<GapDetail> => settle(id, 'reopen', {})

/** Passages of one collection, verified answers left out: they can not be cited. */
export const searchPassages = async (query: string, collection: string): Promise<FoundPassage[]> => {
  const body = { query, collections: [collection], limit: 10 }
  const fields = await sendForFields('/api/search', { method: 'POST', body })
  return readList(fields.passages, readPassage).filter(({ verified }) => verified === undefined)
}
