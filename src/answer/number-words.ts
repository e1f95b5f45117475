/**
 * Writes the numbers of a text in one way, so that figures can be compared as they are written: `twelve`, `十二`, `1 000`, `３分の１`, `half`,
 * `2026年11月22日`, `between 10 and 15` become `12`, `12`, `1000`, `1/3`, `1/2`, `2026-11-22`, `10~15`. In: any text. Out: the same text in NFKC and
 * Simplified characters, its case kept. Neighbours: figures.ts and comparison.ts read the outcome.
 *
 * A `1` that was a word (`one`, `一次`) is followed by `softMark`: it is often grammar and is missed only where the source counts otherwise.
 */
import { toSimplified } from '../core/chinese-script.ts'
import { rewriteDates } from './date-words.ts'
import { rewriteFrequencies } from './frequency-words.ts'
import { rateBefore, rewriteUnits, unitPattern } from './units.ts'

export const softMark = '\u2060'

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'
const digits: Readonly<Record<string, number>> = {
  〇: 0,
  零: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  壱: 1,
  弐: 2,
}
const small: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 }
const large: Readonly<Record<string, number>> = { 万: 10_000, 亿: 100_000_000, 億: 100_000_000 }

/** 三千五百, 3万5千, 二〇二六. */
const parseNumeral = (text: string): number | undefined => {
  if (/^[〇零一二三四五六七八九]{2,}$/.test(text)) return Number([...text].map((each) => digits[each]).join(''))
  let total = 0
  let section = 0
  let current: number | undefined
  for (const part of text.match(/\d+(?:\.\d+)?|./g) ?? []) {
    const value = digits[part] ?? (/^\d/.test(part) ? Number(part) : undefined)
    if (value !== undefined) current = value
    else if (small[part] !== undefined) {
      section += (current ?? 1) * (small[part] ?? 1)
      current = undefined
    } else if (large[part] !== undefined) {
      total += (section + (current ?? (section === 0 ? 1 : 0))) * (large[part] ?? 1)
      section = 0
      current = undefined
    } else return undefined
  }
  return Number((total + section + (current ?? 0)).toPrecision(12))
}

const numeral = '[〇零一二两三四五六七八九十百千万亿億壱弐]'
const counters = [
  '个小时|小时|时间|个月|箇月|ヶ月|か月|カ月|ヵ月|ケ月|月|年间|年|日间|日|天|周间|周|星期|礼拜|个星期|分钟|分间|秒|秒钟|秒间',
  '次|回(?!路|收|复|转数)|遍|圈|转|回转|个|本|枚|支|片|颗|根|条|件|台|人|名|倍|层|段|级|阶|步|组|套|つ|箇所|か所|处|点|相|轴|轮|页|章|节|号|包|桶|箱|袋|瓶|罐|盒|卷|滴|粒|孔|批|班|种|项|份',
  '毫米|厘米|公分|公厘|公尺|米|公里|微米|公斤|千克|克|吨|升|公升|毫升|度|伏|安培|瓦|千瓦|巴|帕|兆帕|赫兹|牛米|转/分|ミリ|メートル|キロ|トン|リットル|ボルト(?!を|の|が|で)|アンペア|ワット',
].join('|')
/** 同一个 is "the same", 十分 is "enough", 一度 is "once or for all". */
const numerals = new RegExp(
  `(?<![同统唯万逐单均专](?=一)|第|\\d\\s?)(?<!${numeral})(${numeral}+)(?=\\s?(?:${counters}|点[〇零一二三四五六七八九]))|(?<=第)(${numeral}+)`,
  'g',
)
const notNumerals =
  /^(?:一度|一点(?![〇零一二三四五六七八九])|一体|一时间|一名|一般|十分(?![钟间])|一处|一节|一组|一套|一段(?!目)|一层)/

