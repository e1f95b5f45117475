import { describe, expect, it } from 'vitest'
import { isErrorCode } from '../../src/core/errors.ts'
import { dictionaries, pageLanguages, resolveLanguage } from '../../src/page/i18n/language.ts'

/** Codes that the page makes itself. */
const pageCodes = new Set(['stream_cut', 'page_failed'])

/** Every text with its path; texts with parameters are called with numbers. */
const leavesOf = (value: unknown, path = ''): [path: string, text: string][] => {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return [[path, String(value('7', '8', '9'))]]
  return Object.entries(value as object).flatMap(([key, inner]) => leavesOf(inner, `${path}.${key}`))
}

const english = leavesOf(dictionaries.en)

describe('the dictionaries of the page', () => {
  it.each(pageLanguages)('have the same keys and no empty text in %s', (language) => {
    const leaves = leavesOf(dictionaries[language])
    expect(leaves.map(([path]) => path).sort()).toEqual(english.map(([path]) => path).sort())
    expect(leaves.filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it.each(['zh-Hant', 'zh-Hans', 'ja'] as const)('are translated to %s', (language) => {
    const texts = new Map(leavesOf(dictionaries[language]))
    const same = english.filter(([path, text]) => /[a-z]{4}/i.test(text) && texts.get(path) === text)
    expect(same.map(([path]) => path)).toEqual(['.app.title'])
  })

  it('use every parameter in every language', () => {
    for (const language of pageLanguages) {
      const texts = new Map(leavesOf(dictionaries[language]))
      for (const [path, text] of english) {
        for (const digit of ['7', '8', '9']) {
          if (text.includes(digit)) expect(texts.get(path), `${language}${path}`).toContain(digit)
        }
      }
    }
  })

  it('word only errors that exist', () => {
    const codes = Object.keys(dictionaries.en.errors)
    expect(codes.filter((code) => !isErrorCode(code) && !pageCodes.has(code))).toEqual([])
  })
})

describe('resolveLanguage', () => {
  it('takes the kept language first', () => {
    expect(resolveLanguage('ja', ['zh-TW'])).toBe('ja')
  })

  it.each([
    ['zh-TW', 'zh-Hant'],
    ['zh-HK', 'zh-Hant'],
    ['zh-Hant-CN', 'zh-Hant'],
    ['zh-CN', 'zh-Hans'],
    ['zh', 'zh-Hans'],
    ['zh-Hans-TW', 'zh-Hans'],
    ['ja-JP', 'ja'],
    ['en-GB', 'en'],
  ])('reads %s as %s', (tag, language) => {
    expect(resolveLanguage(null, [tag])).toBe(language)
  })

  it('takes the first language of the browser that the page has, else English', () => {
    expect(resolveLanguage(null, ['de-DE', 'ja'])).toBe('ja')
    expect(resolveLanguage('fr', ['de-DE'])).toBe('en')
  })
})
