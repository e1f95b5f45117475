/**
 * How often something is done, as a figure: monthly, 每月, 毎月 and "once a month" are `every 1 month`, quarterly is every 3 months, half a year 6 months. So that
 * "monthly" is no support for "every six months", and 半年ごと is one for 6か月ごと. In: canonical text (number-words.ts). Out: the same.
 */
const english: Readonly<Record<string, string>> = {
  daily: '1 day',
  weekly: '1 week',
  fortnightly: '2 weeks',
  monthly: '1 month',
  quarterly: '3 months',
  // "half" is a figure by now.
  '1/2-yearly': '6 months',
  'semi-annually': '6 months',
  yearly: '1 year',
  annually: '1 year',
}
const words = new RegExp(`\\b(?:once )?(${Object.keys(english).join('|')})\\b`, 'gi')
const period = '(day|week|month|year)'
const everyEnglish = new RegExp(`\\b(?:every|each|per) ${period}\\b`, 'gi')
/** Once a month, twice a year: behind "times". */
const timesEnglish = new RegExp(`(?<=\\btimes? )an? ${period}\\b`, 'gi')

const asian: Readonly<Record<string, string>> = {
  天: '每1天',
  日: '每1天',
  周: '每1周',
  週: '每1周',
  星期: '每1周',
  礼拜: '每1周',
  月: '每1个月',
  季: '每3个月',
  季度: '每3个月',
  年: '每1年',
}
/** 每周二 is a day of the week, 每月 once a month. */
const everyAsian = /[每毎]个?(天|日|周(?![一二三四五六日天末])|週|星期(?![一二三四五六日天])|礼拜|月|季度?|年)/g

export const rewriteFrequencies = (text: string): string =>
  text
    .replace(words, (_, word: string) => `every ${english[word.toLowerCase()]}`)
    .replace(everyEnglish, 'every 1 $1')
    .replace(timesEnglish, 'every 1 $1')
    .replace(everyAsian, (_, unit: string) => asian[unit] ?? unit)
    // 週1回, 年に2回.
    .replace(/(?<![\d每毎])(日|週|周|月|年)に?(?=\d+\u2060?\s?回)/g, (_, unit: string) => asian[unit] ?? unit)
    .replace(/四半期ごと/g, '3个月ごと')
    .replace(/(?<![\d.])0\.5 ?(?:years?\b|年)/g, '6 个月')
