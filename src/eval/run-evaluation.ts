/**
 * `kura eval DIR`: the corpus goes into a throw-away collection in a throw-away data folder, one document a record, by the same chunker,
 * embedder and store as any document; then every question is searched and, unless told otherwise, answered. In: a question set.
 * Out: measures of retrieval, answers and time.
 */
import type { Output } from '../cli/output.ts'
import type { Settings } from '../config/settings.ts'
import type { Answer } from '../core/answer.ts'
import { localAdministrator } from '../core/principal.ts'
import type { Kura } from '../kura.ts'
import { type IngestedCorpus, ingestCorpus } from './ingest-corpus.ts'
import { type MeasuredRetrieval, measureRetrieval } from './measure-retrieval.ts'
import {
  type AnswerMetrics,
  answerMetrics,
  type JudgedAnswer,
  judge,
  percentiles,
  type RetrievalMetrics,
} from './metrics.ts'
import { withThrowAwayKura } from './open-evaluation.ts'
import {
  drawSample,
  type EvaluationQuery,
  parseConversation,
  type QuestionSet,
  readQuestionSet,
} from './question-set.ts'

export interface EvaluationReport {
  readonly retrieval: RetrievalMetrics
  /** Of single lanes in the same run: plain BM25, and vectors alone. */
  readonly lanes: MeasuredRetrieval['lanes']
  readonly answers?: AnswerMetrics
  readonly latencyMs: {
    readonly search: ReturnType<typeof percentiles>
    /** Until the quotes were told. */
    readonly quotes?: ReturnType<typeof percentiles>
    readonly firstStatement?: ReturnType<typeof percentiles>
    readonly answer?: ReturnType<typeof percentiles>
  }
  readonly models: { readonly embedding: string; readonly generation?: string }
}

interface EvaluationOptions {
  readonly limit?: number
  readonly retrievalOnly?: true
  readonly seed: number
  /** Another set whose questions are asked, with ids of this corpus. @default the folder's own */
  readonly queries?: string
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
    if (answer) judged.push(judge(query, answer, corpus.recordsOf))
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
  const { times, ...measured } = await measureRetrieval(kura, corpus, queries, output)
  const embedding = (await kura.engines.embedder.info()).name
  const report = {
    ...measured,
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
      quotes: percentiles(judged.map(({ answer }) => answer.timingsMs.retrieve)),
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
  const { corpus, queries } = await readQuestionSet(folder)
  const asked = options.queries === undefined ? queries : (await readQuestionSet(options.queries)).queries
  const generation = !options.retrievalOnly
  await withThrowAwayKura(settings, { generation, output }, async (kura, signal) => {
    const report = await evaluate(kura, { corpus, queries: asked }, { ...options, signal }, output)
    output.result(report, JSON.stringify(report, undefined, 2))
  })
}
