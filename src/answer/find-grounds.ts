/**
 * What an answer can stand on: the passages of one wording of a question and their best sentences, told as they are found. In: a question, how it is searched
 * for, and what another wording has found already. Out: what may answer at this moment. Neighbours: `Retriever` and select-quotes.ts before, answerer.ts after.
 */
import type { AnswerEvent, Passage, Statement } from '../core/answer.ts'
import { detectLanguage } from '../core/detect-language.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import type { CollectionId, RevisionId } from '../core/ids.ts'
import type { Embedder } from '../core/models.ts'
import type { Principal } from '../core/principal.ts'
import { isForeign } from '../retrieval/language-bias.ts'
import { mergeSearches } from '../retrieval/merge-searches.ts'
import type { Retriever } from '../retrieval/retriever.ts'
import type { DocumentStore } from '../store/documents.ts'
import type { Ledger } from '../store/ledger.ts'
import { languageOf, type Progress } from './answer-progress.ts'
import { citationOf } from './cite.ts'
import { nearMissesOf, speaksOfAnother } from './near-miss.ts'
import { withOtherNames } from './other-names.ts'
import { type QuestionKind, questionKind } from './question-kind.ts'
import { type SelectedQuote, selectQuotes, toQuote } from './select-quotes.ts'
import { verifiedStatements } from './verified-answer.ts'

const passageLimit = 8
const quoteLimit = 5

/** Codes of a search that say nothing against the embedding engine. */
const harmless = new Set(['index_incomplete', 'reranking_skipped'])

/** Who asks for alarm E-302 is not shown E-303, where E-302 is there. */
const withAskedCodes = (question: string, quotes: readonly SelectedQuote[]): readonly SelectedQuote[] => {
  const own = quotes.filter(({ passage, segment }) => {
    const citations = [citationOf(passage, segment)]
    return !speaksOfAnother(question, { text: '', citations }, [passage])
  })
  return own.length > 0 ? own : quotes
}

/** Whether a question is in another language than the passage. */
export const isAskedAcross = (question: string, passage: Passage): boolean =>
  isForeign(detectLanguage(question, passage.language), passage)

/** How a question is searched for. */
export interface Wording {
  /** In the asker's words. */
  readonly question: string
  /** In the words that are looked for: the same, or a translation. */
  readonly query: string
  /** What another wording found. @default none */
  readonly beside?: readonly Passage[]
}

/** What was found. */
export interface Found extends Omit<Wording, 'beside'> {
  readonly kind: QuestionKind
  /** Those that may answer, best first. */
  readonly passages: readonly Passage[]
  readonly quotes: readonly SelectedQuote[]
  /** Of a verified answer to this question. */
  readonly verified: readonly Statement[] | undefined
}

export interface GroundsDeps {
  readonly ledger: Pick<Ledger, 'verifiedAnswers' | 'pages'> & { readonly documents: Pick<DocumentStore, 'visible'> }
  readonly retriever: Pick<Retriever, 'search'>
  readonly embedder: Embedder
}

interface Scope {
  readonly collectionIds: readonly CollectionId[]
  /** The time whose revisions are asked. @default now */
  readonly at?: Date | undefined
  readonly signal?: AbortSignal | undefined
}

/** Revisions that may answer still: one may be superseded or withdrawn while the answer is being made. */
export const visibleRevisions = async (
  { ledger }: Pick<GroundsDeps, 'ledger'>,
  principal: Principal,
  { at }: Scope,
  resting: readonly { readonly revisionId: RevisionId }[],
): Promise<ReadonlySet<RevisionId>> => {
  const ids = resting.map(({ revisionId }) => revisionId)
  return new Set((await ledger.documents.visible(principal, ids, at)).keys())
}

/** Searched for once more where what is found gives a name of the question another one. */
const search = async (
  deps: GroundsDeps,
  principal: Principal,
  { collectionIds, at, signal }: Scope,
  { question, query, beside = [] }: Wording,
  progress: Progress,
): Promise<Wording & { readonly found: readonly Passage[] }> => {
  const searchFor = async (wanted: string) => {
    const result = await deps.retriever.search(principal, {
      query: wanted,
      collectionIds,
      limit: passageLimit,
      at,
      signal,
    })
    for (const code of result.degraded) progress.degraded.add(code)
    if (result.ranking !== undefined) progress.ranking = result.ranking
    return result.passages
  }
  const first = await searchFor(query)
  const found = beside.length === 0 ? first : mergeSearches(beside, first, passageLimit)
  const named = withOtherNames(
    query,
    first.filter((passage) => !isAskedAcross(query, passage)),
  )
  if (named === query) return { question, query, found }
  const again = await searchFor(named)
  return {
    question: question === query ? named : question,
    query: named,
    found: mergeSearches(found, again, passageLimit),
  }
}

/** One search and its quotes; those of a second one replace the first's. */
export async function* findGrounds(
  deps: GroundsDeps,
  principal: Principal,
  scope: Scope,
  wording: Wording,
  progress: Progress,
): AsyncGenerator<AnswerEvent, Found> {
  const { signal } = scope
  const { beside = [] } = wording
  const { question, query, found } = await search(deps, principal, scope, wording, progress)
  progress.passages = found
  progress.language ??= languageOf(progress.question, found)
  yield { type: 'passages', passages: found }

  const candidates = await quotesOf(query, found, deps.embedder, progress, signal)
  const visible = await visibleRevisions(deps, principal, scope, found)
  const passages = found.filter(({ revisionId }) => visible.has(revisionId))
  const quotes = withAskedCodes(
    query,
    candidates.filter(({ passage }) => visible.has(passage.revisionId)),
  )
  const kind = questionKind(question)
  progress.quotes = quotes.map((quote) => toQuote(quote, kind))
  progress.retrieveMs ??= Date.now() - progress.startedAt
  yield { type: 'quotes', quotes: progress.quotes }

  const verified = await verifiedStatements(deps, principal, passages)
  // A passage that holds the code may have had to make room.
  progress.nearMisses = verified ? [] : nearMissesOf(question, [...passages, ...beside])
  return { question, query, kind, passages, quotes, verified }
}

/** Where the embedding engine is down, words choose alone. */
const quotesOf = async (
  query: string,
  passages: readonly Passage[],
  engine: Embedder,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<SelectedQuote[]> => {
  const options = { limit: quoteLimit, signal }
  const isEngineDown = [...progress.degraded].some((code) => !harmless.has(code))
  try {
    return await selectQuotes(query, passages, { ...options, embedder: isEngineDown ? undefined : engine })
  } catch (error) {
    if (isAbort(error) || !(error instanceof KuraError)) throw error
    progress.degraded.add(error.code)
    return selectQuotes(query, passages, { ...options, embedder: undefined })
  }
}
