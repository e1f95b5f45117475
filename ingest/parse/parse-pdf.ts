/**
 * Parses a PDF page by page. In: a file path. Out: each page to `onPage`, in order, each with an outcome; then the document's title.
 * A page that can not be read costs that page only. Runs in the killable child (`child.ts`): hostile files can loop for ever.
 * Invariant: nothing is fetched; character maps, fonts and decoders come from the package's own folder.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { getDocument, OPS, type PDFDocumentProxy, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { TextContent, TextItem } from 'pdfjs-dist/types/src/display/api.js'
import type { ParsedPage } from '../../src/core/document.ts'
import { KuraError, wrapError } from '../../src/core/errors.ts'
import { collapseBlanks } from './page-builder.ts'
import type { ParsedHead, ParseSink } from './parse-messages.ts'
import { layOutPage } from './pdf-page.ts'
import { type Drawing, readDrawing } from './pdf-rules.ts'
import { type PageFrame, readRuns } from './pdf-runs.ts'
import { createTypeScale, type TypeScale } from './pdf-style.ts'

/** Pages that are looked at first to learn which type size is the body's. */
const samplePages = 24
/** In pixels: pictures are not decoded (only 1-pixel ones), their text is the business of OCR. */
const maxImageSize = 1

const packageFolder = new URL('./', import.meta.resolve('pdfjs-dist/package.json'))
const resource = (name: string): string => fileURLToPath(new URL(`${name}/`, packageFolder))

const open = (data: Uint8Array, stopAtErrors: boolean): Promise<PDFDocumentProxy> =>
  getDocument({
    data,
    cMapUrl: resource('cmaps'),
    cMapPacked: true,
    standardFontDataUrl: resource('standard_fonts'),
    wasmUrl: resource('wasm'),
    iccUrl: resource('iccs'),
    isEvalSupported: false,
    useSystemFonts: false,
    disableFontFace: true,
    enableXfa: false,
    maxImageSize,
    stopAtErrors,
    verbosity: 0,
  }).promise

const openDocument = async (path: string): Promise<PDFDocumentProxy> => {
  const data = new Uint8Array(await readFile(path))
  try {
    return await open(data, false)
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') {
      throw new KuraError('pdf_encrypted', 'The PDF can only be opened with a password.', { cause: error })
    }
    throw wrapError(error, 'pdf_damaged', 'The PDF can not be opened: its structure is damaged.')
  }
}

const isText = (item: TextContent['items'][number]): item is TextItem => 'str' in item

class PdfReader {
  readonly #path: string
  readonly #document: PDFDocumentProxy
  readonly #sampled = new Map<number, TextContent>()
  /** Opened when a page without text has to be looked at: the same file, read by a reader that stops at errors. */
  #strict: Promise<PDFDocumentProxy> | undefined

  constructor(path: string, document: PDFDocumentProxy) {
    this.#path = path
    this.#document = document
  }

  /** Type sizes of pages spread over the document; their text is kept for `readPage`. */
  async sample(): Promise<TypeScale> {
    const total = this.#document.numPages
    const step = Math.max(1, total / samplePages)
    const sizes = new Map<number, number>()
    for (let at = 1; at < total + 1; at += step) {
      const number = Math.floor(at)
      const content = await this.#document
        .getPage(number)
        .then((page) => page.getTextContent())
        .catch(() => undefined)
      if (!content) continue
      this.#sampled.set(number, content)
      for (const item of content.items.filter(isText)) {
        const size = Math.hypot(Number(item.transform[2]), Number(item.transform[3]))
        if (size > 0) sizes.set(size, (sizes.get(size) ?? 0) + item.str.trim().length)
      }
    }
    return createTypeScale(sizes)
  }

  async readPage(number: number, scale: TypeScale): Promise<ParsedPage> {
    try {
      const page = await this.#document.getPage(number)
      try {
        return await this.#layOut(page, number, scale)
      } finally {
        page.cleanup()
      }
    } catch {
      return emptyPage(number, { method: 'failed', errorCode: 'page_unreadable' })
    }
  }

  async #layOut(page: PDFPageProxy, number: number, scale: TypeScale): Promise<ParsedPage> {
    const content = this.#sampled.get(number) ?? (await page.getTextContent())
    this.#sampled.delete(number)
    const { width, height, transform } = page.getViewport({ scale: 1 })
    const frame: PageFrame = { width, height, transform }
    const drawing = await readDrawingOf(page, frame)
    const fontNameOf = (id: string): string => {
      const font: unknown = page.commonObjs.has(id) ? page.commonObjs.get(id) : undefined
      return font && typeof font === 'object' && 'name' in font ? String(font.name) : ''
    }
    const groups = readRuns(content.items.filter(isText), content.styles, fontNameOf, frame)
    const laidOut = layOutPage(groups, drawing, frame, scale)
    if (laidOut.text !== '') return { number, outcome: { method: 'text' }, ...laidOut }
    const shows = drawing.paints || (await this.#showsPicture(number, drawing.operators))
    return emptyPage(number, shows ? { method: 'failed', errorCode: 'page_has_no_text' } : { method: 'blank' })
  }

  /**
   * Pictures are left out of operator lists, not decoded. A reader that stops at errors ends its list at the first picture that it leaves
   * out: a list that is shorter tells that there is one.
   */
  async #showsPicture(number: number, operators: number): Promise<boolean> {
    this.#strict ??= readFile(this.#path).then((data) => open(new Uint8Array(data), true))
    try {
      const page = await (await this.#strict).getPage(number)
      const list = await page.getOperatorList()
      page.cleanup()
      return list.fnArray.length < operators
    } catch {
      return true
    }
  }

  async close(): Promise<void> {
    await this.#document.destroy()
    await this.#strict?.then((document) => document.destroy()).catch(() => undefined)
  }
}

/** A page whose drawing can not be read still has its text. */
const readDrawingOf = async (page: PDFPageProxy, frame: PageFrame): Promise<Drawing> => {
  try {
    return readDrawing(await page.getOperatorList(), OPS, frame)
  } catch {
    return { strokes: [], paints: true, operators: 0 }
  }
}

const emptyPage = (number: number, outcome: ParsedPage['outcome']): ParsedPage => ({
  number,
  outcome,
  text: '',
  blocks: [],
  lines: [],
})

const readTitle = async (document: PDFDocumentProxy): Promise<string | undefined> => {
  const metadata = await document.getMetadata().catch(() => undefined)
  const info: unknown = metadata?.info
  const title = info && typeof info === 'object' && 'Title' in info ? collapseBlanks(String(info.Title ?? '')) : ''
  return title === '' || /^(?:untitled|無題|microsoft word - )|\.(?:docx?|pdf|indd)$/i.test(title) ? undefined : title
}

/** @throws pdf_damaged, pdf_encrypted */
export const parsePdf = async (path: string, sink: ParseSink): Promise<ParsedHead> => {
  const document = await openDocument(path)
  const reader = new PdfReader(path, document)
  try {
    const total = document.numPages
    if (total < 1) throw new KuraError('pdf_damaged', 'The PDF has no pages.')
    const scale = await reader.sample()
    for (let number = 1; number <= total; number += 1) {
      await sink.page(await reader.readPage(number, scale), total)
    }
    const title = await readTitle(document)
    return { format: 'pdf', paginated: true, ...(title === undefined ? {} : { title }) }
  } finally {
    await reader.close()
  }
}
