/**
 * Dates and times of sheets: numbers of days since 1900 (or 1904) with a format that names years, days or hours. Out: ISO 8601 as far as the format
 * goes: a format of months and years gives `2024-03`, one of hours `14:30`. Pure; neighbour: `xlsx-number-format.ts`.
 */
import type { FormatToken } from './xlsx-number-format.ts'

const dayMs = 86_400_000
/** Day 0, in days since 1970; sheets count a 29 February 1900 that never was, so days before March 1900 lie one off. */
const epoch1900 = -25_569
const epoch1904Days = 1462
const phantomDay = 60
/** The last day that sheets know, 9999-12-31. */
const lastDay = 2_958_465

const letters = (tokens: readonly FormatToken[]): string =>
  tokens
    .map(({ text, literal }) => (literal || /^(?:am?\/pm?|上午\/下午)$/i.test(text) ? '' : text.toLowerCase()))
    .join('')

/** Whether the section shows a date, a time or a duration. */
export const isDateCode = (tokens: readonly FormatToken[]): boolean => {
  const code = letters(tokens)
  return /[ymdhs]/.test(code.replace(/general/g, '')) && !/[0#?]/.test(code.replace(/s\.?0+|\.0+/g, ''))
}

const two = (value: number): string => String(value).padStart(2, '0')

/** `[h]:mm:ss`: hours and minutes in all. */
const formatDuration = (value: number, code: string): string => {
  const seconds = Math.round(Math.abs(value) * 86_400)
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)]
  const sign = value < 0 ? '-' : ''
  const rest = /s(?!\])/.test(code) || code.includes('[s') ? `:${two(seconds % 60)}` : ''
  if (code.includes('[s')) return `${sign}${seconds}`
  if (code.includes('[m')) return `${sign}${minutes}${rest}`
  return `${sign}${hours}:${two(minutes % 60)}${rest}`
}

/** Letters of months and of minutes are the same: minutes stand after hours or before seconds. */
const splitMinutes = (code: string): { hasMonth: boolean; hasTime: boolean; hasSeconds: boolean } => {
  const parts = code.match(/\[?(?:y+|m+|d+|h+|s+)\]?/g) ?? []
  const isMinute = (index: number): boolean =>
    (parts[index] ?? '').length <= 2 && (/h/.test(parts[index - 1] ?? '') || /s/.test(parts[index + 1] ?? ''))
  return {
    hasMonth: parts.some((part, index) => part.startsWith('m') && !isMinute(index)),
    hasTime: parts.some((part) => /^[hs]/.test(part)),
    hasSeconds: parts.some((part) => part.startsWith('s')),
  }
}

/** @param value days, with the time as a fraction */
export const formatDate = (value: number, tokens: readonly FormatToken[], epoch1904: boolean): string => {
  const code = letters(tokens).replace(/general/g, '')
  if (code.includes('[')) return formatDuration(value, code)
  const days = epoch1904 ? value + epoch1904Days : value
  if (days < 0 || days >= lastDay + 1) return String(value)
  const { hasMonth, hasTime, hasSeconds } = splitMinutes(code)
  const [hasYear, hasDay] = [/[yeg]/.test(code), code.includes('d')]
  const places = /s\.?(0{1,3})/.exec(code)?.[1]?.length ?? 0
  const unit = hasSeconds ? 1000 / 10 ** places : 60_000
  const offset = !epoch1904 && days < phantomDay ? 1 : 0
  const exact = Math.round((days + epoch1900 + offset) * dayMs)
  const date = new Date(hasTime ? Math.round(exact / unit) * unit : exact)
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`
  const fraction = places > 0 ? `.${String(date.getUTCMilliseconds()).padStart(3, '0').slice(0, places)}` : ''
  const time = hasSeconds ? `${clock}:${two(date.getUTCSeconds())}${fraction}` : clock
  if (!hasYear && !hasMonth && !hasDay) return time
  const iso = date.toISOString()
  const day =
    hasYear && hasMonth && !hasDay
      ? iso.slice(0, 7)
      : hasYear && !hasMonth && !hasDay
        ? iso.slice(0, 4)
        : iso.slice(0, 10)
  return hasTime ? `${day} ${time}` : day
}
