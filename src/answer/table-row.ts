/**
 * Whether a statement gives the cells of a table row to their own row and column. In: the statement, the row, its table's head and the other rows.
 * Out: what is given to another. A row holds the figures of all its columns, and the head the names of all, so words alone tell nothing.
 */
import { clausesOf } from './clauses.ts'
import { contentWords, holdsWord, lettersOf, wordGround } from './content-words.ts'
import { agree, figuresOf, holdsCode } from './figures.ts'

export interface TableRow {
  readonly cells: readonly string[]
  /** Names of the columns; empty where the table has no head. */
  readonly head: readonly string[]
  /** The cells of the other rows of the table. */
  readonly others: readonly (readonly string[])[]
}

export const cellsOf = (text: string): string[] => text.split(/\s*\|\s*/).map((cell) => cell.trim())

/** The row as clauses, each value under its column's name: `Model: KP-60; Pressure (bar): 5`. */
export const rowText = (cells: readonly string[], head: readonly string[]): string =>
  cells
    .map((cell, i) => pairText(cell, head[i]))
    .filter((each) => each !== '')
    .join(' ; ')
const pairText = (cell: string, name: string | undefined): string =>
  cell === '' ? '' : name ? `${name}: ${cell}` : cell

const countIn = (cell: string): number => {
  const { measures, codes } = figuresOf(cell)
  return contentWords(cell).length + measures.length + codes.length
}

/** 0 to 1: how much of a cell's words and figures the text holds. */
const shareIn = (cell: string, text: string): number => {
  const words = contentWords(cell)
  const { measures, codes } = figuresOf(cell)
  const held = figuresOf(text)
  const ground = wordGround(text)
  const total = countIn(cell)
  if (total === 0) return cell !== '' && ground.folded.includes(cell.toLowerCase()) ? 1 : 0
  const found =
    words.filter((word) => holdsWord(word, ground)).length +
    measures.filter(({ value }) => held.measures.some((each) => each.value === value)).length +
    codes.filter(({ value }) => holdsCode(value, held.canonical)).length
  return found / total
}

const namedShare = 0.999
/** A cell of so many words is one row's own. */
const singlingWords = 5
const citedShare = 0.6
const isIndex = /^(?:no\.?\s*)?\d{1,3}\.?$/i

/** The row's own name: its first cell, or the second where the first only counts. */
const keyIndex = (cells: readonly string[], head: readonly string[]): number =>
  isIndex.test(cells[0] ?? '') &&
  cells.length > 2 &&
  !/[a-z]{4}/i.test((head[0] ?? '').replace(/^(?:item|row|step)$/i, ''))
    ? 1
    : 0

/**
 * How many columns, from the first, name what the row is of: "SUS304 | 6.0 mm | 1.6 MPa" is one of several rows of this steel, and the only one of both. 0 where
 * the first names nothing.
 */
const namingColumns = ({ cells, others }: TableRow): number => {
  let alike = others
  for (const [i, cell] of cells.entries()) {
    if (cell === '') return i
    alike = alike.filter((other) => other[i] === cell)
    if (alike.length === 0) return i + 1
  }
  return 0
}

/**
 * Whether a statement only names what the row is of and tells none of its values, or tells of one cell what is nowhere in the row: whatever else it says, it does not have from there.
 * @param context what stands over the row
 */
export const tellsNoCell = (statement: string, { cells, head }: TableRow, context: string): boolean => {
  const key = keyIndex(cells, head)
  const values = cells.filter((cell, i) => cell !== '' && i !== key)
  // A cell of nothing but signs and words of grammar (不可, ○) can be told in other words.
  if (values.length === 0 || values.some((cell) => countIn(cell) === 0)) return false
  const told = values.filter((cell) => shareIn(cell, statement) > 0)
  if (told.length === 0) return true
  if (told.length > 1 || shareIn(cells[key] ?? '', statement) > 0) return false
  const ground = wordGround([...cells, ...head, context].join('\n'))
  return contentWords(statement).some((word) => !holdsWord(word, ground))
}

const isAnotherRow = (statement: string, { cells, head, others }: TableRow): boolean => {
  const at = keyIndex(cells, head)
  const key = cells[at] ?? ''
  const own = shareIn(key, statement)
  if (own >= namedShare) {
    // "pump motor" is not "pump": a key that says more, and is named as a whole, is the one that is meant.
    return others.some((other) => {
      const rival = other[at] ?? ''
      return (
        rival !== key &&
        rival.length > key.length &&
        shareIn(rival, statement) >= namedShare &&
        shareIn(key, rival) >= namedShare &&
        !sharesOtherCells(statement, cells, at)
      )
    })
  }
  const rivals = others.map((other) => (other[at] === key ? 0 : shareIn(other[at] ?? '', statement)))
  const best = Math.max(0, ...rivals)
  if (best > own || best >= namedShare) return true
  if (own > best && own >= 0.5) return false
  // The row is not named: what the statement tells of it must single it out.
  const told = cells.filter(
    (cell, i) => i !== at && shareIn(cell, statement) >= citedShare && others.some((other) => other[i] !== cell),
  )
  if (told.some((cell) => contentWords(cell).length >= singlingWords && shareIn(cell, statement) >= citedShare))
    return false
  return (
    others.length > 0 &&
    told.length === 1 &&
    others.some((other) => other.some((cell, i) => i !== at && cell !== cells[i]))
  )
}

