/**
 * From a question to passages: embed the question, search the lanes side by side within the readable collections and the revisions in force,
 * rank, rerank, fold copies, join neighbours, keep what the ledger says may answer at this moment, add where it stands.
 * Neighbours: `ChunkIndex` and `Ledger` before, `src/answer` after; search-lanes.ts, rank-candidates.ts and the others here are its stages.
 * Invariant: no passage leaves whose revision is not published, readable, and in force at the time that is asked (now, if none is).
 */
import type { Passage, PassagePlace } from '../core/answer.ts'
import type { IndexedChunk } from '../core/document.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import type { ChunkId, CollectionId, RevisionId } from '../core/ids.ts'
import type { Embedder, Reranker } from '../core/models.ts'
import type { Principal } from '../core/principal.ts'
import type { SearchTrace } from '../core/search-trace.ts'
import type { ChunkIndex } from '../store/chunk-index.ts'
import type { Ledger } from '../store/ledger.ts'
import type { ScoredChunk } from '../store/search-scope.ts'
import type { VisibleRevision } from '../store/visible-revisions.ts'
import { type AssembledPassage, assemblePassages } from './assemble-passages.ts'
import { collectFeatures } from './collect-features.ts'
import { bringForward, findVerifiedAnswer, verifiedMark } from './match-verified.ts'
import { placesOf } from './page-boxes.ts'
import { rankCandidates } from './rank-candidates.ts'
import type { RankingParameters } from './ranking-parameters.ts'
import { RerankStage } from './rerank-candidates.ts'
import {
  type LaneHits,
  laneLimit,
  laneNames,
  type PreparedQuestion,
  prepareQuestion,
  type SearchMode,
  searchLanes,
} from './search-lanes.ts'
import { traceLanes, traceRanked } from './trace-search.ts'

export interface SearchRequest {
  readonly query: string
  readonly collectionIds: readonly CollectionId[]
  /** How many passages at most. */
  readonly limit: number
  /** @default 'hybrid' */
  readonly mode?: SearchMode
  /** The time whose revisions are asked. @default now, at each step anew */
  readonly at?: Date | undefined
  /** Whether to tell how the passages were found. */
  readonly explain?: boolean
  readonly signal?: AbortSignal | undefined
}

export interface SearchResult {
  /** Best first. */
  readonly passages: readonly Passage[]
  /**
   * `model_unavailable` where the vector lane was left out because no engine embeds, `reranking_skipped` where the reranking model did not
   * answer in time; empty when all was well.
   */
  readonly degraded: readonly string[]
  /** Id of the tuning that was applied; missing where the built-in parameters ranked. */
  readonly ranking?: string
  /** Where it was asked for. */
  readonly trace?: SearchTrace
}

/**
 * Leaving out 10,000 revisions takes the index 110 to 570 ms for each lane, with any index on their column. Above this number the lanes are
 * searched without, first; what may not answer is dropped from the hits, and only where that is most of them the index has to leave it out.
 */
const cheaplyHidden = 1_000

/** Times that the lanes are searched for one question; more than one only where the index holds what the ledger does not know. */
const maxRounds = 4

/** What the lanes gave for one question. */
interface Found {
  readonly lanes: LaneHits
  /** Of the revisions found those that may answer. */
  readonly visible: ReadonlyMap<RevisionId, VisibleRevision>
  readonly hiddenHits: number
  /** Whether in each lane at least half of the hits may answer, so that the index hides nothing of worth behind the others. */
  readonly isEnough: boolean
}

export interface RetrieverDeps {
  readonly ledger: Ledger
  /** Opens the index of the embedding model in use, once. */
  readonly index: () => Promise<ChunkIndex>
  readonly embedder: Embedder
  /** Those that hold now. */
  readonly parameters: () => RankingParameters
  /** Moves the vector of a question nearer to where its passages lie; same length, L2-normalised. @default none */
  readonly adaptQuery?: (vector: Float32Array) => Float32Array
  /** Undefined where no reranking model is installed. @default none */
  readonly reranker?: () => Reranker | undefined
}

