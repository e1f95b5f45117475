/**
 * Printed lines of running text and what they say about each other: whether one goes on with the other, whether an author or the margin ended it,
 * whether rows are cells of a table. In: rows in reading order. Out: judgements that `pdf-blocks.ts` builds blocks on. Pure.
 */
import { isUnspaced } from './join-lines.ts'
import { type Area, unite } from './pdf-geometry.ts'
import type { Segment } from './pdf-lines.ts'
import type { Row } from './pdf-reading-order.ts'

export type LineRow = Extract<Row, { kind: 'line' }>

/** One printed line of running text. */
export interface Line extends Area {
  readonly segments: readonly Segment[]
  readonly text: string
  readonly size: number
  readonly baseline: number
  readonly bold: boolean
  readonly monospace: boolean
  /** Right edge of the text column that the line stands in. */
  readonly columnRight: number
}

/** Set in a typewriter face; Chinese and Japanese type is all of one width and says nothing. */
const isCode = (segment: Segment): boolean => {
  if (!segment.monospace) return false
  return [...segment.text].filter(isUnspaced).length <= segment.text.length / 2
}

export const toLine = (row: LineRow, columnRight: number): Line => {
  const main = row.segments.reduce((one, other) => (other.text.length > one.text.length ? other : one))
  return {
    ...unite(row.segments),
    segments: row.segments,
    text: row.segments.map((segment) => segment.text).join(' '),
    size: main.size,
    baseline: main.baseline,
    bold: row.segments.every((segment) => segment.bold),
    monospace: row.segments.every(isCode),
    columnRight,
  }
}

export const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0

/** In font sizes: shorter lines say nothing about where a column ends. */
const tellingWidth = 18

/** Where the lines of a column end: the outermost place that two long lines reach. */
export const rightEdge = (rows: readonly LineRow[]): number => {
  const ends = rows.map((row) => ({ ...unite(row.segments), size: row.segments[0]?.size ?? 1 }))
  const telling = ends
    .filter(({ left, right, size }) => right - left > size * tellingWidth)
    .sort((one, other) => other.right - one.right)
  const shared = telling.find(({ right, size }, index) => right - (telling[index + 1]?.right ?? -Infinity) < size)
  return shared?.right ?? Math.max(0, ...ends.map(({ right }) => right))
}

/** Line pitch of running text: the most usual distance of baselines, in font sizes. */
export const usualPitch = (lines: readonly Line[]): number => {
  const pitches: number[] = []
  lines.forEach((line, index) => {
    const next = lines[index + 1]
    const pitch = next ? (next.baseline - line.baseline) / line.size : 0
    if (next && Math.abs(next.size - line.size) < line.size * 0.1 && pitch > 0.8 && pitch < 2.6) pitches.push(pitch)
  })
  return pitches.length >= 3 ? quantile(pitches, 0.4) : 1.5
}

/** Whether the first word of `next` would still have had room at the end of `line`: then the author ended the line. */
export const hadRoom = (line: Line, next: Line): boolean => {
  // A word that goes on was not ended.
  if (/[\p{L}\p{N}][-‐]$/u.test(line.text)) return false
  const width = (next.right - next.left) / Math.max(1, next.text.length)
  const first = String.fromCodePoint(next.text.codePointAt(0) ?? 32)
  const word = isUnspaced(first) ? 2 : (next.text.split(/[\s\u3000]/u, 1)[0] ?? '').length
  const needed = Math.min(word * width, (next.columnRight - next.left) * 0.5) + line.size * 0.6
  return line.right + needed < line.columnRight
}

/**
 * Lines in a frame or an indented block end before the column does: where at least two neighbouring lines end at the same place, far enough
 * out to be running text, that is their right edge.
 */
export const withLocalEdges = (lines: readonly Line[]): Line[] => {
  const result: Line[] = []
  for (let begin = 0; begin < lines.length; ) {
    let end = begin + 1
    while (end < lines.length && areNeighbours(lines[end - 1], lines[end])) end += 1
    const group = lines.slice(begin, end)
    const right = Math.max(...group.map((line) => line.right))
    const [{ size = 1, left = 0 } = {}] = group
    const atEdge = group.filter((line) => line.right > right - size * 0.7).length
    const isEdge = atEdge >= 2 && right - left > size * tellingWidth
    result.push(...group.map((line) => (isEdge ? { ...line, columnRight: right } : line)))
    begin = end
  }
  return result
}

const areNeighbours = (line: Line | undefined, next: Line | undefined): boolean =>
  line !== undefined &&
  next !== undefined &&
  Math.abs(next.left - line.left) < line.size * 2.5 &&
  Math.abs(next.size - line.size) < line.size * 0.15 &&
  next.baseline - line.baseline < line.size * 2.2

/** Large type alone makes no heading: several lines of it below each other, or whole sentences, are text. */
export const isRunningText = (lines: readonly Line[], index: number): boolean => {
  let [begin, end] = [index, index + 1]
  while (begin > 0 && areNeighbours(lines[begin - 1], lines[begin])) begin -= 1
  while (end < lines.length && areNeighbours(lines[end - 1], lines[end])) end += 1
  const group = lines.slice(begin, end)
  return group.length >= 4 || group.some((line) => /[。；;，,]$/u.test(line.text) || /\p{Ll}{3}\.$/u.test(line.text))
}

export const endsSentence = (text: string): boolean => /[.!?。！？：:；;]["'”’」』）)]*$/u.test(text)

export const continuesCode = (line: Line | undefined, next: Line | undefined): boolean =>
  line !== undefined &&
  next?.monospace === true &&
  next.baseline > line.baseline &&
  next.baseline - line.baseline < line.size * 2.2 &&
  Math.abs(next.size - line.size) < line.size * 0.1

/** The end of a stretch of rows with cells side by side that begins here; `begin` itself where there is none. */
export const tableEnd = (rows: readonly LineRow[], begin: number): number => {
  const isCells = (row: LineRow | undefined): boolean =>
    row !== undefined && row.segments.filter(isCell).length >= 2 && !isContents(row) && !row.segments.every(isCode)
  if (!isCells(rows[begin])) return begin
  let end = begin + 1
  let last = end
  while (end < rows.length) {
    const [row, before] = [rows[end], rows[end - 1]]
    if (!row || !before) break
    const [{ baseline = 0, size = 1, left = 0 } = {}] = row.segments
    const distance = (baseline - (before.segments[0]?.baseline ?? 0)) / size
    const firstCellRight = rows[begin]?.segments[0]?.right ?? 0
    if (distance <= 0 || distance > 3.5 || isContents(row)) break
    if (isCells(row)) last = end + 1
    else if (left < firstCellRight || distance > 1.8) break
    else last = end + 1
    end += 1
  }
  return last
}

const isCell = (segment: Segment): boolean => /[\p{L}\p{N}]/u.test(segment.text)

/** A line of a table of contents: a title and a page number. */
const isContents = (row: LineRow | undefined): boolean => {
  const texts = row?.segments.map((segment) => segment.text) ?? []
  return texts.some((text) => / …|^…/u.test(text)) || (texts.length === 2 && /^\d{1,4}$/.test(texts[1] ?? ''))
}
