/**
 * The spellings of units: symbols, and the words of English, Chinese (Taiwan's and the mainland's) and Japanese. In: nothing. Out: three tables, of words, of symbols in
 * any case and of those whose case is their meaning (mW is not MW, nm is not Nm). The words of SI units are made of prefixes and units; what is written otherwise stands
 * in rows. Source: SI brochure (BIPM, 9th edition) and the legal units of Taiwan and Japan. Neighbour: units.ts reads them.
 */

/** Name of the unit, and spellings. */
export type UnitRow = readonly [name: string, ...spellings: string[]]

/** One row a line: the name, which is a spelling itself, and others. */
const rowsOf = (lines: readonly string[]): UnitRow[] =>
  lines.map((line): UnitRow => {
    const [name = '', ...spellings] = line.split('|')
    return [name, name, ...spellings]
  })

interface SiUnit {
  readonly symbol: string
  /** Singular; a plural in -s is made of it. */
  readonly english: readonly string[]
  readonly chinese: readonly string[]
  readonly japanese: readonly string[]
  /** Symbols of the prefixes that it is used with; '' is the unit itself. */
  readonly prefixes: readonly string[]
}

const prefixes: Readonly<
  Record<string, { readonly english: string; readonly chinese: string; readonly japanese: string }>
> = {
  '': { english: '', chinese: '', japanese: '' },
  G: { english: 'giga', chinese: '吉', japanese: 'ギガ' },
  M: { english: 'mega', chinese: '兆', japanese: 'メガ' },
  k: { english: 'kilo', chinese: '千', japanese: 'キロ' },
  h: { english: 'hecto', chinese: '百', japanese: 'ヘクト' },
  c: { english: 'centi', chinese: '厘', japanese: 'センチ' },
  m: { english: 'milli', chinese: '毫', japanese: 'ミリ' },
  μ: { english: 'micro', chinese: '微', japanese: 'マイクロ' },
  n: { english: 'nano', chinese: '纳', japanese: 'ナノ' },
  p: { english: 'pico', chinese: '皮', japanese: 'ピコ' },
}

const siUnit = (symbol: string, english: string, chinese: string, japanese: string, used: string): SiUnit => ({
  symbol,
  english: english.split('|'),
  chinese: chinese.split('|'),
  japanese: japanese.split('|'),
  prefixes: used.split(' '),
})

/** A prefix of '' is the plain unit. Single characters that begin other words (法, 亨, 焦, 托) are left out where they stand alone. */
const siUnits: readonly SiUnit[] = [
  siUnit('m', 'meter|metre', '米|公尺', 'メートル', ' k c m μ n'),
  siUnit('g', 'gram|gramme', '克|公克', 'グラム', ' k m μ'),
  siUnit('L', 'liter|litre', '升|公升', 'リットル', ' k m μ'),
  siUnit('V', 'volt', '伏|伏特', 'ボルト', ' k M m μ'),
  siUnit('A', 'ampere|amp', '安|安培', 'アンペア', ' k m μ'),
  siUnit('W', 'watt', '瓦|瓦特', 'ワット', ' k M G m'),
  siUnit('Wh', 'watt-hour|watt hour', '瓦时', 'ワット時', ' k M'),
  siUnit('Hz', 'hertz', '赫|赫兹', 'ヘルツ', ' k M G'),
  siUnit('Pa', 'pascal', '帕|帕斯卡', 'パスカル', ' k M G h'),
  siUnit('N', 'newton', '牛|牛顿', 'ニュートン', ' k M m'),
  siUnit('J', 'joule', '焦耳', 'ジュール', ' k M m'),
  siUnit('Ω', 'ohm', '欧姆', 'オーム', ' k M m'),
  siUnit('F', 'farad', '法|法拉', 'ファラド', 'm μ n p'),
  siUnit('H', 'henry', '亨|亨利', 'ヘンリー', 'm μ'),
  siUnit('T', 'tesla', '特斯拉', 'テスラ', ' m'),
  siUnit('K', 'kelvin', '开尔文', 'ケルビン', ''),
  siUnit('bar', 'bar', '巴', 'バール', ' m'),
  siUnit('lm', 'lumen', '流明', 'ルーメン', ' k'),
  siUnit('lx', 'lux', '勒克斯', 'ルクス', ' k'),
  siUnit('s', 'second', '秒|秒钟', '秒', 'm μ n'),
]

