/** Texts that are made to be slow: with quadratic patterns each of these takes far longer than a test may. */
import { describe, expect, it } from 'vitest'
import { isSwapped, namesOrder } from '../../src/answer/order.ts'
import { isSafetyNote } from '../../src/answer/safety-notes.ts'
import { detectLanguage } from '../../src/core/detect-language.ts'
import { askedIdentifiers, identifiersOf } from '../../src/core/identifiers.ts'
import { questionTerms, searchTerms } from '../../src/core/search-terms.ts'
import { splitSentences } from '../../src/core/split-sentences.ts'

const units = [
  ...[
    '1',
    'a',
    'A',
    ' ',
    '\n',
    '.',
    '-',
    '"',
    '(',
    '。',
    '…',
    '油',
    'の',
    'ー',
    '\u200b',
    '\u0301',
    '\ud800',
    '😀',
    '１',
  ],
  ...[
    '1.',
    '1,',
    '1 ',
    'a.',
    'A-',
    'a1',
    'a@',
    '. ',
    'a://',
    'M1 x 1 ',
    'alarm ',
    'alarm 1',
    'a | ',
    '1. a\n',
    '不前',
    'からより',
  ],
]
const length = 60_000

describe.each(units)('%j, written for ever', (unit) => {
  const text = unit.repeat(Math.ceil(length / unit.length))

  it('is read', () => {
    expect(splitSentences(text).every(({ start, end }) => start < end)).toBe(true)
    expect(identifiersOf(`alarm${text}`).every(({ key }) => key.length <= 40)).toBe(true)
    expect(askedIdentifiers(text).every(({ key }) => key.length <= 40)).toBe(true)
    expect(questionTerms(text).length).toBeLessThanOrEqual(searchTerms(text).length + 1)
    expect(isSafetyNote(text)).toBe(false)
    expect(detectLanguage(text)).toBeTypeOf('string')
    expect(namesOrder(text)).toBeTypeOf('boolean')
  })

  it('is compared as far as a sentence goes', () => {
    expect(isSwapped(text.slice(0, 1_000), text.slice(0, 1_000))).toBe(false)
  })
})

describe('addresses', () => {
  it('hold no codes, also where a long word stands before them', () => {
    const codes = (text: string) => identifiersOf(text).map(({ key }) => key)
    expect(codes('See https://example.com/KP-60/E-302 and mail to ab-12@kp-60.example.com.')).toEqual([])
    expect(codes(`${'a'.repeat(100)}@kp-60.example.com E-302`)).toEqual(['e-302'.replace('-', '')])
  })
})

describe('a run longer than a call takes arguments', () => {
  it.each(['油', 'a1', 'a-'])('of %s has its terms', (unit) => {
    const text = unit.repeat(130_000)
    expect(searchTerms(text).length).toBeGreaterThan(2)
    expect(questionTerms(text).length).toBeGreaterThan(0)
  })
})