const rewriteNumerals = (text: string): string =>
  text
    .replace(new RegExp(`(${numeral}+|\\d+)分[之の](${numeral}+|\\d+)`, 'g'), (whole, under: string, over: string) => {
      const [a, b] = [parseNumeral(over), parseNumeral(under)]
      if (a === undefined || b === undefined) return whole
      return b === 100 ? `${a} %` : `${a}/${b}`
    })
    .replace(/百分之(\d+(?:\.\d+)?)/g, '$1 %')
    // 5千瓦 is 5 kW.
    .replace(
      /(?<![A-Za-z\d.])\d+(?:\.\d+)?(?:[十百千万亿億](?!瓦|克|米|帕|伏|牛|卡|赫|欧|分)[\d一二三四五六七八九]*)+/g,
      (whole) => String(parseNumeral(whole) ?? whole),
    )
    .replace(numerals, (whole, counted: string | undefined, ordinal: string | undefined, at: number) => {
      if (counted !== undefined && notNumerals.test(text.slice(at, at + 8))) return whole
      const value = parseNumeral(counted ?? ordinal ?? '')
      if (value === undefined) return whole
      return value === 1 && counted !== undefined ? `1${softMark}` : String(value)
    })
    .replace(
      /(?<=\d)点(?=[〇零一二三四五六七八九])([〇零一二三四五六七八九]+)/g,
      (_, after: string) => `.${[...after].map((each) => digits[each]).join('')}`,
    )
    .replace(/半(?=个?小时|年|日|天|时间|个月|圈|周|回转)/g, '0.5 ')
    .replace(/(\d+)个半(?=小时|月)/g, '$1.5 个')
    .replace(/(?<=\d)(时间|小时|年|天|日)半/g, '.5$1')
    .replace(/一半|半分(?!の)|半数/g, '1/2')

const units = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
]
const tens = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety']
const ordinals = ['third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth', 'eleventh', 'twelfth']
const scales: Readonly<Record<string, number>> = { hundred: 100, thousand: 1000, million: 1e6, billion: 1e9 }
const simpleWord = [...units, ...tens].join('|')
const englishNumber = new RegExp(
  `\\b(?:(?:${simpleWord})\\b|(?<=\\d )(?:hundred|thousand|million|billion)|an? (?=hundred|thousand|million))(?:(?:[- ]|(?<=hundred|thousand|million) and )?(?:${simpleWord}|hundred|thousand|million|billion)\\b)*`,
  'gi',
)

const parseEnglish = (text: string): number => {
  let total = 0
  let section = 0
  for (const word of text.toLowerCase().split(/[\s-]+/)) {
    const unit = units.indexOf(word)
    const ten = tens.indexOf(word)
    if (unit >= 0) section += unit
    else if (ten >= 0) section += (ten + 2) * 10
    else if (word === 'hundred') section = (section || 1) * 100
    else if (scales[word] !== undefined) {
      total += (section || 1) * (scales[word] ?? 1)
      section = 0
    }
  }
  return total + section
}

const timeUnit = 'hour|day|week|month|year|minute|second|turn|revolution|inch'
const rewriteEnglish = (text: string): string =>
  text
    .replace(/(\d+(?:\.\d+)?)\s(hundred|thousand|million|billion)\b/gi, (_, number: string, scale: string) =>
      String(Number(number) * (scales[scale.toLowerCase()] ?? 100)),
    )
    .replace(/\b(one|two|three)[- ](third|quarter|fifth|eighth|tenth|half)s?\b/gi, (_, over: string, under: string) => {
      const below: Readonly<Record<string, number>> = { half: 2, third: 3, quarter: 4, fifth: 5, eighth: 8, tenth: 10 }
      return `${units.indexOf(over.toLowerCase())}/${below[under.toLowerCase()]}`
    })
    .replace(new RegExp(`\\bhalf an? (?=${timeUnit})`, 'gi'), '0.5 ')
    .replace(/\b(?:a|one)[ -]half\b|\bhalf\b/gi, '1/2')
    .replace(/\ba quarter\b/gi, '1/4')
    .replace(/\ba third\b/gi, '1/3')
    .replace(/\ba dozen\b/gi, '12')
    .replace(englishNumber, (whole, at: number) => {
      const after = text.slice(at + whole.length)
      if (/^one$/i.test(whole)) return `1${softMark}`
      if (/^an? $/i.test(whole) && !/^(?:hundred|thousand|million)/i.test(after)) return whole
      return String(parseEnglish(whole))
    })
    .replace(/(\d+) and 1\/2\b/g, '$1.5')
    .replace(/(\d+) dozen\b/gi, (_, number: string) => String(Number(number) * 12))
    .replace(/\bonce(?= (?:a|an|per|every|each|in|only)\b| ?[.,;]| ?$)/gi, `1${softMark} times`)
    .replace(/\btwice\b/gi, '2 times')
    .replace(/\bfirst\b/gi, `1${softMark}`)
    .replace(/\b(the|every|each|a) second (?=[a-z])/gi, '$1 2 ')
    .replace(new RegExp(`\\b(${ordinals.join('|')})\\b`, 'gi'), (word) =>
      String(ordinals.indexOf(word.toLowerCase()) + 3),
    )
    .replace(/\b(\d+)(?:st|nd|rd|th)\b/gi, '$1')