interface Progress {
  readonly principal: Principal
  readonly request: SearchRequest
  readonly index: ChunkIndex
  readonly degraded: Set<string>
  /** Takes note that the vector lane failed, where the others may stand in. @throws the error where they may not */
  readonly withoutVectors: (error: unknown) => undefined
}

export class Retriever {
  readonly #deps: RetrieverDeps
  readonly #reranking: RerankStage

  constructor(deps: RetrieverDeps) {
    this.#deps = deps
    this.#reranking = new RerankStage(deps.reranker ?? (() => undefined))
  }

  /** @throws model_unavailable in vector mode, and in all modes until the embedding model was up once; embedding_mismatch */
  async search(principal: Principal, request: SearchRequest): Promise<SearchResult> {
    if (request.collectionIds.length === 0) return { passages: [], degraded: [] }
    const degraded = new Set<string>()
    const withoutVectors = (error: unknown): undefined => {
      if (request.mode === 'vector' || isAbort(error) || !(error instanceof KuraError)) throw error
      degraded.add(error.code)
    }
    const progress = { principal, request, index: await this.#deps.index(), degraded, withoutVectors }
    const question = prepareQuestion(request.query, await this.#embed(request).catch(withoutVectors))
    const found = await this.#find(progress, question)
    const result = await this.#rank(progress, question, found)
    return { ...result, degraded: [...degraded] }
  }

  async #embed(request: SearchRequest): Promise<Float32Array | undefined> {
    if (request.mode === 'text') return undefined
    const [vector] = await this.#deps.embedder.embedQueries([request.query], {
      signal: request.signal,
      priority: 'question',
    })
    if (!vector) throw new KuraError('model_failed', 'The embedding engine gave no vector for the question.')
    return this.#deps.adaptQuery?.(vector) ?? vector
  }

  /**
   * Hits that may answer. What may not is left out by the index; rows that the ledger knows nothing of yet, or nothing any more (deleted and
   * not yet purged), come to light only here: as they took the places of others, the lanes are searched again without them.
   */
  async #find(progress: Progress, question: PreparedQuestion): Promise<Found> {
    const { collectionIds, at } = progress.request
    const hidden = await this.#deps.ledger.documents.hidden(collectionIds, at)
    let hiddenHits = 0
    if (hidden.length > cheaplyHidden) {
      const { refused: _, ...found } = await this.#searchVisible(progress, question, [])
      if (found.isEnough) return found
      hiddenHits += found.hiddenHits
    }
    for (let round = 1; ; round += 1) {
      const { refused, ...found } = await this.#searchVisible(progress, question, hidden)
      hiddenHits += found.hiddenHits
      if (refused.length === 0 || round === maxRounds) return { ...found, hiddenHits }
      hidden.push(...refused)
    }
  }

  async #searchVisible(
    { principal, request, index, withoutVectors }: Progress,
    question: PreparedQuestion,
    hidden: readonly RevisionId[],
  ): Promise<Found & { readonly refused: readonly RevisionId[] }> {
    const { collectionIds, at, signal, mode = 'hybrid' } = request
    const lanes = await searchLanes(index, question, { collectionIds, hidden, signal }, { mode, withoutVectors })
    const all = Object.values(lanes).flat()
    const revisions = [...new Set(all.map(({ chunk }) => chunk.revisionId))]
    const visible = await this.#deps.ledger.documents.visible(principal, revisions, at)
    const readable = new Set(collectionIds)
    const mayAnswer = ({ chunk }: ScoredChunk): boolean => {
      const revision = visible.get(chunk.revisionId)
      return revision !== undefined && readable.has(revision.collectionId)
    }
    const readableLanes = {
      vector: lanes.vector.filter(mayAnswer),
      text: lanes.text.filter(mayAnswer),
      heading: lanes.heading.filter(mayAnswer),
      identifier: lanes.identifier.filter(mayAnswer),
    }
    const isEnough = laneNames.every(
      (lane) => lanes[lane].length < laneLimit || readableLanes[lane].length * 2 >= lanes[lane].length,
    )
    return {
      lanes: readableLanes,
      isEnough,
      visible,
      hiddenHits: all.filter((hit) => !mayAnswer(hit)).length,
      refused: revisions.filter((id) => !visible.has(id)),
    }
  }

  async #rank(progress: Progress, question: PreparedQuestion, found: Found): Promise<Omit<SearchResult, 'degraded'>> {
    const { request, degraded } = progress
    const parameters = this.#deps.parameters()
    const model = question.vector && (await this.#deps.embedder.info({ signal: request.signal })).name
    const { features, chunks, identifiers } = collectFeatures(question, found.lanes, model)
    const { ranked, weights } = rankCandidates(features, parameters)
    const options = { weight: parameters.rerankWeight, signal: request.signal }
    const reranked =
      request.mode === undefined || request.mode === 'hybrid'
        ? await this.#reranking.rerank(request.query, ranked, chunks, options)
        : { ranked, scores: new Map<ChunkId, number>() }
    if (reranked.degraded) degraded.add(reranked.degraded)
    const { embedder } = this.#deps
    const verified = await findVerifiedAnswer(request.query, found.visible, { embedder, signal: request.signal })
    const assembled = assemblePassages(bringForward(reranked.ranked, chunks, verified), chunks, request.limit)
    const passages = await this.#toPassages(assembled.passages, reranked.scores, found.visible, verified)
    if (!request.explain) return { passages }
    const trace: SearchTrace = {
      terms: question.terms,
      identifiers,
      language: question.language,
      lanes: traceLanes(found.lanes),
      coverage: features.coverage,
      weights,
      ranked: traceRanked(reranked.ranked),
      reranked: [...reranked.scores].map(([passageId, score]) => ({ passageId, score })),
      folded: assembled.folded,
      joined: assembled.joined,
      hiddenHits: found.hiddenHits,
    }
    return { passages, trace }
  }

  async #toPassages(
    found: readonly AssembledPassage[],
    rerankScores: ReadonlyMap<ChunkId, number>,
    visible: Found['visible'],
    verified: RevisionId | undefined,
  ): Promise<Passage[]> {
    const passages: Passage[] = []
    for (const { chunk, best, copies } of found) {
      const known = visible.get(chunk.revisionId)
      if (!known) continue
      const { verifiedAnswer, ...revision } = known
      const pages = [...new Set(chunk.segments.map(({ page }) => page))]
      const rerank = rerankScores.get(chunk.id)
      const { id: _, languageBonus: __, ...scores } = best.features
      const alsoIn = copies.flatMap((copy) => placeOf(copy, visible) ?? [])
      passages.push({
        id: chunk.id,
        ...revision,
        revisionId: chunk.revisionId,
        pageStart: chunk.pageStart,
        pageEnd: chunk.pageEnd,
        heading: chunk.headingPath.join(' › '),
        text: chunk.text,
        segments: chunk.segments,
        language: chunk.language,
        ...placesOf(chunk, await this.#deps.ledger.pages.layouts(chunk.revisionId, pages)),
        ...verifiedMark(verifiedAnswer, chunk.revisionId === verified),
        scores: { fused: best.fused, ...scores, ...(rerank === undefined ? {} : { rerank }) },
        ...(alsoIn.length === 0 ? {} : { alsoIn }),
      })
    }
    return passages
  }
}

const placeOf = (chunk: IndexedChunk, visible: Found['visible']): PassagePlace | undefined => {
  const revision = visible.get(chunk.revisionId)
  if (!revision) return undefined
  const { documentId, documentName, revision: label, collectionId } = revision
  const { id: passageId, revisionId, pageStart, pageEnd } = chunk
  return { passageId, documentId, documentName, revisionId, revision: label, collectionId, pageStart, pageEnd }
}
