/** Numbers of Word paragraphs, from the XML parts alone. */
import { describe, expect, it } from 'vitest'
import { DocxNumbering } from '../../ingest/parse/docx-numbering.ts'
import { DocxStyles } from '../../ingest/parse/docx-styles.ts'
import { formatOrdinal } from '../../ingest/parse/format-ordinal.ts'
import { childrenOf, parseXml } from '../../ingest/parse/office-xml.ts'

const level = (index: number, format: string, text: string, style = ''): string =>
  `<w:lvl w:ilvl="${index}"><w:start w:val="1"/><w:numFmt w:val="${format}"/>${style && `<w:pStyle w:val="${style}"/>`}<w:lvlText w:val="${text}"/></w:lvl>`
const numberingXml = `<w:numbering>
  <w:abstractNum w:abstractNumId="7">${level(0, 'decimal', '%1.')}${level(1, 'lowerLetter', '(%2)')}</w:abstractNum>
  <w:abstractNum w:abstractNumId="8">${level(0, 'decimal', '%1', 'H1')}${level(1, 'decimal', '%1.%2', 'H2')}</w:abstractNum>
  <w:abstractNum w:abstractNumId="9">${level(0, 'bullet', '')}</w:abstractNum>
  <w:abstractNum w:abstractNumId="10"><w:numStyleLink w:val="Steps"/></w:abstractNum>
  <w:abstractNum w:abstractNumId="11">${level(0, 'taiwaneseCountingThousand', '第%1條')}</w:abstractNum>
  <w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
  <w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
  <w:num w:numId="3"><w:abstractNumId w:val="8"/></w:num>
  <w:num w:numId="4"><w:abstractNumId w:val="9"/></w:num>
  <w:num w:numId="5"><w:abstractNumId w:val="10"/></w:num>
  <w:num w:numId="6"><w:abstractNumId w:val="11"/></w:num>
  <w:num w:numId="7"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0">${level(0, 'upperRoman', '%1)')}</w:lvlOverride></w:num>
</w:numbering>`
const style = (id: string, properties: string, kind = 'paragraph'): string =>
  `<w:style w:type="${kind}" w:styleId="${id}">${properties}</w:style>`
const numberOf = (id: number, at = 0): string => `<w:numPr><w:ilvl w:val="${at}"/><w:numId w:val="${id}"/></w:numPr>`
const stylesXml = `<w:styles>${[
  style('H1', '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>'),
  style('H2', `<w:pPr>${numberOf(3, 1)}</w:pPr>`),
  style('Own', '<w:basedOn w:val="H1"/>'),
  style('Steps', `<w:pPr>${numberOf(6)}</w:pPr>`, 'numbering'),
].join('')}</w:styles>`

const item = (instance: number, at = 0): string => `<w:pPr>${numberOf(instance, at)}</w:pPr>`
const styled = (id: string, more = ''): string => `<w:pPr><w:pStyle w:val="${id}"/>${more}</w:pPr>`
const plain = '<w:pPr><w:jc w:val="left"/></w:pPr>'

const numbersIn = (paragraphs: string): (string | undefined)[] => {
  const numbering = new DocxNumbering(parseXml(numberingXml), new DocxStyles(parseXml(stylesXml)))
  return childrenOf(parseXml(`<w:body>${paragraphs}</w:body>`), 'w:pPr').map((one) => numbering.next(one)?.text)
}

describe('DocxNumbering', () => {
  it('goes on counting over paragraphs between', () => {
    expect(numbersIn(item(1) + plain + item(1) + plain + item(1))).toEqual(['1.', undefined, '2.', undefined, '3.'])
  })
  it('starts a deeper level anew under each higher one', () => {
    const found = numbersIn(item(1) + item(1, 1) + item(1, 1) + item(1) + item(1, 1))
    expect(found).toEqual(['1.', '(a)', '(b)', '2.', '(a)'])
  })
  it('restarts where an instance says so, once', () => {
    expect(numbersIn(item(1) + item(1) + item(2) + item(2))).toEqual(['1.', '2.', '1.', '2.'])
  })
  it('takes the format that an instance puts in the place of the usual one', () => {
    expect(numbersIn(item(7) + item(7))).toEqual(['I)', 'II)'])
  })
  it('numbers headings by their styles, inherited ones too', () => {
    const found = numbersIn(styled('H1') + styled('H2') + styled('H2') + styled('Own') + styled('H2'))
    expect(found).toEqual(['1', '1.1', '1.2', '2', '2.1'])
  })
  it('follows a numbering that is defined by a style', () => {
    expect(numbersIn(item(5) + item(6))).toEqual(['第一條', '第二條'])
  })
  it('gives bullets one sign, and nothing to headings whose number was taken away', () => {
    const found = numbersIn(item(4) + styled('H1', '<w:numPr><w:numId w:val="0"/></w:numPr>') + styled('H1'))
    expect(found).toEqual(['•', undefined, '1'])
  })
  it('does not count the former properties of a tracked change', () => {
    const changed = `<w:pPr><w:pPrChange>${item(1)}</w:pPrChange></w:pPr>`
    expect(numbersIn(changed + item(1))).toEqual([undefined, '1.'])
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
