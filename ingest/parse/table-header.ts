/**
 * Which rows at the head of a table say what stands below them. In: rows of cells. Out: how many of the first rows are header. Office files seldom say it
 * themselves, so it is read from what is there: formatting, merged cells, words over numbers. Where nothing speaks for a header there is
 * none, and the first row is content like the others. Pure; neighbour: `table-layout.ts`.
 */

export interface TableCell {
  readonly text: string
  /** Set apart from plain text: bold, shaded, or marked up as a header. */
  readonly strong: boolean
  /** Shared by all places that one merged cell covers, and by nothing else in the table. */
  readonly merge?: number
}
export type TableRow = readonly (TableCell | undefined)[]

/** More rows are no header. */
const maxHeaderRows = 4
/** The look of the rows below is judged by this many. */
const sampleRows = 60
const longestHeaderCell = 60
const longestPlainHeaderCell = 40

export const filledCells = (row: TableRow | undefined): TableCell[] =>
  (row ?? []).filter((cell) => cell !== undefined && cell.text !== '') as TableCell[]

/** A row in which one cell stands alone, merged or not. */
export const isLone = (row: TableRow | undefined): boolean => {
  const [first, ...others] = filledCells(row)
  return first !== undefined && others.every(({ merge }) => merge !== undefined && merge === first.merge)
}

