/**
 * The revisions of a document as document controllers handle them: what there is, which one is in force when, releasing, scheduling, rolling
 * back, withdrawing. In: changes by people; out: records. What is in force is computed in effectivity.ts; here entries are added.
 * Invariant: the past stays as it was: a roll-back or a withdrawal is a new entry from now on.
 */
import { sql } from 'kysely'
import { KuraError } from '../core/errors.ts'
import type { DocumentId, RevisionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { isExpiredAnswer } from './answer-validity.ts'
import { activeChunks, newestJob, selectDocuments } from './document-rows.ts'
import { entriesOf, putInForce, validityOf } from './effectivity.ts'
import { type LedgerDatabase, type LedgerTransaction, timestamp } from './ledger-schema.ts'
import type { NearDuplicate, RevisionRecord } from './records.ts'

export interface RevisionChange {
  readonly label?: string | undefined
  /**
   * `effective`: in force from `effectiveFrom` on (a draft is released, an earlier revision brought back); `withdrawn`: from now on no
   * revision is in force; `draft`: what was scheduled is not any more.
   */
  readonly validity?: 'effective' | 'withdrawn' | 'draft' | undefined
  /** ISO 8601 UTC, past or future. Alone it moves the time from which the revision is or was in force. @default now */
  readonly effectiveFrom?: string | undefined
}

export class RevisionStore {
  readonly #db: LedgerDatabase

  constructor(db: LedgerDatabase) {
    this.#db = db
  }

  /**
   * In the order of upload.
   * @throws document_not_found
   */
  async list(_principal: Principal, documentId: DocumentId, at: Date = new Date()): Promise<RevisionRecord[]> {
    const document = await selectDocuments(this.#db).where('documents.id', '=', documentId).executeTakeFirst()
    if (document === undefined) {
      throw new KuraError('document_not_found', 'There is no document of this id.', { details: { documentId } })
    }
    const rows = await selectRevisions(this.#db, timestamp(at)).where('revisions.documentId', '=', documentId).execute()
    const entries = await entriesOf(this.#db, documentId)
    const published = new Set(rows.filter((row) => row.publishedAt !== null).map((row) => row.id))
    return rows.map((row) => {
      const validity = validityOf(row.id, entries, published, timestamp(at))
      const isExpired = row.isExpired === 1 && validity.validity === 'effective'
      return { ...toRecord(row), ...validity, ...(isExpired ? { validity: 'superseded' as const } : {}) }
    })
  }

  /**
   * By id, else by label.
   * @throws document_not_found revision_not_found
   */
  async get(principal: Principal, documentId: DocumentId, idOrLabel: string): Promise<RevisionRecord> {
    const revisions = await this.list(principal, documentId)
    const found = revisions.find(({ id }) => id === idOrLabel) ?? revisions.findLast(({ label }) => label === idOrLabel)
    if (found) return found
    throw new KuraError('revision_not_found', 'The document has no revision of this id or label.', {
      details: { documentId },
    })
  }

  /**
   * The revision that people mean who name none: the one in force, else the one uploaded last.
   * @throws document_not_found
   */
  async shown(principal: Principal, documentId: DocumentId): Promise<RevisionRecord> {
    const revisions = await this.list(principal, documentId)
    const shown = revisions.find(({ validity }) => validity === 'effective') ?? revisions.at(-1)
    if (!shown) throw new KuraError('internal', 'The document has no revision.')
    return shown
  }

  /** @throws document_not_found revision_not_found revision_exists revision_not_changeable */
  update(
    principal: Principal,
    documentId: DocumentId,
    revisionId: RevisionId,
    change: RevisionChange,
  ): Promise<RevisionRecord> {
    return this.#db.transaction().execute(async (trx) => {
      const inside = new RevisionStore(trx)
      const revision = await inside.get(principal, documentId, revisionId)
      if (change.label !== undefined && change.label !== revision.label) {
        await relabel(trx, revision, change.label)
      }
      if (change.validity === 'withdrawn') await withdraw(trx, principal, revision)
      else if (change.validity === 'draft') await unschedule(trx, revision)
      else if (change.validity === 'effective' || change.effectiveFrom !== undefined) {
        await enforce(trx, principal, revision, change)
      }
      return inside.get(principal, documentId, revisionId)
    })
  }

  /** Documents of nearly the same text as this revision, most similar first. */
  async nearDuplicates(_principal: Principal, revisionId: RevisionId): Promise<NearDuplicate[]> {
    return this.#db
      .selectFrom('nearDuplicates')
      .innerJoin('revisions', 'revisions.id', 'nearDuplicates.otherRevisionId')
      .innerJoin('documents', 'documents.id', 'revisions.documentId')
      .where('nearDuplicates.revisionId', '=', revisionId)
      .where('documents.deletedAt', 'is', null)
      .select(['documents.id as documentId', 'documents.name as documentName', 'revisions.id as revisionId'])
      .select('nearDuplicates.similarity')
      .orderBy('nearDuplicates.similarity', 'desc')
      .execute()
  }

  /** Signatures of the newest revisions of all other documents of the collection that this revision belongs to. */
  async signaturesBeside(revisionId: RevisionId): Promise<{ revisionId: RevisionId; signature: string }[]> {
    const own = await this.#db
      .selectFrom('revisions')
      .innerJoin('documents', 'documents.id', 'revisions.documentId')
      .select(['documents.id', 'documents.collectionId'])
      .where('revisions.id', '=', revisionId)
      .executeTakeFirst()
    if (own === undefined) return []
    const rows = await selectDocuments(this.#db)
      .where('documents.collectionId', '=', own.collectionId)
      .where('documents.id', '!=', own.id)
      .where('revisions.signature', 'is not', null)
      .select('revisions.signature')
      .execute()
    return rows.flatMap((row) =>
      row.signature === null || row.signature === '' ? [] : [{ revisionId: row.revisionId, signature: row.signature }],
    )
  }

  /** Both ways: each of the two knows of the other. Takes the place of what was recorded for the revision. */
  recordNearDuplicates(
    revisionId: RevisionId,
    found: readonly { revisionId: RevisionId; similarity: number }[],
  ): Promise<void> {
    return this.#db.transaction().execute(async (trx) => {
      await trx
        .deleteFrom('nearDuplicates')
        .where((where) => where.or([where('revisionId', '=', revisionId), where('otherRevisionId', '=', revisionId)]))
        .execute()
      for (const { revisionId: other, similarity } of found) {
        await trx
          .insertInto('nearDuplicates')
          .values([
            { revisionId, otherRevisionId: other, similarity },
            { revisionId: other, otherRevisionId: revisionId, similarity },
          ])
          .execute()
      }
    })
  }
}

const selectRevisions = (db: LedgerDatabase, at: string) =>
  db
    .selectFrom('revisions')
    .select([
      'id',
      'documentId',
      'ordinal',
      'label',
      'status',
      'sha256',
      'bytes',
      'format',
      'errorCode',
      'errorMessage',
    ])
    .select(['pagesText', 'pagesOcr', 'pagesBlank', 'pagesFailed', 'createdAt', 'publishedAt'])
    .select(activeChunks)
    .select(newestJob)
    // A verified answer is superseded together with what it cites.
    .select(sql<number>`${isExpiredAnswer(sql<RevisionId>`revisions.id`, at)}`.as('isExpired'))
    .orderBy('ordinal')

type RevisionRow = Awaited<ReturnType<ReturnType<typeof selectRevisions>['executeTakeFirstOrThrow']>>

const toRecord = (row: RevisionRow) => {
  const { pagesText, pagesOcr, pagesBlank, pagesFailed, errorCode, errorMessage, chunks, isExpired: _, ...rest } = row
  return {
    ...rest,
    pages: { text: pagesText, ocr: pagesOcr, blank: pagesBlank, failed: pagesFailed },
    chunks: chunks ?? 0,
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
  }
}

const relabel = async (trx: LedgerTransaction, revision: RevisionRecord, label: string): Promise<void> => {
  const used = await trx
    .selectFrom('revisions')
    .select('id')
    .where('documentId', '=', revision.documentId)
    .where('label', '=', label)
    .executeTakeFirst()
  if (used !== undefined) throw new KuraError('revision_exists', `The document has a revision "${label}" already.`)
  await trx.updateTable('revisions').set({ label }).where('id', '=', revision.id).execute()
}

const withdraw = async (trx: LedgerTransaction, principal: Principal, revision: RevisionRecord): Promise<void> => {
  if (revision.validity !== 'effective') {
    throw new KuraError(
      'revision_not_changeable',
      `The revision is ${revision.validity}; only one in force can be withdrawn.`,
    )
  }
  const { documentId } = revision
  await putInForce(trx, principal, { documentId, revisionId: null, effectiveFrom: timestamp() })
}

const removeEntries = async (trx: LedgerTransaction, revision: RevisionRecord, after: string): Promise<void> => {
  await trx
    .deleteFrom('effectivity')
    .where('revisionId', '=', revision.id)
    .where('effectiveFrom', '>=', after)
    .execute()
}

const unschedule = async (trx: LedgerTransaction, revision: RevisionRecord): Promise<void> => {
  if (revision.validity === 'draft') return
  if (revision.validity !== 'scheduled') {
    throw new KuraError(
      'revision_not_changeable',
      `The revision is ${revision.validity}; it can not become a draft any more.`,
    )
  }
  await removeEntries(trx, revision, '')
}

const enforce = async (
  trx: LedgerTransaction,
  principal: Principal,
  revision: RevisionRecord,
  { validity, effectiveFrom }: RevisionChange,
): Promise<void> => {
  const { documentId, id: revisionId } = revision
  if (effectiveFrom === undefined) {
    if (revision.validity === 'effective') return
    // What was scheduled takes effect earlier.
    await removeEntries(trx, revision, timestamp())
    return putInForce(trx, principal, { documentId, revisionId, effectiveFrom: timestamp() })
  }
  if (validity === undefined && revision.validity === 'draft') {
    throw new KuraError('revision_not_changeable', 'The revision is a draft: it has no time from which it is in force.')
  }
  // The last time at which it took effect, or will, is moved; a time that another revision has ended stays.
  const moves = revision.validity === 'effective' || revision.validity === 'scheduled' || validity === undefined
  if (moves) await removeEntries(trx, revision, revision.effectiveFrom ?? '')
  await putInForce(trx, principal, { documentId, revisionId, effectiveFrom: timestamp(new Date(effectiveFrom)) })
}
