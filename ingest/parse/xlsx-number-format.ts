/**
 * Numbers as a sheet shows them, by their format codes (ECMA-376 part 1, 18.8.31): sections, conditions, thousands, percent, fractions, exponents, units in
 * quotes. Dates come out as ISO 8601 (`2024-03-05`, `2024-03-05 14:30`), whatever order the format has, so that they can be searched and compared.
 * In: a number and a code. Out: text. Pure; neighbours: `xlsx-styles.ts`, `office-chart.ts`.
 */
import { formatDate, isDateCode } from './xlsx-date-format.ts'

/** A piece of a section: a letter of the code or text that is shown as it is. */
export interface FormatToken {
  readonly text: string
  readonly literal: boolean
}

interface Section {
  readonly tokens: readonly FormatToken[]
  readonly condition: ((value: number) => boolean) | undefined
}

/** Digits that a cell without a format shows of a broken number. */
const generalDigits = 11

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '=': (value, limit) => value === limit,
  '<>': (value, limit) => value !== limit,
}

const tokenPattern = /"([^"]*)"|\\(.)|_.|\*.|\[([^\]]*)\]|General|AM\/PM|A\/P|上午\/下午|[\s\S]/giu

const readSection = (code: string): Section => {
  const tokens: FormatToken[] = []
  let condition: Section['condition']
  for (const match of code.matchAll(tokenPattern)) {
    const [whole, quoted, escaped, bracketed] = match
    if (quoted !== undefined || escaped !== undefined) tokens.push({ text: quoted ?? escaped ?? '', literal: true })
    else if (bracketed !== undefined) {
      const compared = /^(<=|>=|<>|<|>|=)\s*(-?[\d.]+)$/.exec(bracketed)
      const compare = comparisons[compared?.[1] ?? '']
      const limit = Number(compared?.[2])
      if (compare) condition = (value) => compare(value, limit)
      else if (bracketed.startsWith('$'))
        tokens.push({ text: bracketed.slice(1).replace(/-[^-]*$/, ''), literal: true })
      else if (/^(?:h+|m+|s+)$/i.test(bracketed)) tokens.push({ text: whole.toLowerCase(), literal: false })
    } else if (whole.startsWith('_')) tokens.push({ text: ' ', literal: true })
    else if (!whole.startsWith('*')) tokens.push({ text: whole, literal: false })
  }
  return { tokens, condition }
}

/** Sections stand between semicolons that are neither quoted nor escaped. */
const splitSections = (code: string): string[] => {
  const sections = ['']
  for (const [part] of code.matchAll(/"[^"]*"?|\\.|\[[^\]]*\]|[\s\S]/gu)) {
    if (part === ';') sections.push('')
    else sections[sections.length - 1] += part
  }
  return sections
}

/** Without a format: whole numbers in full (part numbers are numbers), others with as many digits as fit a cell. */
const formatGeneral = (value: number): string => {
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 1e15) return String(value)
  if (size >= 1e15 || (size < 1e-9 && size > 0))
    return value
      .toExponential(5)
      .replace(/\.?0+e/, 'E')
      .replace('e', 'E')
  return String(Number(value.toPrecision(generalDigits)))
}

const groupThousands = (digits: string): string => digits.replace(/\B(?=(?:\d{3})+$)/g, ',')

/** Rounds half up in decimal, as sheets do: 1.005 to two places is 1.01. */
const toFixed = (value: number, places: number): string => {
  const fixed = value.toFixed(Math.min(places, 100))
  const shifted = Number(`${value.toPrecision(15)}e${places}`)
  if (!Number.isFinite(shifted) || Math.abs(shifted) > 1e15) return fixed
  return (Math.round(shifted) / 10 ** places).toFixed(Math.min(places, 100))
}

/** Fills the places of one side of the point from the right; `#` shows no zero, `?` a blank. */
const fillInteger = (tokens: readonly FormatToken[], digits: string): string => {
  const places = tokens.filter((token) => isPlace(token))
  let rest = digits === '0' && !places.some(({ text }) => text === '0') ? '' : digits
  let out = ''
  let left = places.length
  for (const token of tokens.toReversed()) {
    if (!isPlace(token)) {
      if (isShown(token)) out = token.text + out
      continue
    }
    left -= 1
    const take = left === 0 ? rest : rest.slice(-1)
    rest = left === 0 ? '' : rest.slice(0, -1)
    out = (take === '' ? (token.text === '0' ? '0' : '') : take) + out
  }
  return out
}

