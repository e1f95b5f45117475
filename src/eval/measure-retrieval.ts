/**
 * Ranks of the relevant records for each question: of the search as it is, and in the same run of plain BM25 and of the vector lane alone, which it
 * must not fall below. In: an open Kura with the corpus, questions. Out: measures and times.
 */

import { joinedQuestion } from '../answer/standalone-question.ts'
import type { Output } from '../cli/output.ts'
import type { DocumentId } from '../core/ids.ts'
import { localAdministrator } from '../core/principal.ts'
import type { Kura } from '../kura.ts'
import type { SearchResult } from '../retrieval/retriever.ts'
import type { IngestedCorpus } from './ingest-corpus.ts'
import { type RankedResult, type RetrievalMetrics, retrievalMetrics } from './metrics.ts'
import { type EvaluationQuery, parseConversation } from './question-set.ts'

export interface MeasuredRetrieval {
  readonly retrieval: RetrievalMetrics
  /** Of single lanes: all terms by BM25, and vectors. */
  readonly lanes: { readonly text: RetrievalMetrics; readonly vector: RetrievalMetrics }
  /** Milliseconds of each search. */
  readonly times: readonly number[]
}

/** Passages searched for, so that ten distinct documents remain after folding the passages of one document. */
const passageLimit = 40

/** Documents in each ranking, best first; a document may come more than once. */
const rankingsOf = ({ passages, trace }: SearchResult) => ({
  fused: passages.flatMap(({ documentId, alsoIn = [] }) => [documentId, ...alsoIn.map((place) => place.documentId)]),
  text: trace?.lanes.text.map(({ documentId }) => documentId) ?? [],
  // Those in other languages were searched for apart, and come after the nearest.
  vector: trace?.lanes.vector.toSorted((a, b) => b.score - a.score).map(({ documentId }) => documentId) ?? [],
})

export const measureRetrieval = async (
  kura: Pick<Kura, 'retriever'>,
  corpus: IngestedCorpus,
  queries: readonly EvaluationQuery[],
  output: Output,
): Promise<MeasuredRetrieval> => {
  const results = { fused: [] as RankedResult[], text: [] as RankedResult[], vector: [] as RankedResult[] }
  const times: number[] = []
  const recordsOf = (documents: readonly DocumentId[]): string[] => [
    ...new Set(documents.flatMap((id) => corpus.recordsOf.get(id) ?? [])),
  ]
  for (const [i, { text, relevant, answerable }] of queries.entries()) {
    const { history, question } = parseConversation(text)
    const startedAt = performance.now()
    const rankings = rankingsOf(
      await kura.retriever.search(localAdministrator, {
        query: joinedQuestion(history, question),
        collectionIds: [corpus.collectionId],
        limit: passageLimit,
        explain: true,
      }),
    )
    times.push(performance.now() - startedAt)
    if (answerable && relevant.length > 0) {
      for (const lane of ['fused', 'text', 'vector'] as const)
        results[lane].push({ found: recordsOf(rankings[lane]), relevant: new Set(relevant) })
    }
    output.progress(`search: ${i + 1}/${queries.length}`)
  }
  return {
    retrieval: retrievalMetrics(results.fused),
    lanes: { text: retrievalMetrics(results.text), vector: retrievalMetrics(results.vector) },
    times,
  }
}
