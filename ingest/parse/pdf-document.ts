/**
 * Opens a PDF with pdf.js. In: a path and a password. Out: the document and the fonts of its pages. Nothing is fetched: character maps, fonts and decoders
 * come from the package's own folder. Nothing is drawn: pictures are left out of the operator lists and glyphs stay characters.
 * Neighbours: `pdf-port.ts` carries its messages, `parse-pdf.ts` and `pdf-share.ts` read its pages.
 */
import { readFile } from 'node:fs/promises'
import { getDocument, OPS, type PDFDocumentProxy, type PDFPageProxy, PDFWorker } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { WorkerMessageHandler } from 'pdfjs-dist/legacy/build/pdf.worker.mjs'
import type { PDFOperatorList } from 'pdfjs-dist/types/src/display/api.js'
import { KuraError, wrapError } from '../../src/core/errors.ts'
import { readFormPage } from './pdf-form.ts'
import { charactersByName } from './pdf-glyph-names.ts'
import type { LayerTest } from './pdf-layers.ts'
import { PdfPort } from './pdf-port.ts'
import { pdfResources } from './pdf-resources.ts'

/**
 * In pixels, width by height: pictures are not decoded, their text is the business of OCR; but stripes and spots are, since one that is
 * stretched over a page is no picture of it.
 */
const maxImageSize = 4_096

/** Says that fonts can be loaded, so that no outlines are made of them; drawing, which would need them, is never asked for. */
const fontsOfNoPage = { fonts: {} } as unknown as HTMLDocument

interface OpenOptions {
  readonly stopAtErrors?: boolean
  /** Lays out a form whose pages are made when it is opened; other files are not read any differently. */
  readonly enableXfa?: boolean
}

const open = async (
  data: Uint8Array,
  password: string | undefined,
  { stopAtErrors = false, enableXfa = false }: OpenOptions,
): Promise<PDFDocumentProxy> => {
  const port = new PdfPort()
  WorkerMessageHandler.initializeFromPort(port)
  return getDocument({
    // The type wants a browser's worker; the library itself only ever posts to it and listens.
    worker: PDFWorker.create({ port: port as unknown as Worker, verbosity: 0 }),
    data,
    ...(password !== undefined && { password }),
    ...pdfResources,
    enableXfa,
    disableFontFace: false,
    ownerDocument: fontsOfNoPage,
    // What the codes of a font are called, for glyphs that pdf.js has no character for.
    fontExtraProperties: true,
    maxImageSize,
    stopAtErrors,
  }).promise
}

const hasForm = async (document: PDFDocumentProxy): Promise<boolean> => {
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number)
    if (readFormPage(number, await page.getXfa()).text !== '') return true
  }
  return false
}

/** A form that can not be laid out is read as the pages that the file shows in its place. */
const openWithForm = async (path: string, password: string | undefined): Promise<PDFDocumentProxy> => {
  const data = await readFile(path)
  try {
    const document = await open(new Uint8Array(data), password, { enableXfa: true })
    if (!document.isPureXfa || (await hasForm(document))) return document
    await document.destroy()
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') throw error
  }
  return open(new Uint8Array(data), password, {})
}

const encrypted = (password: string | undefined, cause: Error): KuraError =>
  password === undefined
    ? new KuraError('pdf_encrypted', 'The PDF can only be opened with a password, and none was given.', { cause })
    : new KuraError('pdf_password_wrong', 'The PDF can not be opened with the password that was given.', { cause })

/** What the layout asks of a font. */
export interface PdfFont {
  readonly name: string
  /** `serif`, `sans-serif` or `monospace`. */
  readonly family: string
  readonly ascent: number
  readonly descent: number
  readonly vertical: boolean
  /** Its glyphs are drawings of their own. */
  readonly type3: boolean
  /** From units of the glyph's width to the font size. */
  readonly unit: number
  /** What codes stand for by the names of their glyphs, where pdf.js does not know. */
  readonly byName: ReadonlyMap<number, string> | undefined
}

const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : otherwise

/** Reads a map of pdf.js from codes to characters. */
const knowsCodes = (map: unknown): ((code: number) => boolean) => {
  const has = map && typeof map === 'object' && 'has' in map ? map.has : undefined
  return typeof has === 'function' ? (code) => has.call(map, code) === true : () => true
}

