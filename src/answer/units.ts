/**
 * Units of measure: which spellings mean one unit. In: what stands behind a number, in canonical text (see number-words.ts: NFKC, Simplified
 * characters, case kept). Out: the unit's name. Case is kept where it carries meaning (mW is not MW, nm is not Nm); only sloppy forms that are
 * no unit themselves (Mpa, KW) are read as the likely one. Nothing is converted: 0.5 MPa is not 5 bar.
 */
import { toSimplified } from '../core/chinese-script.ts'

/** Spellings in any case; the first is the name. */
const anyCase = [
  ['mm', '毫米', '公釐', '公厘', 'ミリメートル', 'ミリ', 'millimeter', 'millimeters', 'millimetre', 'millimetres'],
  ['cm', '厘米', '公分', 'センチメートル', 'センチ', 'centimeters', 'centimetres'],
  ['km', '公里', '千米', 'キロメートル', 'kilometers', 'kilometres'],
  ['m', '米', '公尺', 'メートル', 'meter', 'meters', 'metre', 'metres'],
  ['μm', 'um', '微米', 'ミクロン', 'マイクロメートル', 'micron', 'microns', 'micrometers', 'micrometres'],
  ['m2', '平方米', '平方公尺', '平方メートル', '㎡'],
  ['mm2', '平方毫米', '平方ミリメートル'],
  ['m3', '立方米', '立方公尺', '立方メートル'],
  ['m3/h', '立方米/小时'],
  ['m3/min'],
  ['cm3', 'cc', '立方厘米'],
  ['kg', '公斤', '千克', 'キログラム', 'キロ', 'kilogram', 'kilograms', 'kilo', 'kilos'],
  ['mg', '毫克', 'ミリグラム', 'milligrams'],
  ['t', 'ton', 'tons', 'tonne', 'tonnes', '吨', '公吨', 'トン'],
  [
    'N·m',
    'n·m',
    'n.m',
    'n-m',
    'n⋅m',
    'n•m',
    'n・m',
    'n m',
    '牛顿米',
    '牛顿·米',
    '牛米',
    '牛·米',
    'ニュートンメートル',
    'newton meters',
    'newton metres',
  ],
  ['kN·m', 'kn·m', 'kn.m', 'kn⋅m', 'kn-m'],
  ['kN', 'kn', '千牛', '千牛顿', 'キロニュートン'],
  ['kgf'],
  ['kgf·m', 'kgf.m', 'kgf-m'],
  ['kgf/cm2', 'kg/cm2'],
  ['N/mm2', 'n/mm2'],
  ['Pa', 'pa', '帕', '帕斯卡', 'パスカル'],
  ['kPa', 'kpa', '千帕', 'キロパスカル'],
  ['hPa', 'hpa', '百帕', 'ヘクトパスカル'],
  ['GPa', 'gpa'],
  ['MPa', '兆帕', 'メガパスカル', 'megapascal', 'megapascals'],
  ['bar', 'bars', '巴', 'バール'],
  ['mbar', '毫巴'],
  ['psi'],
  ['lb', 'lbs', 'pounds'],
  ['ft', 'feet', 'foot'],
  ['ft-lb', 'ft·lb', 'ft-lbs', 'lb-ft', 'lbf·ft'],
  ['in', 'inch', 'inches', '英寸', '英吋', 'インチ', '"', '″'],
  ['Ω', 'ω', 'ohm', 'ohms', '欧姆', 'オーム'],
  ['kΩ', 'kω', 'kohm', '千欧'],
  ['L/min', 'l/min', 'lpm', '升/分', '升/分钟', '升每分钟', 'リットル/分', 'liters per minute', 'litres per minute'],
  ['L/h', 'l/h'],
  ['mm/s'],
  ['mm/min'],
  ['m/min', '米/分', '米/分钟'],
  ['m/s', '米/秒'],
  ['km/h'],
  ['kWh', 'kwh', '千瓦时'],
  ['kVA', 'kva'],
  ['VA', 'va'],
  ['Ah', 'ah'],
  ['mAh', 'mah'],
  ['dB', 'db', 'db(a)', 'dba', '分贝', 'デシベル'],
  [
    '°C',
    '°c',
    'degc',
    'deg c',
    '度c',
    '摄氏度',
    '度摄氏',
    'degrees celsius',
    'degree celsius',
    'degrees c',
    'degrees centigrade',
  ],
  ['°F', '°f', 'degf', 'deg f', '华氏度', 'degrees fahrenheit', 'degrees f'],
  ['°', '度', 'deg', 'degree', 'degrees'],
  ['kW', 'kw', '千瓦', 'キロワット', 'kilowatt', 'kilowatts'],
  ['W', 'w', '瓦', '瓦特', 'ワット', 'watt', 'watts'],
  ['kV', 'kv', '千伏', 'キロボルト', 'kilovolts'],
  ['V', 'v', 'vac', 'vdc', 'v ac', 'v dc', '伏', '伏特', 'ボルト', 'volt', 'volts'],
  ['mA', 'ma', '毫安', 'ミリアンペア', 'milliamps', 'milliamperes'],
  ['mV', '毫伏', 'ミリボルト', 'millivolts'],
  ['MW', '兆瓦', 'メガワット', 'megawatts'],
  ['mW', '毫瓦', 'ミリワット', 'milliwatts'],
  ['MΩ', '兆欧', 'メガオーム', 'mohm', 'megohm', 'megohms'],
  ['A', '安', '安培', 'アンペア', 'amp', 'amps', 'ampere', 'amperes'],
  ['Hz', 'hz', '赫兹', 'ヘルツ', 'hertz'],
  ['kHz', 'khz', '千赫', '千赫兹', 'キロヘルツ'],
  ['MHz', '兆赫', 'メガヘルツ'],
  ['rpm', '转/分', '转/分钟', 'r/min', '回转/分', '转每分钟', 'min-1', '1/min', 'revolutions per minute'],
  ['L', 'l', '升', '公升', 'リットル', 'liter', 'liters', 'litre', 'litres'],
  ['mL', 'ml', '毫升', 'ミリリットル', 'milliliters', 'millilitres'],
  ['cSt', 'cst'],
  ['cP', 'cp'],
  ['ppm'],
  ['lx', 'lux', 'ルクス', '勒克斯'],
  ['%', 'percent', 'per cent', 'パーセント'],
  ['ms', '毫秒', 'ミリ秒', 'milliseconds'],
  ['s', 'sec', 'secs', 'second', 'seconds', '秒', '秒钟', '秒间'],
  ['min', 'mins', 'minute', 'minutes', '分钟', '分间', '分'],
  ['h', 'hr', 'hrs', 'hour', 'hours', '小时', '时间', '个小时', '钟头'],
  ['day', 'days', '天', '日', '日间', '工作日', 'working days'],
  ['week', 'weeks', '周', '星期', '周间', '礼拜', '个星期'],
  ['month', 'months', '个月', '箇月', 'ヶ月', 'か月', 'カ月', 'ヵ月', 'ケ月'],
  ['month of the year', '月', '月份'],
  ['year', 'years', '年', '年间'],
  ['times', 'time', '次', '回', '遍', '度目'],
  ['turns', 'turn', '圈', '回转', '转', '周圈'],
  ['cycles', 'cycle', '循环', 'サイクル'],
  ['pieces', 'piece', 'pcs', '个', '本', '枚', '支', '片', '颗', '根', '条', '件', 'つ', '箇所', 'か所'],
  ['machines', '台'],
  ['people', 'persons', 'person', '人', '名'],
  ['fold', '倍'],
  ['J', '焦耳', 'ジュール', 'joules'],
  ['kJ', 'kj'],
  ['μF', 'uf'],
  ['MB', 'mb'],
  ['GB', 'gb'],
] as const

