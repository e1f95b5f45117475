/**
 * Conversations: questions as asked and as understood, the answers given, and what people said of them. A conversation is seen by
 * the principal who began it only.
 */
import type { Answer } from '../core/answer.ts'
import { KuraError } from '../core/errors.ts'
import { type AnswerId, type ConversationId, createConversationId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { parseAnswer } from './json-columns.ts'
import { type LedgerDatabase, timestamp } from './ledger-schema.ts'

export interface Turn {
  readonly question: string
  /** The question as it was searched for, understood without the turns before it. */
  readonly standalone: string
  readonly answer: Answer
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
    turn: Turn & { conversationId: ConversationId; prompt: { id: string; version: string } },
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
          createdAt: timestamp(),
        })
        .execute()
    })
  }

  /** @throws answer_not_found data_damaged */
  async getAnswer(principal: Principal, id: AnswerId): Promise<Answer> {
    const row = await selectAnswer(this.#db, principal, id)
    if (row === undefined) throw answerNotFound()
    return parseAnswer(row.answer)
  }

  /**
   * Another word of the same principal replaces the one before.
   * @throws answer_not_found
   */
  feedback(
    principal: Principal,
    answerId: AnswerId,
    values: { rating: 'up' | 'down'; comment?: string | undefined; correction?: string | undefined },
  ): Promise<void> {
    return this.#db.transaction().execute(async (trx) => {
      if ((await selectAnswer(trx, principal, answerId)) === undefined) throw answerNotFound()
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
    })
  }
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
    .select('answers.answer')
    .where('answers.id', '=', id)
    .where('conversations.principalId', '=', principal.id)
    .executeTakeFirst()

const answerNotFound = (): KuraError => new KuraError('answer_not_found', 'There is no answer of this id.')
