/**
 * The numbered steps that make and change the ledger's tables, and what runs them. Schema version n is what the first n steps
 * make; it is kept in the table `meta`. Two processes may open a new ledger at once: the write lock makes one of them wait.
 * Invariant: a step that was released is never changed, only followed by another one.
 */
import { sql } from 'kysely'
import { KuraError } from '../core/errors.ts'
import type { LedgerDatabase, LedgerTransaction } from './ledger-schema.ts'

type Migration = (db: LedgerTransaction) => Promise<void>

const createDocumentTables: Migration = async (db) => {
  await db.schema
    .createTable('collections')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('lastClaim', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('deletedAt', 'text')
    .execute()
  await db.schema
    .createIndex('collectionsByName')
    .on('collections')
    .column('name')
    .unique()
    .where(sql.ref('deleted_at'), 'is', null)
    .execute()
  await db.schema
    .createTable('documents')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('collectionId', 'text', (column) => column.notNull().references('collections.id'))
    .addColumn('sequence', 'bigint', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('searchName', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('deletedAt', 'text')
    .execute()
  await db.schema.createIndex('documentsByCollection').on('documents').columns(['collectionId', 'sequence']).execute()
  await db.schema
    .createTable('revisions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('documentId', 'text', (column) => column.notNull().references('documents.id'))
    .addColumn('ordinal', 'integer', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('languageHint', 'text')
    .addColumn('effectiveFrom', 'text')
    .addColumn('status', 'text', (column) => column.notNull().defaultTo('queued'))
    .addColumn('validity', 'text', (column) => column.notNull().defaultTo('draft'))
    .addColumn('format', 'text')
    .addColumn('paginated', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('title', 'text')
    .addColumn('language', 'text')
    .addColumn('chunks', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('pagesText', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('pagesOcr', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('pagesBlank', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('pagesFailed', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('fingerprint', 'text')
    .addColumn('errorCode', 'text')
    .addColumn('errorMessage', 'text')
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('publishedAt', 'text')
    .addColumn('purgedAt', 'text')
    .addUniqueConstraint('revisionsByDocument', ['documentId', 'ordinal'])
    .execute()
  await db.schema.createIndex('revisionsBySha256').on('revisions').column('sha256').execute()
  await db.schema
    .createTable('pages')
    .addColumn('revisionId', 'text', (column) => column.notNull().references('revisions.id'))
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('method', 'text', (column) => column.notNull())
    .addColumn('confidence', 'real')
    .addColumn('errorCode', 'text')
    .addColumn('characters', 'integer', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('blocks', 'text', (column) => column.notNull())
    .addColumn('lines', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('pagesByRevision', ['revisionId', 'number'])
    .execute()
}

const createJobTables: Migration = async (db) => {
  await db.schema
    .createTable('jobs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('revisionId', 'text', (column) => column.notNull().references('revisions.id'))
    .addColumn('documentId', 'text', (column) => column.notNull().references('documents.id'))
    .addColumn('collectionId', 'text', (column) => column.notNull().references('collections.id'))
    .addColumn('sequence', 'bigint', (column) => column.notNull().unique())
    .addColumn('state', 'text', (column) => column.notNull().defaultTo('queued'))
    .addColumn('stage', 'text', (column) => column.notNull().defaultTo('queued'))
    .addColumn('progressDone', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('progressTotal', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('failures', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('owner', 'text')
    .addColumn('leaseExpiresAt', 'text')
    .addColumn('runAfter', 'text')
    .addColumn('cancelRequested', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('errorCode', 'text')
    .addColumn('errorMessage', 'text')
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('startedAt', 'text')
    .addColumn('finishedAt', 'text')
    .execute()
  await db.schema.createIndex('jobsByState').on('jobs').columns(['state', 'sequence']).execute()
  await db.schema.createIndex('jobsByRevision').on('jobs').columns(['revisionId', 'sequence']).execute()
  await db.schema
    .createTable('leases')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('expiresAt', 'text', (column) => column.notNull())
    .execute()
}

const createConversationTables: Migration = async (db) => {
  await db.schema
    .createTable('conversations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('principalId', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('answers')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('conversationId', 'text', (column) => column.notNull().references('conversations.id'))
    .addColumn('ordinal', 'integer', (column) => column.notNull())
    .addColumn('question', 'text', (column) => column.notNull())
    .addColumn('standalone', 'text', (column) => column.notNull())
    .addColumn('answer', 'text', (column) => column.notNull())
    .addColumn('promptId', 'text', (column) => column.notNull())
    .addColumn('promptVersion', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addUniqueConstraint('answersByConversation', ['conversationId', 'ordinal'])
    .execute()
  await db.schema
    .createTable('feedback')
    .addColumn('answerId', 'text', (column) => column.notNull().references('answers.id'))
    .addColumn('principalId', 'text', (column) => column.notNull())
    .addColumn('rating', 'text', (column) => column.notNull())
    .addColumn('comment', 'text')
    .addColumn('correction', 'text')
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('feedbackByAnswer', ['answerId', 'principalId'])
    .execute()
}

const migrations: readonly Migration[] = [
  async (db) => {
    await createDocumentTables(db)
    await createJobTables(db)
    await createConversationTables(db)
  },
]

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
