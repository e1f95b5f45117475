/** The small pure parts of the parsers: page builder, glue between lines, list markers, glyphs, encodings. */
import { describe, expect, it } from 'vitest'
import { decodeText } from '../../ingest/parse/decode-text.ts'
import { glueOfLines } from '../../ingest/parse/join-lines.ts'
import { beginsListItem, isListMarker } from '../../ingest/parse/list-marker.ts'
import { cleanText, PageBuilder } from '../../ingest/parse/page-builder.ts'
import { readGlyphs } from '../../ingest/parse/pdf-glyphs.ts'

describe('PageBuilder', () => {
  it('gives every block, row and line the range of its own text', () => {
    const builder = new PageBuilder()
    const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.01 }
    builder.heading(2, [{ text: 'Filters', box }])
    builder.listItem([{ text: '1. Close V12.' }])
    builder.listItem([{ text: '2. Open V7.' }])
    builder.table(
      [
        [[{ text: 'Part' }], [{ text: 'Hours' }]],
        [[{ text: 'RF-10' }], [{ text: '1000' }]],
      ],
      true,
    )
    const { text, blocks, lines } = builder.build()
    expect(text).toBe('Filters\n\n1. Close V12.\n2. Open V7.\n\nPart | Hours\nRF-10 | 1000')
    expect(lines).toEqual([{ start: 0, end: 7, ...box }])
    const table = blocks.at(-1)
    if (table?.kind !== 'table') throw new Error('no table')
    expect(text.slice(table.header?.start, table.header?.end)).toBe('Part | Hours')
    expect(table.rows.map(({ start, end }) => text.slice(start, end))).toEqual(['RF-10 | 1000'])
    expect(text.slice(table.start, table.end)).toBe('Part | Hours\nRF-10 | 1000')
  })

  it('writes no block for what has no text', () => {
    const builder = new PageBuilder()
    builder.paragraph([{ text: ' ' }])
    builder.table([[[{ text: '' }], []]], true)
    expect(builder.isEmpty).toBe(true)
    expect(builder.build().text).toBe('')
  })
})

describe('cleanText', () => {
  it('drops control characters and soft hyphens and mends lone surrogates', () => {
    expect(cleanText('a\u0000b\u00adc\ufeff\r\nd\ud800e😀')).toBe('abc\nd\ufffde😀')
  })
})

describe('glueOfLines', () => {
  it.each([
    ['the pump', 'starts', ' '],
    ['油圧', 'ポンプ', ''],
    ['閥門', 'V12', ''],
    ['in-', 'network', ''],
    ['KP-', '60', ''],
    ['PPR-', 'X12', ''],
    ['10-', '20 mm', ''],
    ['tempera-', 'ture', ''],
    ['tempera‐', 'ture', ''],
    ['on-', 'and off-delay', ' '],
    ['Section 4 -', 'Care', ' '],
    ['펌프를', '끈다', ' '],
    ['', 'x', ''],
  ])('between %j and %j is %j', (before, after, glue) => {
    expect(glueOfLines(before, after)).toBe(glue)
  })
})

describe('list markers', () => {
  it.each([
    '• Close',
    '1. Close',
    '1) Close',
    '(a) Close',
    'a. Close',
    '一、關閉',
    '① 關閉',
    '（3） 關閉',
    '- Close',
    'iv. Close',
  ])('%j begins a list item', (text) => expect(beginsListItem(text)).toBe(true))
  it.each(['Close 1.', '1.5 mm of play', '2026-04-01', 'A press', '-5 °C', 'e.g. this'])('%j begins none', (text) =>
    expect(beginsListItem(text)).toBe(false),
  )
  it('a bare number is no marker', () => {
    expect(isListMarker('12')).toBe(false)
    expect(isListMarker('12.')).toBe(true)
  })
})

describe('readGlyphs', () => {
  it('turns radicals into the characters that are shown', () => {
    expect(readGlyphs('⼯具⽇志⻜燕⻓', 7)).toBe('工具日志飞燕长')
  })
  it('takes letter spacing out of Chinese text but keeps a real blank', () => {
    expect(readGlyphs('非 计 量', 3.2)).toBe('非计量')
    expect(readGlyphs('山田 太郎', 4.6)).toBe('山田 太郎')
  })
  it('shortens the leaders of a table of contents', () => {
    expect(readGlyphs('Lockout ............ 12', 12)).toBe('Lockout … 12')
  })
  it('knows the bullets of symbol fonts', () => expect(readGlyphs('\uf0b7', 0.5)).toBe('•'))
})

