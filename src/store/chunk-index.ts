/**
 * The index: chunks with their vectors and search terms in LanceDB, one table for each embedding fingerprint. In: chunks and vectors
 * from the ingestion worker (one writer at a time, by lease); out: the nearest chunks of a vector or of terms, with raw scores.
 * Invariants: it is derived and can be built anew; it says what is similar, and the ledger what may answer; vectors of the wrong
 * length never get in. Neighbours: chunk-table.ts (rows), lane-queries.ts (searches), `src/retrieval` (asks), `ingest` (writes).
 */
import { type Connection, connect, Index, Session, type Table } from '@lancedb/lancedb'
import { KuraError } from '../core/errors.ts'
import type { ChunkId, RevisionId } from '../core/ids.ts'
import {
  checkVector,
  chunkColumns,
  type EmbeddedChunk,
  inFilter,
  openChunkTable,
  retryConflicts,
  searchTextIndex,
  type TermColumn,
  tableNameOf,
  toChunk,
  toRow,
  wrapIndexError,
} from './chunk-table.ts'
import { queryTerms, queryVectors, searchTimeoutMs } from './lane-queries.ts'
import type { ScoredChunk, SearchScope } from './search-scope.ts'
import { untilAborted } from './until-aborted.ts'

/** Bounds of LanceDB's caches; its own defaults are 6 GB and 1 GB. */
const indexCacheBytes = 128n << 20n
const metadataCacheBytes = 32n << 20n
/** Each commit adds a fragment that every search has to open (38 ms at 151 fragments, 5 ms after `optimize`). */
const commitsBetweenOptimize = 20
/** Below it looking at every vector is fast and exact (17 ms at 10,000 rows of 384 numbers, 150 ms at 100,000). */
const rowsBeforeVectorIndex = 50_000
const vectorIndex = 'vector_idx'
/** Older versions of the table are deleted after this time; a search that is under way still reads them. */
const keepVersionsMs = 10 * 60 * 1000

export interface IndexStats {
  readonly rows: number
  /** Rows that full text search still looks through one by one. */
  readonly unindexedRows: number
  readonly fragments: number
}

export class ChunkIndex implements AsyncDisposable {
  readonly #connection: Connection
  readonly #table: Table
  readonly #dimensions: number
  /** Writes of this process go one after the other: concurrent commits would only retry each other. */
  #lastWrite: Promise<unknown> = Promise.resolve()
  #commits = 0
  /** False only where nothing was written since the last `optimize`; what an earlier process has left is not known. */
  #changed = true

  private constructor(connection: Connection, table: Table, dimensions: number) {
    this.#connection = connection
    this.#table = table
    this.#dimensions = dimensions
  }

  /**
   * @param uri a folder, or an address that LanceDB knows
   * @throws embedding_mismatch index_damaged disk_full
   */
  static async open(uri: string, options: { fingerprint: string; dimensions: number }): Promise<ChunkIndex> {
    const { fingerprint, dimensions } = options
    if (fingerprint === '' || !Number.isSafeInteger(dimensions) || dimensions < 1) {
      throw new KuraError('embedding_mismatch', `The embedding model has no fingerprint, or ${dimensions} dimensions.`)
    }
    let connection: Connection | undefined
    try {
      // Without an interval of 0 a reader never sees what another process has written.
      const session = new Session(indexCacheBytes, metadataCacheBytes)
      connection = await connect(uri, { readConsistencyInterval: 0 }, session)
      const table = await openChunkTable(connection, { uri, name: tableNameOf(fingerprint), dimensions })
      return new ChunkIndex(connection, table, dimensions)
    } catch (error) {
      connection?.close()
      throw wrapIndexError(error, 'index_damaged', 'The index can not be opened.')
    }
  }

  /**
   * Puts the rows of a revision in place of those it has, in one commit: done twice, the result is the same.
   * @returns the rows of the revision, counted in the index afterwards
   * @throws embedding_mismatch where a vector has another length; index_failed disk_full
   */
  async replaceRevision(revisionId: RevisionId, rows: readonly EmbeddedChunk[]): Promise<number> {
    const ids = new Set(rows.map((row) => row.chunk.id))
    if (ids.size !== rows.length) throw new KuraError('internal', 'Two chunks of a revision have the same id.')
    const stored = rows.map((row) => toRow(row, revisionId, this.#dimensions))
    const filter = inFilter('revision_id', [revisionId])
    return this.#write(async () => {
      if (stored.length === 0) {
        await this.#table.delete(filter)
      } else {
        await this.#table
          .mergeInsert('id')
          .whenMatchedUpdateAll()
          .whenNotMatchedInsertAll()
          .whenNotMatchedBySourceDelete({ where: filter })
          .execute(stored)
      }
      return this.#table.countRows(filter)
    })
  }

  /** Adds rows of a revision to those it has: what `storedRows` gives back after an interruption. */
  async addRows(revisionId: RevisionId, rows: readonly EmbeddedChunk[]): Promise<void> {
    if (rows.length === 0) return
    const stored = rows.map((row) => toRow(row, revisionId, this.#dimensions))
    await this.#write(() =>
      this.#table.mergeInsert('id').whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(stored),
    )
  }

  /** The rows of a revision, whole or what an interrupted run has left of it. */
  async storedRows(revisionId: RevisionId): Promise<Map<ChunkId, EmbeddedChunk>> {
    const rows = await this.#read(() =>
      this.#table
        .query()
        .where(inFilter('revision_id', [revisionId]))
        .select([...chunkColumns, 'vector'])
        .toArray(),
    )
    return new Map(
      rows.map((row) => {
        const chunk = toChunk(row)
        return [chunk.id, { chunk, vector: Float32Array.from(row.vector) }]
      }),
    )
  }

