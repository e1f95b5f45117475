/**
 * Reading verified answers: the content of documents of format `answer`, with what they cite and whether they may answer now. They are made by
 * create-document.ts like every other document.
 */
import { sql } from 'kysely'
import type { DocumentId, RevisionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { isExpiredAnswer } from './answer-validity.ts'
import { revisionInForce } from './effectivity.ts'
import type { CitedPlace, VerifiedAnswerRecord } from './gap-records.ts'
import { parseTexts } from './json-columns.ts'
import { type LedgerDatabase, timestamp } from './ledger-schema.ts'

export class VerifiedAnswerStore {
  readonly #db: LedgerDatabase

  constructor(db: LedgerDatabase) {
    this.#db = db
  }

  /** The newest content of the document; undefined where it is deleted, or no verified answer. */
  async ofDocument(_principal: Principal, id: DocumentId): Promise<VerifiedAnswerRecord | undefined> {
    const row = await selectAnswers(this.#db)
      .where('documents.id', '=', id)
      .orderBy('revisions.ordinal', 'desc')
      .executeTakeFirst()
    return row && this.#toRecord(row)
  }

  /** The content of one revision; undefined where its document is deleted, or it is no verified answer. */
  async ofRevision(_principal: Principal, id: RevisionId): Promise<VerifiedAnswerRecord | undefined> {
    const row = await selectAnswers(this.#db).where('revisions.id', '=', id).executeTakeFirst()
    return row && this.#toRecord(row)
  }

  async #toRecord(row: AnswerRow): Promise<VerifiedAnswerRecord> {
    const { questions, verifiedBy, verifiedAt, signed, inForce, ...rest } = row
    return {
      ...rest,
      by: verifiedBy,
      at: verifiedAt,
      questions: parseTexts(questions),
      signed: signed === 1,
      inForce: inForce === 1,
      citations: await this.#citations(row.revisionId),
    }
  }

  async #citations(revisionId: RevisionId): Promise<CitedPlace[]> {
    const rows = await this.#db
      .selectFrom('answerCitations')
      .innerJoin('documents', 'documents.id', 'answerCitations.citedDocumentId')
      .innerJoin('revisions', 'revisions.id', 'answerCitations.citedRevisionId')
      .where('answerCitations.revisionId', '=', revisionId)
      .orderBy('answerCitations.ordinal')
      .select(['documents.id as documentId', 'documents.name as documentName', 'revisions.id as revisionId'])
      .select(['revisions.label as revision', 'passageId', 'page', 'pageStart', 'pageEnd', 'quote'])
      .select(
        sql<number>`(documents.deleted_at is null
          and revisions.id = coalesce(${revisionInForce(timestamp())}, ''))`.as('inForce'),
      )
      .execute()
    return rows.map(({ inForce, ...row }) => ({ ...row, inForce: inForce === 1 }))
  }
}

const selectAnswers = (db: LedgerDatabase) => {
  const now = timestamp()
  return db
    .selectFrom('verifiedAnswers')
    .innerJoin('revisions', 'revisions.id', 'verifiedAnswers.revisionId')
    .innerJoin('documents', 'documents.id', 'revisions.documentId')
    .where('documents.deletedAt', 'is', null)
    .select(['documents.id as documentId', 'revisions.id as revisionId', 'revisions.status'])
    .select(['verifiedAnswers.text', 'verifiedAnswers.language', 'verifiedAnswers.questions'])
    .select(['verifiedAnswers.verifiedBy', 'verifiedAnswers.signed', 'verifiedAnswers.verifiedAt'])
    .select(
      sql<number>`(revisions.id = coalesce(${revisionInForce(now)}, '')
        and not ${isExpiredAnswer(sql<RevisionId>`revisions.id`, now)})`.as('inForce'),
    )
}

type AnswerRow = Awaited<ReturnType<ReturnType<typeof selectAnswers>['executeTakeFirstOrThrow']>>
