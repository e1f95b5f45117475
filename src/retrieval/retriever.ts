/**
 * From a question to passages: embed the question, search vectors and full text side by side within the readable collections and the
 * revisions in force, fuse, keep what the ledger says may answer at this moment, add where it stands. Neighbours: `ChunkIndex` and `Ledger`
 * before, `src/answer` after.
 * Invariant: no passage leaves whose revision is not published, readable, and in force at the time that is asked (now, if none is).
 */
import type { Passage } from '../core/answer.ts'
import { detectLanguage } from '../core/detect-language.ts'
import type { IndexedChunk } from '../core/document.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import type { ChunkId, CollectionId, RevisionId } from '../core/ids.ts'
import type { Embedder } from '../core/models.ts'
import type { Principal } from '../core/principal.ts'
import { questionTerms, searchTerms } from '../core/search-terms.ts'
import type { ChunkIndex } from '../store/chunk-index.ts'
import type { Ledger } from '../store/ledger.ts'
import type { VisibleRevision } from '../store/visible-revisions.ts'
import { type FusedHit, fuseLanes, type LaneHit, termCoverage } from './fuse-lanes.ts'
import { crossLanguageBonus, familyOf, otherLanguages } from './language-bias.ts'
import { placesOf } from './page-boxes.ts'

export interface SearchRequest {
  readonly query: string
  readonly collectionIds: readonly CollectionId[]
  /** How many passages at most. */
  readonly limit: number
  /** @default 'hybrid' */
  readonly mode?: 'hybrid' | 'vector' | 'text'
  /** The time whose revisions are asked. @default now, at each step anew */
  readonly at?: Date | undefined
  readonly signal?: AbortSignal | undefined
}

export interface SearchResult {
  /** Best first. */
  readonly passages: readonly Passage[]
  /** `model_unavailable` where the vector lane was left out because no engine embeds; empty when all was well. */
  readonly degraded: readonly string[]
}

/** Hits taken from each lane. */
const laneLimit = 50
/** Times that the lanes are searched for one question; more than one only where the index holds what the ledger does not know. */
const maxRounds = 4

type Hit = { readonly chunk: IndexedChunk; readonly score: number }

/** What both lanes gave for one question. */
interface Found {
  readonly vectorHits: readonly Hit[]
  readonly textHits: readonly Hit[]
  /** Of the revisions found those that may answer. */
  readonly visible: ReadonlyMap<RevisionId, VisibleRevision>
}

/** The question, made ready for the lanes once. */
interface PreparedQuestion {
  /** undefined where the vector lane is left out. */
  readonly vector: Float32Array | undefined
  readonly terms: readonly string[]
  /** Takes note that the vector lane failed, where the other one may stand in. @throws the error where it may not */
  readonly withoutVectors: (error: unknown) => undefined
}

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
    const degraded = new Set<string>()
    const withoutVectors = (error: unknown): undefined => {
      if (request.mode === 'vector' || isAbort(error) || !(error instanceof KuraError)) throw error
      degraded.add(error.code)
    }
    const vector = await this.#embed(request).catch(withoutVectors)
    const question = { vector, terms, withoutVectors }
    const { vectorHits, textHits, visible } = await this.#find(principal, index, question, request)
    const chunks = new Map([...vectorHits, ...textHits].map(({ chunk }) => [chunk.id, chunk]))
    const bestText = textHits[0]
    const coverage = bestText ? termCoverage(terms, new Set(termsOf(bestText.chunk))) : 0
    const cosines = new Map(vectorHits.map(({ chunk, score }) => [chunk.id, score]))
    const fused = fuseLanes(await this.#compareLanguages(vectorHits, request), textHits.map(toLaneHit), coverage).map(
      (hit) => ({ ...hit, ...(hit.vector === undefined ? {} : { vector: cosines.get(hit.key) ?? hit.vector }) }),
    )
    return { passages: await this.#toPassages(fused, chunks, visible, request.limit), degraded: [...degraded] }
  }

  async #embed(request: SearchRequest): Promise<Float32Array | undefined> {
    if (request.mode === 'text') return undefined
    const [vector] = await this.#embedder.embedQueries([request.query], {
      signal: request.signal,
      priority: 'question',
    })
    if (!vector) throw new KuraError('model_failed', 'The embedding engine gave no vector for the question.')
    return vector
  }

  /**
   * Hits that may answer. What may not is left out by the index; rows that the ledger knows nothing of yet, or nothing any more (deleted and
   * not yet purged), come to light only here: as they took the places of others, the lanes are searched again without them.
   */
  async #find(
    principal: Principal,
    index: ChunkIndex,
    question: PreparedQuestion,
    request: SearchRequest,
  ): Promise<Found> {
    const hidden = await this.#ledger.documents.hidden(request.collectionIds, request.at)
    for (let round = 1; ; round += 1) {
      const found = await this.#searchLanes(principal, index, question, request, hidden)
      if (found.refused.length === 0 || round === maxRounds) return found
      hidden.push(...found.refused)
    }
  }

  async #searchLanes(
    principal: Principal,
    index: ChunkIndex,
    { vector, terms, withoutVectors }: PreparedQuestion,
    request: SearchRequest,
    hidden: readonly RevisionId[],
  ): Promise<Found & { readonly refused: readonly RevisionId[] }> {
    const { collectionIds, signal } = request
    const scope = { collectionIds, hidden, signal, limit: laneLimit }
    // The nearest may all be of the question's language; see `language-bias.ts`.
    const languages = otherLanguages(detectLanguage(request.query))
    const searchVectors = async (of: Float32Array): Promise<Hit[]> => {
      const [nearest, others] = await Promise.all([
        index.vectorSearch(of, scope),
        languages.length > 0 ? index.vectorSearch(of, { ...scope, languages }) : [],
      ])
      return [...new Map([...nearest, ...others].map((hit) => [hit.chunk.id, hit])).values()]
    }
    const [near = [], words] = await Promise.all([
      vector && searchVectors(vector).catch(withoutVectors),
      request.mode === 'vector' ? [] : index.textSearch(terms, scope),
    ])
    const found = [...new Set([...near, ...words].map(({ chunk }) => chunk.revisionId))]
    const visible = await this.#ledger.documents.visible(principal, found, request.at)
    const readable = new Set(collectionIds)
    const mayAnswer = ({ chunk }: Hit): boolean => {
      const revision = visible.get(chunk.revisionId)
      return revision !== undefined && readable.has(revision.collectionId)
    }
    return {
      vectorHits: near.filter(mayAnswer),
      textHits: words.filter(mayAnswer),
      visible,
      refused: found.filter((id) => !visible.has(id)),
    }
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
    fused: readonly FusedHit<ChunkId>[],
    chunks: ReadonlyMap<ChunkId, IndexedChunk>,
    visible: Found['visible'],
    limit: number,
  ): Promise<Passage[]> {
    const passages: Passage[] = []
    for (const { key, ...scores } of fused.slice(0, limit)) {
      const chunk = chunks.get(key)
      const revision = chunk && visible.get(chunk.revisionId)
      if (!chunk || !revision) continue
      const pages = [...new Set(chunk.segments.map(({ page }) => page))]
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
        ...placesOf(chunk, await this.#ledger.pages.layouts(chunk.revisionId, pages)),
        scores,
      })
    }
    return passages
  }
}

const toLaneHit = ({ chunk, score }: Hit) => ({ key: chunk.id, score })

const termsOf = (chunk: IndexedChunk): string[] =>
  searchTerms([chunk.documentName, ...chunk.headingPath, chunk.text].join('\n'))
