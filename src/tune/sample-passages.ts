/**
 * Which passages questions are made of: spread over documents, their pages and the languages, by a seed. In: an index and collections. Out: chunks that
 * say something that can be asked for, in the order in which to take them. Neighbour: make-questions.ts.
 */
import type { IndexedChunk, Segment } from '../core/document.ts'
import type { CollectionId, RevisionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { searchTerms } from '../core/search-terms.ts'
import { seededRandom, shuffled } from '../core/seeded-random.ts'
import { familyOf } from '../retrieval/language-bias.ts'
import type { ChunkIndex } from '../store/chunk-index.ts'
import type { Ledger } from '../store/ledger.ts'
import { giveWay } from './give-way.ts'

export interface SamplingDeps {
  readonly ledger: { readonly documents: Pick<Ledger['documents'], 'visible'> }
  readonly index: Pick<ChunkIndex, 'countByRevision' | 'storedRows'>
}

/** Shorter ones ("OK.", "See Fig. 3.") answer nothing, or everything. */
const minAnswerTerms = 4
const minAnswerCharacters = 8
/** Longer ones are no sentences: lists that were not cut, or what OCR made of a drawing. */
const maxAnswerCharacters = 600
/** Of one document: some tries come to nothing, and one book must not be all that is asked for. */
const maxPassagesPerDocument = 400

/** Sentences and table rows of the chunk that a question can be answered by. */
export const answerSegments = ({ text, segments }: Pick<IndexedChunk, 'text' | 'segments'>): Segment[] =>
  segments.filter(({ kind, start, end }) => {
    const said = text.slice(start, end)
    return (
      (kind === 'sentence' || kind === 'row') &&
      said.length >= minAnswerCharacters &&
      said.length <= maxAnswerCharacters &&
      /\p{L}/u.test(said) &&
      new Set(searchTerms(said)).size >= minAnswerTerms
    )
  })

const isAskable = (chunk: IndexedChunk): boolean => chunk.language !== 'und' && answerSegments(chunk).length > 0

/** First of each list, then second of each, and so on. */
const inTurns = <Item>(lists: readonly (readonly Item[])[]): Item[] => {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat()
}

/**
 * At most `limit`; fewer where there are not so many.
 * @throws AbortError, index_failed
 */
export const samplePassages = async (
  deps: SamplingDeps,
  principal: Principal,
  options: {
    readonly collectionIds: readonly CollectionId[]
    readonly limit: number
    readonly seed: number
    readonly signal: AbortSignal
  },
): Promise<IndexedChunk[]> => {
  const { limit, signal } = options
  const random = seededRandom(options.seed)
  const revisions = shuffled(await readableRevisions(deps, principal, options.collectionIds), random)
  const perDocument = Math.min(
    maxPassagesPerDocument,
    Math.max(2, Math.ceil((2 * limit) / Math.max(1, revisions.length))),
  )
  const documents: IndexedChunk[][] = []
  let found = 0
  for (const revisionId of revisions) {
    await giveWay(signal)
    // Twice as many as wanted, so that there is something to choose the languages from.
    if (found >= 2 * limit) break
    const rows = [...(await deps.index.storedRows(revisionId)).values()].map(({ chunk }) => chunk)
    const askable = rows.filter(isAskable).sort((a, b) => a.ordinal - b.ordinal)
    const chosen = shuffled(askable, random).slice(0, perDocument)
    documents.push(chosen)
    found += chosen.length
  }
  const passages = inTurns(documents)
  const families = [...new Set(passages.map(({ language }) => familyOf(language)))]
  return inTurns(families.map((family) => passages.filter(({ language }) => familyOf(language) === family))).slice(
    0,
    limit,
  )
}

/** Of files: verified answers are found first anyway. Sorted, so that the seed decides alone. */
const readableRevisions = async (
  { ledger, index }: SamplingDeps,
  principal: Principal,
  collectionIds: readonly CollectionId[],
): Promise<RevisionId[]> => {
  const indexed = [...(await index.countByRevision()).keys()]
  const visible = await ledger.documents.visible(principal, indexed)
  const chosen = new Set(collectionIds)
  return [...visible]
    .filter(([, { collectionId, verifiedAnswer }]) => chosen.has(collectionId) && verifiedAnswer === undefined)
    .map(([id]) => id)
    .sort()
}
