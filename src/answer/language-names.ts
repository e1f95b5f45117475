/** Names of languages as prompts write them. */
import type { Language } from '../core/document.ts'

export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  'zh-Hant': 'Traditional Chinese (繁體中文)',
  'zh-Hans': 'Simplified Chinese (简体中文)',
  ja: 'Japanese (日本語)',
  und: 'the language of the question',
}
