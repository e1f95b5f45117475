/** A chart on a sheet mostly shows what its cells say; what they do not say must not be lost. */
import { describe, expect, it } from 'vitest'
import { valuesOfItsOwn } from '../../ingest/parse/office-chart.ts'
import { parseXml } from '../../ingest/parse/office-xml.ts'

const points = (...values: readonly (string | number)[]): string =>
  values.map((value, index) => `<c:pt idx="${index}"><c:v>${value}</c:v></c:pt>`).join('')

const chart = (categories: string, values: string): string[] =>
  valuesOfItsOwn(
    parseXml(
      `<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart><c:plotArea><c:barChart><c:ser>
       <c:tx><c:v>Scrap</c:v></c:tx><c:cat>${categories}</c:cat><c:val>${values}</c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>`,
    ),
  )

const refer = (formula: string, cache: string): string =>
  `<c:numRef><c:f>${formula}</c:f><c:numCache>${cache}</c:numCache></c:numRef>`

describe('valuesOfItsOwn', () => {
  it('names the series with each value that is written into the chart', () => {
    const literal = `<c:numLit>${points(4, 7)}</c:numLit>`
    expect(chart(`<c:strLit>${points('Line 1', 'Line 2')}</c:strLit>`, literal)).toEqual([
      'Line 1; Scrap: 4',
      'Line 2; Scrap: 7',
    ])
  })

  it('has the values of another workbook, and none of the cells of this one', () => {
    expect(chart(refer('[1]Scrap!$A$1:$A$2', points(1, 2)), refer('[1]Scrap!$B$1:$B$2', points(4, 7)))).toEqual([
      '1; Scrap: 4',
      '2; Scrap: 7',
    ])
    expect(chart(refer('Scrap!$A$1:$A$2', points(1, 2)), refer('Scrap!$B$1:$B$2', points(4, 7)))).toEqual([])
  })
})
