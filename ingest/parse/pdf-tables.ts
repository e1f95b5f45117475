/**
 * Tables. In: the rules and runs of one orientation (tables with rules), or rows of segments (tables without). Out: tables as rows of cells, each
 * cell with its printed lines. A grid that looks like a frame, a chart or a page layout is no table and leaves its runs alone.
 * Neighbours: `pdf-rules.ts` before, `pdf-reading-order.ts` and `pdf-blocks.ts` after.
 */
import { type Area, unite } from './pdf-geometry.ts'
import { formSegments, type Segment } from './pdf-lines.ts'
import type { Rule, Rules } from './pdf-rules.ts'
import type { TextRun } from './pdf-runs.ts'

export interface Table {
  readonly area: Area
  /** `rows[r][c]`: the printed lines of one cell, from top to bottom. */
  readonly rows: readonly (readonly (readonly Segment[])[])[]
  readonly header: boolean
}

/** In points: how far apart two rules may end and still meet. */
const meets = 4
const maxRules = 600
/** Cells with more text than this on average are a page layout. */
const maxMeanCellCharacters = 300

interface Grid {
  readonly area: Area
  readonly horizontal: readonly Rule[]
  readonly vertical: readonly Rule[]
}

/** Groups of rules that touch each other. */
const findGrids = (rules: Rules): Grid[] => {
  const { horizontal, vertical } = rules
  if (horizontal.length < 2 || vertical.length < 1 || horizontal.length + vertical.length > maxRules) return []
  const parent = [...horizontal, ...vertical].map((_, index) => index)
  const rootOf = (index: number): number => {
    let root = index
    while (parent[root] !== root) root = parent[root] ?? root
    parent[index] = root
    return root
  }
  horizontal.forEach((h, i) => {
    vertical.forEach((v, j) => {
      const crosses = v.at >= h.from - meets && v.at <= h.to + meets && h.at >= v.from - meets && h.at <= v.to + meets
      if (crosses) parent[rootOf(i)] = rootOf(horizontal.length + j)
    })
  })
  const groups = new Map<number, { horizontal: Rule[]; vertical: Rule[] }>()
  const groupOf = (index: number) => {
    const root = rootOf(index)
    const group = groups.get(root) ?? { horizontal: [], vertical: [] }
    groups.set(root, group)
    return group
  }
  horizontal.forEach((rule, index) => {
    groupOf(index).horizontal.push(rule)
  })
  vertical.forEach((rule, index) => {
    groupOf(horizontal.length + index).vertical.push(rule)
  })
  return [...groups.values()]
    .filter((group) => group.horizontal.length >= 2 && group.vertical.length >= 1)
    .map((group) => ({
      ...group,
      area: unite([
        ...group.horizontal.map((r) => ({ left: r.from, right: r.to, top: r.at, bottom: r.at })),
        ...group.vertical.map((r) => ({ left: r.at, right: r.at, top: r.from, bottom: r.to })),
      ]),
    }))
}

/** Distinct positions, rules closer than 3 points being one. The borders of the area always count. */
const positions = (rules: readonly Rule[], first: number, last: number): number[] => {
  const found: number[] = []
  for (const at of [first, ...rules.map((rule) => rule.at), last].sort((one, other) => one - other)) {
    if (at - (found.at(-1) ?? Number.NEGATIVE_INFINITY) > 3) found.push(at)
  }
  return found
}

const bandOf = (edges: readonly number[], value: number): number => {
  const next = edges.findIndex((edge) => edge > value)
  return next < 0 ? edges.length - 2 : Math.max(0, next - 1)
}

/** Whether a rule at `at` separates what lies at `along` on the other axis. */
const separates = (rules: readonly Rule[], at: number, along: number): boolean =>
  rules.some((rule) => Math.abs(rule.at - at) <= 3 && rule.from <= along && rule.to >= along)

/** A run belongs to the cell that holds its beginning: long words run over the right rule. */
const anchorOf = (run: TextRun): readonly [number, number] => [
  run.left + Math.min((run.right - run.left) / 2, run.size * 0.5),
  run.baseline - run.size * 0.3,
]

const fillGrid = (grid: Grid, runs: readonly TextRun[]): TextRun[][][] => {
  const xs = positions(grid.vertical, grid.area.left, grid.area.right)
  const ys = positions(grid.horizontal, grid.area.top, grid.area.bottom)
  const cells: TextRun[][][] = ys.slice(1).map(() => xs.slice(1).map(() => []))
  for (const run of runs) {
    const [x, y] = anchorOf(run)
    let column = bandOf(xs, x)
    let row = bandOf(ys, y)
    while (column > 0 && !separates(grid.vertical, xs[column] ?? 0, y)) column -= 1
    while (row > 0 && !separates(grid.horizontal, ys[row] ?? 0, x)) row -= 1
    cells[row]?.[column]?.push(run)
  }
  return cells
}

