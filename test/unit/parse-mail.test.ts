/** The pure parts of the mail and archive parsers, and what texts are taken for. */
import { describe, expect, it } from 'vitest'
import { detectTextFormat } from '../../ingest/parse/detect-text.ts'
import { decompressRtf, readRtfBody } from '../../ingest/parse/mail-rtf.ts'
import { openCms } from '../../ingest/parse/mail-smime.ts'
import { datedField, decodeWords } from '../../ingest/parse/mail-words.ts'
import { decodeStrictly } from '../../ingest/parse/text-encodings.ts'
import { cleanPath, UniquePaths } from '../../ingest/parse/zip-entries.ts'
import { findEncoding } from '../../src/core/encodings.ts'

describe('decodeWords', () => {
  it.each([
    ['Pump =?utf-8?Q?_=E2=80=93_?= 3', 'Pump – 3'],
    ['=?big5?B?qm/Ao773?=', '油壓機'],
    // One character over two words, the fold of the line between them.
    ['=?big5?B?qm/A?=\r\n =?big5?B?o773?=', '油壓機'],
    ['=?ISO-2022-JP?B?GyRCO0VFRBsoQg==?=', '仕田'],
    ['=?gb2312?Q?=B1=C3?= =?utf-8?Q?=E9=96=A5?=', '泵閥'],
    ['=?iso-8859-1*en?Q?=D6l?=', 'Öl'],
    ['plain =?broken', 'plain =?broken'],
  ])('%j is %j', (value, text) => expect(decodeWords(value)).toBe(text))
})

describe('datedField', () => {
  it.each([
    ['Tue, 3 Mar 2020 09:00:00 +0800', 'Tue, 3 Mar 2020 09:00:00 +0800 (2020-03-03T09:00:00+08:00)'],
    ['Tue, 3 Mar 2020 09:00:00 -0330 (NST)', 'Tue, 3 Mar 2020 09:00:00 -0330 (NST) (2020-03-03T09:00:00-03:30)'],
    ['Tue, 3 Mar 2020 09:00:00 GMT', 'Tue, 3 Mar 2020 09:00:00 GMT (2020-03-03T09:00:00Z)'],
    ['yesterday', 'yesterday'],
    [undefined, undefined],
  ])('%j is %j', (value, shown) => expect(datedField(value)).toBe(shown))
})

describe('findEncoding', () => {
  it.each([
    ['BIG5-HKSCS', 'big5'],
    ['x-windows-950', 'big5'],
    ['cp936', 'gb18030'],
    ['GB2312', 'gb18030'],
    ['Windows-31J', 'shift_jis'],
    ['EUC_JP', 'euc-jp'],
    ['ks_c_5601-1987', 'euc-kr'],
    ['cp1250', 'windows-1250'],
    ['utf8', 'utf-8'],
    ['nonsense', undefined],
  ])('%j is %j', (label, encoding) => expect(findEncoding(label)).toBe(encoding))

  it('reads what the decoders of the runtime leave out', () => {
    expect(decodeStrictly(Buffer.from('c6a1c6e7', 'hex'), 'big5')).toBe('①ぁ')
    expect(decodeStrictly(Buffer.from('93413194', 'hex'), 'windows-1252')).toBe('“A1”')
    expect(decodeStrictly(Buffer.from('\x1b(I1\x1b$B%]\x1b(B.', 'latin1'), 'iso-2022-jp')).toBe('ｱポ.')
    expect(decodeStrictly(Buffer.from('a4', 'hex'), 'big5')).toBeUndefined()
  })
})

describe('compressed RTF', () => {
  it('is unpacked as the specification has it', () => {
    // The example of MS-OXRTFCP.
    const packed =
      '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c09002062770' + '5b06c647d0a800fa0'
    expect(String(decompressRtf(Buffer.from(packed, 'hex')))).toBe('{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n')
    expect(readRtfBody(Buffer.from(packed, 'hex'))).toEqual({ text: 'hello world' })
  })

  it('that is none, or lies about its size, does no harm', () => {
    expect(readRtfBody(Buffer.from('short'))).toBeUndefined()
    const lying = Buffer.alloc(40)
    lying.writeUInt32LE(0x7fffffff, 4)
    lying.writeUInt32LE(0x75465a4c, 8)
    expect(decompressRtf(lying)?.length).toBeLessThanOrEqual(40 * 16)
  })
})

