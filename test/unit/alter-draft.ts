/** Makes drafts from manual passages: true ones (verbatim, put otherwise, rows as sentences) and ones made false by a single change, of a named kind. */
import type { ManualPassage, ManualTable } from './manual-passages.ts'

export interface Draft {
  readonly text: string
  readonly kind: string
}

type Swap = readonly [RegExp, string]

const units: readonly Swap[] = [
  [/(?<=\d\s?)bar\b/, 'MPa'],
  [/(?<=\d\s?)MPa\b/, 'kPa'],
  [/(?<=\d\s?)mm\b/, 'cm'],
  [/(?<=\d\s?)μm/, 'mm'],
  [/N·m/, 'kN·m'],
  [/Nm\b/, 'N'],
  [/(?<=\d\s?)(?:°C|℃)/, ' °F'],
  [/(?<=\d\s?)kW\b/, 'W'],
  [/(?<=\d\s?)V\b/, 'kV'],
  [/(?<=\d\s?)mA\b/, 'A'],
  [/(?<=\d\s?)A\b/, 'mA'],
  [/MΩ/, 'kΩ'],
  [/MΩ/, 'mΩ'],
  [/\bhours\b/, 'minutes'],
  [/\bminutes\b/, 'hours'],
  [/小時/, '分鐘'],
  [/小时/, '分钟'],
  [/分钟/, '小时'],
  [/時間ごと/, '日ごと'],
  [/個月/, '週'],
  [/(?<=\d)か月/, '週間'],
  [/rpm/, 'Hz'],
  [/m\/min/, 'mm/min'],
  [/(?<=\d\s?)dB/, '%'],
  [/(?<=\d\s?)L\b/, 'mL'],
  [/升/, '毫升'],
  [/(?<=\d\s?)kg\b/, 'g'],
  [/(?<=\d\s?)kN\b/, 'N'],
  [/(?<=\d\s?)L\/min/, 'L/h'],
  [/两年/, '两个月'],
  [/years/, 'months'],
]
const negations: readonly Swap[] = [
  [/must not\b/, 'must'],
  [/must never\b/, 'must'],
  [/\bmust (?!not|never)/, 'must not '],
  [/^Do not (\w)/, 'Please $1'],
  [/\bdo not\b/, 'always'],
  [/^Never\b/, 'Always'],
  [/\bneed not\b/, 'must'],
  [/\bmay be opened only\b/, 'may not be opened'],
  [/\bis (?!not|at )/, 'is not '],
  [/\bare (?!not)/, 'are not '],
  [/\bmeans\b/, 'does not mean'],
  [/\bruns\b/, 'does not run'],
  [/^(Replace|Tighten|Drain|Store|Wear|Supply|Turn|Close|Switch)\b/, 'Do not $1'],
  [/\bexceeds\b/, 'does not exceed'],
  [/禁止|不得(?!超|低)|請勿|请勿|切勿/, '必須'],
  [/必須|應(?!在)/, '不得'],
  [/不必|無需/, '必須'],
  [/表示|代表/, '不表示'],
  [/可以/, '不得'],
  [/使用/, '不使用'],
  [/在 (\d+) bar 下運轉/, '不在 $1 bar 下運轉'],
  [/為(?=\s?\d)/, '不是 '],
  [/为(?=\s?\d)/, '不是 '],
  [/才可|方可/, '不得'],
  [/ないでください/, 'てください'],
  [/てはいけません/, 'てください'],
  [/交換してください/, '交換しないでください'],
  [/です。/, 'ではありません。'],
  [/示します。/, '示しません。'],
  [/示す。/, '示さない。'],
  [/締め付ける。/, '締め付けない。'],
  [/使用する。/, '使用しない。'],
  [/閉じてください/, '閉じないでください'],
  [/必要があります/, '必要はありません'],
]
const opposites: readonly Swap[] = [
  [/\bopen\b/, 'close'],
  [/\bopened\b/, 'closed'],
  [/\bopening\b/, 'closing'],
  [/\bClose\b/, 'Open'],
  [/\bclose\b/, 'open'],
  [/\bclockwise\b/, 'counterclockwise'],
  [/\bincrease\b/, 'decrease'],
  [/\bleft\b/, 'right'],
  [/\bupper\b/, 'lower'],
  [/witch off\b/, 'witch on'],
  [/\blow\b/, 'high'],
  [/\bdaily\b/, 'monthly'],
  [/\bweekly\b/, 'yearly'],
  [/Tighten\b/, 'Loosen'],
  [/tightened/, 'loosened'],
  [/\bDC\b/, 'AC'],
  [/打開/, '關閉'],
  [/關閉/, '打開'],
  [/順時針/, '逆時針'],
  [/增加/, '減少'],
  [/左側/, '右側'],
  [/右側/, '左側'],
  [/切斷/, '接通'],
  [/断开/, '接通'],
  [/下部/, '上部'],
  [/拆下/, '安装'],
  [/每周/, '每月'],
  [/時計回り/, '反時計回り'],
  [/増加/, '減少'],
  [/開け(?=な|て)/, '閉め'],
  [/閉じ/, '開い'],
  [/締め付け/, '緩め'],
]
const comparisons: readonly Swap[] = [
  [/must not exceed/, 'must exceed'],
  [/at most/, 'at least'],
  [/maximum/, 'minimum'],
  [/at least/, 'at most'],
  [/minimum/, 'maximum'],
  [/\bbelow\b/, 'above'],
  [/exceeds/, 'is below'],
  [/\bis (?=\d+ (?:bar|rpm|kW))/, 'is at least '],
  [/不得超過/, '不得低於'],
  [/最高/, '最低'],
  [/以下/, '以上'],
  [/以上/, '以下'],
  [/至少/, '至多'],
  [/不得低于/, '不得超过'],
  [/低于/, '高于'],
  [/を超えない/, 'を下回らない'],
  [/最大/, '最小'],
  [/以上/, '未満'],
  [/以下/, '未満'],
  [/到|至(?= 15)/, '以上，不是 '],
  [/(?<=bar|MPa|N·m|rpm|kW)(?=です|である)/, '以上'],
]
const force: readonly Swap[] = [
  [/\bmust (?!not|never)/, 'may '],
  [/\bmay\b/, 'must'],
  [/應(?!在)|必須/, '可以'],
  [/应(?!用)/, '可以'],
  [/可以/, '必须'],
  [/してください/, 'してもよい'],
  [/する必要があります/, 'してもよい'],
  [/shall /, 'may '],
]
const orders: readonly Swap[] = [
  [/\bbefore\b/, 'after'],
  [/^Before\b/, 'After'],
  [/from the dryer to the buffer tank/, 'from the buffer tank to the dryer'],
  [/先關閉冷卻閥，再打開外殼/, '先打開外殼，再關閉冷卻閥'],
  [/打開外殼前，先/, '打開外殼後，再'],
  [/前に/, '後に'],
  [/冷却弁を閉じてからカバーを開けて/, 'カバーを開けてから冷却弁を閉じて'],
  [/Close the coolant valve before opening the housing/, 'Open the housing before closing the coolant valve'],
]

