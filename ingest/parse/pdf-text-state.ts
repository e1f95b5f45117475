/**
 * What a page has set for the text that it shows: font, size, spacing, and where text space lies. In: the state and a font. Out: the line that
 * glyphs stand on. Used by `pdf-operators.ts`.
 */
import type { PdfFont } from './pdf-document.ts'
import { identity, type Matrix, multiply } from './pdf-geometry.ts'
import type { WritingLine } from './pdf-pieces.ts'

export interface TextState {
  ctm: Matrix
  fontId: string
  font: PdfFont | undefined
  fontSize: number
  charSpacing: number
  wordSpacing: number
  horizontalScale: number
  leading: number
  rise: number
  mode: number
}

export const initialState: Readonly<TextState> = {
  ctm: identity,
  fontId: '',
  font: undefined,
  fontSize: 0,
  charSpacing: 0,
  wordSpacing: 0,
  horizontalScale: 1,
  leading: 0,
  rise: 0,
  mode: 0,
}

/** What all glyphs that are shown at once have in common. */
export const lineOf = (
  { fontId, fontSize, horizontalScale, ctm }: TextState,
  font: PdfFont,
  textMatrix: Matrix,
): WritingLine => {
  const full = multiply(ctm, textMatrix)
  const [stepX, stepY] = font.vertical ? [-full[2], -full[3]] : [full[0] * horizontalScale, full[1] * horizontalScale]
  const step = Math.hypot(stepX, stepY)
  const across = Math.hypot(full[0], full[1])
  return {
    fontId,
    fontSize,
    horizontalScale,
    full,
    stepX,
    stepY,
    step,
    alongX: step > 0 ? stepX / step : 1,
    alongY: step > 0 ? stepY / step : 0,
    unit: Math.abs(fontSize) * across,
    height: Math.abs(fontSize) * (font.vertical ? across : Math.hypot(full[2], full[3])),
    vertical: font.vertical,
  }
}
