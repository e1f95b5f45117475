import { describe, expect, it } from 'vitest'
import { figuresMissing } from '../../src/answer/figures.ts'

describe('figuresMissing', () => {
  it.each([
    ['Tighten to 120 N·m.', 'Torque: 120 Nm'],
    ['1,000 hours', '每 1000 小時'],
    ['20 ㎜', '20 mm'],
    ['20 公釐', '20mm'],
    ['The KP-60 needs ISO VG 46 oil.', '適用機型：KP60，ISO VG 46'],
    ['Ｅ－０７ は油温異常です。', 'E-07: oil temperature'],
    ['3.50 bar', '3.5 bar'],
    ['Torque is 120 N·m.', 'Torque (N·m) | 120'],
    ['12 months', '12個月'],
    ['Use M8x1.25 bolts', 'bolt M8×1.25'.replace('×', 'x')],
    ['10 to 20 mm', '10-20 mm'],
    ['8 運轉小時內', 'within 8 operating hours'],
    ['no figures here', 'nor here'],
  ])('finds every figure of "%s" in "%s"', (statement, source) => {
    expect(figuresMissing(statement, source)).toEqual([])
  })

  it.each([
    ['Tighten to 130 N·m.', 'Torque: 120 N·m', ['130 nm']],
    ['20 cm', '20 mm', ['20 cm']],
    ['The KP-200 needs oil.', 'The KP-100 needs oil.', ['kp200']],
    ['E-08', 'E-07', ['e08']],
    ['12 hours', '12 months', ['12 h']],
    ['1.5 bar', '15 bar', ['1.5 bar']],
    ['500 operating minutes', '500 operating hours', ['500 min']],
    ['Store at 10 °C', 'Store at -10 °C', ['10 °c']],
    ['Store at -10 °C', 'Store at 10 °C', ['-10 °c']],
    ['10 kN', '10 N', ['10 kn']],
    ['5 bar', '5 Maintenance, gap 5 mm', ['5 bar']],
    ['every 400 hours', 'every 4,000 hours', ['400 h']],
  ])('misses what "%s" has and "%s" has not', (statement, source, missing) => {
    expect(figuresMissing(statement, source)).toEqual(missing)
  })
})
