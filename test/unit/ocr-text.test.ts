/** From what the reader says to the text of a page: noise, blanks, languages, tables, and how a page ends. */
import type Tesseract from 'tesseract.js'
import { describe, expect, it } from 'vitest'
import { beyondLayer } from '../../ingest/ocr/beyond-layer.ts'
import { chooseReading, readingFor, readingsToTry } from '../../ingest/ocr/choose-reading.ts'
import { layOutLines } from '../../ingest/ocr/ocr-layout.ts'
import { legibilityOf, type OcrLine, type OcrWord, textOf, toLines, withoutNoise } from '../../ingest/ocr/ocr-lines.ts'
import { settlePage } from '../../ingest/ocr/settle-page.ts'
import { unturned } from '../../ingest/ocr/turn-picture.ts'
import type { ParsedPage, Range, UnreadReason } from '../../src/core/document.ts'

const size = 30

/** Words of one line, each `[text, left, right]`. */
const line = (top: number, words: readonly (readonly [string, number, number])[], confidence = 0.9): OcrLine => ({
  words: words.map(([text, left, right]) => ({ text, confidence, left, right, top, bottom: top + size })),
  size,
  baseline: { offset: top + 24, slope: 0 },
})

const withConfidence = (one: OcrLine, index: number, confidence: number): OcrLine => ({
  ...one,
  words: one.words.map((word, at): OcrWord => (at === index ? { ...word, confidence } : word)),
})

const page = unturned({ pixels: new Uint8Array(1000 * 1400).fill(255), width: 1000, height: 1400 })
const layOut = (lines: readonly OcrLine[]) => layOutLines(lines, [], page)

describe('words', () => {
  const text = (words: readonly (readonly [string, number, number])[]): string => textOf(line(0, words).words, size)

  it('stand without blanks between Chinese and Japanese characters', () => {
    expect(
      text([
        ['設備', 0, 60],
        ['停止', 66, 126],
        ['。', 130, 140],
      ]),
    ).toBe('設備停止。')
  })

  it('keep their blanks between Latin words, however close', () => {
    expect(
      text([
        ['Lock', 0, 60],
        ['out', 64, 100],
      ]),
    ).toBe('Lock out')
  })

  it('keep the blanks that are printed where scripts meet', () => {
    expect(
      text([
        ['在', 0, 30],
        ['shell', 45, 120],
        ['下', 124, 154],
      ]),
    ).toBe('在 shell下')
  })

  it('come from the blocks of the reader, in fractions of sureness', () => {
    const word = { text: 'Pump', confidence: 91, bbox: { x0: 1, y0: 2, x1: 50, y1: 30 } }
    const block = {
      paragraphs: [
        {
          lines: [
            {
              words: [word],
              bbox: word.bbox,
              baseline: { x0: 1, y0: 28, x1: 50, y1: 28 },
              rowAttributes: { rowHeight: 32, ascenders: 8, descenders: 7 },
            },
          ],
        },
      ],
    }
    const [read] = toLines({ blocks: [block] } as unknown as Tesseract.Page)
    expect(read).toEqual({
      words: [{ text: 'Pump', confidence: 0.91, left: 1, top: 2, right: 50, bottom: 30 }],
      size: 32,
      baseline: { offset: 28, slope: 0 },
    })
  })
})

describe('noise', () => {
  it('is dropped: specks, frames, and words that nobody believes', () => {
    const speck = line(0, [['ae', 0, 20]], 0.2)
    const frame = line(
      50,
      [
        ['|', 0, 4],
        ['Valve', 20, 90],
      ],
      0.9,
    )
    const tall = { ...frame, words: frame.words.map((w) => (w.text === '|' ? { ...w, bottom: w.top + 60 } : w)) }
    expect(withoutNoise([speck, tall]).map((l) => l.words.map((w) => w.text))).toEqual([['Valve']])
  })

  it('is not what is hard to read in a line that is sure: a lost character is worse than a wrong one', () => {
    const hard = withConfidence(
      line(0, [
        ['飞', 0, 30],
        ['燕', 32, 62],
        ['固件的版本说明', 64, 270],
      ]),
      1,
      0.1,
    )
    expect(withoutNoise([hard])[0]?.words).toHaveLength(3)
  })

  it('counts when readings are weighed', () => {
    const sure = line(0, [['Pressure', 0, 100]], 0.9)
    const noisy = line(50, [['%xqzt', 0, 100]], 0.1)
    expect(legibilityOf([sure, noisy]).worth).toBeLessThan(legibilityOf([sure]).worth)
    expect(legibilityOf([]).confidence).toBe(0)
  })
})

