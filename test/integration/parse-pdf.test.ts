/** PDFs made for the purpose, through the real child process. */
import { degrees, PDFDocument, type PDFPage, StandardFonts } from 'pdf-lib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, Folder, onlyPage, outline, parse } from './parse-fixtures.ts'

/** A red pixel. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR42mP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC',
  'base64',
)

let folder: Folder
beforeAll(async () => {
  folder = await Folder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

const makePdf = async (name: string, draw: ((page: PDFPage, document: PDFDocument) => unknown)[]): Promise<string> => {
  const document = await PDFDocument.create()
  const font = await document.embedFont(StandardFonts.Helvetica)
  for (const drawPage of draw) {
    const page = document.addPage([600, 800])
    page.setFont(font)
    page.setFontSize(12)
    await drawPage(page, document)
  }
  return folder.write(name, await document.save())
}

describe('pages', () => {
  it('end as text, blank or unread, each for itself, and are told in order', async () => {
    const path = await makePdf('mixed.pdf', [
      (page) => page.drawText('Lock the main switch Q1.', { x: 60, y: 700 }),
      (page) => page.drawText('', { x: 60, y: 700 }),
      async (page, document) => {
        const image = await document.embedPng(picture)
        page.drawImage(image, { x: 50, y: 50, width: 500, height: 700 })
      },
      (page) => {
        for (let i = 0; i < 12; i += 1) page.drawCircle({ x: 100 + i * 30, y: 400, size: 20 })
      },
    ])
    const told: [number, number][] = []
    const document = await parse(path, { onPage: (page, total) => void told.push([page.number, total]) })
    expect(document).toMatchObject({ format: 'pdf', paginated: true })
    expect(document.pages.map((page) => page.outcome)).toEqual([
      { method: 'text' },
      { method: 'blank' },
      { method: 'unread', reason: 'no_text' },
      { method: 'unread', reason: 'no_text' },
    ])
    expect(told).toEqual([1, 2, 3, 4].map((number) => [number, 4]))
  })

  it('of a scan alone wait for OCR', async () => {
    const path = await makePdf('scan.pdf', [
      async (page, document) =>
        page.drawImage(await document.embedPng(picture), { x: 50, y: 50, width: 500, height: 700 }),
    ])
    expect(onlyPage(await parse(path)).outcome).toEqual({ method: 'unread', reason: 'no_text' })
  })

  it('have boxes where the text is shown, rotation and crop box applied', async () => {
    const path = await makePdf('turned.pdf', [
      (page) => {
        page.setCropBox(100, 100, 400, 600)
        page.drawText('Open the valve V7.', { x: 120, y: 640 })
      },
      (page) => {
        page.setRotation(degrees(90))
        page.drawText('Open the valve V7.', { x: 100, y: 100, rotate: degrees(90) })
      },
    ])
    const [cropped, turned] = (await parse(path)).pages
    const [first] = cropped?.lines ?? []
    expect(first?.x).toBeCloseTo(20 / 400, 2)
    expect((first?.y ?? 0) + (first?.height ?? 0)).toBeCloseTo(1 - 540 / 600, 1)
    expect(first?.width).toBeCloseTo(98 / 400, 1)
    // Turned against the page's own rotation the text stands upright: its baseline is 100 points below the top, it begins 100 points from the left.
    const [second] = turned?.lines ?? []
    expect(turned?.text).toBe('Open the valve V7.')
    expect(second?.x).toBeCloseTo(100 / 800, 2)
    expect((second?.y ?? 0) + (second?.height ?? 0)).toBeCloseTo(103 / 600, 2)
    expect(second?.width).toBeCloseTo(100 / 800, 1)
  })
})

it('reads a PDF with rules as a table and its columns in order', async () => {
  const path = await makePdf('table.pdf', [
    (page) => {
      const rows = [
        ['Code', 'Meaning', 'Remedy'],
        ['E-101', 'Emergency stop', 'Release the button'],
        ['E-203', 'Oil level low', 'Fill up ISO VG 46'],
      ]
      for (const [r, row] of rows.entries()) {
        for (const [c, text] of row.entries()) page.drawText(text, { x: 65 + c * 150, y: 685 - r * 20 })
      }
      for (let r = 0; r <= 3; r += 1)
        page.drawLine({ start: { x: 60, y: 700 - r * 20 }, end: { x: 510, y: 700 - r * 20 } })
      for (let c = 0; c <= 3; c += 1)
        page.drawLine({ start: { x: 60 + c * 150, y: 700 }, end: { x: 60 + c * 150, y: 640 } })
    },
  ])
  const page = onlyPage(await parse(path))
  expect(outline(page)).toEqual([
    'header: Code | Meaning | Remedy',
    'row: E-101 | Emergency stop | Release the button',
    'row: E-203 | Oil level low | Fill up ISO VG 46',
  ])
  expect(page.lines.map(({ start, end }) => page.text.slice(start, end))).toContain('Fill up ISO VG 46')
})

describe('damaged files', () => {
  it('are pdf_damaged when nothing can be opened', async () => {
    expect(await codeOf(await folder.write('broken.pdf', '%PDF-1.7\nnot a pdf at all'))).toBe('pdf_damaged')
  })

  it('cut in half get an outcome or a code, never a crash', async () => {
    const document = await PDFDocument.create()
    document.addPage().drawText('Half of this file is gone.')
    const bytes = await document.save()
    const code = await codeOf(await folder.write('half.pdf', bytes.subarray(0, bytes.length / 2)))
    expect(['none', 'pdf_damaged', 'no_text']).toContain(code)
  })
})
