/**
 * Reads one sheet as a stream, whatever its size: rows of cells as they are shown, merged areas, validations, header and footer. In: the sheet's part and the
 * workbook. Out: a `Sheet`; only cells with text are kept. Neighbours: `xlsx-workbook.ts` before, `xlsx-regions.ts` after.
 */
import { KuraError } from '../../src/core/errors.ts'
import type { OfficePackage } from './office-package.ts'
import { readSymbols } from './office-symbols.ts'
import { readXmlEvents } from './office-xml.ts'
import type { TableCell } from './table-header.ts'
import { type CellArea, parseArea, parseReference } from './xlsx-cell-reference.ts'
import { formatNumber, formatText } from './xlsx-number-format.ts'
import { cellText, StringItem } from './xlsx-strings.ts'
import { plainFormat } from './xlsx-styles.ts'
import type { Workbook } from './xlsx-workbook.ts'

/** A row with text: its cells and their columns, both in ascending order of columns. */
export interface SheetRow {
  /** 1-based, as shown. */
  readonly number: number
  /** 0-based. */
  readonly columns: number[]
  readonly cells: TableCell[]
}

/** What a cell may hold, and what is said when it is chosen. */
interface Validation {
  readonly cells: string
  /** The choices of a list that is written into the rule itself. */
  readonly list: string
  readonly prompts: readonly string[]
}

export interface Sheet {
  readonly rows: readonly SheetRow[]
  readonly merges: readonly CellArea[]
  readonly validations: readonly Validation[]
  readonly autoFilter: CellArea | undefined
  /** Rows that stay in place when the sheet is scrolled. */
  readonly frozenRows: number
  /** Formats of headers and footers. */
  readonly margins: readonly string[]
}

/** Areas beyond are no table's. */
const maxMerges = 100_000
/** The text of one sheet; a string is all that there can be of a page. */
const maxCharacters = 100_000_000

interface OpenCell {
  readonly column: number
  readonly type: string
  readonly style: number
  value: string | undefined
  formula: string
}

interface OpenRule {
  cells: string
  readonly isList: boolean
  list: string
  readonly prompts: readonly string[]
}

class SheetReader {
  readonly #workbook: Workbook
  readonly #item = new StringItem()
  readonly #interned = new Map<number, TableCell>()
  readonly #rows: SheetRow[] = []
  readonly #merges: CellArea[] = []
  readonly #validations: Validation[] = []
  readonly #margins: string[] = []
  #row: SheetRow = { number: 0, columns: [], cells: [] }
  #cell: OpenCell | undefined
  #rule: OpenRule | undefined
  #text = ''
  #autoFilter: CellArea | undefined
  #frozenRows = 0
  #nextColumn = 0
  #characters = 0

