/** Pages without text are read: words, boxes, rotation, languages, tables, and pictures without any text. */
import { createCanvas } from '@napi-rs/canvas'
import { PDFDocument, StandardFonts } from 'pdf-lib'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ParsedPage } from '../../src/core/document.ts'
import { draw, makeScan, read, unreadPages, wordsOf, write } from './ocr-fixtures.ts'
import { codeOf, Folder, outline, parse } from './parse-fixtures.ts'

let folder: Folder
beforeAll(async () => {
  folder = await Folder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

const paper = { width: 1240, height: 1754 }
const english = [
  'Switch off the main breaker and lock it.',
  'Release the stored pressure before opening.',
  'Tighten the bolts to a torque of 45 Nm.',
  'Alarm code E204 means the filter is blocked.',
  'Replace the filter every 500 working hours.',
  'Report each fault to the shift supervisor.',
]
const words = wordsOf(english.join(' '))

const first = (pages: readonly ParsedPage[]): ParsedPage => pages[0] ?? expect.fail('no page')

/** Part of the expected words that were read. */
const share = (page: ParsedPage): number => {
  const found = new Set(wordsOf(page.text))
  return words.filter((word) => found.has(word)).length / words.length
}

/** Where the text of the first line that holds the word stands. */
const boxOf = (page: ParsedPage, word: string) => {
  const at = page.text.indexOf(word)
  const box = page.lines.find((line) => line.start <= at && at < line.end)
  return box ?? expect.fail(`${word} has no box`)
}

it('reads a scan, and each box lies over its line', async () => {
  const path = await folder.write('scan.pdf', await makeScan([draw(paper, write(english))]))
  const page = first(await read(path, 1))
  expect(share(page)).toBe(1)
  expect(page.outcome).toEqual({ method: 'ocr', confidence: expect.closeTo(0.95, 1) })
  // Drawn on baselines 200, 270, 340… of 1754 pixels, from 150 of 1240.
  english.forEach((line, index) => {
    const box = boxOf(page, line.slice(0, 7))
    const baseline = (200 + index * 70) / 1754
    expect(box.y).toBeLessThan(baseline - 0.01)
    expect(box.y + box.height).toBeGreaterThan(baseline - 0.002)
    expect(box.height).toBeLessThan(0.035)
    expect(box.x).toBeCloseTo(150 / 1240, 2)
  })
})

it('reads the same words from a page that is upside down, lies on its side, or is slanted', async () => {
  const upright = draw(paper, write(english))
  const turned = await Promise.all([180, 90].map((degrees) => sharp(upright).rotate(degrees).png().toBuffer()))
  const slanted = draw({ ...paper, slant: 6 }, write(english))
  const path = await folder.write('turned.pdf', await makeScan([turned[0] ?? upright, slanted]))
  const [upsideDown, slantedPage] = await read(path, 2)
  expect(share(upsideDown ?? expect.fail())).toBeGreaterThan(0.95)
  expect(share(slantedPage ?? expect.fail())).toBeGreaterThan(0.95)
  // The first line is the last one from above, right to left.
  const box = boxOf(upsideDown ?? expect.fail(), 'Switch')
  expect(box.y).toBeCloseTo(1 - 200 / 1754, 1)
  expect(box.x + box.width).toBeCloseTo(1 - 150 / 1240, 2)
  const side = await folder.write('side.png', turned[1] ?? upright)
  const onSide = first(await read(side, 1))
  expect(share(onSide)).toBeGreaterThan(0.95)
  // Turned clockwise, lines run down the page; the first one is at its right.
  const lying = boxOf(onSide, 'Switch')
  expect(lying.height).toBeGreaterThan(lying.width * 5)
  expect(lying.x).toBeGreaterThan(0.85)
})

it('finds the language out, and sets no blanks between Chinese and Japanese characters', async () => {
  const japanese = [
    '作業を始める前に主電源を切ります。',
    '圧力が下がったことを確認してください。',
    'フィルターは五百時間ごとに交換します。',
  ]
  const traditional = [
    '開始作業之前請關閉總電源。',
    '確認壓力已經下降後才可以打開蓋子。',
    '濾網每運轉五百小時應更換一次。',
  ]
  const pages = await Promise.all(
    [japanese, traditional].map(async (lines, index) => {
      const path = await folder.write(`language-${index}.png`, draw({ width: 1240, height: 700 }, write(lines, 44)))
      return first(await read(path, 1, { language: undefined }))
    }),
  )
  expect(pages[0]?.text).toContain('主電源を切ります')
  expect(pages[1]?.text).toContain('壓力已經下降')
  for (const page of pages)
    expect(page.text).not.toMatch(/[\p{Script=Han}\p{Script=Hiragana}] [\p{Script=Han}\p{Script=Hiragana}]/u)
})

it('reads another language on a page where the told one makes no sense', async () => {
  const lines = ['開始作業之前請關閉總電源。', '確認壓力已經下降後才可以打開蓋子。', '濾網每運轉五百小時應更換一次。']
  const path = await folder.write('mixed.png', draw({ width: 1240, height: 700 }, write(lines, 44)))
  expect(first(await read(path, 1, { language: 'en' })).text).toContain('關閉總電源')
})

it('reads a ruled table row by row', async () => {
  const rows = [
    ['Code', 'Cause', 'Action'],
    ['E101', 'Overheated motor', 'Let it cool down'],
    ['E102', 'Paper jam', 'Open the cover'],
    ['E103', 'Door open', 'Close the door'],
  ]
  const table = draw({ width: 1240, height: 800 }, (context) => {
    context.lineWidth = 2
    for (const [r, row] of rows.entries()) {
      row.forEach((cell, c) => {
        context.strokeRect(100 + c * 340, 150 + r * 80, 340, 80)
        context.save()
        context.translate(0, r * 80)
        context.font = '32px "Noto Sans CJK JP", sans-serif'
        context.fillText(cell, 120 + c * 340, 200)
        context.restore()
      })
    }
  })
  const page = first(await read(await folder.write('table.png', table), 1))
  expect(outline(page)).toEqual([
    'header: Code | Cause | Action',
    ...rows.slice(1).map((row) => `row: ${row.join(' | ')}`),
  ])
})

it('says blank where nothing is printed, or a picture without text', async () => {
  const empty = draw(paper, () => undefined)
  const photograph = draw(paper, (context) => {
    const sky = context.createLinearGradient(0, 0, 0, 1754)
    sky.addColorStop(0, '#345')
    sky.addColorStop(1, '#cba')
    context.fillStyle = sky
    context.fillRect(0, 0, 1240, 1754)
    context.fillStyle = '#654'
    context.beginPath()
    context.arc(600, 900, 350, 0, 7)
    context.fill()
  })
  const path = await folder.write('blank.pdf', await makeScan([empty, photograph]))
  expect((await read(path, 2)).map((page) => page.outcome)).toEqual([{ method: 'blank' }, { method: 'blank' }])
})

it('reads small print of a screenshot and white letters on black', async () => {
  const dark = draw({ width: 640, height: 400 }, (context) => {
    context.fillRect(0, 0, 640, 400)
    context.fillStyle = 'white'
    context.font = '13px "Noto Sans CJK JP", sans-serif'
    english.forEach((line, index) => {
      context.fillText(line, 40, 60 + index * 24)
    })
  })
  expect(share(first(await read(await folder.write('dark.png', dark), 1)))).toBeGreaterThan(0.9)
})

it('reads the screen of a machine: light letters on dark panels, and dark ones in the fields between', async () => {
  const screen = draw(paper, (context) => {
    write(english.slice(0, 2))(context)
    context.fillStyle = '#10243a'
    context.fillRect(100, 420, 1040, 560)
    for (let zone = 1; zone <= 4; zone += 1) {
      const top = 340 + zone * 130
      context.fillStyle = '#1d3c5c'
      context.fillRect(140, top, 480, 70)
      context.fillStyle = 'white'
      context.fillRect(680, top, 220, 70)
      context.fillStyle = '#cfe3ff'
      context.font = '36px "Noto Sans CJK JP", sans-serif'
      context.fillText(`Heating zone ${zone}`, 160, top + 48)
      context.fillStyle = 'black'
      context.fillText(`${170 + zone * 5}.5`, 710, top + 48)
    }
    context.fillStyle = '#ed7d31'
    context.fillRect(100, 1080, 1040, 70)
    context.fillStyle = 'white'
    context.fillText('Maintenance due in 120 hours', 140, 1128)
  })
  const { text } = first(await read(await folder.write('screen.pdf', await makeScan([screen])), 1))
  for (const zone of [1, 2, 3, 4]) {
    expect(text).toContain(`Heating zone ${zone}`)
    expect(text).toContain(`${170 + zone * 5}.5`)
  }
  expect(text).toContain('Maintenance due in 120 hours')
  expect(text).toContain(english[0])
})

it('keeps the text that a page of pictures has, letter for letter, and tells what the pictures say after it', async () => {
  const document = await PDFDocument.create()
  const page = document.addPage([595, 842])
  const screenshot = await document.embedPng(draw({ width: 1200, height: 1500 }, write(english, 44)))
  page.drawImage(screenshot, { x: 40, y: 60, width: 515, height: 644 })
  // Letters that a reader takes for each other.
  const printed = 'Step 7: enter key Il1O0-rnm in the field and press Apply.'
  page.drawText(printed, { x: 60, y: 760, size: 9, font: await document.embedFont(StandardFonts.Helvetica) })
  const file = await folder.write('screenshot.pdf', await document.save())
  const { pages } = await parse(file, { format: 'pdf' })
  expect(pages).toMatchObject([{ outcome: { method: 'unread', reason: 'little_text' }, text: printed }])
  const settled = first(await read(file, 1, { pages }))
  expect(settled.outcome.method).toBe('ocr')
  expect(settled.text.split('\n')[0]).toBe(printed)
  expect(settled.text.match(/Step|Apply/g)).toHaveLength(2)
  expect(share(settled)).toBeGreaterThan(0.9)
  expect(boxOf(settled, 'torque').y).toBeGreaterThan(boxOf(settled, 'Step').y)
})

it('takes each frame of a TIFF as a page, and turns a photograph as the camera says', async () => {
  const frame = (text: string): Buffer => draw({ width: 900, height: 300 }, write([text], 48))
  const frames = await Promise.all(
    ['Frame number one', 'Frame number two'].map((text) => sharp(frame(text)).removeAlpha().raw().toBuffer()),
  )
  const raw = { width: 900, height: 600, channels: 3, pageHeight: 300 } as const
  const tiff = await sharp(Buffer.concat(frames), { raw }).tiff({ compression: 'lzw' }).toBuffer()
  const path = await folder.write('frames.tiff', tiff)
  const { pages } = await parse(path, { format: 'image' })
  expect(pages).toEqual(unreadPages(2))
  expect((await read(path, 2)).map((page) => page.text)).toEqual(['Frame number one', 'Frame number two'])
  const lying = await sharp(frame('Turned by the camera'))
    .rotate(270)
    .jpeg()
    .withMetadata({ orientation: 6 })
    .toBuffer()
  const page = first(await read(await folder.write('camera.jpg', lying), 1))
  expect(page.text).toBe('Turned by the camera')
  expect(page.lines[0]?.width).toBeGreaterThan(0.3)
})

it('refuses images that are cut off or too large before it decodes them', async () => {
  const picture = createCanvas(600, 600)
  const context = picture.getContext('2d')
  for (let index = 0; index < 500; index += 1) context.fillRect((index * 37) % 600, (index * 91) % 600, 9, 9)
  const png = picture.toBuffer('image/png')
  const cut = await folder.write('cut.png', png.subarray(0, Math.floor(png.length * 0.6)))
  expect(await codeOf(cut, { format: 'image' })).toBe('file_damaged')
  const wide = { width: 26_000, height: 20, channels: 3, background: 'white' } as const
  const large = await folder.write('wide.png', await sharp({ create: wide }).png().toBuffer())
  expect(await codeOf(large, { format: 'image' })).toBe('image_too_large')
})
