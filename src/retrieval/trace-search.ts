/** The trace of a search from what its stages hold. In: hits and candidates. Out: the plain data of core/search-trace.ts. */
import type { LaneName, LaneTraceHit, RankedTraceHit, SearchTrace } from '../core/search-trace.ts'
import type { RankedCandidate } from './rank-candidates.ts'
import type { LaneHits } from './search-lanes.ts'

export const traceLanes = (lanes: LaneHits): SearchTrace['lanes'] => {
  const hitsOf = (lane: LaneName): LaneTraceHit[] =>
    lanes[lane].map(({ chunk, score }, i) => ({
      passageId: chunk.id,
      documentId: chunk.documentId,
      revisionId: chunk.revisionId,
      documentName: chunk.documentName,
      page: chunk.pageStart,
      rank: i + 1,
      score,
    }))
  return {
    vector: hitsOf('vector'),
    text: hitsOf('text'),
    heading: hitsOf('heading'),
    identifier: hitsOf('identifier'),
  }
}

export const traceRanked = (ranked: readonly RankedCandidate[]): RankedTraceHit[] =>
  ranked.map(({ features: { id, ...scores }, fused }) => ({ passageId: id, fused, ...scores }))
