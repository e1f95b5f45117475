import { describe, expect, it } from 'vitest'
import { KuraError } from '../../src/core/errors.ts'
import { cleanLabel } from '../../src/store/intake.ts'

const codeOf = (name: string): string => {
  try {
    return `accepted: ${cleanLabel(name)}`
  } catch (error) {
    return error instanceof KuraError ? error.code : 'foreign error'
  }
}

describe('the label of an uploaded file', () => {
  it.each([
    ['../../x', 'x'],
    ['/etc/passwd', 'passwd'],
    ['C:\\Users\\me\\手冊.pdf', '手冊.pdf'],
    ['a/b\\c.txt', 'c.txt'],
    ['folder/', 'folder'],
  ])('is the last part of the path %j', (name, label) => {
    expect(cleanLabel(name)).toBe(label)
  })

  it('loses control characters, line breaks and characters that turn the text around', () => {
    expect(cleanLabel('a\u0000b\r\nc\u007F\u202Efdp.exe')).toBe('abcfdp.exe')
  })

  it('keeps emoji with their joiners, and CJK', () => {
    expect(cleanLabel('👩‍🔧 点検手順書 ①.pdf')).toBe('👩‍🔧 点検手順書 ①.pdf')
  })

  it('has one Unicode form, so that names from a Mac and from Windows are the same', () => {
    expect(cleanLabel('re\u0301sume\u0301 \u30AB\u3099.pdf')).toBe('r\u00E9sum\u00E9 \u30AC.pdf')
  })

  it('holds no half of a surrogate pair', () => {
    expect(cleanLabel('a\uD800b.pdf')).toBe('a\uFFFDb.pdf')
  })

  it('has at most 255 characters, whatever they take in memory', () => {
    expect(codeOf('😀'.repeat(255))).toBe(`accepted: ${'😀'.repeat(255)}`)
    expect(codeOf('字'.repeat(256))).toBe('file_name_invalid')
    expect(codeOf('x'.repeat(300))).toBe('file_name_invalid')
  })

  it.each(['', ' ', '/', '..', '../..', '.', '\u0000\n', 'C:\\..'])(
    'is refused where no name is left of %j',
    (name) => {
      expect(codeOf(name)).toBe('file_name_invalid')
    },
  )
})
