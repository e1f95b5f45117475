/** Which pages of a PDF need OCR, and what else a PDF may hold: forms, attached files, tables over pages, passwords. PDFs made for the purpose. */
import { readFile } from 'node:fs/promises'
import { PDFDocument, type PDFFont, PDFName, type PDFPage, PDFString, rgb, StandardFonts } from 'pdf-lib'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chunkDocument } from '../../ingest/chunk/chunk-document.ts'
import type { PageOutcome } from '../../src/core/document.ts'
import { codeOf, Folder, onlyPage, outline, parse } from './parse-fixtures.ts'

/** Gray of the size of a page at 72 dpi: a picture of a page, as far as the parser can tell. */
const picture = await sharp({ create: { width: 600, height: 800, channels: 3, background: '#ddd' } })
  .png()
  .toBuffer()
/** Of a word processor that paints the colour behind a page so. */
const stripe = await sharp({ create: { width: 2_400, height: 1, channels: 3, background: '#eee' } })
  .png()
  .toBuffer()
const sentence = 'Before any work the main switch Q1 is turned off, locked and tagged by the person in charge. '

let folder: Folder
beforeAll(async () => {
  folder = await Folder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

type Draw = (page: PDFPage, document: PDFDocument, font: PDFFont) => unknown

const makePdf = async (name: string, draw: readonly Draw[]): Promise<string> => {
  const document = await PDFDocument.create()
  const font = await document.embedFont(StandardFonts.Helvetica)
  for (const drawPage of draw) {
    const page = document.addPage([600, 800])
    page.setFont(font)
    page.setFontSize(12)
    await drawPage(page, document, font)
  }
  return folder.write(name, await document.save())
}

const covering =
  (png: Buffer): Draw =>
  async (page, document) =>
    page.drawImage(await document.embedPng(png), { x: 0, y: 0, width: 600, height: 800 })
const scan = covering(picture)

/** Letters as shapes: triangles and bows about as large as type. */
const outlined: Draw = (page) => {
  for (let i = 0; i < 200; i += 1) {
    page.drawSvgPath('M 0 0 L 3 8 L 6 0 C 4 2 2 2 0 0 Z', {
      x: 50 + (i % 40) * 12,
      y: 700 - Math.floor(i / 40) * 20,
      color: rgb(0, 0, 0),
    })
  }
}

describe('the outcome of a page', () => {
  const text =
    (lines: number): Draw =>
    (page) => {
      for (let i = 0; i < lines; i += 1) page.drawText(sentence, { x: 40, y: 740 - i * 16 })
    }
  const both =
    (...draws: readonly Draw[]): Draw =>
    async (page, document, font) => {
      for (const draw of draws) await draw(page, document, font)
    }
  const unread = (reason: 'no_text' | 'little_text' | 'garbled_text'): PageOutcome => ({ method: 'unread', reason })
  const cases: readonly (readonly [string, Draw, PageOutcome])[] = [
    ['text', text(4), { method: 'text' }],
    ['nothing', () => undefined, { method: 'blank' }],
    [
      'a rule and a frame',
      (page) => {
        page.drawLine({ start: { x: 50, y: 750 }, end: { x: 550, y: 750 } })
        page.drawRectangle({ x: 50, y: 50, width: 500, height: 650, borderWidth: 1, borderColor: rgb(0, 0, 0) })
      },
      { method: 'blank' },
    ],
    ['a scan', scan, unread('no_text')],
    [
      'a scan with a stamp',
      both(scan, (page) => page.drawText('RECEIVED 2026-01-05', { x: 400, y: 780 })),
      unread('little_text'),
    ],
    ['a page of text on a picture', both(scan, text(12)), { method: 'text' }],
    ['nothing but a stripe of pixels stretched over it', covering(stripe), unread('no_text')],
    ['few words on such a stripe', both(covering(stripe), text(2)), { method: 'text' }],
    ['few words on such a stripe, and a scan', both(covering(stripe), scan, text(2)), unread('little_text')],
    ['outlined letters', outlined, unread('no_text')],
    [
      'outlined letters with a number below',
      both(outlined, (page) => page.drawText('12', { x: 300, y: 30 })),
      unread('little_text'),
    ],
    [
      'text beside a drawing of some shapes',
      both(text(3), (page) => page.drawCircle({ x: 300, y: 300, size: 90 })),
      { method: 'text' },
    ],
    [
      'letters that stand for others',
      (page) => {
        const words =
          'pressure accumulator released gauge shows before anything hydraulic opened wait seconds then start green button must move replace ' +
          'filter element every thousand hours whenever indicator turned tighten screws crosswise newton metres check gasket cover damage housing'
        const shifted = words.replaceAll(/[a-z]/g, (c) => String.fromCharCode(((c.charCodeAt(0) - 97 + 13) % 26) + 97))
        shifted.match(/.{1,80}(?: |$)/g)?.forEach((line, i) => {
          page.drawText(line, { x: 40, y: 700 - i * 20 })
        })
      },
      unread('garbled_text'),
    ],
  ]

  it('says whether the text will do', async () => {
    const path = await makePdf(
      'outcomes.pdf',
      cases.map(([, draw]) => draw),
    )
    const { pages } = await parse(path)
    const found = pages.map(({ outcome }, index) => [cases[index]?.[0], outcome])
    expect(found).toEqual(cases.map(([name, , outcome]) => [name, outcome]))
    // What there is of text stays with the page.
    expect(pages[4]?.text).toBe('RECEIVED 2026-01-05')
  })
})

describe('what a PDF holds beside its pages', () => {
  it('shows what was filled into a form', async () => {
    const path = await makePdf('form.pdf', [
      (page, document) => {
        page.drawText('Serial number:', { x: 50, y: 700 })
        const field = document.getForm().createTextField('serial')
        field.setText('KP-60-00417')
        field.addToPage(page, { x: 150, y: 690, width: 200, height: 24 })
      },
    ])
    expect(onlyPage(await parse(path)).text).toContain('KP-60-00417')
  })

  it('shows remarks that were written on the page', async () => {
    const path = await makePdf('remark.pdf', [
      (page, document) => {
        page.drawText(sentence, { x: 50, y: 700 })
        const { context } = document
        const font = context.obj({ Type: 'Font', Subtype: 'Type1', BaseFont: 'Helvetica' })
        const appearance = context.stream('BT /F 12 Tf 4 6 Td (Valve V12 replaced in May) Tj ET', {
          Type: 'XObject',
          Subtype: 'Form',
          BBox: [0, 0, 200, 20],
          Resources: { Font: { F: font } },
        })
        const remark = context.obj({
          Type: 'Annot',
          Subtype: 'FreeText',
          Rect: [50, 600, 250, 620],
          F: 4,
          AP: { N: context.register(appearance) },
        })
        remark.set(PDFName.of('Contents'), PDFString.of('Valve V12 replaced in May'))
        page.node.set(PDFName.of('Annots'), context.obj([context.register(remark)]))
      },
    ])
    const page = onlyPage(await parse(path))
    expect(page.text).toContain('Valve V12 replaced in May')
    const line = page.lines.find(({ start, end }) => page.text.slice(start, end).includes('V12'))
    expect(line?.y).toBeCloseTo(1 - 612 / 800, 1)
  })

  it('gives attached files by names that are no paths', async () => {
    const document = await PDFDocument.create()
    document.addPage().drawText(sentence)
    await document.attach(Buffer.from('first'), '../settings.csv')
    await document.attach(Buffer.from('second'), 'settings.csv')
    const path = await folder.write('attached.pdf', await document.save())
    const found: [string, string][] = []
    const onAttachment = async ({ entry, file }: { entry: string; file: string }): Promise<void> => {
      found.push([entry, await readFile(file, 'utf8')])
    }
    await parse(path, { onAttachment })
    expect(found.map(([, content]) => content).sort()).toEqual(['first', 'second'])
    expect(new Set(found.map(([entry]) => entry)).size).toBe(2)
    for (const [entry] of found) expect(entry).not.toMatch(/[\\/]|^\./)
  })

  it('has the title that it gives itself only where its pages speak of it', async () => {
    const titled = async (title: string): Promise<string | undefined> => {
      const document = await PDFDocument.create()
      document.setTitle(title)
      document.addPage().drawText('Hydraulic press KP-60: lockout and tagout')
      return (await parse(await folder.write('titled.pdf', await document.save()))).title
    }
    expect(await titled('Lockout of the press KP-60')).toBe('Lockout of the press KP-60')
    expect(await titled('Cheap watches from our web shop')).toBeUndefined()
    expect(await titled('final_v3.docx')).toBeUndefined()
    expect(await titled('Press '.repeat(200))).toBeUndefined()
  })
})

it('keeps hyphens at the ends of lines as printed, with nothing between the halves', async () => {
  const path = await makePdf('hyphens.pdf', [
    (page) => {
      const lines = [
        'The housing may be opened only when the oil has reached a tempera-',
        'ture below forty degrees and the light on the press of type KP-',
        '60 has gone out; then the cover is lifted with care by two people.',
      ]
      for (const [index, line] of lines.entries()) page.drawText(line, { x: 50, y: 700 - index * 15 })
    },
  ])
  const { text, lines } = onlyPage(await parse(path))
  expect(text).toContain('tempera-ture below')
  expect(text).toContain('KP-60 has')
  expect(lines.map(({ start, end }) => text.slice(start, end).at(-1))).toEqual(['-', '-', '.'])
})

describe('tables', () => {
  const columns = [60, 160, 300, 420]
  const drawGrid = (page: PDFPage, top: number, rows: number): void => {
    for (let r = 0; r <= rows; r += 1)
      page.drawLine({ start: { x: 60, y: top - r * 20 }, end: { x: 540, y: top - r * 20 } })
    for (const x of [...columns, 540]) page.drawLine({ start: { x, y: top }, end: { x, y: top - rows * 20 } })
  }
  const drawRow = (page: PDFPage, top: number, cells: readonly string[]): void => {
    for (const [index, cell] of cells.entries())
      page.drawText(cell, { x: (columns[index] ?? 0) + 4, y: top - 15, size: 10 })
  }

  it('that run over pages keep their header in every chunk', async () => {
    const perPage = 30
    const draw = [0, 1, 2].map(
      (index): Draw =>
        (page) => {
          const header = index === 0 ? [['Code', 'Meaning', 'Torque', 'Interval']] : []
          const rows = Array.from({ length: perPage }, (_, row) => {
            const number = 100 + index * perPage + row
            return [`E-${number}`, `Bolt of flange ${number}`, `${number} Nm`, `${number * 10} h`]
          })
          const all = [...header, ...rows]
          drawGrid(page, 740, all.length)
          for (const [row, cells] of all.entries()) drawRow(page, 740 - row * 20, cells)
        },
    )
    const document = await parse(await makePdf('long-table.pdf', draw))
    expect(document.pages.map(({ blocks }) => blocks.map(({ kind }) => kind))).toEqual([
      ['table'],
      ['table'],
      ['table'],
    ])
    const countTokens = async (texts: readonly string[]): Promise<number[]> =>
      texts.map((text) => Math.ceil(text.length / 3))
    const chunks = await chunkDocument(document, { countTokens, maxTokens: 200 })
    expect(chunks.length).toBeGreaterThan(3)
    for (const chunk of chunks) expect(chunk.text).toContain('Code | Meaning | Torque | Interval')
    expect(chunks.flatMap((chunk) => chunk.text.match(/E-\d+/g) ?? [])).toHaveLength(3 * perPage)
  })

  it('name the group of each row that a merged cell stands beside, and join headers of two rows', async () => {
    const path = await makePdf('merged.pdf', [
      (page) => {
        const line = (x1: number, y1: number, x2: number, y2: number) =>
          page.drawLine({ start: { x: x1, y: y1 }, end: { x: x2, y: y2 } })
        for (const y of [700, 640, 600]) line(60, y, 540, y)
        line(300, 680, 540, 680)
        for (const y of [660, 620]) line(160, y, 540, y)
        line(60, 660, 160, 660)
        for (const x of [60, 160, 300, 540]) line(x, 700, x, 560)
        line(420, 680, 420, 560)
        line(160, 620, 540, 620)
        line(160, 580, 540, 580)
        line(60, 560, 540, 560)
        drawRow(page, 700, ['Part', 'Bolt', 'Torque'])
        drawRow(page, 680, ['', '', 'dry', 'oiled'])
        drawRow(page, 660, ['Guard', 'M6', '9 Nm', '8 Nm'])
        drawRow(page, 640, ['Ram', 'M8', '25 Nm', '22 Nm'])
        drawRow(page, 620, ['', 'M10', '49 Nm', '44 Nm'])
        drawRow(page, 600, ['Base', 'M12', '86 Nm', '77 Nm'])
        drawRow(page, 580, ['', 'M16', '210 Nm', '190 Nm'])
      },
    ])
    expect(outline(onlyPage(await parse(path)))).toEqual([
      'header: Part | Bolt | Torque dry | Torque oiled',
      'row: Guard | M6 | 9 Nm | 8 Nm',
      'row: Ram | M8 | 25 Nm | 22 Nm',
      'row: Ram | M10 | 49 Nm | 44 Nm',
      'row: Base | M12 | 86 Nm | 77 Nm',
      'row: Base | M16 | 210 Nm | 190 Nm',
    ])
  })
})

it('asks for a password with a code of its own, and another one for a wrong password', async () => {
  const corpus = new URL('../../../shared/corpus/hard-pdf/pdfjs/issue6010_2.pdf', import.meta.url)
  const bytes = await readFile(corpus).catch(() => undefined)
  if (!bytes) return
  const path = await folder.write('locked.pdf', bytes)
  expect(await codeOf(path)).toBe('pdf_encrypted')
  expect(await codeOf(path, { password: 'wrong' })).toBe('pdf_password_wrong')
  expect(onlyPage(await parse(path, { password: 'æøå' })).text).toBe('Issue 6010')
})
