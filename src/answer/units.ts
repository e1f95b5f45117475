/**
 * Units of measure: which spellings mean one unit. In: what stands behind a number, in canonical text (see number-words.ts: NFKC, Simplified
 * characters, case kept). Out: the unit's name. Case is kept where it carries meaning (mW is not MW, nm is not Nm); only sloppy forms that are
 * no unit themselves (Mpa, KW) are read as the likely one. Nothing is converted: 0.5 MPa is not 5 bar.
 */
import { toSimplified } from '../core/chinese-script.ts'
import { anyCase, exactCase } from './unit-names.ts'

/** `500 a day`, `8H`, `5 S`: letters that are no unit in this case. */
const unitless = new Set(['a', 'C', 'S', 'H', 'IN', 'In', 'MA'])

const canonical = (spelling: string): string => toSimplified(spelling.normalize('NFKC'))
const exact = new Map<string, string>()
const folded = new Map<string, string>()
for (const [name, ...spellings] of anyCase)
  for (const each of spellings) folded.set(canonical(each).toLowerCase(), name)
for (const [name, ...spellings] of exactCase) for (const each of spellings) exact.set(canonical(each), name)

/** The text as a pattern that matches it alone; not for the flags `u` and `v`. */
export const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
const latinEnd = /[a-z\d]$/i

/** Longest first; a Latin unit must not go on. Spellings stand together without anything between them: the engine makes a tree of such a list, and is ten times as quick. */
const patternOf = (spellings: Iterable<string>): string => {
  const longestFirst = [...new Set(spellings)].sort((a, b) => b.length - a.length)
  const listOf = (isLatin: boolean) => longestFirst.filter((each) => latinEnd.test(each) === isLatin).map(escapePattern)
  return [[listOf(true), '(?![a-z\u03c9])'] as const, [listOf(false), ''] as const]
    .filter(([list]) => list.length > 0)
    .map(([list, end]) => `(?:${list.join('|')})${end}`)
    .join('|')
}

const spelledAs = (names: readonly string[]): string[] =>
  [...exact, ...folded].filter(([, name]) => names.includes(name)).map(([spelling]) => spelling.toLowerCase())

const inWords = new Set([
  'day',
  'week',
  'month',
  'month of the year',
  'year',
  'times',
  'turns',
  'cycles',
  'pieces',
  'machines',
  'people',
  'fold',
  '°',
])
const isSpelledOut = (spelling: string, name: string): boolean =>
  !inWords.has(name) &&
  (/^[a-z]{3,}/.test(spelling) || (/^[^ -~]{2}/.test(spelling) && !['s', 'min', 'h'].includes(name))) &&
  spelling !== name.toLowerCase()

/** What is told by the time, and the times: 10 L/min, 10 liters per minute, 米每秒. */
const flowing = patternOf(
  spelledAs(['μm', 'mm', 'cm', 'm', 'km', 'in', 'ft', 'mL', 'L', 'm3', 'g', 'kg', 't', 'turns', 'cycles', '°', 'rad']),
)
const times = patternOf([...spelledAs(['s', 'min', 'h']), '时'])
const per = '(?:\\s?/\\s?|\\sper\\s|每)'

/** For use with the `i` flag, behind a number. */
export const unitPattern = `(?:${flowing})${per}(?:${times})|${patternOf([...folded.keys(), ...[...exact.keys()].map((each) => each.toLowerCase())])}`

/** Words for these are no names of things: "10 millimetres thick" has the words of "10 mm". Times and counted things are words of their own in Chinese and Japanese. */
const spelledUnits = new RegExp(
  `(?<=\\d) ?(${patternOf([...folded.entries()].filter(([spelling, name]) => isSpelledOut(spelling, name)).map(([spelling]) => spelling))})`,
  'gi',
)

/** Units as their symbols. */
export const rewriteUnits = (text: string): string =>
  text.replace(spelledUnits, (_, spelling: string) => ` ${folded.get(spelling.toLowerCase())}`)

