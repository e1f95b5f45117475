/**
 * `kura eval DIR`: the corpus goes into a throw-away collection in a throw-away data folder, one document a record, by the same chunker,
 * embedder and store as any document; then every question is searched and, unless told otherwise, answered. In: a question set.
 * Out: measures of retrieval, answers and time.
 */
import path from 'node:path'
import { joinedQuestion } from '../answer/standalone-question.ts'
import type { Output } from '../cli/output.ts'
import { untilInterrupted, withTempFolder } from '../cli/temp-folder.ts'
import type { Settings } from '../config/settings.ts'
import type { Answer } from '../core/answer.ts'
import { localAdministrator } from '../core/principal.ts'
import { type Kura, openKura } from '../kura.ts'
import { type IngestedCorpus, ingestCorpus } from './ingest-corpus.ts'
import {
  type AnswerMetrics,
  answerMetrics,
  type JudgedAnswer,
  percentiles,
  type RankedResult,
  type RetrievalMetrics,
  retrievalMetrics,
} from './metrics.ts'
import {
  drawSample,
  type EvaluationQuery,
  parseConversation,
  type QuestionSet,
  readQuestionSet,
} from './question-set.ts'

export interface EvaluationReport {
  readonly retrieval: RetrievalMetrics
  readonly answers?: AnswerMetrics
  readonly latencyMs: {
    readonly search: ReturnType<typeof percentiles>
    readonly firstStatement?: ReturnType<typeof percentiles>
    readonly answer?: ReturnType<typeof percentiles>
  }
  readonly models: { readonly embedding: string; readonly generation?: string }
}

interface EvaluationOptions {
  readonly limit?: number
  readonly retrievalOnly?: true
  readonly seed: number
}

/** Passages searched for, so that ten distinct documents remain after folding the passages of one document. */
const passageLimit = 40

const searchAll = async (kura: Kura, corpus: IngestedCorpus, queries: readonly EvaluationQuery[], output: Output) => {
  const results: RankedResult[] = []
  const times: number[] = []
  for (const [i, { text, relevant, answerable }] of queries.entries()) {
    const { history, question } = parseConversation(text)
    const startedAt = performance.now()
    const { passages } = await kura.retriever.search(localAdministrator, {
      query: joinedQuestion(history, question),
      collectionIds: [corpus.collectionId],
      limit: passageLimit,
    })
    times.push(performance.now() - startedAt)
    if (answerable && relevant.length > 0) {
      const found = [...new Set(passages.flatMap(({ documentId }) => corpus.recordsOf.get(documentId) ?? []))]
      results.push({ found, relevant: new Set(relevant) })
    }
    output.progress(`search: ${i + 1}/${queries.length}`)
  }
  return { results, times }
}

const answerAll = async (
  kura: Kura,
  corpus: IngestedCorpus,
  queries: readonly EvaluationQuery[],
  output: Output,
): Promise<JudgedAnswer[]> => {
  const judged: JudgedAnswer[] = []
  for (const [i, query] of queries.entries()) {
    const { history, question } = parseConversation(query.text)
    let answer: Answer | undefined
    for await (const event of kura.answerer.ask(localAdministrator, {
      question,
      collectionIds: [corpus.collectionId],
      history,
    })) {
      if (event.type === 'answer') answer = event.answer
    }
    output.progress(`answers: ${i + 1}/${queries.length}`)
    if (!answer) continue
    const citedRecords = answer.statements.flatMap(({ citations }) =>
      citations.map(({ documentId }) => corpus.recordsOf.get(documentId) ?? []),
    )
    judged.push({ query, answer, citedRecords })
  }
  return judged
}

const evaluate = async (
  kura: Kura,
  set: QuestionSet,
  options: EvaluationOptions & { readonly signal: AbortSignal },
  output: Output,
): Promise<EvaluationReport> => {
  const corpus = await ingestCorpus(kura, set.corpus, { output, signal: options.signal })
  const queries = drawSample(set.queries, options.limit, options.seed)
  const { results, times } = await searchAll(kura, corpus, queries, output)
  const embedding = (await kura.engines.embedder.info()).name
  const report = {
    retrieval: retrievalMetrics(results),
    latencyMs: { search: percentiles(times) },
    models: { embedding },
  }
  if (options.retrievalOnly) return report
  const judged = await answerAll(kura, corpus, queries, output)
  const generation = judged.find(({ answer }) => answer.model)?.answer.model
  return {
    ...report,
    answers: answerMetrics(judged),
    latencyMs: {
      ...report.latencyMs,
      firstStatement: percentiles(judged.flatMap(({ answer }) => answer.timingsMs.firstStatement ?? [])),
      answer: percentiles(judged.map(({ answer }) => answer.timingsMs.total)),
    },
    models: { embedding, ...(generation ? { generation } : {}) },
  }
}

/** @throws file_not_found, invalid_request, and what opening the models throws */
export const runEvaluation = async (
  settings: Settings,
  folder: string,
  options: EvaluationOptions,
  output: Output,
): Promise<void> => {
  const set = await readQuestionSet(folder)
  await withTempFolder('kura-eval-', async (data, signal) => {
    await using kura = await openKura(
      {
        ...settings,
        data,
        ledgerFile: path.join(data, 'kura.db'),
        indexUri: path.join(data, 'index'),
        logLevel: 'warn',
      },
      { embedding: true, generation: !options.retrievalOnly, worker: false },
    )
    for (const notice of kura.engines.notices) output.message(notice)
    await kura.engines.ready(signal)
    const report = await untilInterrupted(evaluate(kura, set, { ...options, signal }, output), signal)
    output.result(report, JSON.stringify(report, undefined, 2))
  })
}
