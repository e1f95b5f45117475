/**
 * Conversations: questions as asked and as understood, the answers given, and what people said of them. A conversation is seen by
 * the principal who began it only.
 */
import type { Answer } from '../core/answer.ts'
import { detectLanguage } from '../core/detect-language.ts'
import { KuraError } from '../core/errors.ts'
import type { GenerationRecord } from '../core/generation-record.ts'
import { type AnswerId, type CollectionId, type ConversationId, createConversationId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import type { QuestionVector } from '../core/question-vectors.ts'
import { collectGap, forgetDownVote } from './collect-gaps.ts'
import { parseAnswer, parseCollectionIds, parseGenerationRecord } from './json-columns.ts'
import { type LedgerDatabase, timestamp } from './ledger-schema.ts'

export interface Turn {
  readonly question: string
  /** The question as it was searched for, understood without the turns before it. */
  readonly standalone: string
  readonly answer: Answer
}

/** Which collections were asked, and the vector of the standalone question, where an engine embeds. */
export interface AskedQuestion {
  readonly collectionIds: readonly CollectionId[]
  readonly vector: QuestionVector | undefined
}

/** An answer with how it came about. */
export interface RecordedTurn extends Turn {
  /** null for answers of versions that did not keep it. */
  readonly record: GenerationRecord | null
}

export class ConversationStore {
  readonly #db: LedgerDatabase

  constructor(db: LedgerDatabase) {
    this.#db = db
  }

  async start(principal: Principal): Promise<ConversationId> {
    const id = createConversationId()
    await this.#db
      .insertInto('conversations')
      .values({ id, principalId: principal.id, createdAt: timestamp() })
      .execute()
    return id
  }

  /**
   * The last `limit` turns, oldest first.
   * @throws conversation_not_found data_damaged
   */
  async turns(principal: Principal, id: ConversationId, limit: number): Promise<Turn[]> {
    await requireConversation(this.#db, principal, id)
    const rows = await this.#db
      .selectFrom('answers')
      .select(['question', 'standalone', 'answer'])
      .where('conversationId', '=', id)
      .orderBy('ordinal', 'desc')
      .limit(limit)
      .execute()
    return rows.reverse().map((row) => ({ ...row, answer: parseAnswer(row.answer) }))
  }

  /** @throws conversation_not_found */
  record(
    principal: Principal,
    turn: Turn & {
      conversationId: ConversationId
      prompt: { id: string; version: string }
      record?: GenerationRecord | undefined
      /** What was asked, for the list of gaps. Left out where the answer is nobody's question (evaluation). */
      asked?: AskedQuestion | undefined
    },
  ): Promise<void> {
    return this.#db.transaction().execute(async (trx) => {
      await requireConversation(trx, principal, turn.conversationId)
      const { last } = await trx
        .selectFrom('answers')
        .select((select) => select.fn.max('ordinal').as('last'))
        .where('conversationId', '=', turn.conversationId)
        .executeTakeFirstOrThrow()
      await trx
        .insertInto('answers')
        .values({
          id: turn.answer.id,
          conversationId: turn.conversationId,
          ordinal: (last ?? 0) + 1,
          question: turn.question,
          standalone: turn.standalone,
          answer: JSON.stringify(turn.answer),
          promptId: turn.prompt.id,
          promptVersion: turn.prompt.version,
          record: turn.record === undefined ? null : JSON.stringify(turn.record),
          collectionIds: turn.asked === undefined ? null : JSON.stringify(turn.asked.collectionIds),
          createdAt: timestamp(),
        })
        .execute()
      // A question about the past is no gap: nothing that is added now would answer it.
      if (turn.answer.status === 'not_found' && turn.answer.asOf === undefined && turn.asked !== undefined) {
        await collectGap(trx, { ...gapOf(turn), ...turn.asked, reason: 'not_found' })
      }
    })
  }

  /** @throws answer_not_found data_damaged */
  async getAnswer(principal: Principal, id: AnswerId): Promise<Answer> {
    const row = await selectAnswer(this.#db, principal, id)
    if (row === undefined) throw answerNotFound()
    return parseAnswer(row.answer)
  }

  /** @throws answer_not_found data_damaged */
  async getRecorded(principal: Principal, id: AnswerId): Promise<RecordedTurn> {
    const row = await this.#db
      .selectFrom('answers')
      .innerJoin('conversations', 'conversations.id', 'answers.conversationId')
      .select(['answers.question', 'answers.standalone', 'answers.answer', 'answers.record'])
      .where('answers.id', '=', id)
      .where('conversations.principalId', '=', principal.id)
      .executeTakeFirst()
    if (row === undefined) throw answerNotFound()
    const { record } = row
    return { ...row, answer: parseAnswer(row.answer), record: record === null ? null : parseGenerationRecord(record) }
  }

  /** What was asked of the collection, understood without earlier turns; each question once, newest first. */
  async questionsOf(principal: Principal, collectionId: CollectionId): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('answers')
      .innerJoin('conversations', 'conversations.id', 'answers.conversationId')
      .select('answers.standalone')
      .select((select) => select.fn.max('answers.createdAt').as('askedAt'))
      .where('conversations.principalId', '=', principal.id)
      .where('answers.record', 'like', `%"${collectionId}"%`)
      .groupBy('answers.standalone')
      .orderBy('askedAt', 'desc')
      .execute()
    return rows.map(({ standalone }) => standalone)
  }

  /**
   * Another word of the same principal replaces the one before. What is voted down comes into the list of gaps, with what was said of it.
   * @throws answer_not_found data_damaged
   */
  feedback(
    principal: Principal,
    answerId: AnswerId,
    values: {
      rating: 'up' | 'down'
      comment?: string | undefined
      correction?: string | undefined
      /** Of the question, where it is voted down and an engine embeds. */
      vector?: QuestionVector | undefined
    },
  ): Promise<void> {
    return this.#db.transaction().execute(async (trx) => {
      const row = await selectAnswer(trx, principal, answerId)
      if (row === undefined) throw answerNotFound()
      const said = {
        rating: values.rating,
        comment: values.comment ?? null,
        correction: values.correction ?? null,
        createdAt: timestamp(),
      }
      await trx
        .insertInto('feedback')
        .values({ answerId, principalId: principal.id, ...said })
        .onConflict((conflict) => conflict.columns(['answerId', 'principalId']).doUpdateSet(said))
        .execute()
      if (values.rating === 'up') return forgetDownVote(trx, answerId)
      const turn = { standalone: row.standalone, answer: parseAnswer(row.answer) }
      const collectionIds = collectionsOf(turn.answer, row.collectionIds)
      await collectGap(trx, { ...gapOf(turn), collectionIds, vector: values.vector, reason: 'voted_down' })
    })
  }

  /**
   * The question as it was searched for.
   * @throws answer_not_found
   */
  async standaloneOf(principal: Principal, answerId: AnswerId): Promise<string> {
    const row = await selectAnswer(this.#db, principal, answerId)
    if (row === undefined) throw answerNotFound()
    return row.standalone
  }
}

