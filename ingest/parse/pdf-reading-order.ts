/**
 * Reading order by recursive cuts (XY-cut). In: line segments and tables of one orientation with their places. Out: rows in the order that a
 * reader takes them. Columns of running text are read one after the other, whichever way they were drawn; what stands in rows
 * (forms, tables without rules) is read row by row.
 * Invariant: every element that comes in goes out exactly once. Next on the way: `pdf-blocks.ts`.
 */
import { type Area, unite } from './pdf-geometry.ts'
import type { Segment } from './pdf-lines.ts'
import type { Table } from './pdf-tables.ts'

export type Element =
  | { readonly kind: 'segment'; readonly area: Area; readonly segment: Segment }
  | { readonly kind: 'table'; readonly area: Area; readonly table: Table }

/** Segments side by side on one baseline, or a table. `column` is the area of the text column that it belongs to. */
export type Row =
  | { readonly kind: 'line'; readonly segments: readonly Segment[]; readonly column: Area }
  | { readonly kind: 'table'; readonly table: Table }

/** In points: the narrowest gutter between two columns of text. */
const minGutter = 8
/** Lines that a column of running text has at least, and how wide (in font sizes) and full they are. */
const minColumnLines = 3
const minColumnWidth = 9
const minFill = 0.6
/** Part of all lines that may stand across a gutter: titles, pictures' captions, tables. */
const maxAcross = 0.4
const maxDepth = 12

const byTop = (one: Element, other: Element): number => one.area.top - other.area.top || one.area.left - other.area.left

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0

const segmentsOf = (elements: readonly Element[]): Segment[] =>
  elements.flatMap((element) => (element.kind === 'segment' ? [element.segment] : []))

/** Places where a vertical cut would cross few elements, the emptiest and widest first. */
const findGutters = (elements: readonly Element[]): number[] => {
  const area = unite(elements.map((element) => element.area))
  const width = Math.ceil(area.right - area.left)
  if (width < 100 || width > 20_000) return []
  const crossing = new Int32Array(width + 2)
  for (const element of elements) {
    const from = Math.floor(element.area.left - area.left)
    const to = Math.max(from + 1, Math.ceil(element.area.right - area.left))
    crossing[from] = (crossing[from] ?? 0) + 1
    crossing[to] = (crossing[to] ?? 0) - 1
  }
  const candidates: { at: number; cost: number }[] = []
  const limit = elements.length * maxAcross
  let open = 0
  let start = -1
  let startCount = 0
  for (let x = 0; x <= width; x += 1) {
    const change = crossing[x] ?? 0
    if (change !== 0 || x === width) {
      if (start >= 0 && x - start >= minGutter && startCount <= limit && start > width * 0.1 && x < width * 0.9) {
        candidates.push({ at: area.left + (start + x) / 2, cost: startCount - (x - start) / 1000 })
      }
      open += change
      start = x
      startCount = open
    }
  }
  return candidates
    .sort((one, other) => one.cost - other.cost)
    .slice(0, 6)
    .map((candidate) => candidate.at)
}

const isRunningText = (segments: readonly Segment[]): boolean => {
  if (segments.length < minColumnLines) return false
  const area = unite(segments)
  const width = area.right - area.left
  const size = median(segments.map((segment) => segment.size))
  const fill = segments.reduce((sum, segment) => sum + (segment.right - segment.left), 0) / segments.length / width
  return width >= minColumnWidth * size && fill >= minFill
}

