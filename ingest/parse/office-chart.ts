/**
 * Charts of Office files: titles as lines, cached values as a table with one row for each category. In: a chart part (`c:chartSpace`, or `cx:chartSpace` of newer
 * kinds). Out: lines and rows. Values come from the file's cache; a chart's workbook is not opened.
 * Neighbours: `xlsx-number-format.ts`, `table-layout.ts`.
 */
import { childOf, childrenOf, descendantsOf, innerText, type XmlElement } from './office-xml.ts'
import type { TableRow } from './table-header.ts'
import { formatNumber } from './xlsx-number-format.ts'

export interface ChartContent {
  /** Titles of the chart and of its axes. */
  readonly lines: readonly string[]
  /** The first `header` rows of each name the series. */
  readonly tables: readonly { readonly rows: readonly TableRow[]; readonly header: number }[]
}

/** Points of a chart; beyond it is a picture of data that lies elsewhere. */
const maxPoints = 5000

const textOf = (element: XmlElement | undefined): string =>
  descendantsOf(element, 'a:p')
    .map((paragraph) => descendantsOf(paragraph, 'a:t').map(innerText).join(''))
    .join(' ')
    .trim()

/** The points of a reference or of literal data, by index. */
const readPoints = (source: XmlElement | undefined): Map<number, string> => {
  const points = new Map<number, string>()
  const levels = descendantsOf(source, 'c:lvl')
  const caches = levels.length > 0 ? levels.toReversed() : [source]
  for (const cache of caches) {
    const format = descendantsOf(cache, 'c:formatCode').map(innerText)[0] ?? 'General'
    const isText =
      levels.length > 0 || descendantsOf(cache, 'c:strCache').length > 0 || descendantsOf(cache, 'c:strLit').length > 0
    for (const point of descendantsOf(cache, 'c:pt')) {
      const index = Number(point.attributes.idx ?? 0)
      const raw = innerText(childOf(point, 'c:v'))
      const text = isText || raw.trim() === '' || Number.isNaN(Number(raw)) ? raw : formatNumber(Number(raw), format)
      if (points.size < maxPoints) points.set(index, [points.get(index), text].filter(Boolean).join(' '))
    }
  }
  return points
}

const nameOf = (series: XmlElement): string => {
  const name = childOf(series, 'c:tx')
  const [point] = [...readPoints(name).values()]
  return point ?? innerText(childOf(name, 'c:v'))
}

const tablesOf = (space: XmlElement): TableRow[][] => {
  const series = descendantsOf(space, 'c:ser')
  if (series.length === 0) return []
  const columns = series.map((one) => ({
    name: nameOf(one),
    categories: readPoints(childOf(one, 'c:cat') ?? childOf(one, 'c:xVal')),
    values: readPoints(childOf(one, 'c:val') ?? childOf(one, 'c:yVal')),
    sizes: readPoints(childOf(one, 'c:bubbleSize')),
  }))
  const shared = columns.every(({ categories }) => isEqual(categories, columns[0]?.categories ?? categories))
  const groups = shared ? [columns] : columns.map((column) => [column])
  return groups.map((group) => {
    const categories = group[0]?.categories ?? new Map<number, string>()
    const indexes = [...new Set(group.flatMap(({ values }) => [...values.keys()]).concat([...categories.keys()]))]
    const header = ['', ...group.flatMap(({ name, sizes }) => (sizes.size > 0 ? [name, ''] : [name]))]
    const body = indexes
      .toSorted((a, b) => a - b)
      .map((index) => [
        categories.get(index) ?? '',
        ...group.flatMap(({ values, sizes }) =>
          sizes.size > 0 ? [values.get(index) ?? '', sizes.get(index) ?? ''] : [values.get(index) ?? ''],
        ),
      ])
    return [header, ...body].map((texts, row) => texts.map((text) => ({ text: text.trim(), strong: row === 0 })))
  })
}

const isEqual = (some: ReadonlyMap<number, string>, others: ReadonlyMap<number, string>): boolean =>
  some === others || (some.size === others.size && [...some].every(([index, text]) => others.get(index) === text))

/** Newer kinds (waterfall, treemap) keep their data in levels of their own. */
const tablesOfExtended = (space: XmlElement): TableRow[][] => {
  const data = childrenOf(childOf(space, 'cx:chartData'), 'cx:data')
  return data.map((set) => {
    const dimensions = [...childrenOf(set, 'cx:strDim'), ...childrenOf(set, 'cx:numDim')].flatMap((dimension) =>
      childrenOf(dimension, 'cx:lvl').toReversed(),
    )
    const columns = dimensions.map(
      (level) => new Map(childrenOf(level, 'cx:pt').map((point) => [point.attributes.idx ?? '', innerText(point)])),
    )
    const indexes = [...new Set(columns.flatMap((column) => [...column.keys()]))].slice(0, maxPoints)
    return indexes.map((index) => columns.map((column) => ({ text: column.get(index) ?? '', strong: false })))
  })
}

/** A row of a chart's table in one line, its values with the names of their columns. */
const lineOf = (row: TableRow, header: TableRow | undefined): string =>
  row
    .map((cell, column) => {
      const [text, above] = [cell?.text ?? '', header?.[column]?.text ?? '']
      return text === '' || above === '' ? text : `${above}: ${text}`
    })
    .filter((text) => text !== '')
    .join('; ')

/**
 * What a chart on a sheet says that no sheet of its workbook does: values that are written into the chart, or belong to another workbook.
 * @param root of the chart part
 */
export const valuesOfItsOwn = (root: XmlElement): string[] => {
  const values = [...descendantsOf(root, 'c:val'), ...descendantsOf(root, 'c:yVal')]
  const isLiteral = values.some((value) => childOf(value, 'c:numLit') !== undefined)
  const isElsewhere = values.some((value) => innerText(descendantsOf(value, 'c:f')[0]).includes('['))
  if (!isLiteral && !isElsewhere) return []
  const tables = tablesOf(root)
  return tables.flatMap(([header, ...rows]) => rows.map((row) => lineOf(row, header))).filter((line) => line !== '')
}

/** @param root of the chart part */
export const readChart = (root: XmlElement): ChartContent => {
  if (root.name === 'cx:chartSpace') {
    const titles = [...descendantsOf(root, 'cx:title'), ...descendantsOf(root, 'cx:tx')]
    const lines = titles
      .map((title) => textOf(title) || innerText(descendantsOf(title, 'cx:v')[0]))
      .filter((text) => text !== '')
    return { lines: [...new Set(lines)], tables: tablesOfExtended(root).map((rows) => ({ rows, header: 0 })) }
  }
  const titles = descendantsOf(root, 'c:title').map(
    (title) => textOf(title) || [...readPoints(childOf(title, 'c:tx')).values()].join(' '),
  )
  const labels = descendantsOf(root, 'c:dLbl').map((label) => textOf(childOf(label, 'c:tx')))
  return {
    lines: [...titles, ...labels].filter((text) => text !== ''),
    tables: tablesOf(root).map((rows) => ({ rows, header: 1 })),
  }
}
