/**
 * From glyph runs to printed line segments. In: runs of one orientation. Out: segments, the longest stretches of text on one baseline without a
 * gap that a column or a table cell would leave; superscripts go with their line and list markers with their item.
 * Next on the way: `pdf-reading-order.ts`.
 */
import { meetsUnspaced } from './join-lines.ts'
import { isListMarker } from './list-marker.ts'
import { type Area, unite } from './pdf-geometry.ts'
import type { TextRun } from './pdf-runs.ts'

/** A stretch of one printed line. */
export interface Segment extends Area {
  readonly text: string
  readonly baseline: number
  /** Font size in points of most of its characters. */
  readonly size: number
  /** All of its characters are bold. */
  readonly bold: boolean
  readonly monospace: boolean
}

/** In font sizes: wider gaps end a segment. Justified lines have gaps of up to about one. */
const maxGap = 1.35
/** In font sizes: how far from its marker the text of a list item may begin. */
const maxMarkerGap = 5
/** In font sizes: baselines that differ by less are one. */
const sameBaseline = 0.3

/** Superscripts and subscripts are set smaller than this part of their line. */
const scriptRatio = 0.8

interface Row {
  baseline: number
  size: number
  runs: TextRun[]
}

/** Runs on one baseline, across the whole page. */
const formRows = (runs: readonly TextRun[]): Row[] => {
  const rows: Row[] = []
  for (const run of [...runs].sort((one, other) => one.baseline - other.baseline || one.left - other.left)) {
    const row = rows.at(-1)
    if (row && run.baseline - row.baseline <= sameBaseline * Math.min(run.size, row.size)) {
      row.runs.push(run)
      row.size = Math.max(row.size, run.size)
    } else rows.push({ baseline: run.baseline, size: run.size, runs: [run] })
  }
  return rows
}

const touches = (small: TextRun, large: TextRun): boolean => {
  const reach = large.size * 0.35
  const overlap = Math.min(small.bottom, large.bottom) - Math.max(small.top, large.top)
  return (
    small.size < large.size * scriptRatio &&
    overlap > (small.bottom - small.top) * 0.3 &&
    small.left < large.right + reach &&
    small.right > large.left - reach
  )
}

/** Superscripts and subscripts stand on rows of their own by their baseline: they go to the row of the text that they touch. */
const attachScripts = (rows: Row[]): Row[] => {
  rows.forEach((row, index) => {
    const neighbours = [rows[index + 1], rows[index - 1], rows[index + 2], rows[index - 2]].filter(
      (other) => other !== undefined,
    )
    row.runs = row.runs.filter((run) => {
      const host = neighbours.find(
        (other) => run.size < other.size * scriptRatio && other.runs.some((large) => touches(run, large)),
      )
      host?.runs.push(run)
      return host === undefined
    })
  })
  return rows.filter((row) => row.runs.length > 0)
}

const blankBetween = (before: TextRun, after: TextRun): string => {
  const gap = after.left - before.right
  const size = Math.min(before.size, after.size)
  if (/\s$/.test(before.text) || /^\s/.test(after.text)) return ''
  if (meetsUnspaced(before.text, after.text)) return gap > size * 0.6 ? ' ' : ''
  if (after.monospace && before.monospace && gap > size * 0.9) return ' '.repeat(Math.round(gap / (size * 0.6)))
  return gap > size * 0.22 || (after.blankBefore && gap > -size * 0.1) ? ' ' : ''
}

const textOf = (runs: readonly TextRun[]): string => {
  let text = ''
  let before: TextRun | undefined
  for (const run of runs) {
    if (before) text += blankBetween(before, run)
    text += run.text
    before = run
  }
  // Each leader of a table of contents has become one sign; several runs of dots make one leader.
  const joined = text.includes('…') ? text.replace(/[ \t](?:…[ \t]+){2,}/g, ' … ') : text
  return joined.replaceAll('\t', ' ').trim()
}

/** A segment of runs that stand side by side, in order. */
export const toSegment = (runs: readonly TextRun[]): Segment => {
  const [only] = runs
  if (only && runs.length === 1) return { ...only, text: textOf(runs) }
  const weights = new Map<number, number>()
  for (const run of runs) weights.set(run.size, (weights.get(run.size) ?? 0) + run.text.length)
  const [size = 1] = [...weights].sort((one, other) => other[1] - one[1])[0] ?? []
  const main = runs.find((run) => run.size === size)
  return {
    ...unite(runs),
    text: textOf(runs),
    baseline: main?.baseline ?? 0,
    size,
    bold: runs.every((run) => run.bold),
    monospace: runs.every((run) => run.monospace),
  }
}

/** In font sizes: words that lie on others by more were written over them: a filled-in form, a stamp, a shadow. */
const writtenOver = 0.5

const isWrittenOver = (last: TextRun | undefined, run: TextRun): boolean =>
  last !== undefined &&
  run.text.length > 1 &&
  last.text.length > 1 &&
  last.right - run.left > writtenOver * Math.min(last.size, run.size)

/** Runs of a row, from left to right, in layers: what is written over something else is read by itself. */
const layersOf = (runs: readonly TextRun[]): TextRun[][] => {
  const layers: TextRun[][] = []
  for (const run of runs) {
    const free = layers.find((layer) => !isWrittenOver(layer.at(-1), run))
    if (free) free.push(run)
    else layers.push([run])
  }
  return layers
}

/** The shadow of a text is the same text, moved a little. */
const isShadow = (segment: Segment, others: readonly Segment[]): boolean =>
  others.some(
    (other) =>
      other.text === segment.text &&
      Math.min(other.right, segment.right) - Math.max(other.left, segment.left) > (segment.right - segment.left) / 2,
  )

const splitRow = (row: Row): Segment[] => {
  const runs = row.runs.sort((one, other) => one.left - other.left)
  if (!runs.some((run, index) => isWrittenOver(runs[index - 1], run))) return splitLayer(runs)
  const [first = [], ...others] = layersOf(runs)
  const segments = splitLayer(first)
  for (const layer of others) segments.push(...splitLayer(layer).filter((segment) => !isShadow(segment, segments)))
  return segments
}

const splitLayer = (runs: readonly TextRun[]): Segment[] => {
  const segments: Segment[] = []
  let open: TextRun[] = []
  let right = Number.NEGATIVE_INFINITY
  for (const run of runs) {
    const gap = run.left - right
    const size = Math.max(run.size, open.at(-1)?.size ?? 0)
    const limit = open.length > 0 && gap > maxGap * size && isListMarker(textOf(open)) ? maxMarkerGap : maxGap
    if (open.length > 0 && gap > limit * size) {
      segments.push(toSegment(open))
      open = []
    }
    open.push(run)
    right = open.length === 1 ? run.right : Math.max(right, run.right)
  }
  if (open.length > 0) segments.push(toSegment(open))
  return segments.filter((segment) => segment.text !== '')
}

/** The segments of one orientation, rows from top to bottom, from left to right in each. */
export const formSegments = (runs: readonly TextRun[]): Segment[] => attachScripts(formRows(runs)).flatMap(splitRow)
