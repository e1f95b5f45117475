/**
 * Glyphs become pieces of text: characters that one font draws in a row, with blanks where the pen leaves room for one. In: characters with the
 * places where they begin and end. Out: pieces in user space, in drawing order. Pieces break and blanks are set by the measures of pdf.js's own
 * text extraction, but for Chinese and Japanese, whose lines are justified between the characters.
 * Neighbours: `pdf-operators.ts` before, `pdf-runs.ts` after.
 */
import { normalizeUnicode } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { meetsUnspaced } from './join-lines.ts'
import type { Matrix } from './pdf-geometry.ts'
import type { TextPiece } from './pdf-runs.ts'

/** In font sizes, by pdf.js: up to here a gap is none; up to here letter spacing; up to here a blank; a wider one begins a new piece. */
const noGap = 0.03
const letterSpacing = 0.102
const widestBlank = 0.6
/** In font sizes: Chinese and Japanese lines are justified by spreading their characters; a gap up to here is that, with and without a drawn blank. */
const [narrowBlank, wideBlank] = [0.22, 0.45]
/** In font sizes: a pen that goes back further begins a new piece. */
const farthestBack = -0.2
/** In heights of the text: a baseline that moves further begins a new piece, or a new line. */
const sameBaseline = 0.25
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/
const notAscii = /[^\0-\x7f]/

export const glyphKinds = { visible: 1, blank: 2, mark: 3, format: 4 } as const
/** Kinds by the first code unit; 0 where it has not been asked for. */
const kindOfUnit = new Uint8Array(0x10000)

/** One of `glyphKinds`. */
export const kindOf = (unicode: string): number => {
  const unit = unicode.charCodeAt(0)
  const known = kindOfUnit[unit] ?? 0
  if (known !== 0) return known
  if (/^\p{Cs}|^$/u.test(unicode) || unicode.codePointAt(0) !== unit) return glyphKinds.visible
  const kind = /^\s/.test(unicode)
    ? glyphKinds.blank
    : /^\p{Mn}/u.test(unicode)
      ? glyphKinds.mark
      : /^\p{Cf}/u.test(unicode)
        ? glyphKinds.format
        : glyphKinds.visible
  kindOfUnit[unit] = kind
  return kind
}

/** A line of writing in user space. */
export interface WritingLine {
  readonly fontId: string
  readonly fontSize: number
  readonly horizontalScale: number
  /** From text space. */
  readonly full: Matrix
  /** One step of the pen along the line. */
  readonly stepX: number
  readonly stepY: number
  readonly step: number
  /** Direction of writing, of length 1. */
  readonly alongX: number
  readonly alongY: number
  /** Font size along the line and across it. */
  readonly unit: number
  readonly height: number
  readonly vertical: boolean
}

/** The piece that glyphs are being added to. */
interface OpenPiece {
  str: string
  readonly fontId: string
  readonly transform: readonly number[]
  /** Direction of writing in user space, of length 1. */
  readonly alongX: number
  readonly alongY: number
  readonly vertical: boolean
  readonly unit: number
  readonly height: number
  readonly blank: boolean
  length: number
}

export class PieceWriter {
  readonly #pieces: TextPiece[] = []
  #open: OpenPiece | undefined
  /** Where the last visible glyph ended, in user space. */
  #endX = 0
  #endY = 0
  #hasEnd = false
  #sawBlank = false
  #hasRightToLeft = false

  /** Something is written from right to left: its characters come in the order that they are drawn in. */
  get hasRightToLeft(): boolean {
    return this.#hasRightToLeft
  }

  finish(): readonly TextPiece[] {
    this.#close()
    return this.#pieces
  }

  /** A blank was drawn; whether it shows is decided by the room that it leaves. */
  blank(): void {
    this.#sawBlank = true
  }

  /** Adds a mark that stands on the character before it; false where there is none. */
  mark(text: string): boolean {
    if (!this.#open) return false
    this.#open.str += text
    return true
  }

  /** Adds a visible glyph that begins at x, y to the open piece, or to a new one. */
  add(text: string, x: number, y: number, line: WritingLine): void {
    const { alongX, alongY, unit, height, full } = line
    const open = this.#open
    const byX = x - this.#endX
    const byY = y - this.#endY
    const gap = unit > 0 ? (byX * alongX + byY * alongY) / unit : 0
    const across = Math.abs(byX * alongY - byY * alongX)
    const blank =
      open && gap > noGap && meetsUnspaced(open.str, text)
        ? gap > (this.#sawBlank ? narrowBlank : wideBlank)
        : gap > letterSpacing || (this.#sawBlank && gap > noGap)
    this.#sawBlank = false
    const goesOn =
      open !== undefined &&
      open.fontId === line.fontId &&
      Math.abs(open.unit - unit) <= unit * 0.01 &&
      open.alongX * alongX + open.alongY * alongY > 0.9999 &&
      gap >= farthestBack &&
      gap <= widestBlank &&
      across <= open.height * sameBaseline
    if (open && goesOn) {
      open.length += gap * unit
      open.str += blank ? ` ${text}` : text
      return
    }
    this.#close()
    const { fontId, fontSize, horizontalScale } = line
    const size = fontSize * horizontalScale
    this.#open = {
      str: text,
      fontId,
      transform: [full[0] * size, full[1] * size, full[2] * fontSize, full[3] * fontSize, x, y],
      alongX,
      alongY,
      vertical: line.vertical,
      unit,
      height,
      blank: blank && this.#hasEnd && gap >= farthestBack && across <= height,
      length: 0,
    }
  }

  /** Where the visible glyph ended that was added last. */
  endAt(x: number, y: number, length: number): void {
    this.#endX = x
    this.#endY = y
    this.#hasEnd = true
    if (this.#open) this.#open.length += length
  }

  #close(): void {
    const open = this.#open
    if (!open) return
    this.#open = undefined
    this.#hasRightToLeft ||= rightToLeft.test(open.str)
    const { transform, fontId: fontName, vertical, blank, length, height } = open
    this.#pieces.push({
      str: notAscii.test(open.str) ? normalizeUnicode(open.str) : open.str,
      transform,
      width: vertical ? height : Math.abs(length),
      height: vertical ? Math.abs(length) : height,
      fontName,
      blank,
    })
  }
}
