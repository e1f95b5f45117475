/** What plain characters would lose: equations, raised digits, signs of symbol fonts; and XML under any prefixes. */
import { describe, expect, it } from 'vitest'
import { readMath } from '../../ingest/parse/office-math.ts'
import { raise, readSymbols } from '../../ingest/parse/office-symbols.ts'
import { innerText, parseXml } from '../../ingest/parse/office-xml.ts'
import { isPageNumber } from '../../ingest/parse/page-number.ts'

const run = (text: string): string => `<m:r><m:t>${text}</m:t></m:r>`

describe('equations', () => {
  it.each([
    [`<m:f><m:num>${run('a+b')}</m:num><m:den>${run('2')}</m:den></m:f>`, '(a+b)/2'],
    [`<m:sSup><m:e>${run('x')}</m:e><m:sup>${run('2')}</m:sup></m:sSup>`, 'x^2'],
    [`<m:rad><m:deg/><m:e>${run('2gh')}</m:e></m:rad>`, '√2gh'],
    [`<m:rad><m:e>${run('a+1')}</m:e></m:rad>`, '√(a+1)'],
    [`<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr><m:e>${run('x')}</m:e></m:d>`, '[x]'],
    [
      `<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>${run('i=1')}</m:sub><m:sup>${run('n')}</m:sup><m:e>${run('i')}</m:e></m:nary>`,
      '∑_(i=1)^n i',
    ],
  ])('%#', (xml, text) => {
    expect(readMath(parseXml(`<m:oMath>${xml}</m:oMath>`))).toBe(text)
  })
})

it('raised digits stay apart from what they are raised over; other raised text stays as it is', () => {
  expect(['3', '-6', '2+', 'th'].map(raise)).toEqual(['³', '⁻⁶', '²⁺', 'th'])
})

it('letters of a symbol font become the signs that they show, whole words do not', () => {
  expect(readSymbols('m', 'Symbol')).toBe('μ')
  expect(readSymbols('\uf0b0', undefined)).toBe('°')
  expect(readSymbols('\uf0fe', 'Calibri', 'Wingdings')).toBe('☑')
  expect(readSymbols('zebra', 'Symbol')).toBe('zebra')
})

it.each([
  ['Page 3 of 12', true],
  ['第 3 頁 共 12 頁', true],
  ['- 7 -', true],
  ['3 / 12', true],
  ['SOP-17, page 3', false],
  ['2024-001', false],
  ['12.34.567', false],
])('%s in a footer is only a page number: %s', (text, isOnly) => {
  expect(isPageNumber(text)).toBe(isOnly)
})

describe('parseXml', () => {
  it('gives elements their usual prefixes, whatever prefixes and namespaces the file has', () => {
    const source = `<x:document xmlns:x="http://purl.oclc.org/ooxml/wordprocessingml/main"><x:p x:v="1"/></x:document>`
    expect(parseXml(source)).toEqual({
      name: 'w:document',
      attributes: expect.anything(),
      children: [{ name: 'w:p', attributes: { 'w:v': '1' }, children: [] }],
    })
    expect(parseXml('<a:b xmlns:a="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>').name).toBe('b')
  })

  it('does not expand entities of a document type', () => {
    const source = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>before &x; after</a>'
    expect(innerText(parseXml(source))).toBe('before &x; after')
  })

  it.each(['<a', '<a><b></a>', '', 'no markup'])('refuses %j', (source) => {
    expect(() => parseXml(source)).toThrow(expect.objectContaining({ code: 'file_damaged' }))
  })

  it('refuses what is nested without end', () => {
    expect(() => parseXml('<a>'.repeat(5000))).toThrow(expect.objectContaining({ code: 'file_damaged' }))
  })
})
