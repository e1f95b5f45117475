/** Texts in the encodings of old machines: found from the bytes, or given with the upload. */
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeText } from '../../ingest/parse/decode-text.ts'
import {
  halfWidthKana,
  japanese,
  korean,
  russian,
  simplifiedChinese,
  traditionalChinese,
  western,
} from './encoding-sentences.ts'
import { codeOf, Folder, onlyPage, parse } from './parse-fixtures.ts'

let folder: Folder
beforeAll(async () => {
  folder = await Folder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

/** The part of all stretches of so many characters that come out as they were written. */
const accuracy = (sentences: readonly string[], encoding: string, length: number): number => {
  const characters = [...sentences.join('\n')]
  let [right, all] = [0, 0]
  for (let start = 0; start + length <= characters.length; start += Math.max(1, Math.floor(length / 5))) {
    const text = characters
      .slice(start, start + length)
      .join('')
      .trim()
    if (!/[^\0-\x7f]/.test(text)) continue
    all += 1
    if (decodeText(iconv.encode(text, encoding)) === text) right += 1
  }
  return right / all
}

describe('encodings are told apart by what is written', () => {
  it.each([
    ['Traditional Chinese in Big5', traditionalChinese, 'big5hkscs', 0.98],
    ['Simplified Chinese in GB18030', simplifiedChinese, 'gb18030', 0.98],
    ['Traditional Chinese in GBK', traditionalChinese, 'gbk', 0.98],
    ['Japanese in Shift_JIS', japanese, 'cp932', 0.98],
    ['Japanese in half-width kana', halfWidthKana, 'cp932', 0.95],
    ['Japanese in EUC-JP', japanese, 'euc-jp', 0.98],
    ['Korean in EUC-KR', korean, 'cp949', 0.98],
    ['Western languages in windows-1252', western, 'win1252', 0.95],
    ['Russian in windows-1251', russian, 'win1251', 0.95],
    ['Chinese in UTF-16 without a mark', traditionalChinese, 'utf-16le', 0.98],
    ['Japanese in UTF-16 without a mark', japanese, 'utf-16be', 0.98],
  ] as const)('%s, from 10 characters on', (_, sentences, encoding, least) => {
    expect(accuracy(sentences, encoding, 10)).toBeGreaterThanOrEqual(least)
    for (const length of [20, 50]) expect(accuracy(sentences, encoding, length)).toBeGreaterThanOrEqual(0.99)
  })

  it.each([
    ['Big5 with the signs and kana of ETEN', 'big5hkscs', '①檢查の項目：壓力①②，油溫③。'],
    ['Big5 with characters of Hong Kong', 'big5hkscs', '喺工場嘅機器要每日檢查，唔好忘記。'],
    ['Shift_JIS with circled numbers and units', 'cp932', '①ポンプを停止し、㎜と㎏の値を㈱山田へ報告する。'],
    ['EUC-JP with circled numbers', 'euc-jp', '①ポンプを停止する。②バルブを閉める。'],
    ['windows-1252 with dashes and quotation marks', 'win1252', 'Close “V12” – then open V7; 25 °C ± 2 °C.'],
    ['Korean beyond KS X 1001', 'cp949', '찦차의 햏 펌프를 점검하고 결과를 기록하십시오.'],
  ])('%s', (_, encoding, text) => {
    expect(decodeText(iconv.encode(text, encoding))).toBe(text)
  })

  it('believes a mark of UTF-32, and finds UTF-32 without one', () => {
    const text = 'Lock the main switch Q1 before work.'
    expect(decodeText(iconv.encode(text, 'utf-32le', { addBOM: true }))).toBe(text)
    expect(decodeText(iconv.encode(text, 'utf-32be', { addBOM: false }))).toBe(text)
  })

  it('finds the part of a long file that is not plain ASCII', () => {
    const text = `${'plain log line\n'.repeat(5000)}${traditionalChinese.join('\n')}`
    expect(decodeText(iconv.encode(text, 'big5hkscs'))).toBe(text)
  })

  it('reads a text with a few broken bytes, and one that was cut within a character', () => {
    const utf8 = Buffer.from(traditionalChinese.join('\n'))
    utf8[31] = 0xff
    expect(decodeText(utf8)).toContain(traditionalChinese[1])
    const big5 = iconv.encode(traditionalChinese.join('\n'), 'big5hkscs')
    expect(decodeText(big5.subarray(0, big5.length - 4))).toContain(traditionalChinese[1])
  })

  it('takes zeros that a crash left in a log for nothing, and programs for no text', () => {
    const log = Buffer.concat([Buffer.from('pump on\n'.repeat(50)), Buffer.alloc(4096), Buffer.from('pump off\n')])
    expect(decodeText(log)).toMatch(/pump off\n$/)
    const noise = Buffer.from(
      Array.from({ length: 6000 }, (_, index) => (index * 7919 + (index >> 3) * 31 + (index >> 7)) % 256),
    )
    expect(decodeText(noise)).toBeUndefined()
  })
})

describe('an encoding that is given with the upload', () => {
  const bytes = iconv.encode('Höhe über alles', 'win1250')

  it('takes the place of the guess for text, Markdown and HTML', async () => {
    const greek = iconv.encode('Πίεση', 'win1253')
    const html = Buffer.concat([
      Buffer.from('<!doctype html><html><body><p>'),
      greek,
      Buffer.from('</p></body></html>'),
    ])
    for (const [name, content] of [
      ['greek.txt', greek],
      ['greek.md', greek],
      ['greek.html', html],
    ] as const) {
      const parsed = await parse(await folder.write(name, content), { encoding: 'windows-1253' })
      expect(onlyPage(parsed).text).toBe('Πίεση')
    }
  })

  it('that nobody knows is encoding_unknown, that does not fit file_damaged', async () => {
    const path = await folder.write('given.txt', bytes)
    expect(await codeOf(path, { encoding: 'klingon-8' })).toBe('encoding_unknown')
    await expect(parse(path, { encoding: 'UTF8' })).rejects.toMatchObject({
      code: 'file_damaged',
      message: expect.stringContaining('utf-8'),
    })
    expect(onlyPage(await parse(path, { encoding: 'cp1250' })).text).toBe('Höhe über alles')
  })
})
