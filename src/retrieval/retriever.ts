/**
 * From a question to passages: embed the question, search vectors and full text side by side within the readable collections, fuse,
 * keep what the ledger says may answer now, add page boxes. Neighbours: `ChunkIndex` and `Ledger` before, `src/answer` after.
 * Invariant: no passage leaves whose revision is not published, effective and readable at this moment.
 */
import type { Passage } from '../core/answer.ts'
import { detectLanguage } from '../core/detect-language.ts'
import type { IndexedChunk } from '../core/document.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import type { ChunkId, CollectionId } from '../core/ids.ts'
import type { Embedder } from '../core/models.ts'
import type { Principal } from '../core/principal.ts'
import { questionTerms, searchTerms } from '../core/search-terms.ts'
import type { ChunkIndex } from '../store/chunk-index.ts'
import type { Ledger } from '../store/ledger.ts'
import { type FusedHit, fuseLanes, type LaneHit, termCoverage } from './fuse-lanes.ts'
import { crossLanguageBonus, familyOf, otherLanguages } from './language-bias.ts'
import { pageBoxesOf } from './page-boxes.ts'

export interface SearchRequest {
  readonly query: string
  readonly collectionIds: readonly CollectionId[]
  /** How many passages at most. */
  readonly limit: number
  /** @default 'hybrid' */
  readonly mode?: 'hybrid' | 'vector' | 'text'
  readonly signal?: AbortSignal | undefined
}

export interface SearchResult {
  /** Best first. */
  readonly passages: readonly Passage[]
  /** `model_unavailable` where the vector lane was left out because no engine embeds; empty when all was well. */
  readonly degraded: readonly string[]
}

/** Hits taken from each lane; what is not visible is dropped afterwards, so there must be some to spare. */
const laneLimit = 50

type Hit = { readonly chunk: IndexedChunk; readonly score: number }

export class Retriever {
  readonly #ledger: Ledger
  readonly #index: () => Promise<ChunkIndex>
  readonly #embedder: Embedder

  /** @param deps `index` opens the index of the embedding model in use, once */
  constructor(deps: { ledger: Ledger; index: () => Promise<ChunkIndex>; embedder: Embedder }) {
    this.#ledger = deps.ledger
    this.#index = deps.index
    this.#embedder = deps.embedder
  }

  /** @throws model_unavailable in vector mode, and in all modes until the embedding model was up once; embedding_mismatch */
  async search(principal: Principal, request: SearchRequest): Promise<SearchResult> {
    if (request.collectionIds.length === 0) return { passages: [], degraded: [] }
    const index = await this.#index()
    const terms = questionTerms(request.query)
    const degraded: string[] = []
    const [vectorHits, textHits] = await Promise.all([
      this.#searchVectors(index, request).catch((error: unknown) => {
        if (request.mode === 'vector' || isAbort(error) || !(error instanceof KuraError)) throw error
        degraded.push(error.code)
        return []
      }),
      request.mode === 'vector' ? [] : index.textSearch(terms, { ...request, limit: laneLimit }),
    ])
    const chunks = new Map([...vectorHits, ...textHits].map(({ chunk }) => [chunk.id, chunk]))
    const bestText = textHits[0]
    const coverage = bestText ? termCoverage(terms, new Set(termsOf(bestText.chunk))) : 0
    const cosines = new Map(vectorHits.map(({ chunk, score }) => [chunk.id, score]))
    const fused = fuseLanes(await this.#compareLanguages(vectorHits, request), textHits.map(toLaneHit), coverage).map(
      (hit) => ({ ...hit, ...(hit.vector === undefined ? {} : { vector: cosines.get(hit.key) ?? hit.vector }) }),
    )
    return { passages: await this.#toPassages(principal, fused, chunks, request), degraded }
  }

  async #searchVectors(index: ChunkIndex, request: SearchRequest): Promise<Hit[]> {
    if (request.mode === 'text') return []
    const [vector] = await this.#embedder.embedQueries([request.query], {
      signal: request.signal,
      priority: 'question',
    })
    if (!vector) throw new KuraError('model_failed', 'The embedding engine gave no vector for the question.')
    const nearest = await index.vectorSearch(vector, { ...request, limit: laneLimit })
    const languages = otherLanguages(detectLanguage(request.query))
    // The nearest may all be of the question's language; see `language-bias.ts`.
    const others =
      languages.length === 0 ? [] : await index.vectorSearch(vector, { ...request, languages, limit: laneLimit })
    return [...new Map([...nearest, ...others].map((hit) => [hit.chunk.id, hit])).values()]
  }

  /** The vector lane's order over all languages. */
  async #compareLanguages(hits: readonly Hit[], request: SearchRequest): Promise<LaneHit<ChunkId>[]> {
    const asked = detectLanguage(request.query)
    if (hits.every(({ chunk }) => familyOf(chunk.language) === familyOf(asked))) return hits.map(toLaneHit)
    const { name } = await this.#embedder.info({ signal: request.signal })
    return hits.map(({ chunk, score }) => {
      const label = [chunk.documentName, ...chunk.headingPath].join(' ')
      const bonus = crossLanguageBonus(name, asked, { language: chunk.language, label })
      return { key: chunk.id, score: score + bonus }
    })
  }

  async #toPassages(
    principal: Principal,
    fused: readonly FusedHit<ChunkId>[],
    chunks: ReadonlyMap<ChunkId, IndexedChunk>,
    request: SearchRequest,
  ): Promise<Passage[]> {
    const visible = await this.#ledger.documents.visible(principal, [
      ...new Set([...chunks.values()].map((chunk) => chunk.revisionId)),
    ])
    const readable = new Set(request.collectionIds)
    const passages: Passage[] = []
    for (const { key, ...scores } of fused) {
      if (passages.length === request.limit) break
      const chunk = chunks.get(key)
      const revision = chunk && visible.get(chunk.revisionId)
      if (!chunk || !revision || !readable.has(revision.collectionId)) continue
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
        segmentBoxes: await this.#boxesOf(chunk),
        scores,
      })
    }
    return passages
  }

  async #boxesOf(chunk: IndexedChunk): Promise<Passage['segmentBoxes']> {
    const lines = await this.#ledger.pages.lines(chunk.revisionId, [...new Set(chunk.segments.map(({ page }) => page))])
    return chunk.segments.map(({ page, pageStart, pageEnd }) =>
      pageBoxesOf(page, { start: pageStart, end: pageEnd }, lines.get(page) ?? []),
    )
  }
}

const toLaneHit = ({ chunk, score }: Hit) => ({ key: chunk.id, score })

const termsOf = (chunk: IndexedChunk): string[] =>
  searchTerms([chunk.documentName, ...chunk.headingPath, chunk.text].join('\n'))