export const hasDigit = (text: string): boolean => /\p{N}/u.test(text)
/** Whether the text is a number, a date or a range of numbers, perhaps with a sign of per cent or currency. */
export const isNumber = (text: string): boolean =>
  /^[-+−±~≈<>≤≥]?\s*\p{Sc}?\s*\p{Nd}[\p{Nd}\s.,'’:/-]*\s*(?:%|‰|\p{Sc})?$/u.test(text)
const isYear = (text: string): boolean => /^(?:19|20)\d\d$/.test(text)

const isUnit = (text: string): boolean =>
  /^[[(（［〔【].{1,16}[\])）］〕】]$/u.test(text) ||
  /^(?:%|‰|[°℃℉]?[CFK]?|(?:[kMGmµμnc]?(?:m|g|s|A|V|W|N|Pa|J|Hz|Ω|L|l|bar|eV|ohm|F|T|mol|cd|lm|lx|rad)[²³23]?)(?:[·./*]?(?:[kMmµμ]?(?:m|g|s|h|min|N|K|L|l))[²³23]?)?|rpm|min|h|d|t|psi|dB|kWh|mmHg|r\/min|°|-|–|—|mm|pcs|個|个|台|秒|分)$/u.test(
    text,
  )

const headerWords =
  /^(?:no\.?|#|items?|names?|parameters?|parts?|codes?|values?|settings?|units?|descriptions?|symptoms?|causes?|remed(?:y|ies)|dates?|types?|models?|terms?|definitions?|meanings?|actions?|steps?|questions?|answers?|problems?|solutions?|signals?|terminals?|pins?|functions?|quantit(?:y|ies)|qty\.?|keys?|propert(?:y|ies)|remarks?|notes?|status|results?)$|^(?:項目|项目|名称|名稱|參數|参数|數值|数值|值|値|單位|单位|単位|説明|說明|说明|描述|代碼|代码|コード|型号|型號|型番|部品|部件|零件|原因|對策|对策|対策|處理|处理|処置|日期|日付|数量|數量|編號|编号|番号|内容|內容|備考|备注|備註|用語|用语|術語|定義|定义|意味|機能|功能|步驟|步骤|手順|結果|结果|規格|规格|設定)[名值値]?$/iu

/** Whether all that stands in the row is set apart. */
export const hasStyle = (row: TableRow | undefined): boolean => {
  const filled = filledCells(row)
  return (
    filled.length > 0 &&
    filled.every((cell) => cell.strong) &&
    !filled.every(({ text }) => isNumber(text) && !isYear(text))
  )
}

/** Rows at the head that are set apart as a whole, where what follows is not. */
const countStyledRows = (rows: readonly TableRow[]): number => {
  let count = 0
  while (count < maxHeaderRows && hasStyle(rows[count]) && !(count > 0 && isLone(rows[count]))) count += 1
  const below = rows.slice(count, count + sampleRows).filter((row) => !isLone(row))
  const plain = below.filter((row) => filledCells(row).some((cell) => !cell.strong))
  return count > 0 && plain.length > 0 && plain.length >= below.length / 2 ? count : 0
}

/** "920 kg", "A5346 (12028)", but not "Phase 1". */
const beginsWithValue = (text: string): boolean => hasDigit(/^\S+/u.exec(text)?.[0] ?? '')

interface Columns {
  /** Columns with a word on top and digits below, less those with a value on top as well. */
  readonly speakFor: number
  /** Columns that have a number on top as below. */
  readonly speakAgainst: number
  /** The last column has digits in nearly all of at least four rows, and none on top. */
  readonly lastIsMeasured: boolean
}

const compareColumns = (head: TableRow, body: readonly TableRow[]): Columns => {
  let [speakFor, speakAgainst, lastIsMeasured] = [0, 0, false]
  head.forEach((cell, column) => {
    const top = cell?.text ?? ''
    const below = body.map((row) => row[column]?.text ?? '').filter((text) => text !== '')
    if (top === '' || below.length === 0) return
    const withDigits = below.filter(hasDigit).length / below.length
    const digitsBelowWord = !hasDigit(top) && withDigits >= 0.6
    if (digitsBelowWord) speakFor += 1
    else if (beginsWithValue(top) && withDigits >= 0.6) speakFor -= 1
    if (isNumber(top) && !isYear(top) && below.filter(isNumber).length / below.length >= 0.5) speakAgainst += 1
    if (column === head.length - 1) lastIsMeasured = digitsBelowWord && withDigits >= 0.9 && below.length >= 4
  })
  return { speakFor, speakAgainst, lastIsMeasured }
}

/** Years on top of numbers, after a word or an empty corner. */
const isRowOfYears = (head: TableRow): boolean => {
  const [, ...others] = head.map((cell) => cell?.text ?? '')
  return others.length > 1 && others.every(isYear)
}

/** Nothing but words everywhere: names of columns are short, all there, all different, and do not come back below. */
const namesColumns = (head: TableRow, body: readonly TableRow[]): boolean => {
  const names = head.map((cell) => cell?.text ?? '')
  return (
    new Set(names).size === names.length &&
    names.every(
      (name, column) =>
        name !== '' &&
        name.length <= longestPlainHeaderCell &&
        !hasDigit(name) &&
        !/[。．.!?！？;；:：]$/u.test(name) &&
        body.every((row) => row[column]?.text !== name),
    )
  )
}

const firstIsHeader = (rows: readonly TableRow[]): boolean => {
  const [head = [], ...others] = rows
  const body = others.slice(0, sampleRows).filter((row) => !isLone(row))
  const filled = filledCells(head)
  if (body.length === 0 || filled.length < 2 || filled.some(({ text }) => text.length > longestHeaderCell)) return false
  const width = Math.max(...rows.slice(0, sampleRows).map((row) => row.length))
  if (isRowOfYears(head)) return true
  // "Part no.: | RF-10 | Date: | 2024": names and values side by side.
  if (filled.some(({ text }) => /[:：]$/u.test(text)) && !filled.every(({ text }) => /[:：]$/u.test(text))) return false
  const { speakFor, speakAgainst, lastIsMeasured } = compareColumns(head, body)
  if (speakAgainst > 0) return false
  // Two columns are as likely names and their values, one pair a row.
  if (width === 2) return speakFor === 2 || lastIsMeasured || filled.every(({ text }) => headerWords.test(text))
  return speakFor > 0 || (head.length === width && namesColumns(head, body))
}

/** Whether a cell of the row is merged over several columns. */
export const spansColumns = (row: TableRow): boolean =>
  row.some((cell, column) => cell?.merge !== undefined && cell.merge === row[column + 1]?.merge)

/** Whether the row still belongs to the header whose last row stands above it. */
const goesOn = (above: TableRow, row: TableRow | undefined, below: TableRow | undefined): boolean => {
  const filled = filledCells(row)
  if (!row || !below || filled.length === 0 || isLone(row)) return false
  const own = row.filter((cell, column) => cell && cell.text !== '' && !isSame(cell, above[column])) as TableCell[]
  if (own.length === 0) return true
  if (own.every(({ text }) => isUnit(text))) return true
  if (own.some(({ text }) => isNumber(text))) return false
  if (row.some((cell, column) => isSame(cell, above[column]))) return true
  const underSpan = row.some((cell, column) => {
    const top = above[column]
    const spans = top?.merge !== undefined && [above[column - 1]?.merge, above[column + 1]?.merge].includes(top.merge)
    return spans && cell !== undefined && cell.text !== ''
  })
  const digitsBelow = filledCells(below).some(({ text }) => hasDigit(text))
  // The name of the first column stands either above or below, not a name and a value side by side.
  const fillsGaps = (above[0]?.text ?? '') === '' ? (row[0]?.text ?? '') !== '' : (row[0]?.text ?? '') === ''
  const fillsMore = above.some(
    (cell, column) => column > 0 && (cell?.text ?? '') === '' && (row[column]?.text ?? '') !== '',
  )
  return !own.some(({ text }) => hasDigit(text)) && (underSpan || (fillsGaps && fillsMore && digitsBelow))
}

const isSame = (cell: TableCell | undefined, other: TableCell | undefined): boolean =>
  cell?.merge !== undefined && cell.merge === other?.merge

/**
 * @param rows without lone rows at the head
 * @param declared how many rows the file itself calls header; 0 where it says nothing
 */
export const countHeaderRows = (rows: readonly TableRow[], declared = 0): number => {
  if (declared > 0) return Math.min(declared, Math.max(0, rows.length - 1))
  if (rows.length < 2) return 0
  let count = countStyledRows(rows)
  if (count === 0 && firstIsHeader(rows)) count = 1
  const [first] = rows
  if (count === 0 && first && spansColumns(first) && !filledCells(first).some(({ text }) => hasDigit(text))) {
    const measures = rows.slice(2, sampleRows).some((row) => filledCells(row).some(({ text }) => hasDigit(text)))
    count = measures && goesOn(first, rows[1], rows[2]) ? 1 : 0
  }
  while (count > 0 && count < Math.min(maxHeaderRows, rows.length - 1)) {
    if (!goesOn(rows[count - 1] ?? [], rows[count], rows[count + 1])) break
    count += 1
  }
  return count
}
