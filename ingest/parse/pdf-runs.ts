/**
 * Glyph runs of a page. In: pieces of text in user space. Out: runs in points, grouped by the orientation that they are read in, with font
 * size, weight and whether a blank stands before them. What is drawn outside the shown page, or twice on the same spot (bold by
 * overprinting), is left out. Next on the way: `pdf-lines.ts`.
 */
import type { PdfFont } from './pdf-document.ts'
import { type Area, type Orientation, type PageSize, turnPoint } from './pdf-geometry.ts'
import { readGlyphs } from './pdf-glyphs.ts'

/** Characters that one font drew in one go, without a gap wider than a word space. */
export interface TextRun extends Area {
  readonly text: string
  readonly baseline: number
  /** Font size in points. */
  readonly size: number
  readonly bold: boolean
  readonly monospace: boolean
  /** The file has a blank before the run, drawn or left out. */
  readonly blankBefore: boolean
}

/** Characters in user space, as they come from the page: by our own reading of its operators, or by pdf.js's text extraction. */
export interface TextPiece {
  readonly str: string
  /** From text space, where the font size is 1, to user space. */
  readonly transform: readonly number[]
  readonly width: number
  readonly height: number
  /** pdf.js's name of the font. */
  readonly fontName: string
  /** The page leaves a blank before the piece, drawn or not. */
  readonly blank: boolean
}

/** What `pdf-runs.ts` needs to know of a page beyond its items. */
export interface PageFrame extends PageSize {
  /** From PDF user space to the shown page: `[a, b, c, d, e, f]`. */
  readonly transform: readonly number[]
}

/** The runs that are read in one direction. `skewed` ones are kept in drawing order: they can not be set into lines. */
export interface RunGroup {
  readonly orientation: Orientation
  readonly skewed: boolean
  readonly runs: readonly TextRun[]
}

const boldName = /bold|black|heavy|demi(?!n)|[-_,]bd\b|simhei|heiti|w[6-9]\b|medi(?:ital)?\b/i
const monospaceName = /mono|courier|consol|menlo|typewriter|cmtt|terminal|fixed/i
const between = (value: number, low: number, high: number, otherwise: number): number =>
  value >= low && value <= high ? value : otherwise

const nearestOrientation = (degrees: number): { orientation: Orientation; skewed: boolean } => {
  const turned = ((Math.round(degrees) % 360) + 360) % 360
  const quarter = (Math.round(turned / 90) % 4) * 90
  const distance = Math.min(Math.abs(turned - quarter), 360 - Math.abs(turned - quarter))
  return { orientation: quarter as Orientation, skewed: distance > 10 }
}

interface Placed {
  readonly run: TextRun
  readonly orientation: Orientation
  readonly skewed: boolean
}

/** What the name of a font says; asked once for each font of a page. */
interface Style {
  readonly bold: boolean
  readonly monospace: boolean
  readonly vertical: boolean
  readonly ascent: number
  readonly descent: number
}

const styleOf = (font: PdfFont | undefined): Style => ({
  bold: boldName.test(font?.name ?? ''),
  monospace: font?.family === 'monospace' || monospaceName.test(font?.name ?? ''),
  vertical: font?.vertical === true,
  ascent: between(font?.ascent ?? 0, 0.5, 1.1, 0.85),
  descent: between(-(font?.descent ?? 0), 0.05, 0.45, 0.2),
})

const placePiece = (piece: TextPiece, style: Style, frame: PageFrame): Placed | undefined => {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = frame.transform
  const [ta = 0, tb = 0, tc = 0, td = 0, te = 0, tf = 0] = piece.transform
  const unit = Math.hypot(a, b)
  const along: readonly [number, number] = [a * ta + c * tb, b * ta + d * tb]
  const x = a * te + c * tf + e
  const y = b * te + d * tf + f
  const size = Math.hypot(a * tc + c * td, b * tc + d * td) || Math.hypot(...along)
  if (!Number.isFinite(x + y + size) || size <= 0) return undefined
  const { vertical, ascent, descent } = style
  const reach = Math.hypot(...along) || 1
  const unitAlong = [along[0] / reach, along[1] / reach] as const
  const { orientation, skewed } = vertical
    ? { orientation: 90 as const, skewed: false }
    : nearestOrientation((Math.atan2(along[1], along[0]) * 180) / Math.PI)
  const [u, v] = turnPoint(x, y, frame, orientation)
  const length = (vertical ? piece.height : piece.width) * unit
  const text = readGlyphs(piece.str, length / size)
  const run: TextRun = {
    text,
    left: u,
    right: u + Math.max(length, size * 0.05),
    top: vertical ? v - size / 2 : v - ascent * size,
    bottom: vertical ? v + size / 2 : v + descent * size,
    baseline: vertical ? v + size * 0.35 : v,
    size,
    bold: style.bold,
    monospace: style.monospace,
    blankBefore: piece.blank || /^\s/.test(text),
  }
  // What runs over the edge of the page belongs to it; what lies wholly beside it is not shown.
  const [farX, farY] = vertical ? [x, y + length] : [x + unitAlong[0] * length, y + unitAlong[1] * length]
  const outside =
    Math.max(x, farX) < -size ||
    Math.max(y, farY) < -size ||
    Math.min(x, farX) > frame.width + size ||
    Math.min(y, farY) > frame.height + size
  return outside ? undefined : { run, orientation, skewed }
}

/** Finds text that was drawn on the same spot before. Spots are counted in tenths of the font size. */
const createOverprintFilter = (): ((placed: Placed) => boolean) => {
  const seen = new Map<string, TextRun[]>()
  return ({ run, orientation }) => {
    const key = `${orientation} ${run.text}`
    const earlier = seen.get(key) ?? []
    const near = run.size * 0.12
    const repeated = earlier.some(
      (other) => Math.abs(other.left - run.left) < near && Math.abs(other.baseline - run.baseline) < near,
    )
    if (!repeated) seen.set(key, [...earlier.slice(-15), run])
    return repeated
  }
}

/**
 * @param fonts by pdf.js's names; a piece of an unknown one is taken for regular type
 * @returns the upright group first, then the others by number of runs; skewed text last
 */
export const readRuns = (
  pieces: readonly TextPiece[],
  fonts: ReadonlyMap<string, PdfFont | undefined>,
  frame: PageFrame,
): RunGroup[] => {
  const groups = new Map<string, { orientation: Orientation; skewed: boolean; runs: TextRun[] }>()
  const styles = new Map<string, Style>()
  const isOverprint = createOverprintFilter()
  for (const piece of pieces) {
    const style = styles.get(piece.fontName) ?? styleOf(fonts.get(piece.fontName))
    styles.set(piece.fontName, style)
    const placed = placePiece(piece, style, frame)
    if (!placed || placed.run.text.trim() === '' || isOverprint(placed)) continue
    const key = placed.skewed ? 'skewed' : String(placed.orientation)
    const group = groups.get(key)
    if (group) group.runs.push(placed.run)
    else groups.set(key, { orientation: placed.orientation, skewed: placed.skewed, runs: [placed.run] })
  }
  const weight = (group: RunGroup): number => {
    if (group.skewed) return -1
    const characters = group.runs.reduce((sum, run) => sum + run.text.length, 0)
    return group.orientation === 0 ? characters * 2 : characters
  }
  return [...groups.values()].sort((one, other) => weight(other) - weight(one))
}
