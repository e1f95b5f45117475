/**
 * Parses an XLSX file: each sheet is a page, in the order of the tabs, hidden ones too. In: a path. Out: pages whose rows know their cells, and the files
 * embedded in it. Sheets are read as streams, so that 100,000 rows fit. A sheet that can not be read is a failed page; the others are read.
 * Neighbours: `xlsx-workbook.ts`, `xlsx-sheet.ts`, `xlsx-write-sheet.ts`.
 */
import type { PageOutcome, ParsedPage } from '../../src/core/document.ts'
import { KuraError, wrapError } from '../../src/core/errors.ts'
import { EmbeddedFiles } from './office-embedded.ts'
import { OfficePackage, type Relationship } from './office-package.ts'
import type { ParsedHead, ParserOptions, ParseSink } from './parse-messages.ts'
import { describeValidations, readDrawings, readMargins, readNotes, readTableAreas } from './xlsx-extras.ts'
import { readSheet, type Sheet } from './xlsx-sheet.ts'
import { openWorkbook, type SheetEntry, type Workbook } from './xlsx-workbook.ts'
import { writeSheet } from './xlsx-write-sheet.ts'
import { checkZip, xlsxLimits } from './zip-guard.ts'

const emptySheet: Sheet = { rows: [], merges: [], validations: [], autoFilter: undefined, frozenRows: 0, margins: [] }

const readPage = async (
  container: OfficePackage,
  entry: SheetEntry,
  part: string,
  relationships: ReadonlyMap<string, Relationship>,
  workbook: Workbook,
): Promise<Omit<ParsedPage, 'number' | 'label'>> => {
  const sheet = await readSheet(container, part, workbook)
  const drawings = await readDrawings(container, relationships)
  const written = writeSheet(sheet, {
    tables: await readTableAreas(container, relationships),
    titleRows: entry.titleRows,
    before: readMargins(sheet),
    after: [...drawings.lines, ...(await readNotes(container, relationships)), ...describeValidations(sheet)],
  })
  return { outcome: outcomeOf(written.text, drawings.hasPictures), ...written }
}

const outcomeOf = (text: string, hasPictures: boolean): PageOutcome => {
  if (text !== '') return { method: 'text' }
  return hasPictures ? { method: 'failed', errorCode: 'page_has_no_text' } : { method: 'blank' }
}

const unreadable: Omit<ParsedPage, 'number' | 'label'> = {
  outcome: { method: 'failed', errorCode: 'page_unreadable' },
  ...writeSheet(emptySheet, { tables: [], titleRows: undefined, before: [], after: [] }),
}

class XlsxParser {
  readonly #container: OfficePackage
  readonly #sink: ParseSink
  readonly #embedded: EmbeddedFiles

  constructor(container: OfficePackage, sink: ParseSink, embedded: EmbeddedFiles) {
    this.#container = container
    this.#sink = sink
    this.#embedded = embedded
  }

  /** @throws file_damaged where no sheet can be read */
  async run(): Promise<void> {
    const workbook = await openWorkbook(this.#container)
    const total = workbook.sheets.length
    if (total === 0) throw new KuraError('file_damaged', 'The workbook has no sheets.')
    let readable = 0
    for (const [index, entry] of workbook.sheets.entries()) {
      const page = await this.#sheet(entry, workbook)
      if (page !== unreadable) readable += 1
      else if (index === total - 1 && readable === 0)
        throw new KuraError('file_damaged', 'None of its sheets can be read.')
      const label = entry.isHidden ? `${entry.name} (hidden)` : entry.name
      await this.#sink.page({ number: index + 1, label, ...page }, total)
    }
  }

  async #sheet(entry: SheetEntry, workbook: Workbook): Promise<Omit<ParsedPage, 'number' | 'label'>> {
    if (entry.part === undefined) return unreadable
    try {
      const relationships = await this.#container.relationshipsOf(entry.part)
      const page = await readPage(this.#container, entry, entry.part, relationships, workbook)
      await this.#embedded.send(relationships)
      return page
    } catch (error) {
      if (error instanceof KuraError && error.code === 'file_damaged') return unreadable
      throw error
    }
  }
}

/** @throws file_bomb, file_damaged, disk_full */
export const parseXlsx = async (path: string, sink: ParseSink, options: ParserOptions): Promise<ParsedHead> => {
  await checkZip(path, xlsxLimits)
  try {
    await using container = await OfficePackage.open(path)
    await new XlsxParser(container, sink, new EmbeddedFiles(container, sink, options.scratchFolder)).run()
    return { format: 'xlsx', paginated: true }
  } catch (error) {
    throw wrapError(error, 'file_damaged', 'The XLSX file can not be read: its structure is damaged.')
  }
}
