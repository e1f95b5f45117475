/**
 * From what an owner cites - a passage, or a page of a document, with the words or without - to a checked place. In: ledger and index. Out: the
 * revision in force, the page, and a quote that is the page's own text. Used by gap-desk.ts.
 * Invariant: `quote` is the page's text from `pageStart` to `pageEnd`.
 */
import type { IndexedChunk, Segment } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'
import type { ChunkId, CollectionId, DocumentId, RevisionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { questionTerms, searchTerms } from '../core/search-terms.ts'
import type { ChunkIndex } from '../store/chunk-index.ts'
import type { Ledger } from '../store/ledger.ts'
import type { CheckedCitation } from '../store/verified-answer-content.ts'
import type { VisibleRevision } from '../store/visible-revisions.ts'

/** `quote`: word for word, blanks aside. Without it the sentence that has most words of the answer is taken. */
export type CitationRequest =
  | { readonly passageId: ChunkId; readonly quote?: string | undefined }
  | { readonly documentId: DocumentId; readonly page: number; readonly quote?: string | undefined }

export interface CitedPlaceDeps {
  readonly ledger: Pick<Ledger, 'documents' | 'revisions' | 'pages'>
  readonly index: () => Promise<Pick<ChunkIndex, 'storedRows'>>
}

/** A quote is a sentence or a few; a page is no quote. */
const maxQuoteCharacters = 2000

interface Source {
  readonly revisionId: RevisionId
  readonly revision: VisibleRevision
  readonly chunks: readonly IndexedChunk[]
  /** The passage that was named. */
  readonly chunk: IndexedChunk | undefined
  readonly pages: readonly number[]
}

const revisionOf = (passageId: ChunkId): RevisionId => passageId.slice(0, passageId.lastIndexOf('.')) as RevisionId

const passageNotFound = (): KuraError =>
  new KuraError('passage_not_found', 'There is no passage of this id (any more).')

const findSource = async (
  deps: CitedPlaceDeps,
  principal: Principal,
  collectionId: CollectionId,
  request: CitationRequest,
): Promise<Source> => {
  const { ledger } = deps
  const isPassage = 'passageId' in request
  const revisionId = isPassage
    ? revisionOf(request.passageId)
    : (await ledger.revisions.shown(principal, request.documentId)).id
  const revision = (await ledger.documents.visible(principal, [revisionId])).get(revisionId)
  if (revision === undefined) {
    if (isPassage && (await isUnknown(deps, revisionId))) throw passageNotFound()
    throw new KuraError('citation_not_allowed', 'What is cited is not in force: nothing can rest on it.')
  }
  if (revision.collectionId !== collectionId || revision.verifiedAnswer !== undefined) {
    throw new KuraError('citation_not_allowed', 'Only files of the collection of the question can be cited.')
  }
  const rows = await (await deps.index()).storedRows(revisionId)
  const chunks = [...rows.values()].map(({ chunk }) => chunk)
  if (!isPassage) return { revisionId, revision, chunks, chunk: undefined, pages: [request.page] }
  const chunk = rows.get(request.passageId)?.chunk
  if (chunk === undefined) throw passageNotFound()
  return { revisionId, revision, chunks, chunk, pages: [...new Set(chunk.segments.map(({ page }) => page))] }
}

const isUnknown = async ({ ledger }: CitedPlaceDeps, revisionId: RevisionId): Promise<boolean> =>
  ledger.documents.sourceOf(revisionId).then(
    () => false,
    () => true,
  )

interface Place {
  readonly page: number
  readonly start: number
  readonly end: number
}

/** The words in the page's text; a blank stands for any run of blanks. */
const findQuote = (text: string, quote: string): { start: number; end: number } | undefined => {
  const words = quote.trim().split(/\s+/)
  const pattern = words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s+')
  const found = new RegExp(pattern, 'u').exec(text)
  return found === null ? undefined : { start: found.index, end: found.index + found[0].length }
}

const quotable = (segments: readonly Segment[], pages: readonly number[]): Segment[] =>
  segments.filter(({ kind, page }) => (kind === 'sentence' || kind === 'row') && pages.includes(page))

/** The sentence that shares most terms with the answer; the first where none does, as across languages. */
const bestSentence = (answer: string, { chunks, chunk, pages }: Source): Place | undefined => {
  const wanted = new Set(questionTerms(answer))
  const shared = (text: string): number => [...new Set(searchTerms(text))].filter((term) => wanted.has(term)).length
  const candidates = (chunk ? [chunk] : chunks).flatMap((each) =>
    quotable(each.segments, pages).map((segment) => ({
      segment,
      count: shared(each.text.slice(segment.start, segment.end)),
    })),
  )
  const [best] = candidates.toSorted((a, b) => b.count - a.count)
  return best && { page: best.segment.page, start: best.segment.pageStart, end: best.segment.pageEnd }
}

/** The passage that holds the place: the one that was named, if it does. */
const passageOf = ({ chunk, chunks }: Source, { page, start, end }: Place): IndexedChunk | undefined => {
  const overlap = (each: IndexedChunk): number =>
    each.segments
      .filter((segment) => segment.page === page)
      .reduce(
        (sum, { pageStart, pageEnd }) => sum + Math.max(0, Math.min(pageEnd, end) - Math.max(pageStart, start)),
        0,
      )
  const ordered = chunk ? [chunk, ...chunks] : chunks
  return ordered.toSorted((a, b) => overlap(b) - overlap(a)).find((each) => overlap(each) > 0)
}

/** @throws passage_not_found, document_not_found, page_not_found, quote_not_found, citation_not_allowed */
export const resolveCitation = async (
  deps: CitedPlaceDeps,
  principal: Principal,
  of: { readonly collectionId: CollectionId; readonly answer: string },
  request: CitationRequest,
): Promise<CheckedCitation> => {
  const source = await findSource(deps, principal, of.collectionId, request)
  const { revisionId, revision } = source
  const texts = new Map<number, string>()
  for (const page of source.pages) texts.set(page, (await deps.ledger.pages.get(principal, revisionId, page)).text)
  const place = findPlace(source, texts, of.answer, request.quote)
  const chunk = place && passageOf(source, place)
  if (!place || !chunk) {
    throw new KuraError('quote_not_found', `The quote does not stand on page ${source.pages.join(', ')}.`)
  }
  const quote = texts.get(place.page)?.slice(place.start, place.end) ?? ''
  if (quote.length > maxQuoteCharacters) {
    throw new KuraError('quote_not_found', `The quote has more than ${maxQuoteCharacters} characters.`)
  }
  const { documentId, documentName } = revision
  const named = { documentId, documentName, revisionId, revision: revision.revision, passageId: chunk.id }
  return { ...named, page: place.page, pageStart: place.start, pageEnd: place.end, quote }
}

const findPlace = (
  source: Source,
  texts: ReadonlyMap<number, string>,
  answer: string,
  quote: string | undefined,
): Place | undefined => {
  if (quote === undefined) return bestSentence(answer, source)
  for (const [page, text] of texts) {
    const found = findQuote(text, quote)
    if (found) return { page, ...found }
  }
  return undefined
}