  constructor(workbook: Workbook) {
    this.#workbook = workbook
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#text = ''
    switch (name) {
      case 'row':
        this.#row = { number: Number(attributes.r ?? this.#row.number + 1), columns: [], cells: [] }
        this.#nextColumn = 0
        return
      case 'c':
        this.#openCell(attributes)
        return
      case 'mergeCell': {
        const area = parseArea(attributes.ref ?? '')
        if (area && this.#merges.length < maxMerges) this.#merges.push(area)
        return
      }
      case 'autoFilter':
        this.#autoFilter = parseArea(attributes.ref ?? '')
        return
      case 'pane':
        if ((attributes.state ?? '').startsWith('frozen')) this.#frozenRows = Number(attributes.ySplit ?? 0)
        return
      case 'dataValidation':
      case 'x14:dataValidation':
        this.#rule = {
          cells: attributes.sqref ?? '',
          isList: attributes.type === 'list',
          list: '',
          prompts: [attributes.promptTitle, attributes.prompt, attributes.errorTitle, attributes.error].map((text) =>
            cellText(text ?? ''),
          ),
        }
        return
      default:
        if (this.#cell) this.#item.open(name, attributes)
    }
  }

  text(text: string): void {
    this.#text += text
    if (this.#cell) this.#item.text(text)
  }

  close(name: string): void {
    const cell = this.#cell
    if (cell) {
      this.#item.close(name)
      if (name === 'v') cell.value = this.#text
      else if (name === 'f') cell.formula = this.#text
      else if (name === 'c') this.#closeCell(cell)
    } else if (name === 'row') {
      if (this.#row.cells.length > 0) this.#rows.push(this.#row)
    } else if (/^(?:odd|even|first)(?:Header|Footer)$/.test(name)) this.#margins.push(this.#text)
    else if (this.#rule) this.#closeRule(this.#rule, name)
  }

  finish(): Sheet {
    const isOrdered = this.#rows.every((row, index) => row.number > (this.#rows[index - 1]?.number ?? 0))
    return {
      rows: isOrdered ? this.#rows : this.#rows.toSorted((a, b) => a.number - b.number),
      merges: this.#merges,
      validations: this.#validations,
      autoFilter: this.#autoFilter,
      frozenRows: this.#frozenRows,
      margins: this.#margins,
    }
  }

  #openCell({ r, t = 'n', s = '0' }: Readonly<Record<string, string>>): void {
    const column = (r === undefined ? undefined : parseReference(r)?.column) ?? this.#nextColumn
    this.#nextColumn = column + 1
    this.#cell = { column, type: t, style: Number(s), value: undefined, formula: '' }
  }

  #closeCell(open: OpenCell): void {
    this.#cell = undefined
    const inline = this.#item.take()
    const cell = this.#shown(open, inline)
    if (cell === undefined || cell.text === '') return
    this.#characters += cell.text.length
    if (this.#characters > maxCharacters) {
      throw new KuraError('file_bomb', `A sheet shows over ${maxCharacters / 1e6} million characters.`)
    }
    const { columns, cells } = this.#row
    if (columns.length > 0 && open.column <= (columns.at(-1) ?? 0)) this.#insert(open.column, cell)
    else {
      columns.push(open.column)
      cells.push(cell)
    }
  }

  /** Cells out of order, as some programs write them. */
  #insert(column: number, cell: TableCell): void {
    const { columns, cells } = this.#row
    const at = columns.findIndex((other) => other >= column)
    columns.splice(at, columns[at] === column ? 1 : 0, column)
    cells.splice(at, cells.length === columns.length ? 1 : 0, cell)
  }

  #shown(cell: OpenCell, inline: string): TableCell | undefined {
    const format = this.#workbook.formats[cell.style] ?? plainFormat
    const { strong, look, code, font } = format
    if (cell.type === 's') return this.#sharedCell(Number(cell.value ?? -1), cell.style)
    if (cell.type === 'inlineStr')
      return { text: readSymbols(inline || cellText(cell.value ?? ''), font), strong, look }
    if (cell.value === undefined)
      return cell.formula === '' ? undefined : { text: cellText(`=${cell.formula}`), strong, look }
    const value = cell.value.trim()
    if (cell.type === 'b') return { text: value === '1' || value === 'true' ? 'TRUE' : 'FALSE', strong, look }
    if (cell.type === 'd')
      return { text: value.replace(/T00:00(?::00(?:\.0+)?)?Z?$/, '').replace('T', ' '), strong, look }
    if (cell.type === 'str') return { text: formatText(cellText(cell.value), code), strong, look }
    if (cell.type === 'e' || value === '' || Number.isNaN(Number(value))) return { text: cellText(value), strong, look }
    return { text: formatNumber(Number(value), code, this.#workbook.epoch1904), strong, look }
  }

  /** Sheets repeat their strings: one object for each string and format. */
  #sharedCell(index: number, style: number): TableCell | undefined {
    const key = index * 100_000 + style
    const known = this.#interned.get(key)
    if (known) return known
    const text = this.#workbook.strings[index]
    if (text === undefined) return undefined
    const { strong, look, code, font } = this.#workbook.formats[style] ?? plainFormat
    const cell = { text: formatText(readSymbols(text, font), code), strong, look }
    this.#interned.set(key, cell)
    return cell
  }

  #closeRule(rule: OpenRule, name: string): void {
    if ((name === 'formula1' || name === 'xm:f') && rule.isList) rule.list ||= listOf(this.#text)
    else if (name === 'xm:sqref') rule.cells = this.#text
    else if (name.endsWith('dataValidation')) {
      this.#rule = undefined
      const prompts = rule.prompts.filter((text) => text !== '')
      if (rule.list !== '' || prompts.length > 0)
        this.#validations.push({ cells: rule.cells, list: rule.list, prompts })
    }
  }
}

/** `"yes,no"` lists its choices; a reference points to cells that are read anyway. */
const listOf = (formula: string): string => {
  const quoted = /^"(.*)"$/s.exec(formula.trim())?.[1]
  return quoted === undefined ? '' : cellText(quoted.replaceAll('""', '"').split(',').join(', '))
}

/** @throws file_damaged */
export const readSheet = async (container: OfficePackage, part: string, workbook: Workbook): Promise<Sheet> => {
  const reader = new SheetReader(workbook)
  await readXmlEvents(container.readChunks(part), reader)
  return reader.finish()
}
