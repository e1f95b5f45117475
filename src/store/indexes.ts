/**
 * Which tables the index has, which of them answers, and which revisions each of them holds. A table belongs to one embedding fingerprint;
 * another model's table is built beside the one in use and takes over when it holds every published revision.
 * Invariants: at most one table is active; it becomes so only when nothing is missing, in the transaction that looked.
 * Neighbours: publish-revision.ts writes what is published, the worker builds, the server searches the active one.
 */
import { z } from 'zod'
import { KuraError } from '../core/errors.ts'
import type { RevisionId } from '../core/ids.ts'
import { selectPublished } from './document-rows.ts'
import { type LedgerDatabase, type LedgerTransaction, timestamp } from './ledger-schema.ts'
import type { IndexRecord } from './records.ts'

const reconciliationKey = 'reconciliation'

const reconciliationSchema = z.object({
  at: z.string(),
  /** Revisions whose rows were in the index although no document has them. */
  orphanRevisions: z.number(),
  /** Published revisions whose rows were not all there. */
  incompleteRevisions: z.number(),
  /** Files that no document has. */
  orphanOriginals: z.number(),
  /** Files that documents have, but the data folder has not: they answer on, but can not be opened or built anew. */
  missingOriginals: z.number(),
})
export type ReconciliationRecord = Readonly<z.infer<typeof reconciliationSchema>>

export class IndexStore {
  readonly #db: LedgerDatabase

  constructor(db: LedgerDatabase) {
    this.#db = db
  }