const spelledOut = ({ symbol, english, chinese, japanese, prefixes: used }: SiUnit): UnitRow[] =>
  used.map((prefix): UnitRow => {
    const { english: before = '', chinese: han = '', japanese: kana = '' } = prefixes[prefix] ?? {}
    return [
      `${prefix}${symbol}`,
      ...english.flatMap((word) => [`${before}${word}`, `${before}${word}s`]),
      ...chinese.map((word) => `${han}${word}`),
      ...japanese.map((word) => `${kana}${word}`),
    ]
  })

const rows = rowsOf([
  'mm|公釐|公厘|ミリ',
  'cm|公分|センチ',
  'km|公里',
  'μm|um|ミクロン|micron|microns',
  'in|inch|inches|英寸|英吋|吋|インチ|"|″',
  'ft|feet|foot|英尺|英呎|呎|フィート',
  'yd|yard|yards|ヤード',
  'mi|mile|miles|英里|マイル',
  'mil|mils',
  'mm2|square millimeters|square millimetres|平方毫米|平方公厘|平方ミリメートル|平方ミリ',
  'cm2|square centimeters|square centimetres|平方厘米|平方公分|平方センチメートル|平方センチ',
  'm2|square meter|square meters|square metre|square metres|sq m|平方米|平方公尺|平米|平方メートル',
  'km2|square kilometers|square kilometres|平方公里|平方千米|平方キロメートル',
  'ft2|square foot|square feet|sq ft|平方英尺|平方英呎|平方呎|平方フィート',
  'mm3|cubic millimeters|cubic millimetres|立方毫米|立方ミリメートル',
  'm3|cubic meter|cubic meters|cubic metre|cubic metres|立方米|立方公尺|立方メートル|立米',
  'ft3|cubic foot|cubic feet|立方英尺|立方英呎',
  'kg|公斤|キロ|kilo|kilos|kgs',
  't|ton|tons|tonne|tonnes|吨|公吨|トン',
  'lb|lbs|pound|pounds|磅|ポンド',
  'oz|ounce|ounces|盎司|オンス',
  'mL|cc|cm3|c.c.|立方厘米|立方公分|cubic centimeters|cubic centimetres|立方センチメートル',
  'gal|gallon|gallons|加仑|ガロン',
  'N·m|n.m|n-m|n⋅m|n•m|n・m|n m|牛·米|牛顿·米|牛米|牛顿米|牛顿公尺|ニュートンメートル|ニュートン・メートル',
  'N·m|newton meter|newton meters|newton metre|newton metres|newton-meter|newton-meters|newton-metre|newton-metres',
  'kN·m|kn.m|kn⋅m|kn-m|千牛米|千牛·米|キロニュートンメートル',
  'N·cm|n.cm|n-cm|n⋅cm|ncm',
  'kgf|公斤力|千克力|重量キログラム|キログラム重',
  'kgf·m|kgf.m|kgf-m|kg·m|kgm|公斤·米|公斤力·米',
  'kgf·cm|kgf.cm|kgf-cm|kg·cm|kg-cm|公斤·公分',
  'kgf/cm2|kg/cm2|kgf/cm^2|公斤/平方公分|公斤/平方厘米|千克力/平方厘米|公斤力/平方厘米|公斤力/平方公分',
  'N/mm2|牛/平方毫米|牛顿/平方毫米',
  'N/mm|牛/毫米',
  'ft-lb|ft·lb|ft-lbs|ft lb|ft lbs|lb-ft|lbf·ft|lbf-ft|foot-pounds|foot pounds|英尺磅|呎磅|フィートポンド',
  'in-lb|in·lb|in-lbs|in lb|lb-in|lbf·in|inch-pounds|inch pounds|英寸磅|吋磅',
  'psi|pounds per square inch|lbf/in2|lb/in2|磅/平方英寸|磅/平方英吋|磅/平方吋|磅每平方英寸',
  'psig',
  'ksi',
  'mmHg|mmhg|毫米汞柱|水银柱ミリメートル',
  'Torr',
  'atm|atmospheres|大气压|気圧',
  'L/min|lpm',
  'L/s|lps',
  'gpm|gallons per minute|加仑/分|加仑/分钟',
  'cfm|cubic feet per minute',
  'm/s2',
  'kg/m3|公斤/立方米|公斤/立方公尺',
  'g/cm3|克/立方厘米|公克/立方公分',
  'kVA|千伏安',
  'VA|伏安',
  'kvar',
  'Ah|安时|安培小时|アンペア時',
  'mAh|毫安时|毫安培小时|ミリアンペア時',
  'kWh|度电',
  'hp|horsepower|马力',
  'cal|卡路里|カロリー',
  'kcal|千卡|大卡|キロカロリー',
  'BTU|btus',
  'dB|db(a)|dba|decibel|decibels|分贝|デシベル',
  'dBm',
  'mol|moles|摩尔|モル',
  'cd|candela|坎德拉|カンデラ',
  '°C|degc|deg c|度c|摄氏度|度摄氏|degrees celsius|degree celsius|degrees c|degrees centigrade',
  '°F|degf|deg f|华氏度|度f|度华氏|degrees fahrenheit|degree fahrenheit|degrees f',
  '°|度|deg|degree|degrees',
  'rad|radians|弧度|ラジアン',
  'rpm|r/min|rev/min|min-1|1/min|转每分',
  'cSt|厘斯|厘斯托克斯|センチストークス|centistokes|mm2/s',
  'cP|厘泊|センチポアズ|centipoise',
  'ppm|parts per million',
  'ppb|parts per billion',
  '%|percent|per cent|パーセント',
  's|sec|secs|second|seconds|秒|秒钟|秒间',
  'min|mins|minute|minutes|分钟|分间|分',
  'h|hr|hrs|hour|hours|小时|时间|个小时|钟头|个钟头',
  'day|days|天|日|日间|工作日|working days',
  'week|weeks|周|星期|周间|礼拜|个星期|个礼拜',
  'month|months|个月|箇月|ヶ月|か月|カ月|ヵ月|ケ月',
  'month of the year|月|月份',
  'year|years|年|年间',
  'times|time|次|回|遍|度目',
  'turns|turn|revolution|revolutions|圈|回转|回転|转|周圈',
  'cycles|cycle|循环|サイクル',
  'pieces|piece|pcs|个|本|枚|支|片|颗|根|条|件|つ|箇所|か所',
  'machines|台',
  'people|persons|person|人|名',
  'fold|倍',
  'MB|megabyte|megabytes|メガバイト',
  'GB|gigabyte|gigabytes|ギガバイト',
  'TB|terabyte|terabytes|テラバイト',
])

