/**
 * Brings index, ledger and originals back in line when a worker starts: whatever a crash, a restored backup or a new embedding
 * model has left apart. The ledger is right; the index is made to follow it.
 * In: all three stores. Out: rows removed, revisions queued anew, files removed, and how many there were of each.
 * Neighbours: worker (holds the index-writer lease) -> here.
 */
import type { RevisionId } from '../src/core/ids.ts'
import type { ChunkIndex } from '../src/store/chunk-index.ts'
import type { Ledger } from '../src/store/ledger.ts'
import type { Originals } from '../src/store/originals.ts'
import type { IndexWriter } from './index-writer.ts'

/** An upload is on the disk a moment before the ledger knows of it. */
const originalsKeptMs = 60 * 60 * 1000

export interface ReconcileReport {
  /** Revisions whose rows were in the index although they do not answer. */
  readonly removedRevisions: number
  /** Published revisions whose rows were not all there: queued, to be embedded anew. */
  readonly requeuedRevisions: number
  readonly removedOriginals: number
}

export const reconcile = async (
  deps: { ledger: Ledger; originals: Originals; index: ChunkIndex; writer: IndexWriter },
  signal?: AbortSignal,
): Promise<ReconcileReport> => {
  const { ledger, index, writer } = deps
  const counted = await index.countByRevision()
  const expected = await ledger.documents.expectedChunks()
  signal?.throwIfAborted()
  const orphans = [...counted.keys()].filter((id) => !expected.has(id))
  await writer.remove(orphans)
  const incomplete = [...expected].filter(([id, chunks]) => (counted.get(id) ?? 0) !== chunks).map(([id]) => id)
  await requeue(ledger, incomplete, signal)
  const removedOriginals = await removeOriginals(deps, signal)
  return { removedRevisions: orphans.length, requeuedRevisions: incomplete.length, removedOriginals }
}

const requeue = async (ledger: Ledger, ids: readonly RevisionId[], signal?: AbortSignal): Promise<void> => {
  for (const id of ids) {
    signal?.throwIfAborted()
    await ledger.jobs.enqueue(id)
  }
}

const removeOriginals = async (
  { ledger, originals }: { ledger: Ledger; originals: Originals },
  signal?: AbortSignal,
): Promise<number> => {
  await originals.cleanTemp()
  const referenced = await ledger.documents.referencedContents()
  let removed = 0
  for await (const sha256 of originals.list({ olderThanMs: originalsKeptMs })) {
    signal?.throwIfAborted()
    if (referenced.has(sha256)) continue
    // Asked once more: the same content may have been uploaded since the list began.
    if ((await ledger.documents.referencedContents()).has(sha256)) continue
    await originals.remove(sha256)
    removed += 1
  }
  return removed
}
