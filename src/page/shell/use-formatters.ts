/** Numbers, sizes, dates and durations in the way of the chosen language. */
import { useMemo } from 'preact/hooks'
import type { PageLanguage } from '../i18n/language.ts'
import { useLanguage } from '../i18n/language-context.tsx'

export interface Formatters {
  readonly count: (value: number) => string
  /** A share from 0 to 1. */
  readonly percent: (share: number) => string
  readonly bytes: (value: number) => string
  /** An ISO 8601 time; empty for anything else. */
  readonly time: (iso: string) => string
  /** A day such as 2026-03-04; empty for anything else. */
  readonly day: (iso: string) => string
  /** Seconds with one decimal, without the unit. */
  readonly seconds: (ms: number) => string
}

const units = ['kilobyte', 'megabyte', 'gigabyte'] as const

export const createFormatters = (language: PageLanguage): Formatters => {
  const number = new Intl.NumberFormat(language)
  const share = new Intl.NumberFormat(language, { style: 'percent' })
  const decimal = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  const dayOnly = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
  const write = (style: Intl.DateTimeFormat, text: string): string => {
    const parsed = new Date(text)
    return Number.isNaN(parsed.getTime()) ? '' : style.format(parsed)
  }
  const bytes = (value: number): string => {
    const step = value < 1000 ? 1 : Math.min(units.length, Math.floor(Math.log10(value) / 3))
    const amount = value / 1000 ** step
    return new Intl.NumberFormat(language, {
      style: 'unit',
      unit: units[step - 1] ?? 'kilobyte',
      maximumFractionDigits: amount < 100 ? 1 : 0,
    }).format(amount)
  }
  return {
    count: (value) => number.format(value),
    percent: (value) => share.format(value),
    bytes,
    time: (iso) => write(date, iso),
    // noon: the same day in every time zone
    day: (iso) => write(dayOnly, `${iso}T12:00:00`),
    seconds: (ms) => decimal.format(ms / 1000),
  }
}

export const useFormatters = (): Formatters => {
  const { language } = useLanguage()
  return useMemo(() => createFormatters(language), [language])
}