const fillFraction = (tokens: readonly FormatToken[], digits: string): string => {
  let used = 0
  const needed = digits.replace(/0+$/, '').length
  return tokens
    .map((token) => {
      if (!isPlace(token)) return isShown(token) ? token.text : ''
      const digit = digits[used] ?? '0'
      used += 1
      return token.text === '0' || used <= needed ? digit : ''
    })
    .join('')
}

const isPlace = ({ text, literal }: FormatToken): boolean => !literal && /^[0#?]$/.test(text)
/** Between places: `00-0000` shows its dash, a comma groups. */
const isShown = ({ text, literal }: FormatToken): boolean => literal || text !== ','

/** `##0.0E+0` has exponents that three divides. @returns mantissa and exponent */
const exponentialOf = (value: number, integerPlaces: number, decimals: number): readonly string[] => {
  const plain = value.toExponential(integerPlaces > 1 ? undefined : decimals).split('e')
  if (integerPlaces <= 1) return plain
  const exponent = Math.floor(Number(plain[1]) / integerPlaces) * integerPlaces
  return [(value / 10 ** exponent).toFixed(decimals), String(exponent)]
}

const formatScientific = (tokens: readonly FormatToken[], value: number, at: number): string => {
  const mantissa = tokens.slice(0, at)
  const places = mantissa.slice(mantissa.findIndex(({ text }) => text === '.') + 1).filter(isPlace).length
  const decimals = mantissa.some(({ text, literal }) => !literal && text === '.') ? places : 0
  const [head = '', exponent = '0'] = exponentialOf(value, mantissa.filter(isPlace).length - decimals, decimals)
  const digits = tokens.slice(at + 2).filter(isPlace).length
  const sign = exponent.startsWith('-') ? '-' : tokens[at + 1]?.text === '+' ? '+' : ''
  return `${head}E${sign}${exponent.replace(/^[+-]/, '').padStart(digits, '0')}${literalsOf(tokens.slice(at + 2))}`
}

const literalsOf = (tokens: readonly FormatToken[]): string =>
  tokens.map(({ text, literal }) => (literal ? text : '')).join('')

/** `# ?/?`: a whole number and the nearest fraction. */
const formatFraction = (tokens: readonly FormatToken[], value: number, at: number): string => {
  const below = tokens
    .slice(at + 1)
    .map(({ text }) => text)
    .join('')
    .trim()
  const fixed = /^\d+/.exec(below)?.[0]
  const limit = 10 ** Math.max(1, below.replace(/[^?#0]/g, '').length) - 1
  const hasWhole = tokens.slice(0, at).some(({ text }) => text === ' ')
  const whole = hasWhole ? Math.trunc(value) : 0
  const rest = value - whole
  let best = { above: Math.round(rest), below: 1 }
  const candidates =
    fixed === undefined || Number(fixed) === 0
      ? Array.from({ length: Math.min(limit, 999) }, (_, i) => i + 1)
      : [Number(fixed)]
  if (fixed !== undefined && Number(fixed) > 0) best = { above: Math.round(rest * Number(fixed)), below: Number(fixed) }
  for (const denominator of candidates) {
    const above = Math.round(rest * denominator)
    if (Math.abs(above / denominator - rest) < Math.abs(best.above / best.below - rest) - 1e-12)
      best = { above, below: denominator }
  }
  if (best.above === 0) return String(whole)
  if (best.above === best.below && hasWhole) return String(whole + 1)
  return `${whole === 0 ? '' : `${whole} `}${best.above}/${best.below}`
}

const formatDecimal = (tokens: readonly FormatToken[], value: number): string => {
  const plain =
    (text: string): ((token: FormatToken) => boolean) =>
    (token) =>
      !token.literal && token.text === text
  const point = tokens.findIndex(plain('.'))
  const lastPlace = tokens.findLastIndex(isPlace)
  if (lastPlace < 0) return tokens.map(({ text }) => text).join('')
  const percent = tokens.filter(plain('%')).length
  // Commas after the last place divide by a thousand each; between places they group.
  const scale = tokens.slice(lastPlace + 1).findIndex((token) => !plain(',')(token))
  const commas = scale < 0 ? tokens.length - lastPlace - 1 : scale
  const scaled = (value * 100 ** percent) / 1000 ** commas
  const integerTokens = tokens.slice(0, point < 0 ? lastPlace + 1 : point)
  const fractionTokens = point < 0 ? [] : tokens.slice(point + 1, lastPlace + 1)
  const [integer = '0', fraction = ''] = toFixed(scaled, fractionTokens.filter(isPlace).length).split('.')
  const grouped = integerTokens.slice(integerTokens.findIndex(isPlace)).some(plain(','))
  const first = integerTokens.findIndex(isPlace)
  const lead = first < 0 ? integerTokens : integerTokens.slice(0, first)
  const rendered = first < 0 ? integer : fillInteger(integerTokens.slice(first), integer)
  const withGroups = grouped && /^\d+$/.test(rendered) ? groupThousands(rendered) : rendered
  const shownFraction = fillFraction(fractionTokens, fraction)
  const tail = tokens.slice(lastPlace + 1).filter((token) => !plain(',')(token))
  const shown = (some: readonly FormatToken[]): string => some.map(({ text }) => text).join('')
  return `${shown(lead)}${withGroups}${point >= 0 && shownFraction !== '' ? '.' : ''}${shownFraction}${shown(tail)}`
}

const applySection = ({ tokens }: Section, value: number): string => {
  const general = tokens.findIndex(({ text, literal }) => !literal && /^(?:general|@)$/i.test(text))
  if (general >= 0) {
    return tokens.map(({ text }, index) => (index === general ? formatGeneral(value) : text)).join('')
  }
  const exponent = tokens.findIndex(
    ({ text, literal }, index) => !literal && /^e$/i.test(text) && /^[+-]$/.test(tokens[index + 1]?.text ?? ''),
  )
  if (exponent >= 0) return formatScientific(tokens, value, exponent)
  const slash = tokens.findIndex(({ text, literal }) => !literal && text === '/')
  if (slash > 0 && tokens.slice(0, slash).some(isPlace)) return formatFraction(tokens, value, slash)
  return formatDecimal(tokens, value)
}

/** A format code, read once and used for many numbers. */
type NumberFormat = (value: number, epoch1904?: boolean) => string

const cache = new Map<string, NumberFormat>()
const cacheLimit = 2000

const compile = (code: string): NumberFormat => {
  const sections = splitSections(code).slice(0, 3).map(readSection)
  const [first] = sections
  if (!first || code.trim() === '' || /^(?:general|@)$/i.test(code.trim())) return formatGeneral
  return (value, epoch1904 = false) => {
    if (!Number.isFinite(value)) return String(value)
    const { section, signed } = chooseSection(sections, first, value)
    if (isDateCode(section.tokens)) return formatDate(value, section.tokens, epoch1904)
    const text = applySection(section, Math.abs(value)).trim()
    // A format that shows nothing hides a value; it is content all the same.
    if (text === '') return formatGeneral(value)
    return signed && /[1-9]/.test(text) ? `-${text}` : text
  }
}

/** Of a section that shows a negative number by its condition: whether it shows no others. */
const isForNegatives = ({ condition }: Section): boolean =>
  condition !== undefined && !condition(0) && !condition(Number.MAX_VALUE)

/** By condition, or positive, negative, zero. A section of negative numbers alone writes the sign itself. */
const chooseSection = (
  sections: readonly Section[],
  first: Section,
  value: number,
): { section: Section; signed: boolean } => {
  const [, second, third] = sections
  if (sections.some(({ condition }) => condition)) {
    const fits =
      sections.find(({ condition }) => condition?.(value)) ?? sections.find(({ condition }) => !condition) ?? first
    return { section: fits, signed: value < 0 && !isForNegatives(fits) }
  }
  if (value < 0 && second) return { section: second, signed: false }
  if (value === 0 && third) return { section: third, signed: false }
  return { section: first, signed: value < 0 }
}

/** @param epoch1904 days are counted from 1904, as in workbooks of old Macintoshes */
export const formatNumber = (value: number, code: string, epoch1904 = false): string => {
  const known = cache.get(code)
  if (known) return known(value, epoch1904)
  const compiled = compile(code)
  if (cache.size < cacheLimit) cache.set(code, compiled)
  return compiled(value, epoch1904)
}

/** The fourth section of a code, for text: `"Model "@`. */
export const formatText = (text: string, code: string): string => {
  const sections = splitSections(code)
  const own = sections[3] ?? (sections.length === 1 && code.includes('@') ? code : undefined)
  if (own === undefined || own === '@') return text
  const shown = readSection(own)
    .tokens.map((token) => (!token.literal && token.text === '@' ? text : token.literal ? token.text : ''))
    .join('')
  return shown.includes(text) ? shown.trim() : text
}