const toFont = (font: unknown): PdfFont | undefined => {
  if (!font || typeof font !== 'object') return undefined
  const of = (key: string): unknown => (font as Readonly<Record<string, unknown>>)[key]
  const differences = of('differences')
  // Outlines are never drawn.
  if ('clearData' in font && typeof font.clearData === 'function') font.clearData()
  const matrix = of('fontMatrix')
  return {
    name: String(of('name') ?? ''),
    family: String(of('fallbackName') ?? ''),
    ascent: numberOf(of('ascent'), 0),
    descent: numberOf(of('descent'), 0),
    vertical: of('vertical') === true,
    type3: of('isType3Font') === true,
    unit: numberOf(Array.isArray(matrix) ? matrix[0] : undefined, 0.001),
    byName: Array.isArray(differences) ? charactersByName(differences, knowsCodes(of('toUnicode'))) : undefined,
  }
}

/** The fonts that an operator list names, by pdf.js's own names. */
const fontIdsOf = ({ fnArray, argsArray }: PDFOperatorList): Set<string> => {
  const ids = new Set<string>()
  fnArray.forEach((operator, index) => {
    const values: unknown = argsArray[index]
    const [first] = Array.isArray(values) ? values : []
    if (operator === OPS.setFont) ids.add(String(first))
    else if (operator === OPS.setGState && Array.isArray(first)) {
      for (const entry of first)
        if (Array.isArray(entry) && entry[0] === 'Font' && Array.isArray(entry[1])) ids.add(String(entry[1][0]))
    }
  })
  return ids
}

export class PdfFile implements AsyncDisposable {
  readonly document: PDFDocumentProxy
  readonly #path: string
  readonly #password: string | undefined
  readonly #fonts = new Map<string, PdfFont | undefined>()
  #isLayerShown: Promise<LayerTest> | undefined
  /** Opened when a page without text has to be looked at: the same file, read by a reader that stops at errors. */
  #strict: Promise<PDFDocumentProxy> | undefined

  private constructor(path: string, password: string | undefined, document: PDFDocumentProxy) {
    this.document = document
    this.#path = path
    this.#password = password
  }

  /** @throws pdf_damaged, pdf_encrypted, pdf_password_wrong */
  static async open(path: string, password: string | undefined): Promise<PdfFile> {
    try {
      return new PdfFile(path, password, await openWithForm(path, password))
    } catch (error) {
      if (error instanceof Error && error.name === 'PasswordException') throw encrypted(password, error)
      throw wrapError(error, 'pdf_damaged', 'The PDF can not be opened: its structure is damaged.')
    }
  }

  /** The fonts of a page; they have arrived when its operator list has. */
  async fontsOf(page: PDFPageProxy, list: PDFOperatorList): Promise<ReadonlyMap<string, PdfFont | undefined>> {
    for (const id of fontIdsOf(list)) {
      if (this.#fonts.has(id)) continue
      const font = await new Promise<unknown>((resolve) => page.commonObjs.get(id, resolve))
      this.#fonts.set(id, toFont(font))
    }
    return this.#fonts
  }

  /** Which layers are shown when the document is opened; all are where it does not say. */
  layers(): Promise<LayerTest> {
    this.#isLayerShown ??= this.document.getOptionalContentConfig().then(
      (config) => (layer) => config.isVisible(layer),
      () => () => true,
    )
    return this.#isLayerShown
  }

  /**
   * Pictures are left out of operator lists, not decoded. A reader that stops at errors ends its list at the first picture that it leaves
   * out: a list that is shorter tells that there is one.
   * @param operators length of the page's list as `document` gives it
   */
  async leavesOutPictures(number: number, operators: number): Promise<boolean> {
    this.#strict ??= readFile(this.#path).then((data) =>
      open(new Uint8Array(data), this.#password, { stopAtErrors: true }),
    )
    try {
      const page = await (await this.#strict).getPage(number)
      const list = await page.getOperatorList()
      page.cleanup()
      return list.fnArray.length < operators
    } catch {
      return true
    }
  }

  /** Lets go of fonts and other things that pages share; they are read again when they are needed. */
  async forget(): Promise<void> {
    this.#fonts.clear()
    await this.document.cleanup().catch(() => undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.document.destroy()
    await this.#strict?.then((document) => document.destroy()).catch(() => undefined)
  }
}