const applied = (text: string, swaps: readonly Swap[], kind: string): Draft[] =>
  swaps.flatMap(([pattern, by]) => {
    const altered = text.replace(pattern, by)
    return altered === text ? [] : [{ text: altered, kind }]
  })

const otherNumbers = (text: string): Draft[] =>
  [...text.matchAll(/(?<![A-Za-z\d.,:-]|[A-Z]-)\d+(?:,\d{3})*(?:\.\d+)?(?![\d:-]|\.\d)/g)].flatMap((match) => {
    const value = Number(match[0].replaceAll(',', ''))
    const put = (other: number | string) => ({
      text: text.slice(0, match.index) + other + text.slice(match.index + match[0].length),
      kind: 'number',
    })
    const reversed = [...match[0]].reverse().join('')
    return [
      put(value * 10),
      put(value + 1),
      put(value / 10),
      ...(match[0].length > 1 && reversed !== match[0] && /^[1-9]\d*$/.test(reversed) ? [put(reversed)] : []),
    ]
  })

const otherCodes = (text: string): Draft[] =>
  [
    ...text.matchAll(/(?<![A-Za-z\d])[A-Z]{1,4}-?\d+(?:[x.]\d+)*[A-Z]?(?![A-Za-z\d])|2026-11-22|2026年11月22日/g),
  ].flatMap(({ 0: code, index }) => {
    const put = (other: string) => ({
      text: text.slice(0, index) + other + text.slice(index + code.length),
      kind: 'code',
    })
    const last = code.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10))
    const letter = code.replace(/^[A-Z]/, (each) => (each === 'X' ? 'Y' : 'X'))
    return [put(last), ...(letter === code ? [] : [put(letter)]), ...(/^[A-Z]/.test(code) ? [put(`${code}B`)] : [])]
  })

/** In a sentence of one such thing only: with two, the swap is another kind. */
const otherThings = (text: string, things: readonly string[]): Draft[] =>
  things
    .filter((thing) => text.includes(thing))
    .flatMap((thing) =>
      things
        .filter((other) => other !== thing && !text.includes(other))
        .map((other) => ({ text: text.replace(thing, other), kind: 'subject' })),
    )