/** Gaps that go through both sides at the same height are the rows of a table; columns of text have them at different heights. */
const standsInRows = (left: readonly Segment[], right: readonly Segment[]): boolean => {
  const all = [...left, ...right].sort((one, other) => one.top - other.top)
  const size = median(all.map((segment) => segment.size))
  let bottom = Number.NEGATIVE_INFINITY
  const bands: Segment[][] = []
  for (const segment of all) {
    if (segment.top > bottom + size * 0.25) bands.push([])
    bands.at(-1)?.push(segment)
    bottom = Math.max(bottom, segment.bottom)
  }
  const leftSet = new Set(left)
  const shared = bands.filter((band) => band.some((s) => leftSet.has(s)) && band.some((s) => !leftSet.has(s)))
  const tall = shared.filter((band) => new Set(band.map((segment) => Math.round(segment.baseline))).size > 1)
  return tall.length >= 2 && shared.length >= 3 && tall.length < 0.9 * left.length
}

interface Band {
  /** Elements across the gutter. */
  across: Element[]
  left: Element[]
  right: Element[]
}

/**
 * Cuts along the gutter; what crosses it divides the columns into bands, one below the other.
 * @param elements from top to bottom
 */
const cutAlong = (elements: readonly Element[], gutter: number): Band[] => {
  const bands: Band[] = [{ across: [], left: [], right: [] }]
  for (const element of elements) {
    const band = bands.at(-1)
    if (!band) break
    const crosses = element.area.left < gutter && element.area.right > gutter
    if (!crosses) (element.area.right <= gutter ? band.left : band.right).push(element)
    else if (band.left.length + band.right.length === 0) band.across.push(element)
    else bands.push({ across: [element], left: [], right: [] })
  }
  return bands
}

const isColumns = (band: Band, depth = 0): boolean => {
  const [left, right] = [segmentsOf(band.left), segmentsOf(band.right)]
  const readable = (side: readonly Element[], segments: readonly Segment[]): boolean =>
    isRunningText(segments) ||
    (depth < 3 &&
      segments.length >= 2 * minColumnLines &&
      findGutters(side).some((gutter) => cutAlong(side, gutter).some((inner) => isColumns(inner, depth + 1))))
  return readable(band.left, left) && readable(band.right, right) && !standsInRows(left, right)
}

const asRows = (elements: readonly Element[]): Row[] => {
  if (elements.length === 0) return []
  const column = unite(elements.map((element) => element.area))
  const rows: { baseline: number; size: number; elements: Element[] }[] = []
  const height = (element: Element): number =>
    element.kind === 'segment' ? element.segment.baseline : element.area.top
  for (const element of [...elements].sort((one, other) => height(one) - height(other))) {
    const row = rows.at(-1)
    const size = element.kind === 'segment' ? element.segment.size : 0
    if (row && element.kind === 'segment' && height(element) - row.baseline <= 0.3 * Math.min(size, row.size)) {
      row.elements.push(element)
    } else rows.push({ baseline: height(element), size, elements: [element] })
  }
  return rows.flatMap((row): Row[] => {
    const [first] = row.elements
    if (first?.kind === 'table') return [{ kind: 'table', table: first.table }]
    const segments = segmentsOf(row.elements).sort((one, other) => one.left - other.left)
    return [{ kind: 'line', segments, column }]
  })
}

const order = (unsorted: readonly Element[], depth: number): Row[] => {
  if (unsorted.length < 2 * minColumnLines || depth > maxDepth) return asRows(unsorted)
  const elements = unsorted.toSorted(byTop)
  for (const gutter of findGutters(elements)) {
    const bands = cutAlong(elements, gutter)
    if (!bands.some((band) => isColumns(band))) continue
    const rows: Row[] = []
    let plain: Element[] = []
    const flush = (): void => {
      rows.push(...order(plain, depth + 1))
      plain = []
    }
    for (const band of bands) {
      plain.push(...band.across)
      if (isColumns(band)) {
        flush()
        rows.push(...order(band.left, depth + 1), ...order(band.right, depth + 1))
      } else plain.push(...band.left, ...band.right)
    }
    flush()
    return rows
  }
  return asRows(elements)
}

/** The rows of a page or of a part of it, in reading order. */
export const inReadingOrder = (elements: readonly Element[]): Row[] => order(elements, 0)
