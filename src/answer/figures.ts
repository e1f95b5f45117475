/**
 * The figures of a text: numbers with or without a unit, dates, times, part numbers and codes. These are what hurts when it is wrong, so they
 * are compared as written, after number-words.ts and units.ts have written them in one way; never by similarity.
 */
import { rewriteNumbers, softMark } from './number-words.ts'
import { escapePattern, unitNamed, unitPattern, unitStands } from './units.ts'

export interface Measure {
  readonly value: string
  /** Name of the unit, `#noun` where a word that is no unit is counted, '' where nothing follows. */
  readonly unit: string
  /** A `1` that was a word: often grammar. */
  readonly soft: boolean
  /** Where it stands in the canonical text. */
  readonly start: number
  readonly end: number
  readonly range?: 'low' | 'high'
}

export interface Code {
  readonly value: string
  readonly start: number
  readonly end: number
}

export interface Figures {
  /** See number-words.ts. */
  readonly canonical: string
  readonly measures: readonly Measure[]
  readonly codes: readonly Code[]
}

/** What may stand between a number and its unit: 500 operating hours, 8 運轉小時. */
const qualifiers =
  'operating|working|running|machine|calendar|consecutive|full|运转|运行|工作|运転|运转|稼働|连续|连続|営业|运転'
const plainNumber = '\\d+(?:\\.\\d+)?'
const measurePattern = new RegExp(
  `(?<![A-Za-z\\d.^]|\\d[:/]|[A-Za-z][-_/.])(-|±)?(?<![A-Za-z\\d.^]|\\d[-:/]|[A-Za-z][-_/])(\\d+(?:\\.\\d+)?(?:×${plainNumber})*|\\d+/\\d+)(${softMark})?(?:(?:\\s?(?:${unitPattern}))?\\s?~([-±]?)(${plainNumber}))?(?:[\\s-]?(?:(?:${qualifiers})\\s?)?(${unitPattern})|\\s([a-z]{2,})(?:\\s([a-z]{3,}))?(?![a-z]))?(?![A-Za-z\\d]*[A-Za-z]\\d|\\d|[/:^-]\\d)`,
  'gi',
)
const firstUnit = new RegExp(`^\\s?(${unitPattern})`, 'i')
/** Words behind a number that are not what is counted. */
const notCounted = new Set(
  'and or of in on at to by for from with the is are was were be must shall should may can will not when while if then as than per each every all after before until within into this that these those it its has have above below over under more less or higher lower greater further only long old ago away apart using via where which who between during without against out off down up also about plus minus times'.split(
    ' ',
  ),
)

