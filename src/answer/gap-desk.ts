/**
 * Answering a gap: from what its owner writes and cites to a verified answer, a document of the collection that the worker indexes like any
 * other. In: text, questions, citations or a signature. Out: the gap, answered. Neighbours: HTTP before, intake and ledger after.
 * Invariant: what is cited is checked before anything is written; original, document and gap are then one step of the intake.
 */
import { Readable } from 'node:stream'
import { detectLanguage } from '../core/detect-language.ts'
import type { Language } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'
import type { DocumentId, GapId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import type { GapDetail } from '../store/gap-records.ts'
import type { Intake, ReceivedDocument } from '../store/intake.ts'
import type { Ledger } from '../store/ledger.ts'
import { answerOriginal, type CheckedCitation, type NewVerifiedAnswer } from '../store/verified-answer-content.ts'
import { type CitationRequest, type CitedPlaceDeps, resolveCitation } from './cited-place.ts'

export interface AnswerDraft {
  readonly text: string
  /** @default what its characters say, else the question's */
  readonly language?: Language | undefined
  /** Wordings that it answers. @default the gap's question */
  readonly questions?: readonly string[] | undefined
  /** Name of who answers for it; needed where nothing is cited. */
  readonly signedBy?: string | undefined
  readonly citations: readonly CitationRequest[]
}

interface GapDeskDeps extends CitedPlaceDeps {
  readonly ledger: Pick<Ledger, 'gaps' | 'documents' | 'revisions' | 'pages'>
  readonly intake: Pick<Intake, 'receive'>
}

/** A document's name holds 255 characters. */
const maxNameCharacters = 200

export class GapDesk {
  readonly #deps: GapDeskDeps

  constructor(deps: GapDeskDeps) {
    this.#deps = deps
  }

  /**
   * A new verified answer, or a revision of the one that the gap has.
   * @throws gap_not_found signature_missing passage_not_found quote_not_found citation_not_allowed document_not_found page_not_found disk_full
   */
  async answer(
    principal: Principal,
    id: GapId,
    draft: AnswerDraft,
  ): Promise<{ readonly gap: GapDetail; readonly document: ReceivedDocument }> {
    const { ledger, intake } = this.#deps
    const gap = await ledger.gaps.get(principal, id)
    if (draft.citations.length === 0 && draft.signedBy === undefined) {
      throw new KuraError('signature_missing', 'The answer cites nothing and nobody has signed it.')
    }
    const citations: CheckedCitation[] = []
    const of = { collectionId: gap.collectionId, answer: draft.text }
    for (const request of draft.citations) {
      citations.push(await resolveCitation(this.#deps, principal, of, request))
    }
    const answer = answerOf(gap, draft, citations, principal)
    const document = await intake.receive(principal, {
      name: documentName(answer.questions[0]),
      stream: Readable.from([Buffer.from(answerOriginal(answer))]),
      collectionId: gap.collectionId,
      ...(answer.language === 'und' ? {} : { language: answer.language }),
      ...revisionOf(gap),
      answer,
    })
    return { gap: await ledger.gaps.get(principal, id), document }
  }
}

const revisionOf = ({ answer }: GapDetail): { revisionOf?: DocumentId } =>
  answer === null ? {} : { revisionOf: answer.documentId }

const answerOf = (
  gap: GapDetail,
  { text, language, questions, signedBy }: AnswerDraft,
  citations: readonly CheckedCitation[],
  principal: Principal,
): NewVerifiedAnswer => {
  const [first = gap.question, ...others] = new Set(questions)
  return {
    gapId: gap.id,
    text,
    language: language ?? detectLanguage(text, gap.language),
    questions: [first, ...others],
    by: signedBy ?? principal.name,
    signed: signedBy !== undefined,
    at: new Date().toISOString(),
    citations,
  }
}

/** A label is the last part of a path: what would part it is replaced. */
const documentName = (question: string): string => {
  const name = question.replaceAll(/[\\/]/g, '∕').replaceAll(/\s+/g, ' ')
  return [...name].slice(0, maxNameCharacters).join('')
}
