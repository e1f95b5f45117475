/**
 * What is found out while an answer is being made, and the answer that it becomes. Written by answerer.ts, step by step.
 */
import type { Answer, Passage, Quote, Statement } from '../core/answer.ts'
import { detectLanguage } from '../core/detect-language.ts'
import type { Language } from '../core/document.ts'
import { type ConversationId, createAnswerId, type RevisionId } from '../core/ids.ts'

export interface Progress {
  readonly question: string
  /** Known once the first passages are. */
  language: Language | undefined
  readonly degraded: Set<string>
  readonly startedAt: number
  passages: readonly Passage[]
  quotes: readonly Quote[]
  statements: Statement[]
  retrieveMs?: number
  firstStatementMs?: number
  model?: string
}

/** Takes out what may not answer any more, though it could when it was found. */
export const dropHidden = (progress: Progress, visible: ReadonlySet<RevisionId>): void => {
  const mayAnswer = ({ revisionId }: { readonly revisionId: RevisionId }): boolean => visible.has(revisionId)
  progress.passages = progress.passages.filter(mayAnswer)
  progress.quotes = progress.quotes.filter(mayAnswer)
  progress.statements = progress.statements.filter(({ citations }) => citations.every(mayAnswer))
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
  ...(progress.model === undefined || progress.statements.length === 0 ? {} : { model: progress.model }),
  degraded: [...progress.degraded],
  timingsMs: {
    retrieve: progress.retrieveMs ?? 0,
    ...(progress.firstStatementMs === undefined ? {} : { firstStatement: progress.firstStatementMs }),
    total: Date.now() - progress.startedAt,
  },
})
