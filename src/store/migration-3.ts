/**
 * Schema version 3: gaps (questions without an answer that helped), verified answers with what they cite, and how each answer came about.
 * Called by migrations.ts.
 */
import type { Migration } from './ledger-schema.ts'
import { addTunings } from './migration-3-tuning.ts'

const addGaps: Migration = async (db) => {
  await db.schema.alterTable('answers').addColumn('collectionIds', 'text').execute()
  await db.schema
    .createTable('gaps')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('sequence', 'bigint', (column) => column.notNull().unique())
    .addColumn('collectionId', 'text', (column) => column.notNull().references('collections.id'))
    .addColumn('question', 'text', (column) => column.notNull())
    .addColumn('questionKey', 'text', (column) => column.notNull())
    .addColumn('language', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text')
    .addColumn('vector', 'text')
    .addColumn('state', 'text', (column) => column.notNull().defaultTo('open'))
    .addColumn('note', 'text')
    .addColumn('answerDocumentId', 'text', (column) => column.references('documents.id'))
    .addColumn('doubted', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('asked', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('lastAskedAt', 'text', (column) => column.notNull())
    .addColumn('changedAt', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('gapsByQuestion').on('gaps').columns(['collectionId', 'questionKey']).execute()
  await db.schema.createIndex('gapsByCollection').on('gaps').columns(['collectionId', 'asked', 'sequence']).execute()
  await db.schema.createIndex('gapsByAnswer').on('gaps').column('answerDocumentId').execute()
  await db.schema
    .createTable('gapQuestions')
    .addColumn('answerId', 'text', (column) => column.notNull().references('answers.id'))
    .addColumn('collectionId', 'text', (column) => column.notNull().references('collections.id'))
    .addColumn('gapId', 'text', (column) => column.notNull().references('gaps.id'))
    .addColumn('question', 'text', (column) => column.notNull())
    .addColumn('language', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('askedAt', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('gapQuestionsByAnswer', ['answerId', 'collectionId'])
    .execute()
  await db.schema.createIndex('gapQuestionsByGap').on('gapQuestions').columns(['gapId', 'askedAt']).execute()
}

const addVerifiedAnswers: Migration = async (db) => {
  await db.schema
    .createTable('verifiedAnswers')
    .addColumn('revisionId', 'text', (column) => column.primaryKey().references('revisions.id'))
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('language', 'text', (column) => column.notNull())
    .addColumn('questions', 'text', (column) => column.notNull())
    .addColumn('verifiedBy', 'text', (column) => column.notNull())
    .addColumn('signed', 'integer', (column) => column.notNull())
    .addColumn('principalId', 'text', (column) => column.notNull())
    .addColumn('verifiedAt', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('answerCitations')
    .addColumn('revisionId', 'text', (column) => column.notNull().references('verifiedAnswers.revisionId'))
    .addColumn('ordinal', 'integer', (column) => column.notNull())
    .addColumn('citedDocumentId', 'text', (column) => column.notNull().references('documents.id'))
    .addColumn('citedRevisionId', 'text', (column) => column.notNull().references('revisions.id'))
    .addColumn('passageId', 'text', (column) => column.notNull())
    .addColumn('page', 'integer', (column) => column.notNull())
    .addColumn('pageStart', 'integer', (column) => column.notNull())
    .addColumn('pageEnd', 'integer', (column) => column.notNull())
    .addColumn('quote', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('answerCitationsByRevision', ['revisionId', 'ordinal'])
    .execute()
  await db.schema.createIndex('answerCitationsByCited').on('answerCitations').column('citedDocumentId').execute()
}

export const addImprovementLoop: Migration = async (db) => {
  await addGaps(db)
  await addVerifiedAnswers(db)
  await addTunings(db)
  await db.schema.alterTable('answers').addColumn('record', 'text').execute()
}