/** Spellings whose case is their meaning. A lower-case `mpa` is decided by `unitNamed`. */
const exactCase = [
  ['nm', 'nm', '纳米', 'ナノメートル'],
  ['N·m', 'Nm', 'NM', '牛米'],
  ['kN·m', 'kNm', 'KNm', 'knm'],
  ['N', 'N', '牛', '牛顿', 'ニュートン', 'newton', 'newtons'],
  ['g', 'g', '克', '公克', 'グラム', 'gram', 'grams', 'gm'],
  ['G', 'G'],
  ['MPa', 'MPa', 'Mpa', 'MPA', 'ＭPa'],
  ['mPa', 'mPa'],
  ['mPa·s', 'mPa·s', 'mPa.s', 'mPas', 'mpa·s'],
  ['MPa·s', 'MPa·s', 'Mpa·s'],
  ['MW', 'MW', 'Mw'],
  ['mW', 'mW'],
  ['MV', 'MV', 'Mv'],
  ['mV', 'mV', 'mv'],
  ['MΩ', 'MΩ', 'Mω'],
  ['mΩ', 'mΩ', 'mω'],
  ['MHz', 'MHz', 'Mhz', 'MHZ'],
  ['mHz', 'mHz'],
  ['A', 'A'],
  ['K', 'K'],
  ['μA', 'μA', 'uA'],
  ['Mbit/s', 'Mbit/s', 'Mbps'],
] as const

