import { describe, expect, it } from 'vitest'
import { moodsAgree } from '../../src/answer/polarity.ts'

describe('moodsAgree', () => {
  it.each([
    ['The guard must not be opened.', 'Do not open the guard.'],
    ['While the press is running, do not open the guard.', 'Do not open the guard while the press is running.'],
    ['Wear gloves.', 'Do not open the guard while the press is running; wear gloves.'],
    ['外殼採用不銹鋼。', '外殼為不銹鋼製。'],
    ['電源を切る必要があります。', '電源を切らなければならない。'],
    ['運轉中不得打開護罩。', '運轉中禁止打開護罩。'],
    ['The filter must be replaced.', 'Replace the filter.'],
    ['開機前無需校正。', '開機前不必校正。'],
    ['Do not exceed 5 bar.', 'At most 5 bar.'],
  ])('agrees on "%s" and "%s"', (statement, source) => {
    expect(moodsAgree(statement, source)).toBe(true)
  })

  it.each([
    ['Open the guard.', 'Do not open the guard.'],
    ['Do not open valve A.', 'Open valve A, but do not open valve B.'],
    ['Start the press without coolant.', 'Never start the press without coolant.'],
    ['The door need not be locked.', 'The door must not be locked.'],
    ['The door must be locked.', 'The door need not be locked.'],
    ['The guard may be closed.', 'The guard must be closed.'],
    ['蓋板必須拆下。', '蓋板可以拆下。'],
    ['電源を切ってはならない。', '電源を切らなければならない。'],
    ['カバーを開けてください。', 'カバーを開けないでください。'],
    ['電源を切る必要があります。', '電源を切る必要はありません。'],
    ['必須在安全門未關閉時啟動機台。', '安全門未關閉時，不得啟動機台。'],
  ])('disagrees on "%s" and "%s"', (statement, source) => {
    expect(moodsAgree(statement, source)).toBe(false)
  })

  it('compares across languages as a whole', () => {
    expect(moodsAgree('運轉中不得打開護罩。', 'Do not open the guard while running.', false)).toBe(true)
    expect(moodsAgree('運轉中可以打開護罩。', 'Do not open the guard while running.', false)).toBe(false)
  })
})