/** 每分钟10升: in Chinese and Japanese the time stands before the number. Groups: time, number, unit. */
export const rateBefore = new RegExp(
  `[每毎](分钟|分|秒钟|秒|小时|时)(?:间)?\\s?((?:约|大约)?\\d+(?:\\.\\d+)?(?:~\\d+(?:\\.\\d+)?)?)\\s?(${flowing})`,
  'gi',
)
const rate = new RegExp(`^(.+?)${per}(${times})$`, 'i')

/**
 * @param text what the spelling was found in: a sloppy `mpa` is MPa unless the text knows millipascals.
 * @returns the unit's name, or undefined where the spelling is none in this case
 */
export const unitNamed = (spelling: string, text: string): string | undefined => {
  if (unitless.has(spelling)) return undefined
  const sure = exact.get(spelling)
  if (sure !== undefined) return sure
  const known = folded.get(spelling.toLowerCase())
  const [, what, time] = (known === undefined && rate.exec(spelling)) || []
  if (what !== undefined && time !== undefined) {
    const [amount, unit] = [unitNamed(what, text), time === '时' ? 'h' : unitNamed(time, text)]
    return amount === 'turns' && unit === 'min' ? 'rpm' : `${amount}/${unit}`
  }
  const lower = spelling.toLowerCase()
  if (lower === 'mpa') return text.includes('mPa') ? 'mpa' : 'MPa'
  // Neither milli nor mega can be told: it equals itself only.
  if (lower === 'mw' || lower === 'mω') return lower
  return known
}

const spellingsOf = new Map<string, string[]>()
for (const [spelling, name] of [...exact, ...folded])
  spellingsOf.set(name, [...(spellingsOf.get(name) ?? []), spelling])

const pressures = ['bar', 'mbar', 'MPa', 'kPa', 'Pa', 'psi', 'psig', 'kgf/cm2']
const torques = ['N·m', 'kN·m', 'N·cm', 'kgf·m', 'kgf·cm', 'ft-lb', 'in-lb']
const voltages = ['V', 'kV', 'mV']
const speeds = ['rpm', 'm/s', 'm/min', 'mm/s', 'mm/min', 'km/h']
const flows = ['L/min', 'L/h', 'L/s', 'm3/h', 'm3/min']
const frequencies = ['Hz', 'kHz', 'MHz', 'GHz']
const weights = ['g', 'kg', 't', 'lb', 'oz']

/** Units that say what is measured: a statement may name it where the source does not. */
export const quantityWords: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    pressure: pressures,
    压力: pressures,
    圧力: pressures,
    temperature: ['°C', '°F'],
    温度: ['°C', '°F'],
    torque: torques,
    扭矩: torques,
    扭力: torques,
    トルク: torques,
    voltage: voltages,
    电压: voltages,
    电圧: voltages,
    current: ['A', 'mA'],
    电流: ['A', 'mA'],
    power: ['W', 'kW', 'MW'],
    功率: ['W', 'kW', 'MW'],
    speed: speeds,
    速度: speeds,
    转速: ['rpm'],
    回転数: ['rpm'],
    flow: flows,
    流量: flows,
    frequency: frequencies,
    频率: frequencies,
    周波数: frequencies,
    interval: ['h', 'day', 'week', 'month', 'year'],
    weight: weights,
    重量: weights,
  }),
)

/** Whether the unit is written in the canonical text, as in the head of a table column. */
export const unitStands = (unit: string, text: string): boolean => {
  const [, what, time] = rate.exec(unit) ?? []
  const composed =
    what !== undefined && time !== undefined
      ? [`(?:${patternOf(spelledAs([what]))})${per}(?:${patternOf(spelledAs([time]))})`]
      : []
  const patterns = [
    ...composed.map((source) => ({ source, flags: 'i' })),
    ...(spellingsOf.get(unit) ?? []).map((spelling) => ({
      source: escapePattern(spelling),
      flags: exact.has(spelling) ? '' : 'i',
    })),
  ]
  return patterns.some(({ source, flags }) =>
    new RegExp(`(?<![a-zA-Z\\d])(?:${source})(?![a-zA-Z\\d])`, flags).test(text),
  )
}
