/**
 * A verified answer as statements: line by line, verbatim, each with what the answer cites, without a model. In: the passages that were found.
 * Out: the statements of the best one that was given for this question; undefined where there is none. Called by answerer.ts after retrieval.
 * Invariant: what it cites was in force at the time asked when its passage was found visible (answer-validity.ts).
 */
import type { Citation, Passage, Statement } from '../core/answer.ts'
import type { Principal } from '../core/principal.ts'
import { cellsOf } from '../retrieval/cell-ranges.ts'
import { pageBoxesOf } from '../retrieval/page-boxes.ts'
import type { CitedPlace } from '../store/gap-records.ts'
import type { Ledger } from '../store/ledger.ts'
import { answerLines } from '../store/verified-answer-content.ts'
import { citationOf } from './cite.ts'

export interface VerifiedAnswerDeps {
  readonly ledger: Pick<Ledger, 'verifiedAnswers' | 'pages'>
}

/** @param passages that may answer at the time asked, best first */
export const verifiedStatements = async (
  { ledger }: VerifiedAnswerDeps,
  principal: Principal,
  passages: readonly Passage[],
): Promise<Statement[] | undefined> => {
  const passage = passages.find(({ verified }) => verified?.answersQuestion === true)
  if (passage === undefined) return undefined
  const answer = await ledger.verifiedAnswers.ofRevision(principal, passage.revisionId)
  if (answer === undefined) return undefined
  const verified = { by: answer.by, at: answer.at }
  const cited: Citation[] = []
  for (const place of answer.citations) cited.push(await toCitation(ledger, place))
  return answerLines(answer.text).map((text) => ({
    text,
    citations: cited.length > 0 ? cited : [ownCitation(passage, text)],
    verified,
  }))
}

const toCitation = async (
  ledger: VerifiedAnswerDeps['ledger'],
  { passageId, documentId, documentName, revisionId, revision, page, pageStart, pageEnd, quote }: CitedPlace,
): Promise<Citation> => {
  const layout = (await ledger.pages.layouts(revisionId, [page])).get(page)
  const range = { start: pageStart, end: pageEnd }
  const cells = cellsOf(range, layout?.cells ?? [])
  return {
    passageId,
    documentId,
    documentName,
    revisionId,
    revision,
    page,
    ...(layout?.label ? { pageLabel: layout.label } : {}),
    ...(cells ? { cells } : {}),
    quote,
    boxes: pageBoxesOf(page, range, layout?.lines ?? []),
  }
}

/** A signed answer without sources stands on itself. */
const ownCitation = (passage: Passage, line: string): Citation => {
  const segment =
    passage.segments.find(({ start, end }) => line.includes(passage.text.slice(start, end))) ?? passage.segments.at(-1)
  if (segment !== undefined) return { ...citationOf(passage, segment), quote: line }
  const { id: passageId, documentId, documentName, revisionId, revision } = passage
  return { passageId, documentId, documentName, revisionId, revision, page: 1, quote: line, boxes: [] }
}
