/**
 * Reads pages of an open PDF. In: page numbers and the type scale of the document. Out: pages with text, blocks, boxes and an outcome. A page that
 * can not be read costs that page only. The scale comes from pages spread over the document, the same ones whichever pages are wanted, so that
 * a document read in parts comes out as one read in one go.
 * Neighbours: `pdf-document.ts`, `pdf-operators.ts`, `pdf-page.ts`, `pdf-outcome.ts`; used by `parse-pdf.ts` and `pdf-helper.ts`.
 */
import type { PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { PDFOperatorList, TextItem } from 'pdfjs-dist/types/src/display/api.js'
import type { ParsedPage } from '../../src/core/document.ts'
import { failedPage } from './failed-page.ts'
import type { PdfFile, PdfFont } from './pdf-document.ts'
import { readFormPage } from './pdf-form.ts'
import { hasPrivateUse, readPrivateUse } from './pdf-glyphs.ts'
import { inspectInk } from './pdf-ink.ts'
import { type PageContent, readOperators } from './pdf-operators.ts'
import { judgePage } from './pdf-outcome.ts'
import { layOutPage } from './pdf-page.ts'
import { type Remark, readAdded } from './pdf-remarks.ts'
import { type PageFrame, readRuns, type TextPiece } from './pdf-runs.ts'
import { createTypeScale, type TypeScale } from './pdf-style.ts'

/** Pages that are looked at first to learn which type size is the body's. */
const samplePages = 24

/** The pages of the sample: evenly spread, the first one among them. */
export const samplePagesOf = (total: number): number[] => {
  const step = Math.max(1, total / samplePages)
  return Array.from({ length: Math.min(total, samplePages) }, (_, index) => Math.floor(1 + index * step))
}

/** What was read of a page, before it is laid out. */
interface RawPage {
  readonly frame: PageFrame
  readonly content: PageContent
  readonly fonts: ReadonlyMap<string, PdfFont | undefined>
  readonly list: PDFOperatorList
  readonly remarks: readonly Remark[]
}

export class PdfReader {
  readonly #file: PdfFile
  readonly #sampled = new Map<number, RawPage>()
  #sampleText = ''
  #hasPinnedFiles = false

  constructor(file: PdfFile) {
    this.#file = file
  }

  /** The text of the pages of the sample, as drawn. */
  get sampleText(): string {
    return this.#sampleText
  }

  /** Files are pinned to pages that were read. */
  get hasPinnedFiles(): boolean {
    return this.#hasPinnedFiles
  }

  get total(): number {
    return this.#file.document.numPages
  }

  /**
   * Type sizes of the sample; what was read of those pages is kept for `readPage`.
   * @param numbers as `samplePagesOf` gives them, without pages that must not be touched
   * @param isWanted whether a page will be asked for later
   * @param onPage called before each page is looked at
   */
  async sample(
    numbers: readonly number[],
    isWanted: (number: number) => boolean,
    onPage: (number: number) => void,
  ): Promise<TypeScale> {
    const sizes = new Map<number, number>()
    for (const number of this.#isForm ? [] : numbers) {
      onPage(number)
      const raw = await this.#read(number).catch(() => undefined)
      if (!raw) continue
      if (isWanted(number)) this.#sampled.set(number, raw)
      for (const { transform, str } of raw.content.pieces) {
        const size = Math.hypot(Number(transform[2]), Number(transform[3]))
        if (size > 0) sizes.set(size, (sizes.get(size) ?? 0) + str.trim().length)
        this.#sampleText += ` ${str}`
      }
    }
    return createTypeScale(sizes)
  }

  /** Its pages are laid out by pdf.js, and have no places. */
  get #isForm(): boolean {
    return this.#file.document.isPureXfa
  }

  async readPage(number: number, scale: TypeScale): Promise<ParsedPage> {
    try {
      if (this.#isForm) return readFormPage(number, await (await this.#file.document.getPage(number)).getXfa())
      const raw = this.#sampled.get(number) ?? (await this.#read(number))
      this.#sampled.delete(number)
      return await this.#layOut(number, raw, scale)
    } catch {
      return failedPage(number, 'page_unreadable')
    }
  }

  async #read(number: number): Promise<RawPage> {
    const page = await this.#file.document.getPage(number)
    try {
      const { width, height, transform } = page.getViewport({ scale: 1 })
      const frame: PageFrame = { width, height, transform }
      const list = await page.getOperatorList()
      const fonts = await this.#file.fontsOf(page, list)
      const { remarks, hasFile } = await readAdded(this.#file.document, number, frame)
      this.#hasPinnedFiles ||= hasFile
      const content = readOperators(list, fonts, frame, await this.#file.layers())
      const pieces = content.needsTextContent ? await extractText(page) : content.pieces
      return { frame, content: { ...content, pieces: withoutPrivateUse(pieces, fonts) }, fonts, list, remarks }
    } finally {
      page.cleanup()
    }
  }

  async #layOut(number: number, raw: RawPage, scale: TypeScale): Promise<ParsedPage> {
    const { frame, content, fonts, list } = raw
    const groups = readRuns(content.pieces, fonts, frame)
    const drawn = groups.flatMap(({ runs }) => runs.map(({ text }) => text)).join(' ')
    const remarks = unseenRemarks(raw.remarks, drawn)
    const laidOut = layOutPage(groups, content.strokes, frame, scale, remarks)
    const outcome = await judgePage({
      rawTexts: textsByFont(content.pieces),
      characters: countCharacters(drawn),
      hasRemarks: remarks.length > 0,
      hiddenCharacters: content.hiddenCharacters,
      inspectInk: () => inspectInk(list, frame),
      hasPictures: () => this.#file.leavesOutPictures(number, list.fnArray.length),
    })
    return { number, outcome, ...laidOut }
  }
}

const squash = (text: string): string => text.normalize('NFKC').replaceAll(/\s+/g, '').toLowerCase()

/** Remarks that the page does not show itself. */
const unseenRemarks = (remarks: readonly Remark[], drawn: string): readonly Remark[] => {
  if (remarks.length === 0) return remarks
  const seen = squash(drawn)
  return remarks.filter(({ text }) => !seen.includes(squash(text)))
}

const withoutPrivateUse = (
  pieces: readonly TextPiece[],
  fonts: ReadonlyMap<string, PdfFont | undefined>,
): readonly TextPiece[] =>
  pieces.map((piece) =>
    hasPrivateUse(piece.str)
      ? { ...piece, str: readPrivateUse(piece.str, fonts.get(piece.fontName)?.name ?? '') }
      : piece,
  )

/** Letters and digits. */
const countCharacters = (text: string): number => text.replaceAll(/[^\p{L}\p{N}]+/gu, '').length

const textsByFont = (pieces: readonly TextPiece[]): string[] => {
  const texts = new Map<string, string>()
  for (const { fontName, str } of pieces) {
    const text = texts.get(fontName)
    texts.set(fontName, text === undefined ? str : `${text} ${str}`)
  }
  return [...texts.values()]
}

/** Text by pdf.js's own extraction, which knows how to turn what is written from right to left. */
const extractText = async (page: PDFPageProxy): Promise<TextPiece[]> => {
  const { items } = await page.getTextContent()
  const pieces: TextPiece[] = []
  let blank = false
  for (const item of items.filter((found): found is TextItem => 'str' in found)) {
    if (item.str.trim() === '') blank ||= item.str !== ''
    else {
      pieces.push({ ...item, blank })
      blank = false
    }
  }
  return pieces
}