describe('languages', () => {
  const sample = (text: string, confidence: number): OcrLine[] => [line(0, [[text, 0, 500]], confidence)]

  it('are taken as told', () => {
    expect(readingFor('zh-Hant')).toBe('chi_tra+eng')
    expect(readingFor('und')).toBeUndefined()
  })

  it('are English where no reader sees Chinese characters', () => {
    const text = 'Close the valve before service'
    expect(
      chooseReading([
        { reading: 'eng', lines: sample(text, 0.93) },
        { reading: 'chi_tra+eng', lines: sample(text, 0.9) },
        { reading: 'jpn+eng', lines: sample(text, 0.9) },
      ]),
    ).toBe('eng')
  })

  it('are Japanese where there is kana, even if another reader is a little surer', () => {
    expect(
      chooseReading([
        { reading: 'eng', lines: sample('EOL TANTO BAZ', 0.4) },
        { reading: 'chi_tra+eng', lines: sample('作業前に電源を切', 0.85) },
        { reading: 'jpn+eng', lines: sample('作業前に電源を切る', 0.82) },
      ]),
    ).toBe('jpn+eng')
  })

  it('are told apart by script where both Chinese readers are as sure', () => {
    expect(
      chooseReading([
        { reading: 'chi_tra+eng', lines: sample('設備停機後應關閉電源', 0.86) },
        { reading: 'chi_sim+eng', lines: sample('没备停机后应关闭申源', 0.8) },
      ]),
    ).toBe('chi_tra+eng')
  })

  it('are the Chinese script that the Japanese reader sees, where both Chinese readers write their own and are as sure', () => {
    const traditional = sample('建議新手的額外軟體包', 0.86)
    const simplified = sample('建议新手的额外软体包', 0.89)
    const chosenWith = (seen: string) =>
      chooseReading([
        { reading: 'chi_tra+eng', lines: traditional },
        { reading: 'chi_sim+eng', lines: simplified },
        { reading: 'jpn+eng', lines: sample(seen, 0.5) },
      ])
    expect(chosenWith('建議新手的額外軟骨包')).toBe('chi_tra+eng')
    expect(chosenWith('建议新手的额外软件包')).toBe('chi_sim+eng')
    expect(chosenWith('ERIMERREIRSR')).toBe('chi_sim+eng')
  })

  it('are tried but for other Chinese data where Latin letters were seen, which may be kana', () => {
    const latin = sample('{"schema": "https://', 0.3)
    const chinese = sample('保存修改後上傳', 0.5)
    expect(readingsToTry({ reading: 'chi_sim+eng', lines: latin })).toEqual(['eng', 'chi_sim+eng', 'jpn+eng'])
    expect(readingsToTry({ reading: 'jpn+eng', lines: latin })).toEqual(['eng', 'jpn+eng'])
    expect(readingsToTry({ reading: 'chi_sim+eng', lines: chinese })).toHaveLength(4)
    expect(readingsToTry({ reading: 'eng', lines: latin })).toHaveLength(4)
  })

  it('stay open where there is nothing to read', () => {
    expect(chooseReading([{ reading: 'eng', lines: [] }])).toBeUndefined()
  })
})

describe('confidence', () => {
  it('is that of letters and digits: dot leaders, of which no reader is sure, do not count', () => {
    const entry = line(
      0,
      [
        ['概要', 0, 60],
        ['........................', 70, 800],
        ['12', 810, 840],
      ],
      0.9,
    )
    expect(legibilityOf([withConfidence(entry, 1, 0)]).confidence).toBeCloseTo(0.9)
  })

  it('is that of the signs where there is nothing else', () => {
    expect(legibilityOf([line(0, [['|||', 0, 20]], 0.2)]).confidence).toBeCloseTo(0.2)
  })
})

