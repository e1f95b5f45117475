/**
 * One generation model on a set of questions: each is asked as any other, unrecorded, and judged by the measures of `kura eval`. In: a Kura whose
 * model was switched, and questions. Out: figures of the model, and what it said to each question.
 */
import type { Answer } from '../core/answer.ts'
import { KuraError } from '../core/errors.ts'
import type { DraftRecord } from '../core/generation-record.ts'
import type { CollectionId, DocumentId } from '../core/ids.ts'
import type { GenerationModelInfo } from '../core/models.ts'
import { localAdministrator } from '../core/principal.ts'
import { type AnswerMetrics, answerMetrics, isCorrect, type JudgedAnswer, judge, percentiles } from '../eval/metrics.ts'
import { type EvaluationQuery, parseConversation } from '../eval/question-set.ts'
import type { Kura } from '../kura.ts'
import { sentencesOf, statementsOf } from './redraft.ts'

export interface ComparedQuestions {
  readonly queries: readonly EvaluationQuery[]
  readonly collectionIds: readonly CollectionId[]
  /** Ids of the records of one document; empty where the questions come without any. */
  readonly recordsOf: ReadonlyMap<DocumentId, readonly string[]>
}

export interface QuestionResult {
  readonly id: string
  readonly question: string
  readonly answerable: boolean
  readonly status: Answer['status']
  /** null where no accepted answer is known. */
  readonly right: boolean | null
  readonly statements: readonly string[]
  /** Sentences that the model wrote and the checks refused. */
  readonly dropped: number
  readonly firstStatementMs: number | null
  readonly totalMs: number
  readonly degraded: readonly string[]
}

export interface ModelResult {
  readonly name: string
  readonly sha256: string | null
  /** Of the questions with accepted answers; null where none has any. */
  readonly right: { readonly count: number; readonly of: number } | null
  readonly refused: { readonly count: number; readonly of: number }
  /** Of the questions that the documents do not answer; null where none is known to be so. */
  readonly answeredUnanswerable: { readonly count: number; readonly of: number } | null
  /** Of the answers those that are quotes alone: nothing that the model wrote has held. */
  readonly quoted: { readonly count: number; readonly of: number }
  /** Sentences that the checks refused, of those that the model wrote. */
  readonly unsupported: { readonly count: number; readonly of: number }
  readonly answers: AnswerMetrics
  readonly firstStatementMs: ReturnType<typeof percentiles>
  readonly answerMs: ReturnType<typeof percentiles>
  /** Measured while it wrote these answers; null for engines that do not tell. */
  readonly tokensPerSecond: number | null
  readonly memoryBytes: number | null
  readonly questions: readonly QuestionResult[]
}

interface Measured {
  readonly judged: JudgedAnswer
  readonly written: number
  readonly dropped: number
}

/** Shorter pieces are what a model had begun to write when its draft was taken for a refusal. */
const minSentenceLength = 8

export const measureModel = async (
  kura: Kura,
  { queries, collectionIds, recordsOf }: ComparedQuestions,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (done: number) => void },
): Promise<ModelResult> => {
  const measured: Measured[] = []
  for (const query of queries) {
    signal.throwIfAborted()
    const { answer, drafts } = await askOne(kura, query, collectionIds, signal)
    measured.push({ judged: judge(query, answer, recordsOf), ...(await countDropped(kura, answer, drafts, signal)) })
    onProgress(measured.length)
  }
  using writing = kura.engines.holdGenerator()
  const model = await writing.generator?.info({ signal })
  if (!model) throw modelWentAway()
  return summarize(model, measured)
}

const modelWentAway = (): KuraError => new KuraError('model_unavailable', 'The model went away while it was measured.')

const askOne = async (
  kura: Kura,
  { text }: EvaluationQuery,
  collectionIds: readonly CollectionId[],
  signal: AbortSignal,
) => {
  const { history, question } = parseConversation(text)
  let drafts: readonly DraftRecord[] = []
  let answer: Answer | undefined
  // An answer belongs to a conversation; this one is in no ledger.
  const conversationId = unrecordedConversation
  const asked = kura.answerer.ask(localAdministrator, {
    question,
    history,
    collectionIds,
    conversationId,
    unrecorded: true,
    onRecord: (record) => {
      drafts = record.drafts
    },
    signal,
  })
  for await (const event of asked) if (event.type === 'answer') answer = event.answer
  if (!answer) throw new KuraError('internal', 'A question got no answer.')
  return { answer, drafts }
}

const unrecordedConversation = 'con_unrecorded' as Answer['conversationId']

const countDropped = async (
  kura: Kura,
  { passages, language }: Answer,
  drafts: readonly DraftRecord[],
  signal: AbortSignal,
) => {
  using writing = kura.engines.holdGenerator()
  const { generator } = writing
  if (!generator) throw modelWentAway()
  let written = 0
  let supported = 0
  for (const { text, sources } of drafts) {
    const named = new Set(sources.map(({ passageId }) => passageId))
    const read = { passages: passages.filter(({ id }) => named.has(id)), language }
    const sentences = new Set<string>()
    for await (const sentence of sentencesOf(text)) {
      if (sentence.length >= minSentenceLength) sentences.add(sentence)
    }
    if (sentences.size === 0) continue
    written += sentences.size
    supported += (await statementsOf(text, read, { embedder: kura.engines.embedder, generator, signal })).length
  }
  return { written, dropped: Math.max(0, written - supported) }
}

const rightOf = ({ query, answer }: JudgedAnswer): boolean | null => {
  if (!query.answerable || query.answers.length === 0) return null
  return answer.status === 'answered' && isCorrect(answer, query.answers)
}

const summarize = (model: GenerationModelInfo, measured: readonly Measured[]): ModelResult => {
  const judged = measured.map((each) => each.judged)
  const graded = judged.map(rightOf).filter((right) => right !== null)
  const unanswerable = judged.filter(({ query }) => !query.answerable)
  const sum = (of: (each: Measured) => number) => measured.reduce((total, each) => total + of(each), 0)
  const countAnswered = (of: readonly JudgedAnswer[]) => of.filter(({ answer }) => answer.status === 'answered').length
  return {
    name: model.name,
    sha256: model.sha256 ?? null,
    right: graded.length === 0 ? null : { count: graded.filter(Boolean).length, of: graded.length },
    refused: { count: judged.length - countAnswered(judged), of: judged.length },
    answeredUnanswerable:
      unanswerable.length === 0 ? null : { count: countAnswered(unanswerable), of: unanswerable.length },
    quoted: {
      count: judged.filter(({ answer }) => answer.status === 'answered' && answer.model === undefined).length,
      of: countAnswered(judged),
    },
    unsupported: { count: sum(({ dropped }) => dropped), of: sum(({ written }) => written) },
    answers: answerMetrics(judged),
    firstStatementMs: percentiles(judged.flatMap(({ answer }) => answer.timingsMs.firstStatement ?? [])),
    answerMs: percentiles(judged.map(({ answer }) => answer.timingsMs.total)),
    tokensPerSecond: model.outputTokensPerSecond ?? null,
    memoryBytes: model.memoryBytes ?? null,
    questions: measured.map(({ judged: each, dropped }) => ({
      id: each.query.id,
      question: each.query.text,
      answerable: each.query.answerable,
      status: each.answer.status,
      right: rightOf(each),
      statements: each.answer.statements.map(({ text }) => text),
      dropped,
      firstStatementMs: each.answer.timingsMs.firstStatement ?? null,
      totalMs: each.answer.timingsMs.total,
      degraded: each.answer.degraded,
    })),
  }
}
