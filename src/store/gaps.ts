/**
 * The list of gaps: questions without an answer that helped, grouped, for who looks after a collection. In: what collect-gaps.ts has written
 * down, and what the owner does about it. Out: records with the state of this moment. Answering one is in verified-answers.ts and create-document.ts.
 * Invariant: whether a verified answer holds is computed, never stored.
 */
import { sql } from 'kysely'
import type { Passage } from '../core/answer.ts'
import { KuraError } from '../core/errors.ts'
import type { CollectionId, GapId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { gapIsAnswered } from './answer-validity.ts'
import { type GapDetail, type GapExample, type GapRecord, type GapState, gapStates } from './gap-records.ts'
import { parseAnswer } from './json-columns.ts'
import { type LedgerDatabase, type LedgerTransaction, timestamp } from './ledger-schema.ts'
import { VerifiedAnswerStore } from './verified-answers.ts'
import { findVisible } from './visible-revisions.ts'

const maxExamples = 50
const maxNearest = 5

export class GapStore {
  readonly #db: LedgerDatabase

  constructor(db: LedgerDatabase) {
    this.#db = db
  }

  /**
   * Those asked most often first; `cursor` is `nextCursor` of the page before.
   * @throws invalid_request where the cursor is not one of ours
   */
  async list(
    _principal: Principal,
    filter: {
      collectionIds: readonly CollectionId[]
      state?: GapState | undefined
      cursor?: string | undefined
      limit: number
    },
  ): Promise<{ gaps: GapRecord[]; nextCursor?: string }> {
    if (filter.collectionIds.length === 0) return { gaps: [] }
    let query = selectGaps(this.#db)
      .where('gaps.collectionId', 'in', filter.collectionIds)
      .orderBy('gaps.asked', 'desc')
      .orderBy('gaps.sequence', 'desc')
      .limit(filter.limit + 1)
    if (filter.state !== undefined) query = query.where(stateAt(timestamp()), '=', filter.state)
    if (filter.cursor !== undefined) {
      const { asked, sequence } = parseCursor(filter.cursor)
      query = query.where((where) =>
        where.or([
          where('gaps.asked', '<', asked),
          where.and([where('gaps.asked', '=', asked), where('gaps.sequence', '<', sequence)]),
        ]),
      )
    }
    const rows = await query.execute()
    const gaps = rows.slice(0, filter.limit).map(toRecord)
    const last = rows[filter.limit - 1]
    if (rows.length <= filter.limit || last === undefined) return { gaps }
    return { gaps, nextCursor: `${last.asked.toString(36)}-${last.sequence.toString(36)}` }
  }

  /** How many there are in each state. */
  async counts(_principal: Principal, collectionIds: readonly CollectionId[]): Promise<Record<GapState, number>> {
    const counts = Object.fromEntries(gapStates.map((state) => [state, 0])) as Record<GapState, number>
    if (collectionIds.length === 0) return counts
    const rows = await this.#db
      .selectFrom('gaps')
      .where('collectionId', 'in', collectionIds)
      .select(stateAt(timestamp()).as('state'))
      .select((select) => select.fn.countAll<number>().as('count'))
      .groupBy('state')
      .execute()
    for (const { state, count } of rows) counts[state] += count
    return counts
  }

  /** @throws gap_not_found data_damaged */
  async get(principal: Principal, id: GapId): Promise<GapDetail> {
    const row = await selectGaps(this.#db).where('gaps.id', '=', id).executeTakeFirst()
    if (row === undefined) throw gapNotFound()
    const record = toRecord(row)
    const { answerDocumentId } = record
    const answers = new VerifiedAnswerStore(this.#db)
    return {
      ...record,
      examples: await this.#examples(id),
      nearest: await this.#nearest(record),
      answer: answerDocumentId === null ? null : ((await answers.ofDocument(principal, answerDocumentId)) ?? null),
    }
  }

  /**
   * @param note which document it is
   * @throws gap_not_found gap_not_changeable
   */
  markMissing(principal: Principal, id: GapId, note: string): Promise<GapDetail> {
    return this.#settle(principal, id, { state: 'document_missing', note })
  }

  /** It stays dismissed, however often it is asked. @throws gap_not_found gap_not_changeable */
  dismiss(principal: Principal, id: GapId, note: string | null): Promise<GapDetail> {
    return this.#settle(principal, id, { state: 'dismissed', note })
  }

  /** @throws gap_not_found gap_not_changeable */
  reopen(principal: Principal, id: GapId): Promise<GapDetail> {
    return this.#settle(principal, id, { state: 'open', note: null })
  }

  #settle(
    principal: Principal,
    id: GapId,
    { state, note }: { state: 'open' | 'document_missing' | 'dismissed'; note: string | null },
  ): Promise<GapDetail> {
    return this.#db.transaction().execute(async (trx) => {
      const current = await selectGaps(trx).where('gaps.id', '=', id).executeTakeFirst()
      if (current === undefined) throw gapNotFound()
      if (current.state === 'answered') {
        throw new KuraError('gap_not_changeable', 'The question has a verified answer that holds.')
      }
      await trx
        .updateTable('gaps')
        .set({ state, note, answerDocumentId: null, doubted: 0, changedAt: timestamp() })
        .where('id', '=', id)
        .execute()
      return new GapStore(trx).get(principal, id)
    })
  }

  async #examples(id: GapId): Promise<GapExample[]> {
    const rows = await this.#db
      .selectFrom('gapQuestions')
      .leftJoin('feedback', 'feedback.answerId', 'gapQuestions.answerId')
      .select(['gapQuestions.answerId', 'question', 'language', 'reason', 'comment', 'correction', 'askedAt'])
      .where('gapId', '=', id)
      .orderBy('askedAt', 'desc')
      .limit(maxExamples)
      .execute()
    const seen = new Set<string>()
    return rows.filter(({ question, comment, correction }) => {
      // What somebody wrote is never left out.
      const isNew = !seen.has(question) || comment !== null || correction !== null
      seen.add(question)
      return isNew
    })
  }

  async #nearest({ id, collectionId }: GapRecord): Promise<Passage[]> {
    const row = await this.#db
      .selectFrom('gapQuestions')
      .innerJoin('answers', 'answers.id', 'gapQuestions.answerId')
      .select('answers.answer')
      .where('gapQuestions.gapId', '=', id)
      .orderBy('askedAt', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (row === undefined) return []
    const found = parseAnswer(row.answer).passages.filter((passage) => passage.collectionId === collectionId)
    const visible = await findVisible(
      this.#db,
      found.map(({ revisionId }) => revisionId),
      new Date(),
    )
    return found
      .filter(({ revisionId, verified }) => visible.has(revisionId) && verified === undefined)
      .slice(0, maxNearest)
  }
}

