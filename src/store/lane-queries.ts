/**
 * The queries behind the lanes: the nearest vectors, and the rows that hold terms in one of the columns of terms. In: a table and what to look
 * for. Out: chunks with raw scores and vectors, best first. Neighbours: chunk-index.ts calls them, search-scope.ts makes the filter.
 */
import { MatchQuery, Operator, type Table } from '@lancedb/lancedb'
import { chunkColumns, type TermColumn, toChunk } from './chunk-table.ts'
import { parseScore, type ScoredChunk, type SearchScope, scopeFilter } from './search-scope.ts'

export const searchTimeoutMs = 10_000
/** Recall 1.0 at 100,000 rows, 0.995 at 300,000, on hard synthetic data. */
const vectorProbes = 50
const refineFactor = 50

/** Score: cosine similarity, -1 to 1. */
export const queryVectors = async (table: Table, vector: Float32Array, scope: SearchScope): Promise<ScoredChunk[]> => {
  const rows = await table
    .query()
    .nearestTo(vector)
    .distanceType('cosine')
    // The next three matter only where there is a vector index (another process may have made it). No upper bound of probes:
    // in a small collection among large ones it goes on until it has found enough.
    .maximumNprobes(0)
    .minimumNprobes(vectorProbes)
    .refineFactor(refineFactor)
    .where(scopeFilter(scope))
    .select([...chunkColumns, 'vector', '_distance'])
    .limit(scope.limit)
    .toArray({ timeoutMs: searchTimeoutMs })
  return rows.map((row) => toScored(row, 1 - parseScore(row._distance)))
}

/** Score: BM25. At least one of the terms is held. */
export const queryTerms = async (
  table: Table,
  column: TermColumn,
  terms: readonly string[],
  scope: SearchScope,
): Promise<ScoredChunk[]> => {
  const rows = await table
    .query()
    .fullTextSearch(new MatchQuery(terms.join(' '), column, { operator: Operator.Or }))
    .where(scopeFilter(scope))
    .select([...chunkColumns, 'vector', '_score'])
    .limit(scope.limit)
    .toArray({ timeoutMs: searchTimeoutMs })
  // LanceDB promises no order where rows of several fragments come together.
  return rows.map((row) => toScored(row, parseScore(row._score))).sort((a, b) => b.score - a.score)
}

const toScored = (row: { readonly vector: Iterable<number> }, score: number): ScoredChunk => ({
  chunk: toChunk(row),
  score,
  vector: Float32Array.from(row.vector),
})