  /**
   * Makes the table known. The first one answers at once.
   * @param index `model`: what its embedder can be found by again
   */
  register(index: { fingerprint: string; model: string; dimensions: number }): Promise<IndexRecord> {
    return this.#db.transaction().execute(async (trx) => {
      const active = await activeFingerprint(trx)
      await trx
        .insertInto('indexes')
        .values({
          ...index,
          active: active === undefined ? 1 : 0,
          createdAt: timestamp(),
          activatedAt: active === undefined ? timestamp() : null,
        })
        .onConflict((conflict) => conflict.column('fingerprint').doUpdateSet({ model: index.model }))
        .execute()
      return new IndexStore(trx).#get(index.fingerprint)
    })
  }

  /** The one that answers; undefined in a new data folder. */
  async active(): Promise<IndexRecord | undefined> {
    return (await this.list()).find((index) => index.active)
  }

  /** Of that one, without counting what it holds: cheap enough to be asked every second. */
  activeFingerprint(): Promise<string | undefined> {
    return activeFingerprint(this.#db)
  }

  /** Newest first. */
  async list(): Promise<IndexRecord[]> {
    const rows = await this.#db.selectFrom('indexes').selectAll().orderBy('createdAt', 'desc').execute()
    const { total } = await selectPublished(this.#db)
      .select((select) => select.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    const records: IndexRecord[] = []
    for (const { active, ...row } of rows) {
      const missing = await this.#countMissing(row.fingerprint)
      records.push({ ...row, active: active === 1, progress: { done: total - missing, total } })
    }
    return records
  }

  /** Published revisions that the table does not hold, in the order of their publication. */
  async missing(fingerprint: string, limit: number): Promise<RevisionId[]> {
    const rows = await selectMissing(this.#db, fingerprint)
      .select('revisions.id')
      .orderBy('revisions.publishedAt')
      .orderBy('revisions.id')
      .limit(limit)
      .execute()
    return rows.map((row) => row.id)
  }

  /** The table holds so many rows of the revision, counted there. */
  recordIndexed(revisionId: RevisionId, of: { fingerprint: string; chunks: number }): Promise<void> {
    return this.#db.transaction().execute((trx) => recordIndexed(trx, revisionId, of))
  }

  /** The table does not hold these revisions (any more): they are embedded anew. */
  async forget(fingerprint: string, revisionIds: readonly RevisionId[]): Promise<void> {
    for (const id of revisionIds) {
      await this.#db
        .deleteFrom('indexedRevisions')
        .where('fingerprint', '=', fingerprint)
        .where('revisionId', '=', id)
        .execute()
    }
  }

  /**
   * From now on questions are answered from this table.
   * @throws index_incomplete where a published revision is not in it
   */
  activate(fingerprint: string): Promise<void> {
    return this.#db.transaction().execute(async (trx) => {
      const missing = await new IndexStore(trx).#countMissing(fingerprint)
      if (missing > 0) throw new KuraError('index_incomplete', `${missing} documents are not in the new index yet.`)
      await trx.updateTable('indexes').set({ active: 0 }).where('active', '=', 1).execute()
      await trx
        .updateTable('indexes')
        .set({ active: 1, activatedAt: timestamp() })
        .where('fingerprint', '=', fingerprint)
        .execute()
    })
  }

  /** How many rows the table should hold of each published revision: what the reconciler compares with. */
  async expectedChunks(fingerprint: string): Promise<Map<RevisionId, number>> {
    const rows = await selectPublished(this.#db)
      .innerJoin('indexedRevisions', 'indexedRevisions.revisionId', 'revisions.id')
      .where('indexedRevisions.fingerprint', '=', fingerprint)
      .select(['revisions.id', 'indexedRevisions.chunks'])
      .execute()
    return new Map(rows.map((row) => [row.id, row.chunks]))
  }

  /** All published revisions, whether or not a table holds them. */
  async published(): Promise<Set<RevisionId>> {
    const rows = await selectPublished(this.#db).select('revisions.id').execute()
    return new Set(rows.map((row) => row.id))
  }

  /** What the last comparison of index, ledger and originals has found, for the metrics. */
  async recordReconciliation(report: ReconciliationRecord): Promise<void> {
    const value = JSON.stringify(report)
    await this.#db
      .insertInto('meta')
      .values({ key: reconciliationKey, value })
      .onConflict((same) => same.column('key').doUpdateSet({ value }))
      .execute()
  }

  async lastReconciliation(): Promise<ReconciliationRecord | undefined> {
    const row = await this.#db
      .selectFrom('meta')
      .select('value')
      .where('key', '=', reconciliationKey)
      .executeTakeFirst()
    return row === undefined ? undefined : reconciliationSchema.parse(JSON.parse(row.value))
  }

  async #countMissing(fingerprint: string): Promise<number> {
    const { missing } = await selectMissing(this.#db, fingerprint)
      .select((select) => select.fn.countAll<number>().as('missing'))
      .executeTakeFirstOrThrow()
    return missing
  }

  async #get(fingerprint: string): Promise<IndexRecord> {
    const found = (await this.list()).find((index) => index.fingerprint === fingerprint)
    if (!found) throw new KuraError('internal', 'The index that was just made known is not there.')
    return found
  }
}

export const activeFingerprint = async (db: LedgerDatabase): Promise<string | undefined> =>
  (await db.selectFrom('indexes').select('fingerprint').where('active', '=', 1).executeTakeFirst())?.fingerprint

export const recordIndexed = async (
  trx: LedgerTransaction,
  revisionId: RevisionId,
  { fingerprint, chunks }: { fingerprint: string; chunks: number },
): Promise<void> => {
  await trx
    .insertInto('indexedRevisions')
    .values({ revisionId, fingerprint, chunks })
    .onConflict((conflict) => conflict.columns(['fingerprint', 'revisionId']).doUpdateSet({ chunks }))
    .execute()
}

const selectMissing = (db: LedgerDatabase, fingerprint: string) =>
  selectPublished(db).where((where) =>
    where.not(
      where.exists(
        where
          .selectFrom('indexedRevisions')
          .whereRef('indexedRevisions.revisionId', '=', 'revisions.id')
          .where('indexedRevisions.fingerprint', '=', fingerprint)
          .select('indexedRevisions.revisionId'),
      ),
    ),
  )
