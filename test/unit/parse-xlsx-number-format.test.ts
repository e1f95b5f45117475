/** Numbers of sheets by their format codes. */
import { describe, expect, it } from 'vitest'
import { formatNumber, formatText } from '../../ingest/parse/xlsx-number-format.ts'

describe('formatNumber', () => {
  it.each([
    [1234.5, 'General', '1234.5'],
    [0.1 + 0.2, 'General', '0.3'],
    [471012345678, 'General', '471012345678'],
    [1234.567, '#,##0.00', '1,234.57'],
    [1.005, '0.00', '1.01'],
    [0.256, '0.0%', '25.6%'],
    [4.25, '0.0" bar"', '4.3 bar'],
    [90, '0\\ \\N\\m', '90 Nm'],
    [21.5, '0.0"°C"', '21.5°C'],
    [7, '00000', '00007'],
    [1234567, '000\\-0000', '123-4567'],
    [1234567, '0.0,,"M"', '1.2M'],
    [12345, '0.00E+00', '1.23E+04'],
    [1.5, '# ?/?', '1 1/2'],
    [-5, '0;(0)', '(5)'],
    [-5, '0', '-5'],
    [-0.001, '0.00', '0.00'],
    [12, '[>10]"high";"low"', 'high'],
    [1234.5, '[$€-407] #,##0.00', '€ 1,234.50'],
    [0, '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)', '$-'],
    [2.5, '"±"0.0" mm"', '±2.5 mm'],
    [5, ';;;', '5'],
    [-12.5, '[Black]@', '-12.5'],
    [12345, '"P/N "@', 'P/N 12345'],
    [123458, '00-0000', '12-3458'],
    [12345.678, '##0.0E+0', '12.3E+3'],
    [0.00047, '##0.0E+0', '470.0E-6'],
    [-500, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', '-500'],
    [-25, '[<=-25]General;[>=25]General;0', '25'],
  ])('%d as %s is shown as %s', (value, code, text) => {
    expect(formatNumber(value, code)).toBe(text)
  })

  it.each([
    [45356, 'm/d/yy', '2024-03-05'],
    [45356, 'yyyy"年"m"月"d"日"', '2024-03-05'],
    [45356, '[$-411]ggge"年"m"月"d"日"', '2024-03-05'],
    [45356.604166667, 'd.m.yyyy h:mm', '2024-03-05 14:30'],
    [45356, 'mmm-yy', '2024-03'],
    [0.604166667, 'h:mm AM/PM', '14:30'],
    [1.5, '[h]:mm:ss', '36:00:00'],
    [59, 'yyyy-mm-dd', '1900-02-28'],
    [61, 'yyyy-mm-dd', '1900-03-01'],
  ])('%d as %s is the ISO date or time %s', (value, code, text) => {
    expect(formatNumber(value, code)).toBe(text)
  })

  it('counts days from 1904 where the workbook does', () => {
    expect(formatNumber(43894, 'yyyy-mm-dd', true)).toBe('2024-03-05')
  })
})

it('texts are shown as their section of the code says', () => {
  expect([formatText('KP-60', '"Model "@'), formatText('KP-60', '0.00'), formatText('x', '0;0;0;"M "@')]).toEqual([
    'Model KP-60',
    'KP-60',
    'M x',
  ])
})
