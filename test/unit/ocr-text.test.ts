/** From what the reader says to the text of a page: noise, blanks, languages, tables, and how a page ends. */
import type Tesseract from 'tesseract.js'
import { describe, expect, it } from 'vitest'
import { chooseReading, readingFor } from '../../ingest/ocr/choose-reading.ts'
import { layOutLines } from '../../ingest/ocr/ocr-layout.ts'
import { legibilityOf, type OcrLine, type OcrWord, textOf, toLines, withoutNoise } from '../../ingest/ocr/ocr-lines.ts'
import { settlePage } from '../../ingest/ocr/settle-page.ts'
import { unturned } from '../../ingest/ocr/turn-picture.ts'
import type { ParsedPage, UnreadReason } from '../../src/core/document.ts'

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
    blocks: [],
    lines: [],
  })
  const failed: ParsedPage = { ...read(''), outcome: { method: 'failed', errorCode: 'page_unreadable' } }

  it('is what was read where there was no text', () => {
    expect(settlePage(unread('no_text'), read('Torque 12 Nm'), true)).toEqual(read('Torque 12 Nm'))
    expect(settlePage(unread('no_text'), read(''), true).outcome).toEqual({ method: 'blank' })
    expect(settlePage(unread('no_text'), failed, true).outcome).toEqual(failed.outcome)
  })

  it('is the text layer where OCR found nothing more', () => {
    const layer = unread('little_text', 'Figure 3: pump housing')
    expect(settlePage(layer, read('Flgure 3: pump housing'), true)).toEqual({ ...layer, outcome: { method: 'text' } })
    expect(settlePage(layer, read(''), true).outcome).toEqual({ method: 'text' })
    expect(settlePage(layer, read('Figure 3: pump housing\n\nInlet valve DN50, 16 bar'), true).outcome.method).toBe(
      'ocr',
    )
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
    expect(settled.text).toBe('Torque of the nut 12 Nm\n\nComment: 45 Nm since May')
    expect(settled.blocks.map(({ start, end }) => settled.text.slice(start, end))).toEqual(['Comment: 45 Nm since May'])
    expect(settled.lines).toEqual([{ ...box, start: 25, end: settled.text.length }])
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
