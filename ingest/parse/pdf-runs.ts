/**
 * Glyph runs of a page. In: pdf.js text items. Out: runs in points, grouped by the orientation that they are read in, with font
 * size, weight and whether a blank stands before them. What is drawn outside the shown page, or twice on the same spot (bold by
 * overprinting), is left out. Next on the way: `pdf-lines.ts`.
 */
import type { TextItem } from 'pdfjs-dist/types/src/display/api.js'
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

export interface FontStyle {
  readonly fontFamily: string
  readonly ascent: number
  readonly descent: number
  readonly vertical: boolean
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

const placeItem = (
  item: TextItem,
  style: FontStyle | undefined,
  fontName: string,
  frame: PageFrame,
  blankBefore: boolean,
): Placed | undefined => {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = frame.transform
  const [ta = 0, tb = 0, tc = 0, td = 0, te = 0, tf = 0] = item.transform as readonly number[]
  const unit = Math.hypot(a, b)
  const along: readonly [number, number] = [a * ta + c * tb, b * ta + d * tb]
  const x = a * te + c * tf + e
  const y = b * te + d * tf + f
  const size = Math.hypot(a * tc + c * td, b * tc + d * td) || Math.hypot(...along)
  if (!Number.isFinite(x + y + size) || size <= 0) return undefined
  const vertical = style?.vertical === true
  const { orientation, skewed } = vertical
    ? { orientation: 90 as const, skewed: false }
    : nearestOrientation((Math.atan2(along[1], along[0]) * 180) / Math.PI)
  const [u, v] = turnPoint(x, y, frame, orientation)
  const length = (vertical ? item.height : item.width) * unit
  const ascent = between(style?.ascent ?? 0, 0.5, 1.1, 0.85)
  const descent = between(-(style?.descent ?? 0), 0.05, 0.45, 0.2)
  const text = readGlyphs(item.str, length / size)
  const run: TextRun = {
    text,
    left: u,
    right: u + Math.max(length, size * 0.05),
    top: vertical ? v - size / 2 : v - ascent * size,
    bottom: vertical ? v + size / 2 : v + descent * size,
    baseline: vertical ? v + size * 0.35 : v,
    size,
    bold: boldName.test(fontName),
    monospace: style?.fontFamily === 'monospace' || monospaceName.test(fontName),
    blankBefore: blankBefore || /^\s/.test(text),
  }
  const [middleX, middleY] = [x + (along[0] / (Math.hypot(...along) || 1)) * (length / 2), y]
  const outside = middleX < -size || middleY < -size || middleX > frame.width + size || middleY > frame.height + size
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
 * @param fontNameOf the name that the file gives to a pdf.js font, '' where it is not known
 * @returns the upright group first, then the others by number of runs; skewed text last
 */
export const readRuns = (
  items: readonly TextItem[],
  styles: Readonly<Record<string, FontStyle>>,
  fontNameOf: (id: string) => string,
  frame: PageFrame,
): RunGroup[] => {
  const groups = new Map<string, { orientation: Orientation; skewed: boolean; runs: TextRun[] }>()
  const isOverprint = createOverprintFilter()
  let blankBefore = false
  for (const item of items) {
    if (item.str.trim() === '') {
      blankBefore ||= item.str !== ''
      continue
    }
    const placed = placeItem(item, styles[item.fontName], fontNameOf(item.fontName), frame, blankBefore)
    blankBefore = false
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
