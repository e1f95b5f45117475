/**
 * Schema version 2: which revision is in force when, what each index holds, files inside files, near-duplicates, watched folders,
 * and what lets an interrupted document go on where it was. Called by migrations.ts. Released: never changed, only followed.
 */
import { type LedgerTransaction, type Migration, timestamp } from './ledger-schema.ts'

const addRevisionTables: Migration = async (db) => {
  await db.schema
    .createTable('effectivity')
    .addColumn('sequence', 'bigint', (column) => column.primaryKey())
    .addColumn('documentId', 'text', (column) => column.notNull().references('documents.id'))
    .addColumn('revisionId', 'text', (column) => column.references('revisions.id'))
    .addColumn('effectiveFrom', 'text', (column) => column.notNull())
    .addColumn('principalId', 'text', (column) => column.notNull())
    .addColumn('recordedAt', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('effectivityByDocument')
    .on('effectivity')
    .columns(['documentId', 'effectiveFrom', 'sequence'])
    .execute()
  await db.schema
    .createTable('nearDuplicates')
    .addColumn('revisionId', 'text', (column) => column.notNull().references('revisions.id'))
    .addColumn('otherRevisionId', 'text', (column) => column.notNull().references('revisions.id'))
    .addColumn('similarity', 'real', (column) => column.notNull())
    .addPrimaryKeyConstraint('nearDuplicatesByRevision', ['revisionId', 'otherRevisionId'])
    .execute()
  await db.schema.alterTable('revisions').addColumn('parsedAt', 'text').execute()
  await db.schema.alterTable('revisions').addColumn('pageTotal', 'integer').execute()
  await db.schema.alterTable('revisions').addColumn('password', 'text').execute()
  await db.schema.alterTable('revisions').addColumn('encoding', 'text').execute()
  await db.schema.alterTable('revisions').addColumn('signature', 'text').execute()
  await db.schema.alterTable('pages').addColumn('label', 'text').execute()
  await db.schema.alterTable('pages').addColumn('cells', 'text').execute()
  await db.schema
    .alterTable('documents')
    .addColumn('parentId', 'text', (column) => column.references('documents.id'))
    .execute()
  await db.schema.alterTable('documents').addColumn('entry', 'text').execute()
  await db.schema.createIndex('documentsByParent').on('documents').columns(['parentId', 'entry']).unique().execute()
}

const addIndexTables: Migration = async (db) => {
  await db.schema
    .createTable('indexes')
    .addColumn('fingerprint', 'text', (column) => column.primaryKey())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('dimensions', 'integer', (column) => column.notNull())
    .addColumn('active', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('activatedAt', 'text')
    .execute()
  await db.schema
    .createTable('indexedRevisions')
    .addColumn('revisionId', 'text', (column) => column.notNull().references('revisions.id'))
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('chunks', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('indexedRevisionsByFingerprint', ['fingerprint', 'revisionId'])
    .execute()
}

const addQueueAndFolders: Migration = async (db) => {
  await db.schema
    .alterTable('jobs')
    .addColumn('abandoned', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
  await db.schema
    .createTable('watchedFolders')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('collectionId', 'text', (column) => column.notNull().references('collections.id'))
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('whenRemoved', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('deletedAt', 'text')
    .execute()
  await db.schema
    .createTable('watchedFiles')
    .addColumn('folderId', 'text', (column) => column.notNull().references('watchedFolders.id'))
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('documentId', 'text', (column) => column.references('documents.id'))
    .addColumn('sha256', 'text')
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('modifiedAt', 'text', (column) => column.notNull())
    .addColumn('errorCode', 'text')
    .addColumn('errorMessage', 'text')
    .addPrimaryKeyConstraint('watchedFilesByFolder', ['folderId', 'path'])
    .execute()
  await db.schema.createIndex('watchedFilesByContent').on('watchedFiles').column('sha256').execute()
  await db.schema.createIndex('watchedFilesByDocument').on('watchedFiles').column('documentId').execute()
}

/** What version 1 wrote into columns of `revisions`, as rows. `raw`: those columns are in no type any more. */
const moveOldColumns = async (db: LedgerTransaction): Promise<void> => {
  const raw = db.withTables<{
    revisions: {
      id: string
      documentId: string
      validity: string
      effectiveFrom: string | null
      publishedAt: string | null
      createdAt: string
      fingerprint: string | null
      chunks: number
      ordinal: number
    }
  }>()
  const revisions = await raw
    .selectFrom('revisions')
    .select(['id', 'documentId', 'validity', 'effectiveFrom', 'publishedAt', 'createdAt', 'fingerprint', 'chunks'])
    .orderBy('createdAt')
    .orderBy('ordinal')
    .execute()
  for (const [
    index,
    { id, documentId, effectiveFrom, createdAt, fingerprint, chunks, publishedAt },
  ] of revisions.entries()) {
    await db
      .insertInto('effectivity')
      .values({
        sequence: index + 1,
        documentId: documentId as never,
        revisionId: id as never,
        effectiveFrom: effectiveFrom ?? createdAt,
        principalId: 'local',
        recordedAt: timestamp(),
      })
      .execute()
    if (publishedAt === null || fingerprint === null) continue
    await db
      .insertInto('indexedRevisions')
      .values({ revisionId: id as never, fingerprint, chunks })
      .execute()
  }
  await db
    .updateTable('revisions')
    .set({ parsedAt: (set) => set.ref('publishedAt') })
    .execute()
  for (const column of ['validity', 'effectiveFrom', 'fingerprint', 'chunks']) {
    await db.schema.alterTable('revisions').dropColumn(column).execute()
  }
}

export const addControlledRevisions: Migration = async (db) => {
  await addRevisionTables(db)
  await addIndexTables(db)
  await addQueueAndFolders(db)
  await moveOldColumns(db)
}