const isNumeric = (text: string): boolean => /\d/.test(text) && /^[\d\s.,:%+\-–/()°℃$¥€~～*]+$/.test(text)

const textOf = (cell: readonly Segment[]): string => cell.map((segment) => segment.text).join(' ')

/** The first row is a header when it names its columns: filled, short, without figures or set in bold. */
const looksLikeHeader = (rows: readonly (readonly (readonly Segment[])[])[]): boolean => {
  const [first, ...others] = rows
  if (!first || others.length === 0) return false
  const filled = first.filter((cell) => cell.length > 0)
  if (filled.length < 2 || filled.length < first.length - 1) return false
  if (filled.some((cell) => textOf(cell).length > 60)) return false
  const bold = filled.every((cell) => cell.every((segment) => segment.bold))
  const boldBelow = others.every((row) => row.every((cell) => cell.every((segment) => segment.bold)))
  return (bold && !boldBelow) || !filled.some((cell) => isNumeric(textOf(cell)))
}

/** Rows and columns without any text are gaps between double rules. */
const dropEmpty = (rows: readonly (readonly Segment[])[][]): (readonly Segment[])[][] => {
  const filledRows = rows.filter((row) => row.some((cell) => cell.length > 0))
  const keep = (filledRows[0] ?? []).map((_, column) => filledRows.some((row) => (row[column]?.length ?? 0) > 0))
  return filledRows.map((row) => row.filter((_, column) => keep[column]))
}

const toTable = (grid: Grid, inside: readonly TextRun[]): Table | undefined => {
  const rows = dropEmpty(fillGrid(grid, inside).map((row) => row.map((cell) => formSegments(cell))))
  const columns = rows[0]?.length ?? 0
  if (rows.length < 2 || columns < 2) return undefined
  const filled = rows.flat().filter((cell) => cell.length > 0)
  const characters = filled.reduce((sum, cell) => sum + textOf(cell).length, 0)
  if (filled.length < rows.length * columns * 0.3 || characters > filled.length * maxMeanCellCharacters)
    return undefined
  return { area: unite([...filled.flat()]), rows, header: looksLikeHeader(rows) }
}

/** The tables that rules draw, and the runs that are in none of them. */
export const takeRuledTables = (runs: readonly TextRun[], rules: Rules): { tables: Table[]; rest: TextRun[] } => {
  const tables: Table[] = []
  let rest = [...runs]
  const size = (grid: Grid): number => (grid.area.right - grid.area.left) * (grid.area.bottom - grid.area.top)
  for (const grid of findGrids(rules).sort((one, other) => size(one) - size(other))) {
    const isInside = (run: TextRun): boolean => {
      const [x, y] = anchorOf(run)
      return x > grid.area.left && x < grid.area.right && y > grid.area.top && y < grid.area.bottom
    }
    const inside = rest.filter(isInside)
    const table = inside.length > 0 ? toTable(grid, inside) : undefined
    if (!table) continue
    tables.push(table)
    rest = rest.filter((run) => !isInside(run))
  }
  return { tables, rest }
}

interface Column {
  left: number
  right: number
}

/** The columns of rows of segments: what overlaps horizontally is one column. Undefined where the rows do not agree. */
const findColumns = (rows: readonly (readonly Segment[])[]): Column[] | undefined => {
  const columns: Column[] = []
  for (const segment of rows.flat().sort((one, other) => one.left - other.left)) {
    const column = columns.at(-1)
    if (column && segment.left < column.right) column.right = Math.max(column.right, segment.right)
    else columns.push({ left: segment.left, right: segment.right })
  }
  const clashes = rows.some((row) => {
    const taken = row.map((segment) => columns.findIndex((c) => segment.left >= c.left && segment.left < c.right))
    return new Set(taken).size < taken.length
  })
  return clashes || columns.length < 2 || columns.length > 15 ? undefined : columns
}

/**
 * A table without rules: rows of segments that keep to the same columns. A row without a first cell goes on with the row above.
 * @returns undefined where the rows are not clearly a table
 */
export const toUnruledTable = (rows: readonly (readonly Segment[])[]): Table | undefined => {
  const columns = findColumns(rows)
  const full = rows.filter((row) => row.length >= 2).length
  if (!columns || full < 2 || (columns.length === 2 && full < 3)) return undefined
  const cells: Segment[][][] = []
  for (const row of rows) {
    const [firstColumn] = columns
    const continues = firstColumn && row.every((segment) => segment.left >= firstColumn.right)
    if (!continues || cells.length === 0) cells.push(columns.map(() => []))
    for (const segment of row) {
      const column = columns.findIndex((c) => segment.left >= c.left && segment.left < c.right)
      cells.at(-1)?.[column]?.push(segment)
    }
  }
  const filled = cells.flat().filter((cell) => cell.length > 0).length
  if (cells.length < 2 || filled < cells.length * columns.length * 0.5) return undefined
  return { area: unite(rows.flat()), rows: cells, header: looksLikeHeader(cells) }
}
