/**
 * Ordinals of lists as word processors and browsers write them. Names of formats as in ECMA-376 part 1, 17.18.59 (ST_NumberFormat). Pure.
 */

const romanDigits: readonly (readonly [number, string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
]

const roman = (value: number): string => {
  let [rest, text] = [value, '']
  for (const [unit, sign] of romanDigits) {
    while (rest >= unit) {
      text += sign
      rest -= unit
    }
  }
  return text
}

/** a … z, aa, bb, … as Word does. */
const letters = (value: number): string => String.fromCharCode(97 + ((value - 1) % 26)).repeat(Math.ceil(value / 26))

/** 一 … 十, 十一, 二十, 二十一 … 九十九. */
const chinese = (value: number): string => {
  const digits = '〇一二三四五六七八九'
  const [tens, ones] = [Math.floor(value / 10), value % 10]
  const head = tens === 0 ? '' : `${tens === 1 ? '' : (digits[tens] ?? '')}十`
  return head + (ones === 0 && tens > 0 ? '' : (digits[ones] ?? ''))
}

const oneOf = (signs: string, value: number): string | undefined => [...signs][value - 1]

/** @param value 1 or more; what a format can not write is written in decimal */
export const formatOrdinal = (value: number, format: string): string => {
  const decimal = String(value)
  if (!(value >= 1 && value < 4000)) return decimal
  if (format === 'decimalZero') return decimal.padStart(2, '0')
  if (format === 'lowerLetter') return letters(value)
  if (format === 'upperLetter') return letters(value).toUpperCase()
  if (format === 'lowerRoman') return roman(value)
  if (format === 'upperRoman') return roman(value).toUpperCase()
  if (/^(?:chinese|taiwanese|japanese)(?:Counting|Digital)|^ideographDigital$/.test(format))
    return value < 100 ? chinese(value) : decimal
  if (format === 'ideographTraditional') return oneOf('甲乙丙丁戊己庚辛壬癸', value) ?? decimal
  if (format === 'decimalEnclosedCircle' || format === 'decimalEnclosedCircleChinese') {
    return oneOf('①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳', value) ?? decimal
  }
  if (/^aiueo/.test(format)) return oneOf('アイウエオカキクケコサシスセソタチツテト', value) ?? decimal
  if (/^iroha/.test(format)) return oneOf('イロハニホヘトチリヌルヲワカヨタレソツネ', value) ?? decimal
  return decimal
}
