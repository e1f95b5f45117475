/**
 * The four languages of the page: which one a browser gets, and their dictionaries. The choice is kept in the browser only.
 */
import { en, type Texts } from './en.ts'
import { ja } from './ja.ts'
import { zhHans } from './zh-hans.ts'
import { zhHant } from './zh-hant.ts'

export const pageLanguages = ['en', 'zh-Hant', 'zh-Hans', 'ja'] as const
export type PageLanguage = (typeof pageLanguages)[number]

export const dictionaries: Readonly<Record<PageLanguage, Texts>> = { en, 'zh-Hant': zhHant, 'zh-Hans': zhHans, ja }

/** Each language's name in itself. */
export const ownNames: Readonly<Record<PageLanguage, string>> = {
  en: 'English',
  'zh-Hant': '繁體中文',
  'zh-Hans': '简体中文',
  ja: '日本語',
}

const matchLanguage = (tag: string): PageLanguage | undefined => {
  const parts = tag.toLowerCase().split('-')
  if (parts[0] === 'ja' || parts[0] === 'en') return parts[0]
  if (parts[0] !== 'zh') return undefined
  if (parts.includes('hant')) return 'zh-Hant'
  if (parts.includes('hans')) return 'zh-Hans'
  return parts.some((part) => part === 'tw' || part === 'hk' || part === 'mo') ? 'zh-Hant' : 'zh-Hans'
}

/**
 * The stored language if it is one of ours, else the first of the browser's that is, else English.
 *
 * @param preferred BCP 47 tags, most wanted first
 */
export const resolveLanguage = (stored: string | null, preferred: readonly string[]): PageLanguage => {
  const kept = pageLanguages.find((language) => language === stored)
  if (kept !== undefined) return kept
  for (const tag of preferred) {
    const match = matchLanguage(tag)
    if (match !== undefined) return match
  }
  return 'en'
}
