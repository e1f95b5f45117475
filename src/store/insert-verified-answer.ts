/**
 * The part of a verified answer's creation that files do not have: its page is known already, what it cites is written down, and its gap is
 * closed. Called by create-document.ts within the transaction that makes the revision: a crash leaves all of it or nothing.
 */
import { KuraError } from '../core/errors.ts'
import type { DocumentId, RevisionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import type { LedgerTransaction } from './ledger-schema.ts'
import { PageStore } from './pages.ts'
import { answerPage, type NewVerifiedAnswer } from './verified-answer-content.ts'

/** @throws gap_not_found */
export const insertVerifiedAnswer = async (
  trx: LedgerTransaction,
  principal: Principal,
  of: { documentId: DocumentId; revisionId: RevisionId },
  answer: NewVerifiedAnswer,
): Promise<void> => {
  const { documentId, revisionId } = of
  await trx
    .updateTable('revisions')
    .set({ format: 'answer', paginated: 0, title: answer.questions[0], pageTotal: 1, parsedAt: answer.at })
    .where('id', '=', revisionId)
    .execute()
  await PageStore.saveWithin(trx, revisionId, [answerPage(answer)])
  await trx
    .insertInto('verifiedAnswers')
    .values({
      revisionId,
      text: answer.text,
      language: answer.language,
      questions: JSON.stringify(answer.questions),
      verifiedBy: answer.by,
      signed: answer.signed ? 1 : 0,
      principalId: principal.id,
      verifiedAt: answer.at,
    })
    .execute()
  for (const [ordinal, cited] of answer.citations.entries()) {
    const {
      documentId: citedDocumentId,
      revisionId: citedRevisionId,
      passageId,
      page,
      pageStart,
      pageEnd,
      quote,
    } = cited
    await trx
      .insertInto('answerCitations')
      .values({ revisionId, ordinal, citedDocumentId, citedRevisionId, passageId, page, pageStart, pageEnd, quote })
      .execute()
  }
  const closed = await trx
    .updateTable('gaps')
    .set({ state: 'answered', answerDocumentId: documentId, doubted: 0, note: null, changedAt: answer.at })
    .where('id', '=', answer.gapId)
    .returning('id')
    .executeTakeFirst()
  if (closed === undefined) throw new KuraError('gap_not_found', 'There is no open question of this id.')
}
