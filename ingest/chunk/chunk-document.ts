/**
 * Cuts a parsed document into chunks for the embedding model. In: pages with blocks. Out: chunks of at most `maxTokens` whose
 * segments point back into the pages, exactly.
 * Invariants: `chunk.text.slice(s.start, s.end)` is the page's text from `s.pageStart` to `s.pageEnd` for each segment; every
 * character that is not blank is in a chunk, but for running heads and feet; the same document always gives the same chunks.
 * Neighbours: parse-file -> here -> embed-chunks.
 */
import { detectLanguage } from '../../src/core/detect-language.ts'
import type { Chunk, Language, ParsedDocument, Segment } from '../../src/core/document.ts'
import { createUnits, type Unit } from './chunk-units.ts'
import { type CountedUnit, maxHeaderShare, packUnits, repeatedHeader, type UnitGroup } from './pack-units.ts'
import { splitOversized } from './split-oversized.ts'
import { splitWideRow } from './split-wide-row.ts'

export interface ChunkOptions {
  /** Token counts of bare texts by the embedding model, in order. */
  readonly countTokens: (texts: readonly string[]) => Promise<number[]>
  /** Limit of a chunk's text, without prompt and title. @default 350 */
  readonly maxTokens?: number
  /** What the uploader said; decides where the characters of a chunk do not. @default detected over the whole document */
  readonly language?: Language | undefined
  readonly signal?: AbortSignal | undefined
}

/** Changes whenever the same document would be cut otherwise: a part of the index's fingerprint. */
export const chunkerVersion = 5
export const defaultChunkTokens = 350
const minTokens = 60
const usefulTokens = 200
/** Texts counted in one call: enough to make the round trip cheap, few enough to stay cancellable. */
const countBatch = 256

/**
 * @returns chunks in reading order, `ordinal` from 0; none for a document without text
 */
export const chunkDocument = async (document: ParsedDocument, options: ChunkOptions): Promise<Chunk[]> => {
  const maxTokens = options.maxTokens ?? defaultChunkTokens
  const limits = {
    maxTokens,
    minTokens: Math.min(minTokens, maxTokens / 4),
    usefulTokens: Math.min(usefulTokens, maxTokens / 2),
  }
  const units = await countUnits(createUnits(document), maxTokens, options)
  const groups = splitSections(units).flatMap((section) => packUnits(section, limits))
  const pages = new Map(document.pages.map((page) => [page.number, page.text]))
  const compose = (group: UnitGroup): ComposedGroup => ({ group, ...composeChunk(group, pages) })
  const fitting = await splitTooLong(groups.map(compose), compose, maxTokens, options)
  const language = options.language ?? documentLanguage(document)
  return fitting.map(({ group: _, ...chunk }, ordinal) => ({
    ordinal,
    ...chunk,
    language: languageOfChunk(chunk.text, language),
  }))
}

/** Code, part lists and tables of values have Latin letters in any manual: only where they read like English are they English. */
const languageOfChunk = (text: string, language: Language): Language => {
  const detected = detectLanguage(text, language)
  return detected === 'en' && language !== 'en' && language !== 'und' && !readsLikeEnglish(text) ? language : detected
}

/** At least every tenth word is one of the small words of English grammar. */
const readsLikeEnglish = (text: string): boolean => {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? []
  return words.filter((word) => englishGrammar.has(word)).length * 10 >= words.length
}
const englishGrammar: ReadonlySet<string> = new Set(
  'the of and to in is are for a by on with be as that or can this you if it was'.split(' '),
)

/** The language of the document as a whole, by its characters. */
export const documentLanguage = (document: ParsedDocument): Language =>
  detectLanguage(document.pages.map((page) => page.text).join('\n'))

const countAll = async (texts: readonly string[], { countTokens, signal }: ChunkOptions): Promise<number[]> => {
  const counts: number[] = []
  for (let i = 0; i < texts.length; i += countBatch) {
    signal?.throwIfAborted()
    counts.push(...(await countTokens(texts.slice(i, i + countBatch))))
  }
  return counts
}

interface Item {
  readonly unit: Unit
  readonly tokens?: number
}

/** What has to be said before a row that stands alone, and the row. */
const wholeText = ({ label, text }: Unit): string => (label ? `${label.text}\n${text}` : text)

/** Counts every unit; one that alone, or with its header, passes the limit is cut in pieces, and those are counted again. */
const countUnits = async (units: readonly Unit[], maxTokens: number, options: ChunkOptions): Promise<CountedUnit[]> => {
  let items: readonly Item[] = units.map((unit) => ({ unit }))
  const counted = new Map<Unit, number>()
  for (;;) {
    const uncounted = items.filter((item) => item.tokens === undefined).map(({ unit }) => unit)
    const headers = uncounted.flatMap(({ header }) => (header && !counted.has(header) ? [header] : []))
    const wanted = [...new Set([...uncounted, ...headers])]
    if (wanted.length === 0) break
    const counts = await countAll(wanted.map(wholeText), options)
    wanted.forEach((unit, index) => {
      counted.set(unit, counts[index] ?? 0)
    })
    items = items.flatMap((item) => cutToFit(item, counted, maxTokens))
  }
  return items.map(({ unit, tokens = 0 }) => {
    const { header } = unit
    const headerTokens = header && counted.get(header)
    return {
      ...withoutHeader(unit),
      tokens,
      ...(header && headerTokens !== undefined && { header: { ...withoutHeader(header), tokens: headerTokens } }),
    }
  })
}