const gapOf = ({ standalone, answer }: Pick<Turn, 'standalone' | 'answer'>) => ({
  answerId: answer.id,
  question: standalone,
  language: detectLanguage(standalone, answer.language),
  wasVerified: answer.statements.some(({ verified }) => verified !== undefined),
})

/** Those that a bad answer came from; without a statement those that were asked, or, of an old answer, those that were looked into. */
const collectionsOf = ({ statements, passages }: Answer, asked: string | null): CollectionId[] => {
  const cited = new Set(statements.flatMap(({ citations }) => citations.map(({ documentId }) => documentId)))
  const from = passages.filter(({ documentId }) => cited.has(documentId)).map(({ collectionId }) => collectionId)
  if (from.length > 0) return [...new Set(from)]
  return asked === null
    ? [...new Set(passages.map(({ collectionId }) => collectionId))]
    : [...parseCollectionIds(asked)]
}

const requireConversation = async (db: LedgerDatabase, principal: Principal, id: ConversationId): Promise<void> => {
  const row = await db
    .selectFrom('conversations')
    .select('id')
    .where('id', '=', id)
    .where('principalId', '=', principal.id)
    .executeTakeFirst()
  if (row === undefined) throw new KuraError('conversation_not_found', 'There is no conversation of this id.')
}

const selectAnswer = (db: LedgerDatabase, principal: Principal, id: AnswerId) =>
  db
    .selectFrom('answers')
    .innerJoin('conversations', 'conversations.id', 'answers.conversationId')
    .select(['answers.answer', 'answers.standalone', 'answers.collectionIds'])
    .where('answers.id', '=', id)
    .where('conversations.principalId', '=', principal.id)
    .executeTakeFirst()

const answerNotFound = (): KuraError => new KuraError('answer_not_found', 'There is no answer of this id.')