describe('layout', () => {
  it('reads rows of aligned cells as a table, row by row', () => {
    const rows = ['Code Cause Action', 'E101 Overheat Cool', 'E102 Jam Clear', 'E103 Door Close']
    const table = layOut(
      rows.map((row, index) =>
        line(
          100 + index * 50,
          row.split(' ').map((cell, column) => [cell, 100 + column * 300, 200 + column * 300] as const),
        ),
      ),
    )
    expect(table.text.split('\n')).toEqual(rows.map((row) => row.replaceAll(' ', ' | ')))
    expect(table.blocks[0]?.kind).toBe('table')
  })

  it('puts the box of each line where it was read', () => {
    const { text, lines } = layOut([
      line(700, [
        ['Release', 100, 200],
        ['pressure', 210, 340],
      ]),
    ])
    expect(text).toBe('Release pressure')
    expect(lines).toEqual([{ start: 0, end: 16, x: 0.1, y: 0.5, width: 0.24, height: expect.closeTo(0.0214, 3) }])
  })

  it('cuts the boxes of slanted lines so that they follow the line', () => {
    const slanted = { ...page, skew: 6 }
    const words = [['Release the pressure before you open the housing of the pump', 50, 950]] as const
    const { text, lines } = layOutLines([line(700, words)], [], slanted)
    expect(lines.length).toBeGreaterThan(3)
    expect(lines.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text)
  })
})

describe('the end of a page', () => {
  const unread = (reason: UnreadReason, text = ''): ParsedPage => ({
    number: 3,
    outcome: { method: 'unread', reason },
    text,
    blocks: [],
    lines: [],
  })
  const read = (text: string, confidence = 0.9): ParsedPage => ({
    number: 3,
    outcome: text === '' ? { method: 'blank' } : { method: 'ocr', confidence },
    text,
    blocks: text === '' ? [] : [{ kind: 'paragraph', start: 0, end: text.length }],
    lines: [],
  })
  const failed: ParsedPage = { ...read(''), outcome: { method: 'failed', errorCode: 'page_unreadable' } }

  it('is what was read where there was no text', () => {
    expect(settlePage(unread('no_text'), read('Torque 12 Nm'), true)).toEqual(read('Torque 12 Nm'))
    expect(settlePage(unread('no_text'), read(''), true).outcome).toEqual({ method: 'blank' })
    expect(settlePage(unread('no_text'), failed, true).outcome).toEqual(failed.outcome)
  })

  it('is the text layer where OCR found nothing beyond it', () => {
    const layer = unread('little_text', 'Figure 3: pump housing')
    for (const text of ['', 'Ta x']) {
      expect(settlePage(layer, read(text), true)).toEqual({ ...layer, outcome: { method: 'text' } })
    }
  })

  it('is the text layer, letter for letter, before what OCR found beyond it', () => {
    const text = 'Figure 3: 拷贝 the key of the pump housing to the valve'
    const layer: ParsedPage = {
      ...unread('little_text', text),
      blocks: [{ kind: 'paragraph', start: 0, end: text.length }],
    }
    const picture: ParsedPage = {
      ...read('Inlets\n\nInlet valve | DN50\nOutlet valve | DN80'),
      blocks: [
        { kind: 'heading', level: 1, start: 0, end: 6 },
        { kind: 'table', header: { start: 8, end: 26 }, rows: [{ start: 27, end: 46 }], start: 8, end: 46 },
      ],
      lines: [{ start: 8, end: 19, x: 0.1, y: 0.5, width: 0.2, height: 0.02 }],
    }
    const settled = settlePage(layer, picture, true)
    expect(settled).toMatchObject({ outcome: { method: 'ocr' }, text: `${text}\n\n${picture.text}` })
    const say = ({ start, end }: Range) => settled.text.slice(start, end)
    // Large type in a screenshot heads nothing.
    expect(settled.blocks.map((block) => [block.kind, say(block)])).toEqual([
      ['paragraph', text],
      ['paragraph', 'Inlets'],
      ['table', 'Inlet valve | DN50\nOutlet valve | DN80'],
    ])
    expect(settled.blocks.flatMap((block) => (block.kind === 'table' ? [block.header, ...block.rows] : []))).toEqual([
      { start: text.length + 10, end: text.length + 28 },
      { start: text.length + 29, end: text.length + 48 },
    ])
    expect(settled.lines.map(say)).toEqual(['Inlet valve'])
    // A scan with a stamp has its headings in the picture.
    expect(settlePage(unread('little_text', 'SOP-7 rev. 3'), picture, true).blocks[0]?.kind).toBe('heading')
  })

  it.each(['no_text', 'little_text', 'garbled_text'] as const)('keeps what readers remarked on it (%s)', (reason) => {
    const text = 'Fig. 3\n\nComment: 45 Nm since May'
    const at = text.indexOf('Comment')
    const box = { x: 10, y: 20, width: 5, height: 5 }
    const noted: ParsedPage = {
      ...unread(reason, text),
      blocks: [
        { kind: 'heading', level: 1, start: 0, end: 6 },
        { kind: 'paragraph', start: at, end: text.length },
      ],
      lines: [{ ...box, start: at, end: text.length }],
    }
    const settled = settlePage(noted, read('Torque of the nut 12 Nm'), true)
    const told = settled.blocks.map(({ start, end }) => settled.text.slice(start, end))
    // Where little text will do as far as it goes, the remark stands where it stood.
    const remark = 'Comment: 45 Nm since May'
    const torque = 'Torque of the nut 12 Nm'
    expect(told).toEqual(reason === 'little_text' ? ['Fig. 3', remark, torque] : [torque, remark])
    expect(settled.text).toBe(told.join('\n\n'))
    expect(settled.lines.map(({ start, end }) => settled.text.slice(start, end))).toEqual([remark])
    expect(settled.lines).toMatchObject([box])
    for (const poor of [failed, read('')]) {
      expect(settlePage(noted, poor, true).text).toContain('Comment: 45 Nm since May')
    }
  })

  it('keeps what little text there is when the page can not be read', () => {
    expect(settlePage(unread('little_text', 'Figure 3'), failed, true)).toMatchObject({
      outcome: failed.outcome,
      text: 'Figure 3',
    })
  })

  it('never falls back to garbage', () => {
    const garbage = unread('garbled_text', '\u0003\u0004\u0005')
    const code = { method: 'failed', errorCode: 'page_text_garbled' }
    expect(settlePage(garbage, read('Xq zt', 0.35), true)).toMatchObject({ outcome: code, text: '' })
    expect(settlePage(garbage, read(''), true)).toMatchObject({ outcome: code, text: '' })
    expect(settlePage(garbage, failed, true)).toMatchObject({ outcome: code, text: '' })
    expect(settlePage(garbage, read('Lockout procedure', 0.9), true).text).toBe('Lockout procedure')
    expect(settlePage(garbage, read(''), false).outcome).toEqual({ method: 'blank' })
  })
})

