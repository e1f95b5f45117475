/**
 * Parsed pages: the page ledger (how each page ended), its text with blocks, and the line boxes that citations are drawn from.
 * In: pages from the parser through the worker; out: the same, checked when read. Positions are carried, never changed.
 */
import { type CellRange, type LineBox, type PageOutcome, type ParsedPage, unreadReasons } from '../core/document.ts'
import { KuraError } from '../core/errors.ts'
import type { RevisionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { parseBlocks, parseCells, parseLines } from './json-columns.ts'
import type { LedgerDatabase, LedgerTransaction } from './ledger-schema.ts'
import type { PageSummary } from './records.ts'

/** Pages in one statement; databases bound the number of parameters, and a page has eleven. */
const pagesPerStatement = 100

/** What places a stretch of a page's text on it. */
export interface PageLayout {
  /** A sheet's name. */
  readonly label: string | null
  readonly lines: readonly LineBox[]
  /** Empty where the page is no sheet. */
  readonly cells: readonly CellRange[]
}

export interface PageText {
  readonly number: number
  readonly label: string | null
  readonly text: string
}

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
    return this.#db.transaction().execute((trx) => PageStore.saveWithin(trx, revisionId, pages))
  }

  /** The same as a part of another transaction. */
  static async saveWithin(trx: LedgerTransaction, revisionId: RevisionId, pages: readonly ParsedPage[]): Promise<void> {
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
            label: update.ref('excluded.label'),
            cells: update.ref('excluded.cells'),
          })),
        )
        .execute()
    }
  }

  /** How each page of the revision ended, in order. */
  async summary(_principal: Principal, revisionId: RevisionId): Promise<PageSummary[]> {
    const rows = await this.#db
      .selectFrom('pages')
      .select(['number', 'label', 'method', 'confidence', 'errorCode', 'characters'])
      .where('revisionId', '=', revisionId)
      .orderBy('number')
      .execute()
    return rows.map((row) => ({
      number: row.number,
      label: row.label,
      outcome: toOutcome(row),
      characters: row.characters,
    }))
  }

  /** @throws page_not_found data_damaged */
  async get(_principal: Principal, revisionId: RevisionId, number: number): Promise<ParsedPage> {
    const row = await this.#db
      .selectFrom('pages')
      .selectAll()
      .where('revisionId', '=', revisionId)
      .where('number', '=', number)
      .executeTakeFirst()
    if (row === undefined) {
      throw new KuraError('page_not_found', `The document has no page ${number}.`, { details: { revisionId, number } })
    }
    return toPage(row)
  }

  /** The highest number up to which every page is there: where an interrupted parse goes on. */
  async savedUpTo(revisionId: RevisionId): Promise<number> {
    const rows = await this.#db
      .selectFrom('pages')
      .select('number')
      .where('revisionId', '=', revisionId)
      .orderBy('number')
      .execute()
    const gap = rows.findIndex((row, index) => row.number !== index + 1)
    return gap < 0 ? rows.length : gap
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
   * By page number; pages that are not there are left out.
   * @throws data_damaged
   */
  async layouts(revisionId: RevisionId, numbers: readonly number[]): Promise<Map<number, PageLayout>> {
    if (numbers.length === 0) return new Map()
    const rows = await this.#db
      .selectFrom('pages')
      .select(['number', 'label', 'lines', 'cells'])
      .where('revisionId', '=', revisionId)
      .where('number', 'in', [...new Set(numbers)])
      .execute()
    return new Map(
      rows.map(({ number, label, lines, cells }) => [
        number,
        { label, lines: parseLines(lines), cells: cells === null ? [] : parseCells(cells) },
      ]),
    )
  }

  /** What all pages of the revision say, in order, without where it stands. */
  texts(_principal: Principal, revisionId: RevisionId): Promise<PageText[]> {
    return this.#db
      .selectFrom('pages')
      .select(['number', 'label', 'text'])
      .where('revisionId', '=', revisionId)
      .orderBy('number')
      .execute()
  }

  async clear(revisionId: RevisionId): Promise<void> {
    await this.#db.deleteFrom('pages').where('revisionId', '=', revisionId).execute()
  }
}

const toRow = (revisionId: RevisionId, page: ParsedPage) => ({
  revisionId,
  number: page.number,
  method: page.outcome.method,
  confidence: page.outcome.method === 'ocr' ? page.outcome.confidence : null,
  errorCode: codeOf(page.outcome),
  characters: page.text.length,
  // A lone surrogate would come back from SQLite as three characters: all offsets behind it would be off.
  text: page.text.replaceAll(/\p{Surrogate}/gu, '\uFFFD'),
  blocks: JSON.stringify(page.blocks),
  lines: JSON.stringify(page.lines),
  label: page.label ?? null,
  cells: page.cells === undefined ? null : JSON.stringify(page.cells),
})

/** Why the page failed, or why it waits for OCR. */
const codeOf = (outcome: PageOutcome): string | null => {
  if (outcome.method === 'failed') return outcome.errorCode
  return outcome.method === 'unread' ? outcome.reason : null
}

interface PageRow extends OutcomeColumns {
  number: number
  text: string
  blocks: string
  lines: string
  label: string | null
  cells: string | null
}

const toPage = (row: PageRow): ParsedPage => ({
  number: row.number,
  ...(row.label === null ? {} : { label: row.label }),
  outcome: toOutcome(row),
  text: row.text,
  blocks: parseBlocks(row.blocks),
  lines: parseLines(row.lines),
  ...(row.cells === null ? {} : { cells: parseCells(row.cells) }),
})

const toOutcome = (row: OutcomeColumns): PageOutcome => {
  switch (row.method) {
    case 'ocr':
      return { method: 'ocr', confidence: row.confidence ?? 0 }
    case 'failed':
      return { method: 'failed', errorCode: row.errorCode ?? 'page_unreadable' }
    case 'unread':
      return { method: 'unread', reason: unreadReasons.find((reason) => reason === row.errorCode) ?? 'no_text' }
    default:
      return { method: row.method }
  }
}
