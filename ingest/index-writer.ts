/**
 * All changes of the index go through here, one after the other: LanceDB wants a single writer, and a purge must not overtake
 * the publication of a revision that is tried once more.
 * In: embedded chunks, revisions to remove. Out: rows that were counted. Neighbours: ingest-document, worker, reconcile -> here
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
  readonly #index: ChunkIndex
  readonly #ledger: Ledger
  readonly #queue = new PQueue({ concurrency: 1 })
  #changed = false

  constructor(deps: { index: ChunkIndex; ledger: Ledger }) {
    this.#index = deps.index
    this.#ledger = deps.ledger
  }

  /**
   * Makes these rows the only ones of the revision, and counts them in the index.
   * @throws internal where the count is wrong again and again
   */
  replaceRevision(revisionId: RevisionId, rows: readonly EmbeddedChunk[]): Promise<number> {
    return this.#queue.add(async () => {
      let counted = -1
      for (let attempt = 0; attempt < replaceAttempts; attempt += 1) {
        counted = await this.#index.replaceRevision(revisionId, rows)
        this.#changed = true
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
      await this.#index.removeRevisions(ids)
      this.#changed = true
      await this.#ledger.documents.purged(ids)
      return ids.length
    })
  }

  /** Removes rows that the ledger knows nothing of. */
  remove(revisionIds: readonly RevisionId[]): Promise<void> {
    return this.#queue.add(async () => {
      if (revisionIds.length === 0) return
      await this.#index.removeRevisions(revisionIds)
      this.#changed = true
    })
  }

  /** To be called when there is nothing else to do; while there is, the index does it by itself now and then. */
  optimizeIfChanged(): Promise<void> {
    return this.#queue.add(async () => {
      if (!this.#changed) return
      this.#changed = false
      await this.#index.optimize()
    })
  }
}