/** Two cells beside the key are told: the row is sure. */
const sharesOtherCells = (statement: string, cells: readonly string[], key: number): boolean =>
  cells.filter((cell, i) => i !== key && shareIn(cell, statement) >= namedShare).length > 1

/** Of a column that is called by a code (SP-250) or a figure (24 V) as well. */
const nameShare = (name: string | undefined, clause: string): number => {
  const bare = bareName(name)
  return countIn(bare) === 0 ? 0 : shareIn(bare, clause)
}
/** Without its unit: Pressure (bar). */
const bareName = (name: string | undefined): string => (name ?? '').replace(/[([（［].*?[)\]）］]/g, ' ')

/** "The dirty hold time of a Type C clean" has the words of the clean hold time too: the name that is written out is the one that is meant. */
const isWrittenOutInstead = (name: string, own: string | undefined, clause: string): boolean => {
  const [written, ofOther, ofOwn] = [clause, bareName(name), bareName(own)].map(lettersOf) as [string, string, string]
  return written.includes(ofOther) && !written.includes(ofOwn) && !ofOwn.includes(ofOther)
}

const saysMore = (longer: string | undefined, shorter: string | undefined): boolean => {
  const [many, few] = [contentWords(bareName(longer)), contentWords(bareName(shorter))]
  return many.length > few.length && few.every((word) => many.some((each) => each.text === word.text))
}

/** "E-302 means that the ram sinks" names no column, also where one is called so. */
const saysAnything =
  /^(?:meaning|means|description|explanation|remarks?|意義|意义|含義|含义|意思|意味|說明|说明|説明|內容|内容|備考|备注|備註)$/i

/** Whether the clause can mean column `at` by the value that it tells. */
const isColumnMeant = (clause: string, at: number, told: ReadonlySet<number>, row: TableRow): boolean => {
  const { cells, head } = row
  const own = nameShare(head[at], clause)
  for (const [k, name] of head.entries()) {
    if (k === at || told.has(k) || cells[k] === cells[at]) continue
    const isNamed = !saysAnything.test(name.trim()) && nameShare(name, clause) >= namedShare
    if (isNamed && (own < namedShare || saysMore(name, head[at]) || isWrittenOutInstead(name, head[at], clause)))
      return false
  }
  if (own > 0 || head.length === 0 || at < namingColumns(row)) return true
  const unit = figuresOf(pairText(cells[at] ?? '', head[at])).measures[0]?.unit
  // No column is named: another value of the kind would do as well.
  return !cells.some(
    (cell, k) =>
      k !== at &&
      k >= keyIndex(cells, head) &&
      cell !== cells[at] &&
      !told.has(k) &&
      unit !== undefined &&
      figuresOf(pairText(cell, head[k])).measures.some((each) => each.unit === unit),
  )
}

/** @returns what was given to another row or column; empty where all is in place */
export const misplacedCells = (statement: string, row: TableRow): string[] => {
  const { cells, head } = row
  if (isAnotherRow(statement, row)) return [cells[keyIndex(cells, head)] ?? '']
  const key = keyIndex(cells, head)
  const pairs = cells.map((cell, i) => figuresOf(pairText(cell, head[i])))
  const misplaced: string[] = []
  for (const { text } of clausesOf(statement)) {
    const figures = figuresOf(text)
    const told = new Set([...cells.keys()].filter((i) => i === key || shareIn(cells[i] ?? '', text) >= namedShare))
    for (const measure of figures.measures) {
      // What is counted is named in another cell: 4 hex bolts.
      const textOf = (i: number) =>
        measure.unit.startsWith('#') ? pairs.map(({ canonical }) => canonical).join(' ') : (pairs[i]?.canonical ?? '')
      const columns = [...cells.keys()].filter((i) =>
        pairs[i]?.measures.some((each) => agree(measure, each, textOf(i))),
      )
      const isInRow = pairs.some((pair) => pair.measures.some(({ value }) => value === measure.value))
      if (isInRow && !columns.some((i) => i === key || isColumnMeant(text, i, told, row))) misplaced.push(measure.value)
    }
    for (const i of told) {
      if (i === key || pairs[i]?.measures.length) continue
      if (!isColumnMeant(text, i, told, row)) misplaced.push(cells[i] ?? '')
    }
  }
  return misplaced
}