export const trueDraftsOf = ({ language, sentences }: ManualPassage): Draft[] => {
  const lead = {
    en: ['According to the manual, ', 'The manual states that '],
    'zh-Hant': ['根據手冊，', '手冊規定：'],
    'zh-Hans': ['根据手册，', '说明书规定：'],
    ja: ['マニュアルによると、', '取扱説明書によれば、'],
  }[language]
  return sentences.flatMap((each) => {
    const [verbatim = '', ...others] = typeof each === 'string' ? [each] : each
    const lower =
      language === 'en' && !/^(?:Alarm|E-)/.test(verbatim)
        ? verbatim.charAt(0).toLowerCase() + verbatim.slice(1)
        : verbatim
    return [
      { text: verbatim, kind: 'verbatim' },
      ...lead.map((words) => ({ text: words + lower, kind: 'introduced' })),
      ...others.map((text) => ({ text, kind: 'put otherwise' })),
    ]
  })
}

/** What can be changed without knowing what the text speaks of. */
export const alterWords = (text: string): Draft[] => [
  ...otherNumbers(text),
  ...applied(text, units, 'unit'),
  ...otherCodes(text),
  ...applied(text, negations, 'negation'),
  ...applied(text, opposites, 'opposite'),
  ...applied(text, comparisons, 'comparison'),
  ...applied(text, force, 'force'),
  ...applied(text, orders, 'order'),
]

export const falseDraftsOf = (passage: ManualPassage): Draft[] => {
  const told = passage.sentences.flatMap((each) => (typeof each === 'string' ? [each] : each))
  const altered = told.flatMap((text) => [...alterWords(text), ...otherThings(text, passage.things)])
  return altered.filter(({ text }) => !told.includes(text))
}

const sentenceOf = (language: ManualTable['language'], column: string, key: string, cell: string): string[] => {
  const unit = /\((.*)\)/.exec(column)?.[1]
  const name = column.replace(/\s*\(.*\)/, '')
  const value = unit ? `${cell} ${unit}` : cell
  if (language === 'en')
    return [
      `The ${name.toLowerCase()} of ${key} is ${value}.`,
      `For ${key}, the ${name.toLowerCase()} is ${value}.`,
      `${key}: ${name} ${value}`,
    ]
  if (language === 'ja') return [`${key}の${name}は${value}です。`, `${key}では${name}が${value}である。`]
  return language === 'zh-Hant'
    ? [`${key} 的${name}為 ${value}。`, `${key} 的${name}是 ${value}。`]
    : [`${key} 的${name}为 ${value}。`, `${key} 的${name}是 ${value}。`]
}

export const trueRowDraftsOf = ({ language, head, rows }: ManualTable): Draft[] =>
  rows.flatMap((row) => [
    { text: row.join(' | '), kind: 'row verbatim' },
    ...head
      .slice(1)
      .flatMap((column, i) =>
        sentenceOf(language, column, row[0] ?? '', row[i + 1] ?? '').map((text) => ({ text, kind: 'row as sentence' })),
      ),
  ])

export const falseRowDraftsOf = ({ language, head, rows }: ManualTable): Draft[] =>
  rows.flatMap((row, r) =>
    head.slice(1).flatMap((column, i) => {
      const own = row[i + 1] ?? ''
      const told = (name: string, key: string, cell: string, kind: string) =>
        sentenceOf(language, name, key, cell).map((text) => ({ text, kind }))
      const elsewhere = rows
        .filter((other, o) => o !== r && other[i + 1] !== own)
        .flatMap((other) => told(column, row[0] ?? '', other[i + 1] ?? '', 'row'))
      // The cell keeps its unit, the column's name is another one.
      const across = head.slice(1).flatMap((name, k) => {
        if (k === i || row[k + 1] === own) return []
        const unit = /\(.*\)/.exec(column)?.[0] ?? ''
        return told(`${name.replace(/\s*\(.*\)/, '')} ${unit}`.trim(), row[0] ?? '', own, 'column')
      })
      const first = sentenceOf(language, column, row[0] ?? '', own)
      return [
        ...elsewhere,
        ...across,
        ...first.flatMap((text) => [
          ...otherNumbers(text),
          ...otherCodes(text).filter(
            ({ text: other }) => !rows.some(([key = '']) => other.includes(key) && key !== row[0]),
          ),
          ...applied(text, units, 'unit'),
        ]),
      ]
    }),
  )
