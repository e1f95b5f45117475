/**
 * Collections: what documents are kept in and what rights will be given for. A removed collection stays as a tombstone, so that
 * its documents stop answering in the same transaction and are cleared away later.
 * Neighbours: documents.ts (what lies in them), `src/http` and `src/cli` (who calls).
 */
import { KuraError } from '../core/errors.ts'
import { type CollectionId, createCollectionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { type LedgerDatabase, type LedgerTransaction, timestamp } from './ledger-schema.ts'
import type { CollectionRecord } from './records.ts'
import { cancelJobsOf } from './revision-states.ts'

export class CollectionStore {
  readonly #db: LedgerDatabase

  constructor(db: LedgerDatabase) {
    this.#db = db
  }

  /** @throws collection_exists; invalid_request where the name is blank */
  async create(_principal: Principal, values: { name: string; description?: string }): Promise<CollectionRecord> {
    const name = cleanName(values.name)
    return this.#db.transaction().execute(async (trx) => {
      await refuseTakenName(trx, name)
      const row = { id: createCollectionId(), name, description: values.description ?? '', createdAt: timestamp() }
      await trx.insertInto('collections').values(row).execute()
      return { ...row, documents: 0 }
    })
  }

  /** By name. */
  list(_principal: Principal): Promise<CollectionRecord[]> {
    return selectCollections(this.#db).orderBy('name').orderBy('id').execute()
  }

  /** @throws collection_not_found */
  async get(_principal: Principal, id: CollectionId): Promise<CollectionRecord> {
    return (await selectCollections(this.#db).where('id', '=', id).executeTakeFirst()) ?? throwNotFound(id)
  }

  /**
   * By id, else by exact name.
   * @throws collection_not_found
   */
  async resolve(_principal: Principal, idOrName: string): Promise<CollectionRecord> {
    const found = await selectCollections(this.#db)
      .where((where) => where.or([where('id', '=', idOrName as CollectionId), where('name', '=', fold(idOrName))]))
      .execute()
    return found.find((collection) => collection.id === idOrName) ?? found[0] ?? throwNotFound(idOrName)
  }

  /** @throws collection_not_found collection_exists; invalid_request where the name is blank */
  async update(
    principal: Principal,
    id: CollectionId,
    values: { name?: string | undefined; description?: string | undefined },
  ): Promise<CollectionRecord> {
    const name = values.name === undefined ? undefined : cleanName(values.name)
    return this.#db.transaction().execute(async (trx) => {
      const inside = new CollectionStore(trx)
      const current = await inside.get(principal, id)
      if (name !== undefined && name !== current.name) await refuseTakenName(trx, name)
      const changed = { name: name ?? current.name, description: values.description ?? current.description }
      await trx.updateTable('collections').set(changed).where('id', '=', id).execute()
      return { ...current, ...changed }
    })
  }

  /**
   * From now on nothing in it answers, and its jobs are cancelled.
   * @throws collection_not_found
   */
  remove(_principal: Principal, id: CollectionId): Promise<void> {
    return this.#db.transaction().execute(async (trx) => {
      const deletedAt = timestamp()
      const removed = await trx
        .updateTable('collections')
        .set({ deletedAt })
        .where('id', '=', id)
        .where('deletedAt', 'is', null)
        .returning('id')
        .executeTakeFirst()
      if (removed === undefined) throwNotFound(id)
      await trx
        .updateTable('documents')
        .set({ deletedAt })
        .where('collectionId', '=', id)
        .where('deletedAt', 'is', null)
        .execute()
      await cancelJobsOf(trx, { collectionId: id })
    })
  }

  /**
   * What a search may run on: all collections, or those that are asked for by id or name, each once.
   * @throws collection_not_found
   */
  async readable(principal: Principal, idsOrNames?: readonly string[]): Promise<CollectionId[]> {
    if (idsOrNames === undefined) {
      const rows = await this.#db.selectFrom('collections').select('id').where('deletedAt', 'is', null).execute()
      return rows.map((row) => row.id)
    }
    const ids = new Set<CollectionId>()
    for (const idOrName of idsOrNames) ids.add((await this.resolve(principal, idOrName)).id)
    return [...ids]
  }
}

const fold = (name: string): string => name.normalize('NFC').trim()

const cleanName = (name: string): string => {
  const cleaned = fold(name)
  if (cleaned === '' || [...cleaned].length > 255) {
    throw new KuraError('invalid_request', 'The name of a collection has 1 to 255 characters.')
  }
  return cleaned
}

const throwNotFound = (idOrName: string): never => {
  throw new KuraError('collection_not_found', 'There is no collection of this id or name.', {
    details: { collection: idOrName },
  })
}

const refuseTakenName = async (trx: LedgerTransaction, name: string): Promise<void> => {
  const taken = await trx
    .selectFrom('collections')
    .select('id')
    .where('name', '=', name)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (taken !== undefined) {
    throw new KuraError('collection_exists', 'A collection of this name exists.', { details: { id: taken.id } })
  }
}

const selectCollections = (db: LedgerDatabase) =>
  db
    .selectFrom('collections')
    .select(['id', 'name', 'description', 'createdAt'])
    .select((select) =>
      select
        .selectFrom('documents')
        .whereRef('documents.collectionId', '=', 'collections.id')
        .where('documents.deletedAt', 'is', null)
        .select((count) => count.fn.countAll<number>().as('count'))
        .$asScalar()
        .$notNull()
        .as('documents'),
    )
    .where('deletedAt', 'is', null)
