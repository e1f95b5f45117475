/** Numbers of Word paragraphs, from the XML parts alone. */
import { describe, expect, it } from 'vitest'
import { numberMarks, writeNumbers } from '../../ingest/parse/docx-numbering.ts'
import { formatOrdinal } from '../../ingest/parse/format-ordinal.ts'

const level = (index: number, format: string, text: string, style = ''): string =>
  `<w:lvl w:ilvl="${index}"><w:start w:val="1"/><w:numFmt w:val="${format}"/>${style && `<w:pStyle w:val="${style}"/>`}<w:lvlText w:val="${text}"/></w:lvl>`
const numbering = `<w:numbering>
  <w:abstractNum w:abstractNumId="7">${level(0, 'decimal', '%1.')}${level(1, 'lowerLetter', '(%2)')}</w:abstractNum>
  <w:abstractNum w:abstractNumId="8">${level(0, 'decimal', '%1', 'H1')}${level(1, 'decimal', '%1.%2', 'H2')}</w:abstractNum>
  <w:abstractNum w:abstractNumId="9">${level(0, 'bullet', '•')}</w:abstractNum>
  <w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
  <w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
  <w:num w:numId="3"><w:abstractNumId w:val="8"/></w:num>
  <w:num w:numId="4"><w:abstractNumId w:val="9"/></w:num>
</w:numbering>`
const style = (id: string, properties: string): string =>
  `<w:style w:type="paragraph" w:styleId="${id}">${properties}</w:style>`
const styles = `<w:styles>${style('H1', '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>')}${style(
  'H2',
  '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="3"/></w:numPr></w:pPr>',
)}${style('Own', '<w:basedOn w:val="H1"/>')}</w:styles>`

const item = (instance: number, at = 0): string =>
  `<w:p><w:pPr><w:numPr><w:ilvl w:val="${at}"/><w:numId w:val="${instance}"/></w:numPr></w:pPr></w:p>`
const styled = (id: string, more = ''): string => `<w:p><w:pPr><w:pStyle w:val="${id}"/>${more}</w:pPr></w:p>`
const plain = '<w:p><w:pPr><w:jc w:val="left"/></w:pPr></w:p>'

const numbersIn = (main: string): string[] => {
  const marked = new RegExp(`${numberMarks.begin}(.*?)${numberMarks.end}`, 'g')
  return [...writeNumbers(main, numbering, styles).matchAll(marked)].map(([, number = '']) => number)
}

describe('writeNumbers', () => {
  it('goes on counting over paragraphs between', () => {
    expect(numbersIn(item(1) + plain + item(1) + plain + item(1))).toEqual(['1.', '2.', '3.'])
  })
  it('starts a deeper level anew under each higher one', () => {
    expect(numbersIn(item(1) + item(1, 1) + item(1, 1) + item(1) + item(1, 1))).toEqual([
      '1.',
      '(a)',
      '(b)',
      '2.',
      '(a)',
    ])
  })
  it('restarts where an instance says so, once', () => {
    expect(numbersIn(item(1) + item(1) + item(2) + item(2))).toEqual(['1.', '2.', '1.', '2.'])
  })
  it('numbers headings by their styles, inherited ones too', () => {
    expect(numbersIn(styled('H1') + styled('H2') + styled('H2') + styled('Own') + styled('H2'))).toEqual([
      '1',
      '1.1',
      '1.2',
      '2',
      '2.1',
    ])
  })
  it('leaves out bullets, and headings whose number was taken away', () => {
    expect(numbersIn(item(4) + styled('H1', '<w:numPr><w:numId w:val="0"/></w:numPr>') + styled('H1'))).toEqual(['1'])
  })
  it('does not count the former properties of a tracked change', () => {
    const change = '<w:pPrChange><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange>'
    expect(numbersIn(`<w:p><w:pPr>${change}</w:pPr></w:p>${item(1)}`)).toEqual(['1.'])
  })
})

it.each([
  [28, 'lowerLetter', 'bb'],
  [4, 'upperRoman', 'IV'],
  [3, 'decimalZero', '03'],
  [21, 'taiwaneseCountingThousand', '二十一'],
  [10, 'japaneseCounting', '十'],
  [3, 'decimalEnclosedCircle', '③'],
  [0, 'lowerRoman', '0'],
])('%i as %s is %s', (value, format, text) => {
  expect(formatOrdinal(value, format)).toBe(text)
})