describe('openCms', () => {
  it('finds the signed message, also in pieces of unknown length', () => {
    // ContentInfo { signedData, SignedData { 1, {}, { data, OCTET STRING in two pieces } } }
    const pieces = '2480' + '0402' + '6869' + '0401' + '21' + '0000'
    const inner = `3080${'06092a864886f70d010701'}a080${pieces}00000000`
    const signed = `3080${'06092a864886f70d010702'}a0803080${'020101'}${'3100'}${inner}0000000000000000`
    const content = openCms(Buffer.from(signed, 'hex'))
    expect(content.kind === 'signed' && String(Buffer.from(content.message))).toBe('hi!')
  })

  it('knows what is encrypted, and what is neither', () => {
    expect(openCms(Buffer.from('300f06092a864886f70d010703a0023000', 'hex'))).toEqual({ kind: 'encrypted' })
    for (const hex of ['', '30', '3080', '04', 'ff'.repeat(40), '30'.repeat(200), '3080'.repeat(200)]) {
      expect(openCms(Buffer.from(hex, 'hex'))).toEqual({ kind: 'other' })
    }
  })
})

describe('detectTextFormat', () => {
  const mail = 'Return-Path: <a@x>\nReceived: from b\n\tby c\nSubject: x\n\nbody'
  it.each([
    ['mail', mail, 'note.txt', 'eml'],
    ['a mail of a mailbox', `From a@x Tue Mar  3 09:00:00 2020\n${mail}`, 'x', 'eml'],
    ['a note that begins like a mail', 'From: Wang\nplease check the pump\n', 'note.txt', 'text'],
    ['values by name', 'a\n', 'values.CSV', 'csv'],
    ['values by shape', 'part;torque;unit\nM20;90;Nm\nM24;140;Nm\n', 'export.txt', 'csv'],
    ['values with commas in quotation marks', 'a,b,c\n"1,5",2,3\n"x\ny",5,6\n7,8,9\n', 'x', 'csv'],
    ['values parted by tabs', 'code\ttext\nE1\tstop\nE2\thot\n', 'x.dat', 'csv'],
    ['sentences', 'First, close V12, then wait.\nNext, open V7, then go.\nLast, sign, and leave.\n', 'x', 'text'],
    [
      'a log',
      '2026-01-01 10:00:00,123 pump on\n2026-01-01 10:00:01,456 pump off\n2026-01-01 10:00:02,001 on\n',
      'x',
      'text',
    ],
    ['a program', 'const a = [1, 2, 3]\nconst b = [1, 2, 3]\nif (a) {\n}\n', 'x.js', 'text'],
    ['JSON lines', '{"a":1,"b":2,"c":3}\n{"a":1,"b":2,"c":3}\n{"a":1,"b":2,"c":3}\n', 'x', 'text'],
    ['a web page under another name', '<!-- saved -->\n<html><body>x</body></html>', 'report.xls', 'html'],
    ['Markdown by shape', '# Steps\n\n- **Close** V12\n', 'notes', 'markdown'],
    ['signs of Markdown in a program', '# Steps\n# - **Close** V12\n- x\n', 'tool.py', 'text'],
  ])('%s', (_, text, name, format) => expect(detectTextFormat(text, name)).toBe(format))

  it.each([
    ['{\\rtf1\\ansi x}', /RTF.*DOCX/],
    ['%!PS-Adobe-3.0\n', /PostScript.*PDF/],
    ['<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?><Workbook/>', /Excel.*XLSX/],
  ])('%j is refused with what to do', (text, sentence) => {
    expect(() => detectTextFormat(text, 'x')).toThrow(
      expect.objectContaining({ code: 'format_unsupported', message: expect.stringMatching(sentence) }),
    )
  })
})

describe('paths in archives', () => {
  it.each([
    ['../../etc/passwd', 'etc/passwd'],
    ['C:\\Windows\\a.txt', 'Windows/a.txt'],
    ['/a//b/./c.txt', 'a/b/c.txt'],
    ['a\0.pdf.exe', 'a'],
    ['\u202egpj.txt', 'gpj.txt'],
    ['が.txt', 'が.txt'],
    ['..', 'unnamed'],
    [`${'長'.repeat(300)}.docx`, `${'長'.repeat(200)}.docx`],
  ])('%j becomes %j', (path, clean) => expect(cleanPath(path)).toBe(clean))

  it('are given once, capitals or not', () => {
    const paths = new UniquePaths()
    expect(['a/b.txt', 'a/B.TXT', 'a/b.txt', 'c'].map((path) => paths.take(path))).toEqual([
      'a/b.txt',
      'a/B (2).TXT',
      'a/b (3).txt',
      'c',
    ])
  })
})
