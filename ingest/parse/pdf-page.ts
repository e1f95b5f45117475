/**
 * Lays out one PDF page: the glue between glyph runs, rules, tables, reading order and blocks. In: what pdf.js says about the page. Out: a
 * page's text, blocks and line boxes.
 */
import type { ParsedPage } from '../../src/core/document.ts'
import { PageBuilder, remarkMark } from './page-builder.ts'
import { BlockWriter } from './pdf-blocks.ts'
import { toBox } from './pdf-geometry.ts'
import { formSegments, toSegment } from './pdf-lines.ts'
import { type Element, inReadingOrder } from './pdf-reading-order.ts'
import type { Remark } from './pdf-remarks.ts'
import { rulesOf, type Stroke } from './pdf-rules.ts'
import type { PageFrame, RunGroup } from './pdf-runs.ts'
import type { TypeScale } from './pdf-style.ts'
import { takeRuledTables } from './pdf-tables.ts'

/**
 * @param groups as `readRuns` gives them
 * @param strokes what the page draws in straight lines; without them tables are found by alignment only
 * @param remarks what readers wrote to the page; it comes after the page's own text
 */
export const layOutPage = (
  groups: readonly RunGroup[],
  strokes: readonly Stroke[],
  frame: PageFrame,
  scale: TypeScale,
  remarks: readonly Remark[] = [],
): Pick<ParsedPage, 'text' | 'blocks' | 'lines'> => {
  const builder = new PageBuilder()
  for (const group of groups) {
    const writer = new BlockWriter(builder, scale, frame, group.orientation)
    if (group.skewed) {
      const segment = toSegment(group.runs)
      writer.write([{ kind: 'line', segments: [segment], column: segment }])
      continue
    }
    const { tables, rest } = takeRuledTables(group.runs, rulesOf(strokes, frame, group.orientation))
    const elements: Element[] = [
      ...formSegments(rest).map((segment) => ({ kind: 'segment' as const, area: segment, segment })),
      ...tables.map((table) => ({ kind: 'table' as const, area: table.area, table })),
    ]
    writer.write(inReadingOrder(elements))
  }
  for (const { text, area, isText } of remarks) {
    builder.paragraph([{ text: isText ? text : `${remarkMark}${text}`, box: toBox(area, frame, 0) }])
  }
  return builder.build()
}
