/**
 * Brings index, ledger and originals back in line, when a worker starts and every hour: whatever a crash, a power cut or a restored backup
 * has left apart. The ledger is right; the index is made to follow it.
 * In: all three stores. Out: rows and files removed, revisions that the build loop embeds anew, and how many there were of each.
 * Neighbours: worker (holds the index-writer lease) -> here -> build-indexes.
 */

import type { ReconciliationRecord } from '../src/store/indexes.ts'
import type { Ledger } from '../src/store/ledger.ts'
import type { Originals } from '../src/store/originals.ts'
import type { IndexTarget } from './index-target.ts'
import type { IndexWriter } from './index-writer.ts'

/** An upload is on the disk a moment before the ledger knows of it. */
const originalsKeptMs = 60 * 60 * 1000

export interface ReconcileDeps {
  readonly ledger: Ledger
  readonly originals: Originals
  readonly targets: readonly IndexTarget[]
  readonly writer: IndexWriter
}

export const reconcile = async (deps: ReconcileDeps, signal: AbortSignal): Promise<ReconciliationRecord> => {
  let [orphanRevisions, incompleteRevisions] = [0, 0]
  for (const target of deps.targets) {
    const found = await reconcileIndex(deps, target)
    signal.throwIfAborted()
    orphanRevisions += found.orphans
    incompleteRevisions += found.incomplete
  }
  const { orphanOriginals, missingOriginals } = await reconcileOriginals(deps, signal)
  const report = {
    at: new Date().toISOString(),
    orphanRevisions,
    incompleteRevisions,
    orphanOriginals,
    missingOriginals,
  }
  await deps.ledger.indexes.recordReconciliation(report)
  return report
}

const reconcileIndex = async (
  { ledger, writer }: ReconcileDeps,
  { index, fingerprint }: IndexTarget,
): Promise<{ orphans: number; incomplete: number }> => {
  // In this order: what is written or published meanwhile is in the later ones too.
  const counted = await index.countByRevision()
  const expected = await ledger.indexes.expectedChunks(fingerprint)
  const known = new Set([...(await ledger.jobs.openRevisions()), ...(await ledger.indexes.published())])
  const orphans = [...counted.keys()].filter((id) => !known.has(id))
  await writer.remove(index, orphans)
  const incomplete = [...expected].filter(([id, chunks]) => (counted.get(id) ?? 0) !== chunks).map(([id]) => id)
  await ledger.indexes.forget(fingerprint, incomplete)
  return { orphans: orphans.length, incomplete: incomplete.length }
}

const reconcileOriginals = async (
  { ledger, originals }: ReconcileDeps,
  signal: AbortSignal,
): Promise<{ orphanOriginals: number; missingOriginals: number }> => {
  await originals.cleanTemp()
  const referenced = await ledger.documents.referencedContents()
  let orphanOriginals = 0
  for await (const sha256 of originals.list({ olderThanMs: originalsKeptMs })) {
    signal.throwIfAborted()
    if (referenced.has(sha256)) continue
    // Asked once more: the same content may have been uploaded since the list began.
    if ((await ledger.documents.referencedContents()).has(sha256)) continue
    await originals.remove(sha256)
    orphanOriginals += 1
  }
  let missingOriginals = 0
  for (const sha256 of referenced) if (!(await originals.has(sha256))) missingOriginals += 1
  return { orphanOriginals, missingOriginals }
}
