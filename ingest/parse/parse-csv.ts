/**
 * Parses a CSV file: delimiter found from the content, header row where there is one, one table. In: a path. Out: one page whose rows know their cells.
 * Rows of any length are kept. Text is decoded as for other text files. Neighbours: `table-layout.ts`, `single-page.ts`.
 */
import { parse } from 'csv-parse/sync'
import type { CellRange } from '../../src/core/document.ts'
import { KuraError, wrapError } from '../../src/core/errors.ts'
import { collapseBlanks, PageBuilder } from './page-builder.ts'
import type { ParsedHead, ParserOptions, ParseSink } from './parse-messages.ts'
import { readText } from './single-page.ts'
import type { TableRow } from './table-header.ts'
import { layOutTable } from './table-layout.ts'
import { areaName } from './xlsx-cell-reference.ts'

const delimiters = [',', ';', '\t', '|'] as const
/** The delimiter is found from the head of the file. */
const sampleCharacters = 65_536

const parseRows = (text: string, delimiter: string): string[][] =>
  parse(text, {
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    record_delimiter: ['\r\n', '\n', '\r'],
  })

/** Excel writes the delimiter into the first line. */
const declaredDelimiter = (text: string): string | undefined => /^\ufeff?sep=(.)\r?\n/i.exec(text)?.[1]

/** The delimiter that parts most rows into the same number of cells, more than one. */
const findDelimiter = (text: string): string => {
  const cut = text.length > sampleCharacters
  const sample = cut
    ? text.slice(0, Math.max(0, text.lastIndexOf('\n', sampleCharacters))) || text.slice(0, sampleCharacters)
    : text
  const scores = delimiters.map((delimiter) => {
    const widths = tryParse(sample, delimiter)
      .filter((row) => row.some((cell) => cell.trim() !== ''))
      .map((row) => row.length)
    const counts = new Map<number, number>()
    for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1)
    const [width = 1, count = 0] = [...counts].toSorted((a, b) => b[1] - a[1])[0] ?? []
    return { delimiter, score: width < 2 ? 0 : (count / widths.length) * (1 + Math.min(width, 20) / 100) }
  })
  const best = scores.toSorted((a, b) => b.score - a.score)[0]
  return best && best.score > 0 ? best.delimiter : ','
}

const tryParse = (text: string, delimiter: string): string[][] => {
  try {
    return parseRows(text, delimiter)
  } catch {
    return []
  }
}

const readRows = (text: string): string[][] => {
  const declared = declaredDelimiter(text)
  const content = declared === undefined ? text : text.slice(text.indexOf('\n') + 1)
  try {
    return parseRows(content, declared ?? findDelimiter(content))
  } catch (error) {
    // A quotation mark that is never closed: marks are taken as text then.
    const delimiter =
      declared ?? (content.split('\n')[0]?.includes('\t') ? '\t' : findDelimiter(content.replaceAll('"', '')))
    if (!(error instanceof Error)) throw error
    return parse(content, {
      delimiter,
      bom: true,
      relax_column_count: true,
      quote: false,
      record_delimiter: ['\r\n', '\n', '\r'],
    })
  }
}

/** @throws file_too_large, encoding_unknown, file_damaged */
export const parseCsv = async (path: string, sink: ParseSink, options: ParserOptions): Promise<ParsedHead> => {
  const text = await readText(path, { encoding: options.encoding })
  const grid: TableRow[] = []
  try {
    for (const row of readRows(text)) grid.push(row.map((cell) => ({ text: collapseBlanks(cell), strong: false })))
  } catch (error) {
    throw wrapError(error, 'file_damaged', 'The file can not be read as rows of cells.')
  }
  if (grid.every((row) => row.every((cell) => cell?.text === ''))) {
    throw new KuraError('no_text', 'The file has no cell with text.')
  }
  const builder = new PageBuilder()
  const places: string[] = []
  const offset = declaredDelimiter(text) === undefined ? 1 : 2
  for (const part of layOutTable(grid)) {
    const rows = part.kind === 'line' ? [part.row] : part.rows
    for (const { first, last, cells } of rows) {
      places.push(
        areaName({ top: first + offset, bottom: last + offset, left: 0, right: Math.max(0, cells.length - 1) }),
      )
    }
    if (part.kind === 'line') builder.paragraph(part.row.cells.map((cell) => ({ text: cell })))
    else
      builder.table(
        rows.map(({ cells }) => cells.map((cell) => [{ text: cell }])),
        part.hasHeader,
      )
  }
  const built = builder.build()
  const ranges = built.blocks.flatMap((block) =>
    block.kind === 'table' ? [...(block.header ? [block.header] : []), ...block.rows] : [block],
  )
  const cells: CellRange[] = ranges.map(({ start, end }, index) => ({ start, end, cells: places[index] ?? '' }))
  await sink.page({ number: 1, outcome: { method: 'text' }, ...built, cells }, 1)
  return { format: 'csv', paginated: false }
}