/** Symbols that differ from another unit's in their case alone, or from a word. T is missing: a 60 T press is one of sixty tons. */
export const exactCase = rowsOf([
  'nm',
  'N·m|Nm|NM',
  'kN·m|kNm|KNm|knm',
  'N',
  'g|gm',
  'G',
  'MPa|Mpa|MPA',
  'mPa',
  'mPa·s|mPa.s|mPas|mpa·s',
  'MPa·s|Mpa·s',
  'MW|Mw',
  'mW',
  'MV|Mv',
  'mV|mv',
  'MΩ|Mω|Mohm',
  'mΩ|mω|mohm',
  'MHz|Mhz|MHZ',
  'mHz',
  'A',
  'K',
  'mT',
  'mH',
  'μH|uH',
  'MJ',
  'mJ',
  'MN',
  'mN',
  'MWh',
  'PS',
  'HRC',
  'HRB',
  'HV',
  'HB',
  'μA|uA',
  'μV|uV',
  'μS/cm|uS/cm',
  'mS/cm',
  'kB|KB',
  'Mbit/s|Mbps',
  'kbit/s|kbps|Kbps',
])

/** Symbols of SI units that are the same in any case; those of the others stand in `exactCase`. */
const symbols =
  'mm cm km μm m kg mg μg L mL μL V kV mV μV mA W kW GW Wh kWh Hz kHz MHz GHz Pa kPa hPa GPa kN J kJ Ω kΩ μF nF pF mbar bar lm lx klx ms μs ns'.split(
    ' ',
  )
const otherSymbols = rowsOf([
  'V|vac|vdc|v ac|v dc',
  'Ω|ω',
  'kΩ|kω|kohm|千欧',
  'MΩ|兆欧|megohm|megohms',
  'μF|uf',
  'μs|us',
  'μL|ul',
  'μg|ug',
])

/** In any case. */
export const anyCase: readonly UnitRow[] = [
  ...siUnits.flatMap(spelledOut),
  ...symbols.map((symbol): UnitRow => [symbol, symbol]),
  ...otherSymbols,
  ...rows,
]