/** What a gap is at the time. */
const stateAt = (at: string) => sql<GapState>`case
  when gaps.answer_document_id is not null and gaps.doubted = 0 and ${gapIsAnswered(at)} then 'answered'
  when gaps.state = 'answered' then 'expired'
  else gaps.state end`

const selectGaps = (db: LedgerDatabase | LedgerTransaction) =>
  db
    .selectFrom('gaps')
    .innerJoin('collections as held', 'held.id', 'gaps.collectionId')
    .where('held.deletedAt', 'is', null)
    .select(['gaps.id', 'gaps.sequence', 'gaps.collectionId', 'gaps.question', 'gaps.language', 'gaps.note'])
    .select(['gaps.asked', 'gaps.lastAskedAt', 'gaps.createdAt', 'gaps.answerDocumentId'])
    .select(stateAt(timestamp()).as('state'))
    .select((select) =>
      select
        .selectFrom('gapQuestions')
        .whereRef('gapQuestions.gapId', '=', 'gaps.id')
        .where('reason', '=', 'voted_down')
        .select((count) => count.fn.countAll<number>().as('count'))
        .as('votedDown'),
    )

type GapRow = Awaited<ReturnType<ReturnType<typeof selectGaps>['executeTakeFirstOrThrow']>>

const toRecord = ({ sequence: _, votedDown, ...row }: GapRow): GapRecord => ({ ...row, votedDown: votedDown ?? 0 })

const gapNotFound = (): KuraError => new KuraError('gap_not_found', 'There is no open question of this id.')

const parseCursor = (cursor: string): { asked: number; sequence: number } => {
  const parts = /^([0-9a-z]{1,11})-([0-9a-z]{1,11})$/.exec(cursor)
  const [asked, sequence] = [Number.parseInt(parts?.[1] ?? '', 36), Number.parseInt(parts?.[2] ?? '', 36)]
  if (Number.isSafeInteger(asked) && Number.isSafeInteger(sequence)) return { asked, sequence }
  throw new KuraError('invalid_request', 'The cursor is not one that a list returned.')
}
