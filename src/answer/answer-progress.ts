/**
 * What is found out while an answer is being made, and the answer that it becomes. Written by answerer.ts, step by step.
 */
import type { Answer, Citation, NearMiss, Passage, Quote, Statement } from '../core/answer.ts'
import { detectLanguage } from '../core/detect-language.ts'
import type { Language } from '../core/document.ts'
import type { DraftRecord, GenerationRecord } from '../core/generation-record.ts'
import { type CollectionId, type ConversationId, createAnswerId, type RevisionId } from '../core/ids.ts'
import { kuraVersion } from '../core/kura-version.ts'
import type { EmbeddingModelInfo } from '../core/models.ts'

export interface Progress {
  readonly question: string
  /** What the model was asked and wrote, in order. */
  readonly drafts: DraftRecord[]
  /** Known once the first passages are. */
  language: Language | undefined
  readonly degraded: Set<string>
  readonly startedAt: number
  passages: readonly Passage[]
  quotes: readonly Quote[]
  statements: Statement[]
  nearMisses: readonly NearMiss[]
  /** Id of the tuning that the passages were ranked with. */
  ranking?: string
  retrieveMs?: number
  firstStatementMs?: number
  model?: string
}

export const startProgress = ({ question, language }: { question: string; language?: Language }): Progress => ({
  question,
  language,
  drafts: [],
  degraded: new Set(),
  startedAt: Date.now(),
  passages: [],
  quotes: [],
  statements: [],
  nearMisses: [],
})

/** @param differing none, or an empty list: the statement is left as it is */
export const withDiffering = (statement: Statement, differing: readonly Citation[] = []): Statement =>
  differing.length === 0 ? statement : { ...statement, differing }

/** Takes out what may not answer any more, though it could when it was found. */
export const dropHidden = (progress: Progress, visible: ReadonlySet<RevisionId>): void => {
  const mayAnswer = ({ revisionId }: { readonly revisionId: RevisionId }): boolean => visible.has(revisionId)
  progress.passages = progress.passages.filter(mayAnswer)
  progress.quotes = progress.quotes.filter(mayAnswer)
  progress.statements = progress.statements
    .filter(({ citations }) => citations.every(mayAnswer))
    .map(({ differing, ...statement }) => withDiffering(statement, differing?.filter(mayAnswer)))
}

/** A short Chinese question can be written alike in both scripts and in Japanese; the documents that it finds tell then. */
export const languageOf = (question: string, passages: readonly Passage[]): Language => {
  const east = passages.find(({ language }) => language !== 'en' && language !== 'und')
  const language = detectLanguage(question, east?.language)
  return language === 'und' ? 'en' : language
}

/** @param at the time that was asked, where it was not the present */
export const toAnswer = (progress: Progress, conversationId: ConversationId, at: Date | undefined): Answer => ({
  id: createAnswerId(),
  conversationId,
  question: progress.question,
  ...(at === undefined ? {} : { asOf: at.toISOString() }),
  status: progress.statements.length > 0 ? 'answered' : 'not_found',
  language: progress.language ?? 'en',
  quotes: progress.quotes,
  statements: progress.statements,
  passages: progress.passages,
  ...(progress.nearMisses.length === 0 ? {} : { nearMisses: progress.nearMisses }),
  ...(progress.model === undefined || progress.statements.length === 0 ? {} : { model: progress.model }),
  degraded: [...progress.degraded],
  timingsMs: {
    retrieve: progress.retrieveMs ?? 0,
    ...(progress.firstStatementMs === undefined ? {} : { firstStatement: progress.firstStatementMs }),
    total: Date.now() - progress.startedAt,
  },
})

/** @param embedding undefined where its engine was down */
export const toRecord = (
  { drafts, ranking }: Progress,
  { collectionIds, language }: { readonly collectionIds: readonly CollectionId[]; readonly language?: Language },
  embedding: EmbeddingModelInfo | undefined,
): GenerationRecord => ({
  kura: kuraVersion,
  collectionIds,
  ...(language === undefined ? {} : { language }),
  ...(embedding === undefined ? {} : { embedding: { name: embedding.name, fingerprint: embedding.fingerprint } }),
  ranking: ranking ?? 'built-in',
  drafts,
})
