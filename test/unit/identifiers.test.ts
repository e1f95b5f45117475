import { describe, expect, it } from 'vitest'
import { askedIdentifiers, identifiersOf, identifiersOfName } from '../../src/core/identifiers.ts'
import { matchIdentifiers } from '../../src/retrieval/match-identifiers.ts'

const keysOf = (text: string) => identifiersOf(text).map(({ key }) => key)
/** 0 where the question does not find the text. */
const match = (question: string, text: string): number =>
  matchIdentifiers(askedIdentifiers(question), [{ key: 'text', identifiers: identifiersOf(text) }]).scores.get(
    'text',
  ) ?? 0

describe('a code', () => {
  it.each([
    'PPR-9087',
    'ppr 9087',
    'PPR9087',
    'ＰＰＲ－９０８７',
    'PPR‑9087',
    'Ppr/9087',
    'PPR.9087',
    'PPR-9O87',
    'PPRー9087',
  ])('is found however it is written: %s', (spelled) => {
    for (const question of [`What is ${spelled}?`, `${spelled}とは？`, `請問${spelled}在哪裡`])
      expect([question, match(question, '更換PPR-9087後')]).toEqual([question, expect.any(Number)])
    expect(match(`What is ${spelled}?`, 'Replace PPR-9087 first.')).toBeGreaterThanOrEqual(0.8)
  })

  it.each(['PPR-9078', 'PPR-90870', 'PPR-908', 'PPQ-9087', 'APPR-9087'])('is not %s', (other) => {
    expect(match('What is PPR-9087?', `Replace ${other} first.`)).toBe(0)
  })

  it('scores by how it is spelled', () => {
    const scores = ['PPR-9087', 'PPR9087', 'PPR-9O87'].map((held) => match('PPR-9087', held))
    expect(scores).toEqual([1, 0.9, 0.8])
  })

  it('keeps its parts: 1-23 is not 12-3, and 123 may be either', () => {
    expect(match('A1-23', 'Part A12-3.')).toBe(0)
    expect(match('A123', 'Part A12-3.')).toBe(0.9)
  })

  it.each([
    ['iso 9001-1', 'according to ISO 9001-1:2015'],
    ['ISO 9001:2015', 'see ISO 9001'],
    ['ISO 13849-1', 'EN ISO 13849-1 applies'],
    ['jis b0205', '依據JIS B 0205規定'],
    ['GB/T 1804', 'GB/T 1804-2000'],
    ['M8×1.25', 'Use M8 x 1.25 screws'],
    ['M8', 'Use M8 x 1.25 screws'],
    ['alarm 401', '發生警報401時'],
    ['エラーコード52', 'Error code 52: overload'],
    ['6ES7315-2AG10-0AB0', 'CPU 6ES7 315-2AG10-0AB0'],
    ['45001233', 'No. 4500-12-33'],
  ])('such as %s is found in "%s"', (question, text) => {
    expect(match(`what about ${question} ?`, text)).toBeGreaterThan(0)
  })

  it('is taken from the name of a file', () => {
    expect(identifiersOfName('SOP_PPR-9087_v2.pdf').map(({ key }) => key)).toContain('ppr9087')
    expect(identifiersOfName('PPR-9087.pdf').map(({ key }) => key)).toEqual(['ppr9087'])
  })

  it('counts for its share where several are asked for, and long readings count, not their parts', () => {
    const asked = askedIdentifiers('Compare JIS B 0205 with E401')
    const { found, scores } = matchIdentifiers(asked, [
      { key: 'both', identifiers: identifiersOf('JIS B 0205 and E401') },
      { key: 'one', identifiers: identifiersOf('E401') },
    ])
    expect([...found].sort()).toEqual(['e401', 'jis b 0205'])
    expect(scores.get('both')).toBeCloseTo(1)
    expect(scores.get('one')).toBeLessThan(0.5)
  })
})

describe('ordinary text', () => {
  it.each([
    'Check the pressure of the press every day.',
    'In 2024, step 3 took 24 hours at 100 mm, 3.5V, 12 VDC, 5kg and 20 °C.',
    'The 20th century, the 1990s, a 24-hour shift, post-2000 rules, 10-20 pieces, 10,000 parts.',
    'Page 12, PAGE 12, FIG 3, STEP 4, Table 5, 3.2.1, 192.168.1.1, 2024-05-01, 100-200.',
    '第3章第12頁，每天檢查5次，壓力0.5MPa，溫度25℃。',
    '3.3 m² of floor, http://example.com/a1b2c3 and mail to a1@b2.example.',
  ])('has no codes: %s', (text) => {
    expect(keysOf(text)).toEqual([])
  })
})
