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
  /** A line across the whole table above its rows: its name. */
  readonly caption?: readonly Segment[]
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
  for (const [i, h] of horizontal.entries()) {
    for (let j = 0; j < vertical.length; j += 1) {
      const v = vertical[j]
      if (!v || v.at < h.from - meets || v.at > h.to + meets || h.at < v.from - meets || h.at > v.to + meets) continue
      parent[rootOf(i)] = rootOf(horizontal.length + j)
    }
  }
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

/** A grid of cells; a cell that is merged with the one before it or above it has its content there. */
interface Cells {
  readonly cells: readonly (readonly (readonly Segment[])[])[]
  /** `above[r][c]`: no rule separates the cell from the one above it; `before` likewise. */
  readonly above: readonly (readonly boolean[])[]
  readonly before: readonly (readonly boolean[])[]
}

const middleOf = (edges: readonly number[], index: number): number =>
  ((edges[index] ?? 0) + (edges[index + 1] ?? edges[index] ?? 0)) / 2

const fillGrid = (grid: Grid, runs: readonly TextRun[]): Cells => {
  const xs = positions(grid.vertical, grid.area.left, grid.area.right)
  const ys = positions(grid.horizontal, grid.area.top, grid.area.bottom)
  const inCells: TextRun[][][] = ys.slice(1).map(() => xs.slice(1).map(() => []))
  for (const run of runs) {
    const [x, y] = anchorOf(run)
    let column = bandOf(xs, x)
    let row = bandOf(ys, y)
    while (column > 0 && !separates(grid.vertical, xs[column] ?? 0, y)) column -= 1
    while (row > 0 && !separates(grid.horizontal, ys[row] ?? 0, x)) row -= 1
    inCells[row]?.[column]?.push(run)
  }
  const ofEach = <Value>(value: (row: number, column: number) => Value): Value[][] =>
    ys.slice(1).map((_, row) => xs.slice(1).map((__, column) => value(row, column)))
  return {
    cells: ofEach((row, column) => {
      const found = inCells[row]?.[column] ?? []
      return found.length > 0 ? formSegments(found) : []
    }),
    above: ofEach((row, column) => row > 0 && !separates(grid.horizontal, ys[row] ?? 0, middleOf(xs, column))),
    before: ofEach((row, column) => column > 0 && !separates(grid.vertical, xs[column] ?? 0, middleOf(ys, row))),
  }
}

const isNumeric = (text: string): boolean => /\d/.test(text) && /^[\d\s.,:%+\-–/()°℃$¥€~～*]+$/.test(text)

const textOf = (cell: readonly Segment[]): string => cell.map((segment) => segment.text).join(' ')

/** How a code is written: `E-201` and `E-202` have one shape. Empty where there is no digit. */
const shapeOf = (text: string): string =>
  /\d/.test(text) ? text.replaceAll(/\p{L}+/gu, 'A').replaceAll(/\d+/g, '9') : ''

/** The first row is a header when it names its columns: filled, short, without figures or set in bold, and not written like the rows below. */
const looksLikeHeader = (rows: readonly (readonly (readonly Segment[])[])[]): boolean => {
  const [first, ...others] = rows
  if (!first || others.length === 0) return false
  const filled = first.filter((cell) => cell.length > 0)
  if (filled.length < 2 || filled.length < first.length - 1) return false
  if (filled.some((cell) => textOf(cell).length > 60)) return false
  const bold = filled.every((cell) => cell.every((segment) => segment.bold))
  const boldBelow = others.every((row) => row.every((cell) => cell.every((segment) => segment.bold)))
  if (bold && !boldBelow) return true
  const isLikeBelow = first.some((cell, column) => {
    const shape = shapeOf(textOf(cell))
    return (
      shape !== '' && others.filter((row) => shapeOf(textOf(row[column] ?? [])) === shape).length * 2 > others.length
    )
  })
  return !isLikeBelow && !filled.some((cell) => isNumeric(textOf(cell)))
}

/** Cells longer than this are not repeated in each row that they are merged over. */
const maxRepeated = 40

/** What stands beside several rows belongs to each of them. */
const repeatMerged = ({ cells, above }: Cells): (readonly Segment[])[][] => {
  const rows: (readonly Segment[])[][] = []
  cells.forEach((row, r) => {
    rows.push(
      row.map((cell, c) => {
        const over = above[r]?.[c] === true && cell.length === 0 ? rows[r - 1]?.[c] : undefined
        return over && textOf(over).length <= maxRepeated && row.some((other) => other.length > 0) ? over : cell
      }),
    )
  })
  return rows
}

/**
 * A header of two rows, of which the upper one names groups of columns, as one: `Torque` over `M8` and `M10` becomes `Torque M8` and
 * `Torque M10`.
 */
const joinHeaderRows = (rows: (readonly Segment[])[][], { cells, above, before }: Cells): (readonly Segment[])[][] => {
  const [upper, lower, ...others] = rows
  const isGroup = before[0]?.some((merged, column) => merged && (cells[1]?.[column]?.length ?? 0) > 0)
  if (!upper || !lower || others.length === 0 || !isGroup) return rows
  if (lower.some((cell) => isNumeric(textOf(cell)) || textOf(cell).length > 60)) return rows
  const names: (readonly Segment[])[] = []
  upper.forEach((cell, column) => {
    names.push(before[0]?.[column] ? (names[column - 1] ?? cell) : cell)
  })
  const joined = names.map((name, column) => (above[1]?.[column] ? name : [...name, ...(cells[1]?.[column] ?? [])]))
  return [joined, ...others]
}

/** Rows and columns without any text are gaps between double rules. */
const dropEmpty = (rows: readonly (readonly Segment[])[][]): (readonly Segment[])[][] => {
  const filledRows = rows.filter((row) => row.some((cell) => cell.length > 0))
  const keep = (filledRows[0] ?? []).map((_, column) => filledRows.some((row) => (row[column]?.length ?? 0) > 0))
  return filledRows.map((row) => row.filter((_, column) => keep[column]))
}

/** A first row that is one cell across the table is its name. */
const takeCaption = (all: Cells): { readonly caption?: readonly Segment[]; readonly body: Cells } => {
  const [first] = all.cells
  const isOneCell = all.before[0]?.slice(1).every((merged) => merged) === true && (first?.length ?? 0) > 1
  const [caption] = first ?? []
  if (!isOneCell || !caption || caption.length === 0 || all.cells.length < 3) return { body: all }
  const above = all.above.slice(1)
  const body = {
    cells: all.cells.slice(1),
    above: [first?.map(() => false) ?? [], ...above.slice(1)],
    before: all.before.slice(1),
  }
  return { caption, body }
}

const toTable = (grid: Grid, inside: readonly TextRun[]): Table | undefined => {
  const { caption, body } = takeCaption(fillGrid(grid, inside))
  const printed = dropEmpty(body.cells.map((row) => [...row]))
  const columns = printed[0]?.length ?? 0
  if (printed.length + (caption ? 1 : 0) < 2 || columns < 2) return undefined
  const filled = printed.flat().filter((cell) => cell.length > 0)
  const characters = filled.reduce((sum, cell) => sum + textOf(cell).length, 0)
  if (filled.length < printed.length * columns * 0.3 || characters > filled.length * maxMeanCellCharacters)
    return undefined
  const rows = dropEmpty(joinHeaderRows(repeatMerged(body), body))
  const area = unite([...(caption ?? []), ...filled.flat()])
  return { area, ...(caption && { caption }), rows, header: looksLikeHeader(rows) }
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