describe('a page with little text', () => {
  const printed = (text: string, top: number, left = 100) => ({
    text,
    x: left / 1000,
    y: top / 1400,
    width: (text.length * 20) / 1000,
    height: size / 1400,
  })
  const beyond = (lines: readonly OcrLine[], layer: Parameters<typeof beyondLayer>[1]): string[] =>
    beyondLayer(lines, layer, page).map((one) => textOf(one.words, size))

  it('is told what its pictures say, and not what it says itself, however that was misread', () => {
    const layer = [printed('Copy the product key', 100), printed('Turn the knob', 200)]
    const lines = [
      line(100, [
        ['Copv', 100, 180],
        ['the', 200, 260],
        ['prodnct', 280, 420],
        ['key', 440, 500],
      ]),
      line(200, [
        ['Turn', 100, 180],
        ['the', 200, 260],
        ['knob', 280, 360],
        ['Mains', 600, 700],
        ['230', 720, 780],
        ['V', 800, 820],
      ]),
      line(300, [
        ['Pressure', 100, 260],
        ['16', 280, 320],
        ['bar', 340, 400],
      ]),
    ]
    expect(beyond(lines, layer)).toEqual(['Mains 230 V', 'Pressure 16 bar'])
  })

  it('is told what stands in a line of its own where its text lies wrong or says something else', () => {
    const elsewhere = [printed('Check the oil level every week', 900)]
    const oil = line(100, [
      ['Check', 100, 200],
      ['the', 220, 280],
      ['oil', 300, 350],
      ['level', 370, 470],
      ['every', 490, 590],
      ['week', 610, 700],
    ])
    expect(beyond([oil], elsewhere)).toEqual([])
    expect(beyond([line(100, [['1850', 100, 180]])], [printed('1850', 900)])).toEqual(['1850'])
    expect(beyond([line(100, [['Lockout', 100, 240]])], [printed('0000000', 100)])).toEqual(['Lockout'])
  })

  it('is not told the strokes of a map as letters', () => {
    const strokes = [
      line(
        100,
        [
          ['x73', 100, 150],
          ['ry', 160, 200],
        ],
        0.55,
      ),
      line(200, [['ad', 100, 140]], 0.7),
    ]
    expect(beyond([...strokes, line(300, [['Exit', 100, 180]], 0.8)], [])).toEqual(['Exit'])
  })
})
