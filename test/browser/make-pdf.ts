/** Makes a small PDF of lines, and a picture, whose places on the page are known exactly. */
import { createCanvas } from '@napi-rs/canvas'
import { PDFDocument, rgb, StandardFonts } from 'pdf-lib'

const width = 595
const height = 842
const margin = 60
const lineHeight = 26
const fontSize = 13

/** The box of line `index` (from 0) of every page, as fractions of the page. */
export const boxOfLine = (index: number) => ({
  x: margin / width,
  y: (margin + index * lineHeight) / height,
  width: (width - 2 * margin) / width,
  height: (fontSize + 5) / height,
})

/** @param pages the lines of each page */
export const makePdf = async (pages: readonly (readonly string[])[]): Promise<Uint8Array> => {
  const document = await PDFDocument.create()
  const font = await document.embedFont(StandardFonts.Helvetica)
  for (const lines of pages) {
    const page = document.addPage([width, height])
    lines.forEach((line, index) => {
      const top = margin + index * lineHeight
      page.drawText(line, { x: margin, y: height - top - fontSize, size: fontSize, font, color: rgb(0.1, 0.1, 0.12) })
    })
  }
  return document.save()
}

/** A picture of the size of a page: white, with a black stroke where line 3 of a page is. */
export const makePng = async (): Promise<Uint8Array> => {
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  context.fillStyle = 'white'
  context.fillRect(0, 0, width, height)
  context.fillStyle = 'black'
  context.fillRect(margin, margin + 3 * lineHeight, 200, fontSize)
  return canvas.encode('png')
}
