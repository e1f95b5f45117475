/**
 * Parsed pages: the page ledger (how each page ended), its text with blocks, and the line boxes that citations are drawn from.
 * In: pages from the parser through the worker; out: the same, checked when read. Positions are carried, never changed.
 */
import type { LineBox, PageOutcome, ParsedPage } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'
import type { DocumentId, RevisionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { selectDocuments } from './document-rows.ts'
import { parseBlocks, parseLines } from './json-columns.ts'
import type { LedgerDatabase } from './ledger-schema.ts'
import type { PageSummary } from './records.ts'

/** Pages in one statement; databases bound the number of parameters, and a page has nine. */
const pagesPerStatement = 100

interface OutcomeColumns {
  method: PageOutcome['method']
  confidence: number | null
  errorCode: string | null
}

export class PageStore {
  readonly #db: LedgerDatabase

  constructor(db: LedgerDatabase) {
    this.#db = db
  }

  /** All of them in one transaction; a page that is there already is replaced. */
  save(revisionId: RevisionId, pages: readonly ParsedPage[]): Promise<void> {
    return this.#db.transaction().execute(async (trx) => {
      for (let start = 0; start < pages.length; start += pagesPerStatement) {
        await trx
          .insertInto('pages')
          .values(pages.slice(start, start + pagesPerStatement).map((page) => toRow(revisionId, page)))
          .onConflict((conflict) =>
            conflict.columns(['revisionId', 'number']).doUpdateSet((update) => ({
              method: update.ref('excluded.method'),
              confidence: update.ref('excluded.confidence'),
              errorCode: update.ref('excluded.errorCode'),
              characters: update.ref('excluded.characters'),
              text: update.ref('excluded.text'),
              blocks: update.ref('excluded.blocks'),
              lines: update.ref('excluded.lines'),
            })),
          )
          .execute()
      }
    })
  }

  /**
   * How each page of the document ended, in order.
   * @throws document_not_found
   */
  async summary(_principal: Principal, documentId: DocumentId): Promise<PageSummary[]> {
    const rows = await this.#db
      .selectFrom('pages')
      .select(['number', 'method', 'confidence', 'errorCode', 'characters'])
      .where('revisionId', '=', await this.#newestRevision(documentId))
      .orderBy('number')
      .execute()
    return rows.map((row) => ({ number: row.number, outcome: toOutcome(row), characters: row.characters }))
  }

  /** @throws document_not_found page_not_found data_damaged */
  async get(_principal: Principal, documentId: DocumentId, number: number): Promise<ParsedPage> {
    const row = await this.#db
      .selectFrom('pages')
      .selectAll()
      .where('revisionId', '=', await this.#newestRevision(documentId))
      .where('number', '=', number)
      .executeTakeFirst()
    if (row === undefined) {
      throw new KuraError('page_not_found', `The document has no page ${number}.`, { details: { documentId, number } })
    }
    return toPage(row)
  }

  /**
   * All pages of the revision, in order.
   * @throws data_damaged
   */
  async read(revisionId: RevisionId): Promise<ParsedPage[]> {
    const rows = await this.#db
      .selectFrom('pages')
      .selectAll()
      .where('revisionId', '=', revisionId)
      .orderBy('number')
      .execute()
    return rows.map(toPage)
  }

  /**
   * Line boxes by page number; pages that are not there are left out.
   * @throws data_damaged
   */
  async lines(revisionId: RevisionId, numbers: readonly number[]): Promise<Map<number, readonly LineBox[]>> {
    if (numbers.length === 0) return new Map()
    const rows = await this.#db
      .selectFrom('pages')
      .select(['number', 'lines'])
      .where('revisionId', '=', revisionId)
      .where('number', 'in', [...new Set(numbers)])
      .execute()
    return new Map(rows.map((row) => [row.number, parseLines(row.lines)]))
  }

  async clear(revisionId: RevisionId): Promise<void> {
    await this.#db.deleteFrom('pages').where('revisionId', '=', revisionId).execute()
  }

  async #newestRevision(documentId: DocumentId): Promise<RevisionId> {
    const row = await selectDocuments(this.#db).where('documents.id', '=', documentId).executeTakeFirst()
    if (row === undefined) {
      throw new KuraError('document_not_found', 'There is no document of this id.', { details: { documentId } })
    }
    return row.revisionId
  }
}

const toRow = (revisionId: RevisionId, page: ParsedPage) => ({
  revisionId,
  number: page.number,
  method: page.outcome.method,
  confidence: page.outcome.method === 'ocr' ? page.outcome.confidence : null,
  errorCode: page.outcome.method === 'failed' ? page.outcome.errorCode : null,
  characters: page.text.length,
  // A lone surrogate would come back from SQLite as three characters: all offsets behind it would be off.
  text: page.text.replaceAll(/\p{Surrogate}/gu, '\uFFFD'),
  blocks: JSON.stringify(page.blocks),
  lines: JSON.stringify(page.lines),
})

const toPage = (row: OutcomeColumns & { number: number; text: string; blocks: string; lines: string }): ParsedPage => ({
  number: row.number,
  outcome: toOutcome(row),
  text: row.text,
  blocks: parseBlocks(row.blocks),
  lines: parseLines(row.lines),
})

const toOutcome = (row: OutcomeColumns): PageOutcome => {
  switch (row.method) {
    case 'ocr':
      return { method: 'ocr', confidence: row.confidence ?? 0 }
    case 'failed':
      return { method: 'failed', errorCode: row.errorCode ?? 'page_unreadable' }
    default:
      return { method: row.method }
  }
}