/** `500 a day`, `8H`, `5 S`: letters that are no unit in this case. */
const unitless = new Set(['a', 'C', 'S', 'H', 'IN', 'In', 'MA'])

const exact = new Map<string, string>()
const folded = new Map<string, string>()
for (const [name, ...spellings] of anyCase)
  for (const each of [name, ...spellings]) folded.set(toSimplified(each.normalize('NFKC')).toLowerCase(), name)
for (const [name, ...spellings] of exactCase)
  for (const each of spellings) exact.set(toSimplified(each.normalize('NFKC')), name)

/** The text as a pattern that matches it alone; not for the flags `u` and `v`. */
export const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
const latinEnd = /[a-z\d]$/i

/** Longest first; a Latin unit must not go on. For use with the `i` flag, behind a number. */
export const unitPattern = [...new Set([...folded.keys(), ...[...exact.keys()].map((each) => each.toLowerCase())])]
  .sort((a, b) => b.length - a.length)
  .map((each) => `${escapePattern(each)}${latinEnd.test(each) ? '(?![a-zω])' : ''}`)
  .join('|')

/**
 * @param text what the spelling was found in: a sloppy `mpa` is MPa unless the text knows millipascals.
 * @returns the unit's name, or undefined where the spelling is none in this case
 */
export const unitNamed = (spelling: string, text: string): string | undefined => {
  if (unitless.has(spelling)) return undefined
  const sure = exact.get(spelling)
  if (sure !== undefined) return sure
  const lower = spelling.toLowerCase()
  if (lower === 'mpa') return text.includes('mPa') ? 'mpa' : 'MPa'
  // Neither milli nor mega can be told: it equals itself only.
  if (lower === 'mw' || lower === 'mω') return lower
  return folded.get(lower)
}

const spellingsOf = new Map<string, string[]>()
for (const [spelling, name] of [...exact, ...folded])
  spellingsOf.set(name, [...(spellingsOf.get(name) ?? []), spelling])

/** Units that say what is measured: a statement may name it where the source does not. */
export const quantityWords: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    pressure: ['bar', 'MPa', 'kPa', 'Pa', 'psi', 'mbar'],
    压力: ['bar', 'MPa', 'kPa', 'Pa', 'psi', 'mbar'],
    temperature: ['°C', '°F'],
    温度: ['°C', '°F'],
    torque: ['N·m', 'kN·m', 'kgf·m'],
    扭矩: ['N·m', 'kN·m', 'kgf·m'],
    トルク: ['N·m', 'kN·m', 'kgf·m'],
    扭力: ['N·m', 'kN·m', 'kgf·m'],
    voltage: ['V', 'kV', 'mV'],
    电压: ['V', 'kV', 'mV'],
    current: ['A', 'mA'],
    电流: ['A', 'mA'],
    power: ['W', 'kW', 'MW'],
    功率: ['W', 'kW', 'MW'],
    speed: ['rpm', 'm/s', 'm/min', 'mm/s'],
    转速: ['rpm'],
    interval: ['h', 'day', 'week', 'month', 'year'],
    weight: ['kg', 't'],
    重量: ['kg', 't'],
  }),
)

/** Whether the unit is written in the canonical text, as in the head of a table column. */
export const unitStands = (unit: string, text: string): boolean =>
  (spellingsOf.get(unit) ?? []).some((spelling) => {
    const flags = exact.has(spelling) ? '' : 'i'
    return new RegExp(`(?<![a-zA-Z\\d])${escapePattern(spelling)}(?![a-zA-Z\\d])`, flags).test(text)
  })
