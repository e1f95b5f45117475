/**
 * The figures of a text: numbers with or without a unit, part numbers and codes. These are what hurts when it is wrong, so they are
 * compared as written (after folding of width, case, thousands separators and names of units), never by similarity.
 */
import { foldText } from '../core/search-terms.ts'

/** Spellings of one unit, folded. The first is its name here. */
const unitSpellings = [
  ['mm', '毫米', '公釐', '公厘', 'ミリメートル', 'ミリ'],
  ['cm', '厘米', '公分', 'センチメートル', 'センチ'],
  ['km', '公里', '千米', 'キロメートル'],
  ['m', '米', '公尺', 'メートル'],
  ['μm', 'um', '微米', 'ミクロン'],
  ['kg', '公斤', '千克', 'キログラム'],
  ['g', '克', '公克', 'グラム'],
  ['t', 'ton', 'tons', 'tonne', 'tonnes', '吨', '公吨', 'トン'],
  ['nm', 'n·m', 'n.m', 'n-m', 'n⋅m', 'n•m', 'n・m', '牛顿米', '牛米', 'ニュートンメートル'],
  ['n', '牛顿', 'ニュートン'],
  ['kn', '千牛', 'キロニュートン'],
  ['pa', '帕斯卡', 'パスカル'],
  ['mpa', '兆帕', 'メガパスカル'],
  ['kpa', '千帕', 'キロパスカル'],
  ['bar', '巴', 'バール'],
  ['psi'],
  ['kgf'],
  ['lb', 'lbs'],
  ['ft', 'feet'],
  ['inch', 'inches'],
  ['ω', 'ohm', '欧姆', 'オーム'],
  ['kω', 'kohm'],
  ['mω', 'mohm'],
  ['l/min', '升/分'],
  ['l/h'],
  ['m/s', '米/秒'],
  ['mm/s'],
  ['kwh', '千瓦时'],
  ['mw', '兆瓦'],
  ['kva'],
  ['db', '分贝', 'デシベル'],
  ['°c', '℃', '摄氏度', 'degc', '度c'],
  ['°f', '℉'],
  ['kw', '千瓦', 'キロワット'],
  ['w', '瓦', 'ワット'],
  ['kv', '千伏'],
  ['mv', '毫伏'],
  ['v', '伏', '伏特', 'ボルト', 'volt', 'volts'],
  ['ma', '毫安'],
  ['a', '安培', 'アンペア', 'amp', 'amps'],
  ['hz', '赫兹', 'ヘルツ'],
  ['rpm', '转/分', 'r/min', '回转/分'],
  ['l', '升', '公升', 'リットル', 'liter', 'liters', 'litre', 'litres'],
  ['ml', '毫升', 'ミリリットル'],
  ['%', 'percent', '百分之', 'パーセント'],
  ['ms', '毫秒', 'ミリ秒'],
  ['s', 'sec', 'second', 'seconds', '秒', '秒钟'],
  ['min', 'minute', 'minutes', '分钟', '分'],
  ['h', 'hr', 'hrs', 'hour', 'hours', '小时', '时间', '時間'],
  ['day', 'days', '天', '日', '日間'],
  ['week', 'weeks', '周', '星期', '週間', '週'],
  ['month', 'months', '个月', '月', 'ヶ月', 'か月', 'カ月', 'ヵ月'],
  ['year', 'years', '年', '年間'],
] as const

const unitOf = new Map(
  unitSpellings.flatMap(([name, ...others]) => [name, ...others].map((each) => [foldText(each), name] as const)),
)
const escapePattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
const anyUnit = [...unitOf.keys()]
  .sort((a, b) => b.length - a.length)
  .map(escapePattern)
  .join('|')

/** What may stand between a number and its unit: 500 operating hours, 8 運轉小時. */
const qualifiers = [
  'operating',
  'working',
  'running',
  'machine',
  'calendar',
  'consecutive',
  '運轉',
  '運行',
  '工作',
  '運転',
  '稼働',
  '連續',
  '連続',
]
  .map(foldText)
  .join('|')

const thousands = /(?<=\d)[,'’](?=\d{3}(?!\d))/g
/** A number that is not part of a word, with its sign, and the unit right behind it. The dash of a range is no sign. */
const measure = new RegExp(
  `(?<![a-z\\d.]|[a-z][-_/])((?<=^|[\\s(:：,，、;；|"「（~～至到])[-−–])?(?<![a-z\\d.]|[a-z][-_/])(\\d+(?:\\.\\d+)?)(?:\\s?(?:${qualifiers})?\\s?(${anyUnit})(?![a-z\\d]))?(?![a-z\\d]*[a-z]\\d|\\d)`,
  'gm',
)
/** Letters and digits mixed, with inner marks: kp-60, e-07, m8x1.25, 10w-40, iso46, 192.168.0.1. */
const code = /[a-z\d]+(?:[-_/.:][a-z\d]+)*/g
const isCode = /^(?=.*\d)(?=.*[a-z]).|^\d+(?:[-_/:]\d+)+$|^\d+(?:\.\d+){2,}$/

interface Figures {
  /** Number → the units that it stands with; '' where none follows. */
  readonly measures: ReadonlyMap<string, ReadonlySet<string>>
  readonly codes: ReadonlySet<string>
}

const figuresOf = (text: string): Figures => {
  const folded = foldText(text).replace(thousands, '')
  const measures = new Map<string, Set<string>>()
  for (const [, sign, number = '', unit] of folded.matchAll(measure)) {
    const value = `${sign ? '-' : ''}${number.includes('.') ? number.replace(/\.?0+$/, '') : number}`
    const units = measures.get(value) ?? new Set()
    measures.set(value, units.add(unit === undefined ? '' : (unitOf.get(unit) ?? '')))
  }
  const codes = new Set<string>()
  for (const [word] of folded.matchAll(code)) {
    // `20mm` is a measure, not a code.
    const [, unit] = /^\d+(?:\.\d+)?(\D+)$/.exec(word) ?? []
    if (isCode.test(word) && !(unit && unitOf.has(unit))) codes.add(word.replace(/[-_/]/g, ''))
  }
  return { measures, codes }
}

/** Whether the unit is written anywhere in the text, as in the head of a table column. */
const unitStands = (unit: string, text: string): boolean => {
  const folded = foldText(text)
  return [...unitOf].some(
    ([spelling, name]) =>
      name === unit && new RegExp(`(?<![a-z\\d])${escapePattern(spelling)}(?![a-z\\d])`).test(folded),
  )
}

/**
 * The figures of `statement` that do not stand in `source` or its `context`: numbers, codes, and numbers whose unit is another one there.
 * A number that stands without its unit in the source passes where the unit is written beside it, in the head of the table; a number of the
 * context, which may be that of a heading, does not.
 */
export const figuresMissing = (statement: string, source: string, context = ''): string[] => {
  const wanted = figuresOf(statement)
  const held = figuresOf(source)
  const above = figuresOf(context)
  const missing = [...wanted.codes].filter((each) => !held.codes.has(each) && !above.codes.has(each))
  for (const [number, units] of wanted.measures) {
    const heldUnits = held.measures.get(number)
    for (const unit of units) {
      const inSource =
        heldUnits !== undefined &&
        (unit === '' || heldUnits.has(unit) || (heldUnits.has('') && unitStands(unit, `${source}\n${context}`)))
      const inContext = above.measures.get(number)?.has(unit) === true
      if (!inSource && !inContext) missing.push(unit === '' ? number : `${number} ${unit}`)
    }
  }
  return missing
}
