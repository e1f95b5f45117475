/** Counts what is in the index against what the ledger says is in it. Neighbours: `kura doctor`, with and without `--rebuild-index`. */
import type { ChunkIndex } from '../store/chunk-index.ts'
import type { Ledger } from '../store/ledger.ts'

export interface IndexComparison {
  /** Revisions that are to answer, now or at a time that is asked. */
  readonly published: number
  /** Chunks in the index. */
  readonly rows: number
  /** Published revisions that the index does not hold. */
  readonly missing: number
  /** Revisions whose chunks in the index are not as many as the ledger says. */
  readonly wrong: number
  /** Revisions in the index that the ledger knows nothing of. */
  readonly orphans: number
}

export const compareIndex = async (
  index: ChunkIndex,
  ledger: Ledger,
  fingerprint: string,
): Promise<IndexComparison> => {
  // In this order: what is written or published meanwhile is in the later ones too.
  const counted = await index.countByRevision()
  const expected = await ledger.indexes.expectedChunks(fingerprint)
  const published = await ledger.indexes.published()
  const known = new Set([...(await ledger.jobs.openRevisions()), ...published])
  return {
    published: published.size,
    rows: [...counted.values()].reduce((sum, rows) => sum + rows, 0),
    missing: [...published].filter((id) => !expected.has(id)).length,
    wrong: [...expected].filter(([id, chunks]) => (counted.get(id) ?? 0) !== chunks).length,
    orphans: [...counted.keys()].filter((id) => !known.has(id)).length,
  }
}
