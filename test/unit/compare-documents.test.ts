/** What changed between two revisions of a document. */
import { describe, expect, it } from 'vitest'
import { compareDocuments } from '../../src/http/compare/compare-documents.ts'
import { compareTexts } from '../../src/http/compare/compare-texts.ts'

const compare = (from: string, to: string) => compareTexts(from, to, 1000)
/** Removed text in brackets, added text in braces. */
const told = (from: string, to: string): string =>
  compare(from, to)
    .map(({ kind, text }) => ({ same: text, removed: `[${text}]`, added: `{${text}}` })[kind])
    .join('')

const pagesOf = (...texts: string[]) => texts.map((text, i) => ({ number: i + 1, label: null, text }))
const changes = (from: string[], to: string[]) =>
  compareDocuments(pagesOf(...from), pagesOf(...to)).pages.map(
    ({ from, to, change }) => `${from ?? '-'} ${to ?? '-'} ${change}`,
  )

describe('the difference of two texts', () => {
  it.each([
    ['Clamp at 40 bar.', 'Clamp at 45 bar.', 'Clamp at [40 ]{45 }bar.'],
    ['Limit 1,250.5 kN', 'Limit 1,260.5 kN', 'Limit [1,250.5 ]{1,260.5 }kN'],
    ['Use M8x1.25 bolts', 'Use M8x1.0 bolts', 'Use [M8x1.25 ]{M8x1.0 }bolts'],
    ['Wait.', 'Wait. Then open.', 'Wait.{ Then open.}'.replace('.{ ', '. {')],
    ['更換濾芯，每五百小時一次。', '更換濾芯，每八百小時一次。', '更換濾芯，每[五百]{八百}小時一次。'],
    ['カバーを閉じる。', 'カバーを必ず閉じる。', 'カバーを{必ず}閉じる。'],
    ['溫度 60 度', '溫度 80 度', '溫度 [60 ]{80 }度'],
  ])('is of whole words and numbers: %s → %s', (from, to, expected) => {
    expect(told(from, to)).toBe(expected)
  })

  it('joins up to both texts again', () => {
    const [from, to] = ['One two  three.\n\nFour, five; six 濾芯 七。', 'One 2 three. Four,\nsix 新濾芯 七八。 End']
    const parts = compare(from, to)
    const join = (without: string) =>
      parts
        .filter(({ kind }) => kind !== without)
        .map(({ text }) => text)
        .join('')
    expect(join('removed')).toBe(to)
    expect(join('added').replace(/\s/g, '')).toBe(from.replace(/\s/g, ''))
  })

  it('does not cut two sentences to pieces for the few words that they have in common', () => {
    expect(
      compare(
        'Turn the main switch off and hang up the sign of the shift leader.',
        'Before any work on the hydraulics, vent all accumulators of both circuits by hand.',
      ).length,
    ).toBeLessThan(6)
  })

  it('is coarser where there is no time, never wrong', () => {
    const line = (i: number) => `line ${i} of the text, which says ${i * 7}`
    const from = Array.from({ length: 400 }, (_, i) => line(i)).join('\n')
    const to = Array.from({ length: 400 }, (_, i) => (i === 200 ? 'another line' : line(i))).join('\n')
    const parts = compareTexts(from, to, -1)
    expect(
      parts
        .filter(({ kind }) => kind !== 'removed')
        .map(({ text }) => text)
        .join(''),
    ).toBe(to)
    expect(
      parts
        .filter(({ kind }) => kind !== 'added')
        .map(({ text }) => text)
        .join(''),
    ).toBe(from)
  })

  it('ends in time whatever the texts are', () => {
    const noise = (seed: number) => Array.from({ length: 100_000 }, (_, i) => `w${(i * seed) % 99_991}`).join(' ')
    expect(compareTexts(noise(7), noise(13), 100).length).toBeGreaterThan(0)
  })
})

describe('the pages of two revisions', () => {
  const [a, b, c, d] = [
    'Read this manual before you start. It belongs to the press.',
    'Lock out the main switch and hang up the sign. Vent the accumulators.',
    'Replace the return filter every 500 operating hours. Check the seal.',
    'Order spare parts from the shop: seal kit, bolts, guide bushes.',
  ] as const

  it('are the same where only line breaks and white space differ, also in Chinese', () => {
    expect(changes([a.replaceAll(' ', '\n'), '更換濾芯\n並檢查'], [a, '更換\n 濾芯並檢查'])).toEqual([
      '1 1 same',
      '2 2 same',
    ])
  })

  it('are recognised behind an inserted and a removed page, changed ones too', () => {
    const changed = c.replace('500', '800')
    expect(changes([a, b, c, d], [a, 'A page about something else altogether, new here.', b, changed, d])).toEqual([
      '1 1 same',
      '- 2 added',
      '2 3 same',
      '3 4 changed',
      '4 5 same',
    ])
    expect(changes([a, b, c, d], [a, changed, d])).toEqual(['1 1 same', '2 - removed', '3 2 changed', '4 3 same'])
  })

  it('are recognised where every one of them changed', () => {
    const from = Array.from(
      { length: 30 },
      (_, i) => `Chapter ${i}: ${Array.from({ length: 40 }, (_, k) => `w${i}x${k}`).join(' ')}`,
    )
    const to = from.map((text) => `${text} reviewed`)
    to.splice(5, 0, 'A new chapter in between with words of its own.')
    to.splice(20, 1)
    const expected = from.flatMap((_, i) => {
      if (i === 19) return ['20 - removed']
      const number = i < 5 ? i + 1 : i < 19 ? i + 2 : i + 1
      return [...(i === 5 ? ['- 6 added'] : []), `${i + 1} ${number} changed`]
    })
    expect(changes(from, to)).toEqual(expected)
  })

  it('are another where they have nothing in common', () => {
    expect(changes([a, b, c], [a, 'Words without any relation.', c])).toEqual([
      '1 1 same',
      '2 - removed',
      '- 2 added',
      '3 3 same',
    ])
  })

  it('of a document of one page are that page, whatever it says', () => {
    expect(changes(['one'], ['two'])).toEqual(['1 1 changed'])
    expect(changes([], [a])).toEqual(['- 1 added'])
    expect(changes([''], [''])).toEqual(['1 1 same'])
  })

  it('are recognised by the names of their sheets', () => {
    const sheet = (number: number, label: string, text: string) => ({ number, label, text })
    const from = [sheet(1, 'Settings', 'A 1'), sheet(2, 'Limits', 'B 2 3')]
    const to = [sheet(1, 'Notes', 'words'), sheet(2, 'Settings', 'other values'), sheet(3, 'Limits', 'B 2 3')]
    expect(compareDocuments(from, to).pages).toMatchObject([
      { from: null, to: 1, change: 'added', label: 'Notes' },
      { from: 1, to: 2, change: 'changed', label: 'Settings' },
      { from: 2, to: 3, change: 'same', label: 'Limits' },
    ])
  })
})