/** Letters and digits mixed, with inner marks: KP-60, E-07, M8x1.25, 192.168.0.1, 2026-11-22. */
const token = /(?<![A-Za-z\d])(?:--)?[A-Za-z\d]+(?:[-_/.:^+][A-Za-z\d]+)*/g
const isCode = /^(?=.*\d)(?=.*[A-Za-z]).|^\d+(?:[-:^]\d+)+$|^\d+(?:\.\d+){2,}$|^--\d\d-\d\d$|^\d+(?:\/\d+){2,}$/
const isMeasure = new RegExp(`^${plainNumber}(?:-?(?:${unitPattern}))$`, 'i')
/** `E 302`, `KP 60`, `ISO 9001`; a letter behind a noun: valve A. */
const spacedCode = /(?<![A-Za-z\d°-])([A-Z]{1,4}) (\d{2,}[A-Z]{0,2})(?![\d.]|[A-Za-z])/g
const label =
  /(?<=[a-z\p{Script=Han}\p{Script=Katakana}\p{Script=Hiragana}] ?)(?<![A-Za-z\d])([A-Z])(?![A-Za-z\d'·/]|[-.]\d)|^([A-Z])(?=[\p{Script=Han}\p{Script=Katakana}\p{Script=Hiragana}])/gu

const trimZeros = (value: string): string =>
  value.replace(/(\d+(?:\.\d+)?)/g, (each) =>
    each.includes('.') ? each.replace(/\.?0+$/, '') : each.replace(/^0+(?=\d)/, ''),
  )
const nounOf = (word: string): string => `#${word.toLowerCase().replace(/(?<=[a-z]{2})(?:ies|es|s)$/, '')}`

/** 4 bolts, 4 hex bolts; nothing where grammar follows. */
const countedNoun = (next: string | undefined, nextButOne: string | undefined): string => {
  const isNoun = (word: string | undefined): word is string =>
    word !== undefined && word.length > 2 && !notCounted.has(word.toLowerCase())
  if (!isNoun(next)) return ''
  return nounOf(!next.endsWith('s') && isNoun(nextButOne) && nextButOne.endsWith('s') ? nextButOne : next)
}

/** "3 in stock" are no inches. */
const within = /^\s(?:stock|total|all|the|an?|each|one|this|that|use|service|store|location|bin|shelf|place|case)\b/

const measuresOf = (canonical: string): Measure[] => {
  const measures: Measure[] = []
  for (const match of canonical.matchAll(measurePattern)) {
    const [whole, sign = '', first = '', soft, highSign = '', high, spelling, next, nextButOne] = match
    // A number that is followed by a measure unit of another case is bare: `5 S`.
    const start = match.index
    const isUnit = spelling !== undefined && !(spelling === 'in' && within.test(canonical.slice(start + whole.length)))
    const unit = isUnit ? unitNamed(spelling, canonical) : undefined
    const counted = countedNoun(next, nextButOne)
    const name = unit ?? counted
    const numberEnd = start + sign.length + first.length + (soft ? 1 : 0)
    const own = high === undefined ? undefined : firstUnit.exec(canonical.slice(numberEnd))?.[1]
    const end = name.startsWith('#') || name === '' ? numberEnd : start + whole.length
    const base = { soft: soft !== undefined, start, end }
    const [over = '', under] = first.split('/')
    // 1/2 is a fraction, 230/400 V are two voltages.
    if (under !== undefined && Number(under) > 16) {
      measures.push(
        { ...base, value: sign + trimZeros(over), unit: name },
        { ...base, value: trimZeros(under), unit: name },
      )
    } else if (high === undefined) measures.push({ ...base, value: sign + trimZeros(first), unit: name })
    else {
      const whole = { ...base, end: Math.max(end, numberEnd + 1 + highSign.length + high.length) }
      const lowUnit = (own && unitNamed(own, canonical)) || name
      measures.push({ ...whole, value: sign + trimZeros(first), unit: lowUnit, range: 'low' })
      measures.push({ ...whole, value: highSign + trimZeros(high), unit: name || lowUnit, range: 'high' })
    }
  }
  return measures.map((each, i) => {
    // 10 ±0.5 mm: both are lengths.
    const next = measures[i + 1]
    const isWithTolerance =
      each.unit === '' && next?.value.startsWith('±') && /^\s*$/.test(canonical.slice(each.end, next.start))
    return isWithTolerance ? { ...each, unit: next?.unit ?? '' } : each
  })
}

const codesOf = (canonical: string, measures: readonly Measure[]): Code[] => {
  const codes: Code[] = []
  const isTaken = (start: number, end: number) => measures.some((each) => start < each.end && end > each.start)
  for (const match of canonical.matchAll(token)) {
    const [value] = match
    if (isCode.test(value) && !isMeasure.test(value) && !isTaken(match.index, match.index + 1))
      codes.push({ value, start: match.index, end: match.index + value.length })
  }
  for (const match of canonical.matchAll(spacedCode)) {
    const [value] = match
    const known = measures.find((each) => each.start === match.index + (match[1]?.length ?? 0) + 1)
    if (known && known.unit !== '' && !known.unit.startsWith('#')) continue
    codes.push({ value, start: match.index, end: match.index + value.length })
  }
  for (const match of canonical.matchAll(label)) {
    const value = match[1] ?? match[2] ?? ''
    if (!isTaken(match.index, match.index + 1)) codes.push({ value, start: match.index, end: match.index + 1 })
  }
  // No digit goes unseen.
  const covers = (at: number) => [...measures, ...codes].some(({ start, end }) => at >= start && at < end)
  for (const match of canonical.matchAll(/[A-Za-z\d]*\d[\w.:/^-]*/g)) {
    if (![...match[0]].some((each, i) => /\d/.test(each) && !covers(match.index + i))) continue
    const value = match[0].replace(/[.:/-]+$/, '')
    codes.push({ value, start: match.index, end: match.index + value.length })
  }
  return codes
}

const limit = 2_000
const known = new Map<string, Figures>()

/** Remembered, as each source is read for every drafted sentence. */
export const figuresOf = (text: string): Figures => {
  const found = known.get(text)
  if (found) return found
  const canonical = rewriteNumbers(text)
  const all = measuresOf(canonical)
  const codes = codesOf(canonical, all)
  const measures = all.filter(({ start }) => !codes.some((code) => start >= code.start && start < code.end))
  const figures = { canonical, measures, codes }
  if (known.size >= limit) known.clear()
  known.set(text, figures)
  return figures
}

const patterns = new Map<string, RegExp>()

/** The code in any case, with or without hyphens and blanks, O and 0 alike; `AB-12` is neither in `AB-12A` nor in `AB-12-3`. */
const codePattern = (code: string): RegExp => {
  const found = patterns.get(code)
  if (found) return found
  const isNumeric = !/[A-Za-z]/.test(code)
  const body = isNumeric
    ? // Who says the day without the year says less than the date.
      escapePattern(code).replace(/^\\-\\-/, '(?:--|\\d{4}-)')
    : (code.match(/[A-Za-z]+|\d+(?:\.\d+)*|\+/g) ?? [])
        .map((piece) => escapePattern(piece).replace(/[o0]/gi, '[o0]'))
        .join('[-_\\s/.:]{0,2}')
  // A date that is more exact, `2026-11-22`, holds `2026-11`.
  const after = /^\d{4}-\d{2}$/.test(code) ? '(?![a-z\\d])' : '(?![a-z\\d])(?![-_.]\\d)'
  const single = /^[A-Z]$/.test(code)
  const pattern = new RegExp(`(?<![a-z\\d]|\\d[-_.]|[a-z][-_])${body}${after}`, single ? '' : 'i')
  if (patterns.size >= limit) patterns.clear()
  patterns.set(code, pattern)
  return pattern
}

/** A single letter is compared with its case, and as a word: valve A. */
export const holdsCode = (code: string, canonical: string): boolean =>
  /^[A-Z]$/.test(code)
    ? new RegExp(`(?<![A-Za-z\\d])${code}(?![A-Za-z\\d'])`).test(canonical)
    : codePattern(code).test(canonical)

const isYear = /^(?:1\d|20|21)\d{2}$/

/** Whether two measures say the same number of the same thing; `canonical` is the text of `held`. */
export const agree = (wanted: Measure, held: Measure, canonical: string): boolean => {
  if (wanted.value !== held.value) return false
  if (wanted.unit === held.unit || wanted.unit === '') return true
  // 1835年, where the source writes 1835 alone.
  if (wanted.unit === 'year' && held.unit === '' && isYear.test(wanted.value)) return true
  if (wanted.unit === 'pieces' || held.unit === 'pieces')
    return wanted.unit === 'pieces'
      ? held.unit === '' || held.unit.startsWith('#') || !isPhysical(held.unit)
      : wanted.unit.startsWith('#')
  if (wanted.unit.startsWith('#'))
    return (held.unit === '' || held.unit.startsWith('#')) && canonical.toLowerCase().includes(wanted.unit.slice(1))
  if (held.unit === '' || held.unit.startsWith('#')) return unitStands(wanted.unit, canonical)
  return false
}

/** Whether no other value of its unit is among the measures. */
export const isOnlyOfUnit = ({ unit, value }: Measure, measures: readonly Measure[]): boolean =>
  measures.every((each) => each.unit !== unit || each.value === value)

const counted = new Set(['pieces', 'machines', 'people', 'times', 'turns', 'cycles'])
const isPhysical = (unit: string): boolean => unit !== '' && !unit.startsWith('#') && !counted.has(unit)

/** How a measure is named to whoever reads the failure. */
export const nameOfMeasure = ({ value, unit }: Measure): string =>
  unit === '' ? value : `${value} ${unit.replace('#', '')}`

/**
 * Figures that the statement has more often than the source, where the source has another of the kind in their place: "version 4 is replaced by
 * version 4" from "version 3 is replaced by version 4". All of them stand in the source.
 */
export const figuresRepeated = (statement: string, source: string): string[] => {
  const [wanted, held] = [figuresOf(statement), figuresOf(source)]
  const repeated = (own: readonly string[], other: readonly string[]) =>
    own.filter(
      (each) =>
        own.filter((same) => same === each).length > Math.max(1, other.filter((same) => same === each).length) &&
        other.some((rival) => !own.includes(rival)),
    )
  const codes = ({ codes }: Figures) => codes.map(({ value }) => value.replace(/[-_\s]/g, '').toLowerCase())
  const kinds = new Set(wanted.measures.map(({ unit }) => unit))
  const measures = [...kinds].flatMap((kind) => {
    const of = (figures: Figures) => figures.measures.filter(({ unit }) => unit === kind).map(({ value }) => value)
    return repeated(of(wanted), of(held))
  })
  return [...new Set([...measures, ...repeated(codes(wanted), codes(held))])]
}

/**
 * The figures of `statement` that do not stand in `source` or its `context`: numbers, dates, codes, and numbers whose unit is another one there.
 * A number that stands without its unit in the source passes where the unit is written beside it, in the head of the table; a number of the
 * context, which may be that of a heading, only with its unit.
 */
export const figuresMissing = (statement: string, source: string, context = ''): string[] => {
  const wanted = figuresOf(statement)
  const held = figuresOf(source)
  const above = figuresOf(context)
  const ground = `${held.canonical}\n${above.canonical}`
  const missing = wanted.codes.filter(({ value }) => !holdsCode(value, ground)).map(({ value }) => value)
  for (const measure of wanted.measures) {
    const inSource = held.measures.some((each) => agree(measure, each, held.canonical))
    const inContext =
      isPhysical(measure.unit) &&
      above.measures.some((each) => each.value === measure.value && each.unit === measure.unit)
    // `one pump` is missed where the source has two of them.
    const isGrammar = measure.soft && !held.measures.some(({ unit, value }) => unit === measure.unit && value !== '1')
    const isYearOfDate =
      measure.unit === '' &&
      /^(?:19|20)\d{2}$/.test(measure.value) &&
      held.codes.some(({ value }) => value.startsWith(`${measure.value}-`))
    if (!inSource && !inContext && !isGrammar && !isYearOfDate) missing.push(nameOfMeasure(measure))
  }
  return [...new Set(missing)]
}
