/**
 * Reads what a page draws, in one pass over the operator list of pdf.js: glyphs become pieces of text with their places, strokes the rules of
 * tables. pdf.js's own text extraction would interpret the page a second time.
 * In: an operator list and the fonts that it names. Out: pieces in user space, in drawing order, and strokes in points of the shown page.
 * Next on the way: `pdf-pieces.ts`, `pdf-runs.ts`, `pdf-rules.ts`.
 */
import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { PDFOperatorList } from 'pdfjs-dist/types/src/display/api.js'
import type { PdfFont } from './pdf-document.ts'
import { asMatrix, identity, type Matrix, multiply } from './pdf-geometry.ts'
import { HiddenLayers, type LayerTest } from './pdf-layers.ts'
import { strokesOf } from './pdf-paths.ts'
import { glyphKinds, kindOf, PieceWriter } from './pdf-pieces.ts'
import type { Stroke } from './pdf-rules.ts'
import type { PageFrame, TextPiece } from './pdf-runs.ts'
import { initialState, lineOf, type TextState } from './pdf-text-state.ts'

/** A glyph as pdf.js lists it; bare numbers between glyphs move the pen, in thousandths of the font size. */
interface Glyph {
  readonly unicode: string
  readonly originalCharCode: number
  readonly width: number
  readonly vmetric?: readonly number[] | null
  readonly isSpace: boolean
}

export interface PageContent {
  readonly pieces: readonly TextPiece[]
  /** Straight strokes and thin filled boxes; none where there are too many for tables. */
  readonly strokes: readonly Stroke[]
  /** Characters that are in the text but not painted: the text layer of a scan. */
  readonly hiddenCharacters: number
  /** Something that only pdf.js's own text extraction gets right: writing from right to left, glyphs that are drawings. */
  readonly needsTextContent: boolean
}

/** Drawings with more strokes than this are pictures, not tables. */
const maxStrokes = 6_000
/** Text rendering modes that paint nothing. */
const invisible = 3
const clipOnly = 7

const softHyphen = '\u00ad'

const first = (values: unknown): unknown => (Array.isArray(values) ? values[0] : undefined)
const toNumber = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)

class OperatorReader {
  readonly #fonts: ReadonlyMap<string, PdfFont | undefined>
  readonly #base: Matrix
  readonly #pieces = new PieceWriter()
  readonly #strokes: Stroke[] = []
  readonly #stack: TextState[] = []
  readonly #layers: HiddenLayers
  #state: TextState = { ...initialState }
  #textMatrix: Matrix = identity
  /** The pen and the beginning of its line, in text space. */
  #x = 0
  #y = 0
  #lineX = 0
  #lineY = 0
  #hiddenCharacters = 0
  #needsTextContent = false

  constructor(fonts: ReadonlyMap<string, PdfFont | undefined>, frame: PageFrame, isLayerShown: LayerTest) {
    this.#fonts = fonts
    this.#layers = new HiddenLayers(isLayerShown)
    this.#base = asMatrix(frame.transform) ?? identity
  }

  finish(): PageContent {
    const pieces = this.#pieces.finish()
    return {
      pieces,
      strokes: this.#strokes.length < maxStrokes ? this.#strokes : [],
      hiddenCharacters: this.#hiddenCharacters,
      needsTextContent: this.#needsTextContent || this.#pieces.hasRightToLeft,
    }
  }

  read(list: PDFOperatorList): void {
    const { fnArray, argsArray } = list
    for (let index = 0; index < fnArray.length; index += 1) this.#apply(fnArray[index] ?? 0, argsArray[index])
  }

