/**
 * The numbered steps that make and change the ledger's tables, and what runs them. Schema version n is what the first n steps
 * make; it is kept in the table `meta`. Two processes may open a new ledger at once: the write lock makes one of them wait.
 * Invariant: a step that was released is never changed, only followed by another one.
 */
import { KuraError } from '../core/errors.ts'
import type { LedgerDatabase, LedgerTransaction, Migration } from './ledger-schema.ts'
import { createFirstTables } from './migration-1.ts'
import { addControlledRevisions } from './migration-2.ts'
import { addImprovementLoop } from './migration-3.ts'

const migrations: readonly Migration[] = [createFirstTables, addControlledRevisions, addImprovementLoop]

const versionKey = 'schema_version'

/**
 * Brings the ledger to the newest schema, all missing steps in one transaction.
 * @throws data_newer where a later version of Kura has been at work; data_damaged where the database is not Kura's
 */
export const migrate = (db: LedgerDatabase): Promise<void> =>
  db.transaction().execute(async (trx) => {
    const version = await readVersion(trx)
    if (version > migrations.length) {
      throw new KuraError(
        'data_newer',
        `The ledger has schema version ${version}; this version of Kura knows up to ${migrations.length}.`,
        { details: { version, known: migrations.length } },
      )
    }
    if (version === migrations.length) return
    for (const step of migrations.slice(version)) await step(trx)
    await trx
      .insertInto('meta')
      .values({ key: versionKey, value: String(migrations.length) })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: String(migrations.length) }))
      .execute()
  })

/** 0 for an empty database, whose `meta` table is made on the way. */
const readVersion = async (trx: LedgerTransaction): Promise<number> => {
  const tables = await trx.introspection.getTables()
  if (tables.length === 0) {
    await trx.schema
      .createTable('meta')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute()
    return 0
  }
  const row = tables.some((table) => table.name === 'meta')
    ? await trx.selectFrom('meta').select('value').where('key', '=', versionKey).executeTakeFirst()
    : undefined
  const version = Number(row?.value)
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new KuraError('data_damaged', 'The ledger is a database, but not one of Kura: it has no schema version.')
  }
  return version
}
