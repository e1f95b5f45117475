/**
 * Draws pages of a PDF for OCR. In: a file path. Out: grey pictures, 300 dpi for usual pages. Invariant: nothing is fetched; pictures
 * in the file are decoded by the package's own decoders. Runs in the killable child (`child.ts`): hostile pages can loop for ever.
 */
import { readFile } from 'node:fs/promises'
import { createCanvas } from '@napi-rs/canvas'
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { KuraError, wrapError } from '../../src/core/errors.ts'
import { pdfResources } from '../parse/pdf-resources.ts'
import { type GrayPicture, grayOfRgba } from './gray-picture.ts'
import { maxPixels, type PagePictures } from './page-pictures.ts'

/** Pixels a point: 300 dpi. */
const usualScale = 300 / 72
/** Pixels of the longer side that even a tiny page (a label, a scan declared to be an inch wide) is drawn with. */
const minSide = 1200

/** @throws pdf_encrypted, pdf_damaged */
export const openPdfPictures = async (path: string, password: string | undefined): Promise<PagePictures> => {
  const data = new Uint8Array(await readFile(path))
  const options = {
    data,
    ...(password !== undefined && { password }),
    ...pdfResources,
    disableFontFace: true,
  }
  try {
    return new PdfPictures(await getDocument(options).promise)
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') {
      throw new KuraError('pdf_encrypted', 'The PDF can only be opened with its password.', { cause: error })
    }
    throw wrapError(error, 'pdf_damaged', 'The PDF can not be opened: its structure is damaged.')
  }
}

class PdfPictures implements PagePictures {
  readonly #document: PDFDocumentProxy

  constructor(document: PDFDocumentProxy) {
    this.#document = document
  }

  async draw(number: number, zoom = 1): Promise<GrayPicture> {
    try {
      const page = await this.#document.getPage(number)
      try {
        const plain = page.getViewport({ scale: 1 })
        const least = minSide / Math.max(plain.width, plain.height)
        const most = Math.sqrt(maxPixels / (plain.width * plain.height))
        const viewport = page.getViewport({ scale: Math.min(Math.max(usualScale, least) * zoom, most) })
        const [width, height] = [Math.max(1, Math.round(viewport.width)), Math.max(1, Math.round(viewport.height))]
        const canvas = createCanvas(width, height)
        // The types of pdf.js know the browser's canvas only; the one of @napi-rs is what it uses in Node itself.
        const canvasContext = canvas.getContext('2d') as unknown as CanvasRenderingContext2D
        await page.render({ canvas: null, canvasContext, viewport }).promise
        return grayOfRgba(canvas.data(), width, height)
      } finally {
        page.cleanup()
      }
    } catch (error) {
      throw wrapError(error, 'page_unreadable', `Page ${number} can not be drawn.`)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#document.destroy()
  }
}