  #apply(operator: number, values: unknown): void {
    switch (operator) {
      case OPS.showText:
        this.#show(first(values))
        break
      case OPS.setFont:
        if (Array.isArray(values)) this.#setFont(String(values[0]), toNumber(values[1]))
        break
      case OPS.setTextMatrix:
        this.#textMatrix = asMatrix(first(values)) ?? identity
        this.#moveTo(0, 0)
        break
      case OPS.moveText:
        if (Array.isArray(values)) this.#moveBy(toNumber(values[0]), toNumber(values[1]))
        break
      case OPS.setLeadingMoveText:
        if (!Array.isArray(values)) break
        this.#state.leading = toNumber(values[1])
        this.#moveBy(toNumber(values[0]), toNumber(values[1]))
        break
      case OPS.nextLine:
        this.#moveBy(0, this.#state.leading)
        break
      case OPS.beginText:
        this.#textMatrix = identity
        this.#moveTo(0, 0)
        break
      case OPS.constructPath:
        this.#path(values)
        break
      case OPS.save:
        this.#save()
        break
      case OPS.restore:
      case OPS.paintFormXObjectEnd:
      case OPS.endAnnotation:
        this.#state = this.#stack.pop() ?? this.#state
        break
      default:
        this.#applyRare(operator, values)
    }
  }

  #applyRare(operator: number, values: unknown): void {
    const state = this.#state
    switch (operator) {
      case OPS.transform:
        state.ctm = multiply(state.ctm, asMatrix(values) ?? identity)
        break
      case OPS.paintFormXObjectBegin:
        this.#save()
        this.#state.ctm = multiply(state.ctm, asMatrix(first(values)) ?? identity)
        break
      case OPS.beginAnnotation:
        this.#save()
        if (!Array.isArray(values)) break
        this.#state.ctm = multiply(asMatrix(values[2]) ?? identity, asMatrix(values[3]) ?? identity)
        break
      case OPS.setCharSpacing:
        state.charSpacing = toNumber(first(values))
        break
      case OPS.setWordSpacing:
        state.wordSpacing = toNumber(first(values))
        break
      case OPS.setHScale:
        state.horizontalScale = toNumber(first(values)) / 100
        break
      case OPS.setLeading:
        state.leading = -toNumber(first(values))
        break
      case OPS.setTextRise:
        state.rise = toNumber(first(values))
        break
      case OPS.setTextRenderingMode:
        state.mode = toNumber(first(values))
        break
      case OPS.setGState:
        this.#setGraphicsState(first(values))
        break
      case OPS.beginMarkedContent:
      case OPS.beginMarkedContentProps:
        this.#layers.begin(values)
        break
      case OPS.endMarkedContent:
        this.#layers.end()
        break
    }
  }

  #save(): void {
    this.#stack.push(this.#state)
    this.#state = { ...this.#state }
  }

  #setGraphicsState(entries: unknown): void {
    for (const entry of Array.isArray(entries) ? entries : []) {
      if (!Array.isArray(entry) || entry[0] !== 'Font' || !Array.isArray(entry[1])) continue
      this.#setFont(String(entry[1][0]), toNumber(entry[1][1]))
    }
  }

  #setFont(id: string, size: number): void {
    this.#state.fontId = id
    this.#state.fontSize = size
    this.#state.font = this.#fonts.get(id)
  }

  #moveTo(x: number, y: number): void {
    this.#x = this.#lineX = x
    this.#y = this.#lineY = y
  }

  #moveBy(x: number, y: number): void {
    this.#moveTo(this.#lineX + x, this.#lineY + y)
  }

  #path(values: unknown): void {
    if (!Array.isArray(values) || this.#strokes.length >= maxStrokes || this.#layers.isHidden) return
    const found = strokesOf(values, this.#base, this.#state.ctm)
    for (const stroke of found) this.#strokes.push(stroke)
  }

  #show(glyphs: unknown): void {
    const { font, fontSize } = this.#state
    if (!font || font.type3) this.#needsTextContent ||= Array.isArray(glyphs) && glyphs.length > 0
    if (!font || font.type3 || fontSize === 0 || !Array.isArray(glyphs)) return
    const { charSpacing, wordSpacing, rise, mode } = this.#state
    const line = lineOf(this.#state, font, this.#textMatrix)
    const { full, stepX, stepY, step } = line
    const { vertical, byName } = font
    const { isHidden } = this.#layers
    const originX = full[0] * this.#x + full[2] * (this.#y + rise) + full[4]
    const originY = full[1] * this.#x + full[3] * (this.#y + rise) + full[5]
    const scale = font.unit * fontSize
    let pen = 0
    let painted = 0
    for (const glyph of glyphs as readonly (Glyph | number)[]) {
      if (typeof glyph === 'number') {
        pen += ((vertical ? 1 : -1) * glyph * fontSize) / 1000
        continue
      }
      const unicode = byName?.get(glyph.originalCharCode) ?? glyph.unicode
      const kind = isHidden ? glyphKinds.blank : kindOf(unicode)
      const width = vertical && glyph.vmetric ? -(glyph.vmetric[0] ?? 0) : glyph.width
      const advance = width * scale
      const spacing = glyph.isSpace ? charSpacing + wordSpacing : charSpacing
      if (kind === glyphKinds.blank) {
        this.#pieces.blank()
        pen += advance + spacing
        continue
      }
      // The soft hyphen is an invisible mark of Unicode, but where a font draws it there is a hyphen on the page.
      const text = unicode === softHyphen && glyph.width > 0 ? '-' : unicode
      if (kind === glyphKinds.format && text !== '-') continue
      if (kind === glyphKinds.mark && this.#pieces.mark(text)) {
        pen += spacing
        continue
      }
      this.#pieces.add(text, originX + pen * stepX, originY + pen * stepY, line)
      pen += advance
      this.#pieces.endAt(originX + pen * stepX, originY + pen * stepY, Math.abs(advance) * step)
      pen += spacing
      painted += 1
    }
    if (mode === invisible || mode === clipOnly) this.#hiddenCharacters += painted
    if (vertical) this.#y -= pen
    else this.#x += pen * this.#state.horizontalScale
  }
}

export const readOperators = (
  list: PDFOperatorList,
  fonts: ReadonlyMap<string, PdfFont | undefined>,
  frame: PageFrame,
  isLayerShown: LayerTest,
): PageContent => {
  const reader = new OperatorReader(fonts, frame, isLayerShown)
  reader.read(list)
  return reader.finish()
}
