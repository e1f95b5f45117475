import { describe, expect, it } from 'vitest'
import { questionTerms, searchTerms } from '../../src/core/search-terms.ts'

/** Whether every term of the question is a term of the text. */
const finds = (question: string, text: string) => {
  const held = new Set(searchTerms(text))
  return questionTerms(question).every((term) => held.has(term))
}

describe('searchTerms', () => {
  it.each([
    ['換油週期', '請參照第三章的換油週期表'],
    ['扭力檢查', '每月进行扭力检查一次'],
    ['締付トルク', '本機の締付トルクは次のとおりです'],
    ['油', '油を交換する'],
    ['PPR-9087', 'Part PPR-9087 (spare)'],
    ['ppr 9087', 'Part PPR-9087 (spare)'],
    ['PPR9087', 'Part PPR-9087 (spare)'],
    ['ＰＰＲ－９０８７', 'Part PPR-9087 (spare)'],
    ['20mm', '直徑 20㎜'],
    ['replacing filters', 'Replace filter, replacing it; filters'],
    ['E-302', '警報 Ｅ－３０２ 發生時'],
    ['M8x1.25', 'bolt M8x1.25, class 8.8'],
    // As printed: a word broken at the end of a line, a ligature, radicals in the place of characters.
    ['KP-60', 'The press KP-60 of line 2'],
    ['filter', 'ﬁlter'],
    ['飞行', '⻜⾏'],
    ['PPR-9087', 'PPR‑9087'],
    ['E-302', 'alarm E–302'],
    ['工作', '⼯作'],
  ])('finds "%s" in "%s"', (question, text) => {
    expect(finds(question, text)).toBe(true)
  })

  it('tells neighbouring codes apart', () => {
    expect(finds('PPR-9087', 'PPR-9086 and PPR-9088')).toBe(false)
    expect(finds('E-302', 'E-301')).toBe(false)
  })

  it('asks by the words that carry meaning, unless there are no others', () => {
    expect(questionTerms('What is the torque?')).toEqual(['torque', '~torqu'])
    expect(questionTerms('The who')).toContain('who')
  })

  it('has no terms for text without letters and digits', () => {
    expect(searchTerms('…？！ -- \u0000 😀')).toEqual([])
    expect(questionTerms('')).toEqual([])
  })
})
