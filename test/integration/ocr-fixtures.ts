/** What the OCR tests share: pictures of text drawn with an installed font, and `readPages` with generous limits. */
import { tmpdir } from 'node:os'
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { PDFDocument } from 'pdf-lib'
import { type OcrOptions, readPages } from '../../ingest/ocr/read-pages.ts'
import type { ParsedPage } from '../../src/core/document.ts'

/** Installed for Chromium's tests as well; it has the letters of all four languages. */
const font = '"Noto Sans CJK JP", sans-serif'

export interface Paper {
  readonly width: number
  readonly height: number
  /** Degrees clockwise that all but the paper is turned by, round the middle. */
  readonly slant?: number
}

/** A picture of a page on white paper. */
export const draw = (paper: Paper, paint: (context: SKRSContext2D) => void): Buffer => {
  const canvas = createCanvas(paper.width, paper.height)
  const context = canvas.getContext('2d')
  context.fillStyle = 'white'
  context.fillRect(0, 0, paper.width, paper.height)
  context.fillStyle = 'black'
  context.strokeStyle = 'black'
  context.translate(paper.width / 2, paper.height / 2)
  context.rotate(((paper.slant ?? 0) * Math.PI) / 180)
  context.translate(-paper.width / 2, -paper.height / 2)
  paint(context)
  return canvas.toBuffer('image/png')
}

/** Lines of text, one below the other from (150, 200). */
export const write =
  (lines: readonly string[], size = 40) =>
  (context: SKRSContext2D): void => {
    context.font = `${size}px ${font}`
    lines.forEach((line, index) => {
      context.fillText(line, 150, 200 + index * size * 1.75)
    })
  }

/** A PDF whose pages are pictures. */
export const makeScan = async (pictures: readonly Buffer[]): Promise<Uint8Array> => {
  const document = await PDFDocument.create()
  for (const picture of pictures) {
    const image = await document.embedPng(picture)
    const page = document.addPage([595, 842])
    page.drawImage(image, { x: 0, y: 0, width: 595, height: 842 })
  }
  return document.save()
}

export const unreadPages = (count: number): ParsedPage[] =>
  Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    outcome: { method: 'unread', reason: 'no_text' },
    text: '',
    blocks: [],
    lines: [],
  }))

/** Reads and gives the pages by number. */
export const read = async (file: string, count: number, options: Partial<OcrOptions> = {}): Promise<ParsedPage[]> => {
  const pages: ParsedPage[] = []
  await readPages(file, {
    format: file.endsWith('.pdf') ? 'pdf' : 'image',
    language: 'en',
    pages: unreadPages(count),
    workers: 2,
    pageTimeoutMs: 60_000,
    memoryBytes: 2 ** 31,
    scratchFolder: tmpdir(),
    signal: new AbortController().signal,
    ...options,
    onPage: async (page) => {
      pages.push(page)
      await options.onPage?.(page)
    },
  })
  return pages.sort((one, other) => one.number - other.number)
}

/** The words of a text, for comparing readings that may differ in blanks and line breaks. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
