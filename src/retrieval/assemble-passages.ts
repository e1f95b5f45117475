/**
 * From ranked candidates to what is shown: copies folded, neighbours joined, no more than asked for. In: candidates, best first, and their chunks.
 * Out: one chunk for each passage, the best candidate in it, its copies; and what was done, for the trace. Neighbour: the retriever.
 */
import type { IndexedChunk } from '../core/document.ts'
import type { ChunkId } from '../core/ids.ts'
import type { SearchTrace } from '../core/search-trace.ts'
import { foldDuplicates } from './fold-duplicates.ts'
import { groupNeighbours, joinChunks } from './join-neighbours.ts'
import type { RankedCandidate } from './rank-candidates.ts'

export interface AssembledPassage {
  readonly chunk: IndexedChunk
  readonly best: RankedCandidate
  /** Chunks of the same text elsewhere. */
  readonly copies: readonly IndexedChunk[]
}

export interface Assembled extends Pick<SearchTrace, 'folded' | 'joined'> {
  /** Best first. */
  readonly passages: readonly AssembledPassage[]
}

/** Chunks looked at for each passage that is wanted: some are joined to others. */
const chunksPerPassage = 3

export const assemblePassages = (
  ranked: readonly RankedCandidate[],
  chunks: ReadonlyMap<ChunkId, IndexedChunk>,
  limit: number,
): Assembled => {
  const candidates = new Map(ranked.map((each) => [each.features.id, each]))
  const kept = foldDuplicates(
    ranked.flatMap(({ features }) => chunks.get(features.id) ?? []),
    limit * chunksPerPassage,
  )
  const items = kept.flatMap(({ chunk, copies }) => {
    const best = candidates.get(chunk.id)
    return best ? [{ chunk, copies, best, fused: best.fused }] : []
  })
  const groups = groupNeighbours(items).slice(0, limit)
  const shown = new Set(groups.flat().map(({ chunk }) => chunk.id))
  return {
    passages: groups.flatMap((group) => {
      const [first] = group
      const chunk = joinChunks(group)
      return first && chunk ? [{ chunk, best: first.best, copies: group.flatMap(({ copies }) => copies) }] : []
    }),
    folded: kept
      .filter(({ chunk }) => shown.has(chunk.id))
      .flatMap(({ chunk, copies }) => copies.map(({ id }) => ({ passageId: id, into: chunk.id }))),
    joined: groups.flatMap(([first, ...others]) =>
      others.flatMap(({ chunk }) => (first ? [{ passageId: chunk.id, into: first.chunk.id }] : [])),
    ),
  }
}