  async removeRevisions(ids: readonly RevisionId[]): Promise<void> {
    if (ids.length === 0) return
    await this.#write(async () => {
      const filter = inFilter('revision_id', ids)
      // A deletion of nothing would still be a commit.
      if ((await this.#table.countRows(filter)) > 0) await this.#table.delete(filter)
    })
  }

  async countByRevision(): Promise<Map<RevisionId, number>> {
    const counts = new Map<RevisionId, number>()
    await this.#read(async () => {
      for await (const batch of this.#table.query().select(['revision_id'])) {
        for (const id of batch.getChild('revision_id') ?? []) counts.set(id, (counts.get(id) ?? 0) + 1)
      }
    })
    return counts
  }

  count(): Promise<number> {
    return this.#read(() => this.#table.countRows())
  }

  /**
   * The nearest chunks, best first; score: cosine similarity, -1 to 1.
   * @throws embedding_mismatch index_failed; AbortError
   */
  async vectorSearch(vector: Float32Array, scope: SearchScope): Promise<ScoredChunk[]> {
    checkVector(vector, this.#dimensions)
    if (scope.collectionIds.length === 0) return []
    return this.#read(() => queryVectors(this.#table, vector, scope), scope.signal)
  }

  /**
   * Chunks that hold at least one of the terms in the column, best first; score: BM25. Terms are those of `searchTerms` or `questionTerms`, or
   * keys of identifiers; whatever characters they hold, they are words to look for, never operators.
   */
  async termSearch(column: TermColumn, terms: readonly string[], scope: SearchScope): Promise<ScoredChunk[]> {
    const words = terms.filter((term) => /\S/u.test(term))
    if (words.length === 0 || scope.collectionIds.length === 0) return []
    return this.#read(() => queryTerms(this.#table, column, words, scope), scope.signal)
  }

  /** Those that are there. Float32Array, length = model dimensions. */
  async vectorsOf(ids: readonly ChunkId[]): Promise<Map<ChunkId, Float32Array>> {
    if (ids.length === 0) return new Map()
    const rows = await this.#read(() =>
      this.#table
        .query()
        .where(inFilter('id', [...new Set(ids)]))
        .select(['id', 'vector'])
        .toArray({ timeoutMs: searchTimeoutMs }),
    )
    return new Map(rows.map((row) => [row.id as ChunkId, Float32Array.from(row.vector)]))
  }

  /**
   * Joins fragments, brings the indexes up to date and deletes old versions; nothing where nothing was written. Runs by itself after 20
   * commits; a worker that has nothing to do may call it as well.
   */
  async optimize(): Promise<void> {
    await this.#enqueue(async () => {
      if (this.#changed) await this.#optimizeNow()
    })
  }

  async stats(): Promise<IndexStats> {
    return this.#read(async () => {
      const [table, text] = await Promise.all([this.#table.stats(), this.#table.indexStats(searchTextIndex)])
      return {
        rows: table.numRows,
        unindexedRows: text?.numUnindexedRows ?? table.numRows,
        fragments: table.fragmentStats.numFragments,
      }
    })
  }

  /** Waits for the writes that are under way, and for the `optimize` that one of them may have asked for. */
  async [Symbol.asyncDispose](): Promise<void> {
    let last: Promise<unknown> | undefined
    while (last !== this.#lastWrite) {
      last = this.#lastWrite
      await last
    }
    this.#table.close()
    this.#connection.close()
  }

  async #optimizeNow(): Promise<void> {
    this.#commits = 0
    await retryConflicts(() => this.#table.optimize({ cleanupOlderThan: new Date(Date.now() - keepVersionsMs) }))
    this.#changed = false
    if ((await this.#table.countRows()) < rowsBeforeVectorIndex) return
    if (!(await this.#table.listIndices()).some((index) => index.name === vectorIndex)) {
      // The metric must be the one that is searched with: with another one the index is passed over in silence.
      await retryConflicts(() => this.#table.createIndex('vector', { config: Index.ivfRq({ distanceType: 'cosine' }) }))
    }
  }

  #write<Result>(write: () => Promise<Result>): Promise<Result> {
    return this.#enqueue(async () => {
      const result = await write()
      this.#commits += 1
      this.#changed = true
      await this.#keepUp()
      return result
    })
  }

  /**
   * Rows that are not in the text index yet are found, but they are scored by other statistics than the rest, and where no row is in it,
   * LanceDB cuts to the limit without looking at the scores. So never more than half of them are left out. As the index doubles from
   * one time to the next, this costs little in all.
   */
  async #keepUp(): Promise<void> {
    const text = await this.#table.indexStats(searchTextIndex)
    if (text === undefined || text.numUnindexedRows > text.numIndexedRows) return this.#optimizeNow()
    // Not the write's failure if it fails: it is tried again after as many commits, and `stats` shows what is left undone.
    if (this.#commits >= commitsBetweenOptimize) this.optimize().catch(() => undefined)
  }

  #enqueue<Result>(write: () => Promise<Result>): Promise<Result> {
    const result = this.#lastWrite.then(write, write).catch((error: unknown) => {
      throw wrapIndexError(error, 'index_failed', 'The index could not be written.')
    })
    this.#lastWrite = result.catch(() => undefined)
    return result
  }

  async #read<Result>(read: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted()
    try {
      return await untilAborted(read(), signal)
    } catch (error) {
      throw wrapIndexError(error, 'index_failed', 'The index could not be read.')
    }
  }
}
