import { describe, expect, it } from 'vitest'
import { figuresMissing, figuresRepeated } from '../../src/answer/figures.ts'

describe('figuresMissing', () => {
  it.each([
    ['Tighten to 120 N·m.', 'Torque: 120 Nm'],
    ['1,000 hours', '每 1000 小時'],
    ['1 000 h', '1,000 hours'],
    ['20 ㎜', '20 mm'],
    ['20 公釐', '20mm'],
    ['The KP-60 needs ISO VG 46 oil.', '適用機型：KP60，ISO VG 46'],
    ['Ｅ－０７ は油温異常です。', 'E-07: oil temperature'],
    ['3.50 bar', '3.5 bar'],
    ['3,5 mm', '3.5 mm'],
    ['Torque is 120 N·m.', 'Torque (N·m) | 120'],
    ['12 months', '12個月'],
    ['Use M8x1.25 bolts', 'bolt M8×1.25'],
    ['10 to 20 mm', '10-20 mm'],
    ['between 10 and 15 bar', '10〜15 bar'],
    ['10～15 mm', 'from 10 mm to 15 mm'],
    ['8 運轉小時內', 'within 8 operating hours'],
    ['no figures here', 'nor here'],
    ['There are 3 in stock.', 'KX-210-8 ; B-04-2 ; Stock: 3'],
    ['twelve months', '十二個月'],
    ['120 mm', '一百二十毫米'],
    ['25 minutes', 'twenty-five minutes'],
    ['60 seconds', 'sixty seconds'],
    ['65 bar', 'sixty-five bar'],
    ['19 bolts', 'nineteen bolts'],
    ['6.5 hours', 'six and a half hours'],
    ['2/3 of the tank', 'two-thirds of the tank'],
    ['Belts tend to lose their tension; tenders name the tensile strength.', 'Belts lose tension.'],
    ['step 3', '第三步'],
    ['one third of the oil', '3分の1の油'],
    ['1/2', '一半'],
    ['0.5 hours', 'half an hour'],
    ['1.5 hours', '1時間半'],
    ['30,000 h', '3萬小時'],
    ['5 kW', '5 千瓦'],
    ['12 bolts', 'a dozen bolts'],
    ['2026-11-22', '2026年11月22日'],
    ['Nov 22, 2026', '2026/11/22'],
    ['in November 2026', '2026年11月22日'],
    ['at 14:30', '午後2時30分'],
    ['2:30 PM', '14:30'],
    ['25 °C', '25℃'],
    ['25 degrees Celsius', '摂氏25度'],
    ['80 °C', '攝氏八十度'],
    ['-10 °C', '攝氏零下十度'],
    ['minus 10 °C', '零下10℃'],
    ['5 MPa', '5 Mpa'],
    ['10 ± 0.5 mm', '10 mm ±0.5 mm'],
    ['part AB 12OA', 'AB-120A'],
    ['400 V', '230/400 V'],
    ['twice', '兩次'],
  ])('finds every figure of "%s" in "%s"', (statement, source) => {
    expect(figuresMissing(statement, source)).toEqual([])
  })

  it.each([
    ['Tighten to 130 N·m.', 'Torque: 120 N·m', ['130 N·m']],
    ['20 cm', '20 mm', ['20 cm']],
    ['The KP-200 needs oil.', 'The KP-100 needs oil.', ['KP-200']],
    ['E-08', 'E-07', ['E-08']],
    ['E-320', 'E-302', ['E-320']],
    ['M8x1.5', 'M8x1.25', ['M8x1.5']],
    ['AB-12', 'AB-12A and AB-12-3', ['AB-12']],
    ['12 hours', '12 months', ['12 h']],
    ['1.5 bar', '15 bar', ['1.5 bar']],
    ['500 operating minutes', '500 operating hours', ['500 min']],
    ['Store at 10 °C', 'Store at -10 °C', ['10 °C']],
    ['Store at -10 °C', 'Store at 10 °C', ['-10 °C']],
    ['10 kN', '10 N', ['10 kN']],
    ['10 nm', '10 Nm', ['10 nm']],
    ['5 MW', '5 mW', ['5 MW']],
    ['5 mPa', '5 MPa', ['5 mPa']],
    ['1 mΩ', '1 MΩ', ['1 mΩ']],
    ['0.5 MPa', '5 bar', ['0.5 MPa']],
    ['0.5 mm', '±0.5 mm', ['0.5 mm']],
    ['200×100 mm', '100×200 mm', ['200×100 mm']],
    ['10^6', '10⁵', ['10^6']],
    ['5 bar', '5 Maintenance, gap 5 mm', ['5 bar']],
    ['every 400 hours', 'every 4,000 hours', ['400 h']],
    ['500 cycles', '500 hours', ['500 cycles']],
    ['6 bolts', '4 bolts', ['6 bolt']],
    ['Wait 6 seconds.', 'Wait sixty seconds.', ['6 s']],
    ['9 bolts', 'nineteen bolts', ['9 bolt']],
    ['a tension of 10', 'the tension', ['10']],
    ['一次', '兩次', ['1 times']],
    ['2026年11月23日', 'Nov 22, 2026', ['2026-11-23']],
    ['2:30 am', '14:30', ['02:30']],
    ['valve B', 'valve A', ['B']],
    ['電流：200 mA', '電流：20 mA', ['200 mA']],
  ])('misses what "%s" has and "%s" has not', (statement, source, missing) => {
    expect(figuresMissing(statement, source)).toEqual(missing)
  })

  it('takes a number of the heading with its unit only', () => {
    expect(figuresMissing('the 60 t press', 'The press is heavy.', 'Press 60 t')).toEqual([])
    expect(figuresMissing('gap 5', 'The gap is checked.', '5 Maintenance')).toEqual(['5'])
  })
})

describe('figuresRepeated', () => {
  it('finds a figure that stands in the place of another', () => {
    expect(figuresRepeated('Version 4 is replaced by version 4.', 'Version 3 is replaced by version 4.')).toEqual(['4'])
    expect(figuresRepeated('Replace A-101 by A-101.', 'Replace A-100 by A-101.')).toEqual(['a101'])
    expect(figuresRepeated('Version 4 is newer; use version 4.', 'Use version 4.')).toEqual([])
  })
})