describe('decodeText', () => {
  const traditional = '油壓機之安全閥應每十二個月測試一次，並將結果記錄於保養履歷表中。操作員不得自行調整壓力。'
  const encode = (label: 'utf16le' | 'utf8', text: string): Uint8Array => Buffer.from(text, label)

  it('reads UTF-8 and UTF-16 with and without a byte order mark', () => {
    expect(decodeText(encode('utf8', `\ufeff${traditional}`))).toBe(traditional)
    expect(decodeText(encode('utf16le', `\ufeff${traditional}`))).toBe(traditional)
    expect(decodeText(encode('utf16le', 'Lock the main switch Q1.'))).toBe('Lock the main switch Q1.')
    expect(decodeText(Buffer.from(encode('utf16le', `\ufeff${traditional}`)).swap16())).toBe(traditional)
  })

  // Bytes written by Python's codecs.
  it.each([
    [
      'big5',
      'qm/Ao773pKemd6X+u9bAs6hDpFGkR63TpOu0+rjVpECmuKFBqMOxTrWyqkewT7/9qfOrT75pvGm++qrtpKShQ77ep0Ct+6SjsW+m26bmvdW+48CjpE+hQw==',
      '油壓機之安全閥應每十二個月測試一次，並將結果記錄於保養履歷表中。操作員不得自行調整壓力。',
    ],
    [
      'gb18030',
      'yeixuMb0tq/HsNOmvOyy6dK60bnTzdPNzrujrNPNzsKyu7XDs6y5/cH5yq62yKGjuPy7u8LL0L7KsbHY0OvH0LbPtefUtLKi0Py50r6vyr7FxqGj',
      '设备启动前应检查液压油油位，油温不得超过六十度。更换滤芯时必须切断电源并悬挂警示牌。',
    ],
    [
      'Shift_JIS',
      'lvuIs4N2g4yDWILMiMCRU5XZgs2PXJPxgqmMjoKygsaCyZNfjJ+CtYFBjIuJyoLwlduO55HkkqCCyYtMmF6CtYLEgq2CvoKzgqKBQoizl82C8JXPjViCtYLEgs2CooKvgtyCuYLxgUI=',
      '油圧プレスの安全弁は十二か月ごとに点検し、結果を保守台帳に記録してください。圧力を変更してはいけません。',
    ],
    [
      'EUC-JP',
      'yPO+78Tku9+l3KW/pfOk8rKhpLekv6SipMikz6GiuLaw+KTys87Hp6S3pMakq6Tpyfy1oqS3pMakr6TApLWkpKGjuu62yLzUpM/I4qTys6uksaTGpM+kpKSxpN6ku6TzoaM=',
      '非常停止ボタンを押したあとは、原因を確認してから復帰してください。作業者は扉を開けてはいけません。',
    ],
    [
      'cp1252',
      'RGFzINZsIHdpcmQgbmFjaCA0MDAwIFN0dW5kZW4gZ2V3ZWNoc2VsdDsgZGVyINxiZXJkcnVjayBkYXJmIDI1IE1QYSBuaWNodCD8YmVyc2NocmVpdGVuLg==',
      'Das Öl wird nach 4000 Stunden gewechselt; der Überdruck darf 25 MPa nicht überschreiten.',
    ],
  ])('recognises %s', (_, base64, text) => {
    expect(decodeText(Buffer.from(base64, 'base64'))).toBe(text)
  })

  it('believes the charset that the file declares rather than a guess', () => {
    const bytes = Buffer.from('w9w=', 'base64')
    expect(decodeText(bytes, { declared: 'big5' })).toBe(new TextDecoder('big5').decode(bytes))
  })

  it('does not take pictures, programs or noise for text', () => {
    expect(decodeText(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))).toBeUndefined()
    expect(
      decodeText(Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919 + (i >> 3) * 31) % 256))),
    ).toBeUndefined()
  })

  it('reads the head of a file that ends within a character', () => {
    const head = Buffer.from(traditional).subarray(0, 40)
    expect(decodeText(head, { cut: true })).toBe(traditional.slice(0, 13))
    expect(decodeText(head)).not.toBe(traditional.slice(0, 13))
  })
})
