/**
 * All changes of the index go through here, one after the other: LanceDB wants a single writer, and a purge must not overtake
 * the publication of a revision that is tried once more.
 * In: embedded chunks, revisions to remove. Out: rows that were counted. Neighbours: index-revision, worker, reconcile -> here
 * -> chunk-index.
 */
import PQueue from 'p-queue'
import { KuraError } from '../src/core/errors.ts'
import type { RevisionId } from '../src/core/ids.ts'
import type { ChunkIndex } from '../src/store/chunk-index.ts'
import type { EmbeddedChunk } from '../src/store/chunk-table.ts'
import type { Ledger } from '../src/store/ledger.ts'

const replaceAttempts = 3
const purgeBatch = 200

export class IndexWriter {
  readonly #indexes: readonly ChunkIndex[]
  readonly #ledger: Ledger
  readonly #queue = new PQueue({ concurrency: 1 })
  readonly #changed = new Set<ChunkIndex>()

  /** @param deps `indexes`: all tables that are written, for what concerns every one of them */
  constructor(deps: { indexes: readonly ChunkIndex[]; ledger: Ledger }) {
    this.#indexes = deps.indexes
    this.#ledger = deps.ledger
  }

  /** Adds rows to those that an unpublished revision has, so that an interrupted run goes on behind them. */
  addRows(index: ChunkIndex, revisionId: RevisionId, rows: readonly EmbeddedChunk[]): Promise<void> {
    return this.#write(index, () => index.addRows(revisionId, rows))
  }

  /**
   * Makes these rows the only ones of the revision, and counts them in the index.
   * @throws internal where the count is wrong again and again
   */
  replaceRevision(index: ChunkIndex, revisionId: RevisionId, rows: readonly EmbeddedChunk[]): Promise<number> {
    return this.#write(index, async () => {
      let counted = -1
      for (let attempt = 0; attempt < replaceAttempts; attempt += 1) {
        counted = await index.replaceRevision(revisionId, rows)
        if (counted === rows.length) return counted
      }
      throw new KuraError('internal', `The index holds ${counted} rows of the revision in place of ${rows.length}.`)
    })
  }

  /** Removes the rows of revisions that will not answer any more. @returns how many revisions there were */
  purge(): Promise<number> {
    return this.#queue.add(async () => {
      const ids = await this.#ledger.documents.purgeable(purgeBatch)
      if (ids.length === 0) return 0
      for (const index of this.#indexes) {
        await index.removeRevisions(ids)
        this.#changed.add(index)
      }
      await this.#ledger.documents.purged(ids)
      return ids.length
    })
  }

  /** Removes rows that the ledger knows nothing of. */
  async remove(index: ChunkIndex, revisionIds: readonly RevisionId[]): Promise<void> {
    if (revisionIds.length > 0) await this.#write(index, () => index.removeRevisions(revisionIds))
  }

  /** To be called when there is nothing else to do; while there is, the index does it by itself now and then. */
  optimizeIfChanged(): Promise<void> {
    return this.#queue.add(async () => {
      for (const index of this.#changed) await index.optimize()
      this.#changed.clear()
    })
  }

  #write<Result>(index: ChunkIndex, write: () => Promise<Result>): Promise<Result> {
    return this.#queue.add(() => {
      this.#changed.add(index)
      return write()
    })
  }
}