const number = '[-±]?\\d+(?:\\.\\d+)?'
const rangeWords = new RegExp(
  `(?<![\\w.])(${number})(\\s?(?:${unitPattern}))?\\s?(?:~|から|至|到|\\bto\\b|\\bthrough\\b|–|—)\\s?(${number})(?![\\d.]*[-\\d])`,
  'gi',
)
const rangeHyphen = new RegExp(
  `(?<![\\w.-])(${number})\\s?-\\s?(\\d+(?:\\.\\d+)?)(?![\\w.-]*[-]\\d)(?=\\s?(?:${unitPattern})|[\\s,.;:)。，、]|$)`,
  'gi',
)
const between = new RegExp(`\\bbetween (${number})(\\s?(?:${unitPattern}))? and (${number})`, 'gi')
const between2 = new RegExp(
  `(?:在|介于|于)?(${number})(\\s?(?:${unitPattern}))?(?:和|与|及|と)(${number})(\\s?(?:${unitPattern}))?\\s?(?:之间|の间)`,
  'gi',
)

const rewriteRanges = (text: string): string =>
  text
    .replace(between, '$1~$3')
    .replace(between2, '$1~$3$4')
    .replace(rangeWords, '$1~$3')
    .replace(rangeHyphen, (whole, low: string, high: string) => (Number(low) < Number(high) ? `${low}~${high}` : whole))

const rewriteSigns = (text: string): string =>
  text
    .replace(/[−–—](?=\d)(?<=(?:^|[\s(:,;|"「~])[−–—])/g, '-')
    .replace(/\+\/?-\s?(?=\d)|plus or minus |正负\s?|プラスマイナス\s?/gi, '±')
    .replace(/±\s+(?=\d)/g, '±')
    .replace(/(?:\bminus |マイナス\s?|零下\s?|冰点下\s?|氷点下\s?|负\s?)(?=\d)/gi, '-')
    .replace(
      /(摄氏|摂氏|华氏)(?:温度)?(?:约|大约)?\s?(-?\d+(?:\.\d+)?)\s?(?:度|°[CF]?)/g,
      (_, scale: string, value: string) => `${value} ${scale === '华氏' ? '°F' : '°C'}`,
    )

const rewriteWriting = (text: string): string =>
  toSimplified(
    text
      .replace(/(\d)(?=[½¼¾⅓⅔⅛⅜⅝⅞])/g, '$1 ')
      .replace(
        /(\d)([⁰¹²³⁴-⁹⁻]+)/g,
        (_, digit: string, power: string) =>
          `${digit}^${[...power].map((each) => (each === '⁻' ? '-' : superscripts.indexOf(each))).join('')}`,
      )
      .replace(/min⁻¹/g, 'min-1')
      .normalize('NFKC'),
  )
    // A line may break anywhere in Chinese and Japanese.
    .replace(
      /(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー])\s*\n\s*(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー])/gu,
      '',
    )
    .replace(/\s+/g, ' ')
    .replace(/[º˚](?=\s?C)/g, '°')
    .replace(/⁄/g, '/')
    .replace(/[’‘]/g, "'")
    .replace(/[〜~∼～]/g, '~')
    .replace(/(?<=\d)[,'](?=\d{3}(?!\d))/g, '')
    .replace(
      /(?<![\w.,-])(\d{1,3})((?: \d{3})+)(?![\d.,]*\d)/g,
      (_, head: string, rest: string) => head + rest.replaceAll(' ', ''),
    )
    .replace(new RegExp(`(?<![\\d.,])(\\d+),(\\d{1,2})(?=\\s?(?:${unitPattern}))`, 'gi'), '$1.$2')
    .replace(/(?<=\d)k(?=\s(?:hours|cycles|times)\b)/g, '000')
    // M8×1.25 is a name, 100×200 are two lengths.
    .replace(/(?<=[A-Za-z]\d+)\s?[×✕*]\s?(?=\d)/g, 'x')
    .replace(/(?<=(?<![A-Za-z\d])[\d.]+(?:\s?mm)?)\s?[×✕*xX]\s?(?=\d)/g, '×')

const limit = 2_000
const known = new Map<string, string>()

/** The canonical text; remembered, as each source is read for every drafted sentence. */
export const rewriteNumbers = (text: string): string => {
  const found = known.get(text)
  if (found !== undefined) return found
  const written = rewriteDates(rewriteWriting(text))
  const figures = rewriteRanges(rewriteSigns(rewriteEnglish(rewriteNumerals(written))))
  const rewritten = rewriteUnits(rewriteFrequencies(figures.replace(rateBefore, '$2 $3/$1')))
  if (known.size >= limit) known.clear()
  known.set(text, rewritten)
  return rewritten
}