const cutToFit = (item: Item, counted: ReadonlyMap<Unit, number>, maxTokens: number): Item[] => {
  const { unit } = item
  if (item.tokens !== undefined) return [item]
  const tokens = counted.get(unit) ?? 0
  const headerTokens = unit.header ? (counted.get(unit.header) ?? 0) : 0
  const isWide = headerTokens > maxTokens * maxHeaderShare || headerTokens + tokens > maxTokens
  const columns =
    unit.header && isWide && !unit.isPiece ? splitWideRow(unit, unit.header, tokens + headerTokens, maxTokens) : []
  const pieces = columns.length > 0 || tokens <= maxTokens ? columns : splitOversized(unit, tokens, maxTokens)
  return pieces.length > 1 ? pieces.map((piece) => ({ unit: piece })) : [{ unit, tokens }]
}

const withoutHeader = ({ header: _, ...unit }: Unit): Omit<Unit, 'header'> => unit

const isContent = (unit: Unit): boolean => unit.kind !== 'heading'

/**
 * Parts the document at its top-level headings: the outermost level that comes more than once (a single first-level heading is
 * the document's title). Headings without any text under them stay with the section that follows.
 */
const splitSections = (units: readonly CountedUnit[]): CountedUnit[][] => {
  const levels = units.flatMap((unit) => unit.level ?? []).toSorted((a, b) => a - b)
  const top = levels.find((level, i) => levels[i + 1] === level) ?? levels[0]
  const sections: CountedUnit[][] = [[]]
  for (const unit of units) {
    const current = sections.at(-1) ?? []
    const begins = unit.level !== undefined && top !== undefined && unit.level <= top
    if (begins && current.some(isContent)) sections.push([unit])
    else current.push(unit)
  }
  const last = sections.at(-1) ?? []
  if (sections.length > 1 && !last.some(isContent)) {
    sections.pop()
    sections.at(-1)?.push(...last)
  }
  return sections
}

type ComposedGroup = { readonly group: UnitGroup } & Pick<
  Chunk,
  'text' | 'segments' | 'pageStart' | 'pageEnd' | 'headingPath'
>

/** The sum of the units is nearly always an upper bound; where the whole still counts more than the limit it is halved. */
const splitTooLong = async (
  groups: readonly ComposedGroup[],
  compose: (group: UnitGroup) => ComposedGroup,
  maxTokens: number,
  options: ChunkOptions,
): Promise<(ComposedGroup & { tokens: number })[]> => {
  const counts = await countAll(
    groups.map((group) => group.text),
    options,
  )
  const fitting: (ComposedGroup & { tokens: number })[] = []
  for (const [i, composed] of groups.entries()) {
    const tokens = counts[i] ?? 0
    const { header, units } = composed.group
    if (tokens <= maxTokens || units.length < 2) {
      fitting.push({ ...composed, tokens })
      continue
    }
    const middle = Math.ceil(units.length / 2)
    const again = repeatedHeader(units, middle, { maxTokens })
    const halves = [
      compose({ ...(header && { header }), units: units.slice(0, middle) }),
      compose({ ...(again && { header: again }), units: units.slice(middle) }),
    ]
    fitting.push(...(await splitTooLong(halves, compose, maxTokens, options)))
  }
  return fitting
}

/** What the chunk says before its units: names of columns, and the name of the row of which it holds a part. */
const withHeader = ({ header, units }: UnitGroup): readonly Unit[] => {
  const label = header && units[0]?.label
  return [...(header ? [header] : []), ...(label ? [label] : []), ...units]
}

const composeChunk = (group: UnitGroup, pages: ReadonlyMap<number, string>): Omit<ComposedGroup, 'group'> => {
  const segments: Segment[] = []
  let text = ''
  let before: Unit | undefined
  for (const unit of withHeader(group)) {
    if (before) text += separator(before, unit, pages.get(unit.page) ?? '')
    const { page, start, end, kind } = unit
    segments.push({
      start: text.length,
      end: text.length + unit.text.length,
      page,
      pageStart: start,
      pageEnd: end,
      kind,
    })
    text += unit.text
    before = unit
  }
  const numbers = group.units.map((unit) => unit.page)
  return {
    text,
    segments,
    pageStart: Math.min(...numbers),
    pageEnd: Math.max(...numbers),
    headingPath: sharedPath(group.units),
  }
}

/** What stood between the two on the page, reduced to nothing, a blank, a line break or a blank line. */
const separator = (before: Unit, unit: Unit, pageText: string): string => {
  if (before.page !== unit.page || before.end > unit.start) return '\n'
  const between = pageText.slice(before.end, unit.start)
  if (between.trim() !== '' || /\n/u.test(between)) return /\n\s*\n/u.test(between) ? '\n\n' : '\n'
  if (before.block !== unit.block) return '\n'
  return between === '' ? '' : ' '
}

/** Where small sections share a chunk, only the headings above all of them locate it. */
const sharedPath = (units: readonly CountedUnit[]): readonly string[] => {
  const content = units.filter(isContent)
  const paths = (content.length > 0 ? content : units.slice(-1)).map((unit) => unit.headingPath)
  const [first = []] = paths
  const length = paths.reduce((shared, path) => {
    const differs = path.findIndex((heading, i) => i < shared && heading !== first[i])
    return Math.min(shared, path.length, differs < 0 ? shared : differs)
  }, first.length)
  return first.slice(0, length)
}
