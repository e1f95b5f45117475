import { describe, expect, it } from 'vitest'
import { boundsMissing, extremesMissing } from '../../src/answer/comparison.ts'

describe('boundsMissing', () => {
  it.each([
    ['The pressure must be at least 5 bar.', 'Pressure: 5 bar or more'],
    ['壓力至少為 5 bar。', '壓力應在 5 bar 以上。'],
    ['at most 60 °C', '油溫不得超過 60 ℃'],
    ['The maximum temperature is 60 °C.', '60 °C is the maximum temperature.'],
    ['60℃以下', '油温は60℃を超えないこと。'],
    ['between 10 and 15 mm', '10〜15 mm'],
    ['about 5 bar', '5 bar'],
    ['flow of 5 L/min', 'flow of 5 L/min, max. pressure 7 bar'],
  ])('agrees on "%s" and "%s"', (statement, source) => {
    expect(boundsMissing(statement, source)).toEqual([])
  })

  it.each([
    ['at most 5 bar', 'at least 5 bar', ['at most 5 bar']],
    ['The pressure is 5 bar.', 'The pressure is at least 5 bar.', ['exactly 5 bar']],
    ['60℃未満', '60℃以上', ['below 60 °C']],
    ['60℃以下', '60℃未満', ['at most 60 °C']],
    ['超過 60 ℃', '不得超過 60 ℃', ['above 60 °C']],
    ['over 5 bar', 'under 5 bar', ['above 5 bar']],
    ['10 mm', '10-15 mm', ['exactly 10 mm']],
    ['maximum 5 bar', 'minimum 5 bar', ['at most 5 bar']],
  ])('disagrees on "%s" and "%s"', (statement, source, missing) => {
    expect(boundsMissing(statement, source)).toEqual(missing)
  })
})

describe('extremesMissing', () => {
  const attacks = 'The attacks resonated with conservative Muslims.'
  it.each([
    ['The attacks resonated least with conservative Muslims.', attacks, ['least']],
    ['Most pumps are checked daily.', 'Pumps are checked daily, at most two at a time.', ['Most']],
    ['最も古い型は廃棄する。', '古い型は廃棄する。', ['最も']],
    ['The pressure is at least 5 bar.', 'The pressure is 5 bar.', []],
    ['The oldest pump fails most often.', 'The oldest pump fails often.', []],
    ['Most pumps are checked daily.', 'The majority of the pumps is checked daily.', []],
    ['一番古い型は廃棄する。', '最も古い型は廃棄する。', []],
  ])('"%s" of "%s"', (statement, source, missing) => {
    expect(extremesMissing(statement, source)).toEqual(missing)
  })
})
