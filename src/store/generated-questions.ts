/**
 * Questions that were generated from the customer's own documents: what came of each try, for each passage, language and writer. Kept over tunings,
 * so that none is written twice; `kura tune` fits on them and `kura compare` may ask them.
 * Invariant: only questions whose revision may answer now are given out.
 */
import type { ChunkId, CollectionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { idBatches } from './id-batches.ts'
import { type LedgerDatabase, timestamp } from './ledger-schema.ts'
import type { GeneratedQuestion, QuestionTry } from './tuning-records.ts'
import { findVisible } from './visible-revisions.ts'

/** What made a question: another model makes another one. */
const writerOf = ({ model }: Pick<GeneratedQuestion, 'model'>): string => model ?? 'rule'

export class GeneratedQuestionStore {
  readonly #db: LedgerDatabase

  constructor(db: LedgerDatabase) {
    this.#db = db
  }

  /** Good ones of these collections, in the order of their passages' ids. */
  async list(_principal: Principal, collectionIds: readonly CollectionId[]): Promise<GeneratedQuestion[]> {
    if (collectionIds.length === 0) return []
    const rows = await selectTries(this.#db)
      .where('collectionId', 'in', collectionIds)
      .where('rejection', 'is', null)
      .orderBy('passageId')
      .orderBy('language')
      .execute()
    const visible = await findVisible(
      this.#db,
      rows.map(({ revisionId }) => revisionId),
      new Date(),
    )
    return rows.map(toTry).filter(({ revisionId }) => visible.has(revisionId))
  }

  /** What came of earlier tries at these passages by this writer, rejected ones included. @param model null: by rule */
  async tries(passageIds: readonly ChunkId[], model: string | null): Promise<QuestionTry[]> {
    const found: QuestionTry[] = []
    for (const ids of idBatches(passageIds)) {
      const rows = await selectTries(this.#db)
        .where('passageId', 'in', ids)
        .where('writer', '=', writerOf({ model }))
        .execute()
      found.push(...rows.map(toTry))
    }
    return found
  }

  /** Takes the place of an earlier try at the passage by this writer in this language. */
  async record(tried: QuestionTry): Promise<void> {
    const values = { ...tried, rejection: tried.rejection ?? null, writer: writerOf(tried), createdAt: timestamp() }
    await this.#db
      .insertInto('generatedQuestions')
      .values(values)
      .onConflict((conflict) => conflict.columns(['passageId', 'language', 'writer']).doUpdateSet(values))
      .execute()
  }
}

const selectTries = (db: LedgerDatabase) => db.selectFrom('generatedQuestions').selectAll()

type TryRow = Awaited<ReturnType<ReturnType<typeof selectTries>['executeTakeFirstOrThrow']>>

const toTry = ({ writer: _, createdAt: __, rejection, ...row }: TryRow): QuestionTry => ({
  ...row,
  ...(rejection === null ? {} : { rejection }),
})
