/**
 * The rules of tables in a picture: long straight strokes across and down. In: a levelled grey picture. Out: strokes in its pixels, and the picture
 * without them. Pure. Used by `page-reader.ts` before a page is read, and by `ocr-layout.ts`, which finds the cells of tables by them.
 */
import type { Area } from '../parse/pdf-geometry.ts'
import { type GrayPicture, levelOf, shrinkToDarkest } from './gray-picture.ts'

/** A straight stroke in pixels; level where `y1 = y2`, upright where `x1 = x2`. */
export interface PictureRule {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
  /** How far its ink reaches from the line, thickness and slant together. */
  readonly reach: number
  /** Pixels darker than this belong to it. */
  readonly level: number
}

/** Strokes that are thicker than this part of the type are bars, pictures or letters. */
const maxThickness = 0.4
/** In type heights. */
const minLength = 2.5
const maxRules = 600
/** Rules are often pale: they are this much darker than the darkest grain of the ground, which less than this part of a page is darker than. */
const [standsOut, groundPart] = [25, 0.7]

interface Run {
  readonly at: number
  readonly from: number
  readonly to: number
}

/** Stretches of ink along one axis that are long enough; `step` moves along, `jump` to the next row. */
const findRuns = (ink: Uint8Array, rows: number, length: number, step: number, jump: number, least: number): Run[] => {
  const runs: Run[] = []
  for (let row = 0; row < rows; row += 1) {
    let from = -1
    for (let along = 0; along <= length; along += 1) {
      const dark = along < length && ink[row * jump + along * step] === 1
      if (dark && from < 0) from = along
      else if (!dark && from >= 0) {
        if (along - from >= least) runs.push({ at: row, from, to: along })
        from = -1
      }
    }
  }
  return runs
}

interface Stroke extends Run {
  readonly reach: number
}

/** Of a stroke that is not quite level: how far it may rise on its length. */
const maxSlant = 0.02

/** Runs on top of each other are one stroke; bars, which are thick all along, are none. */
const joinRuns = (runs: readonly Run[], thickest: number): Stroke[] => {
  const open: { first: number; last: number; from: number; to: number; area: number }[] = []
  const strokes: Stroke[] = []
  const close = ({ first, last, from, to, area }: (typeof open)[number]): void => {
    const length = to - from
    if (area / length > thickest || last - first > thickest + length * maxSlant) return
    strokes.push({ at: (first + last) / 2, from, to, reach: (last - first + 1) / 2 })
  }
  for (const run of runs) {
    for (let index = open.length - 1; index >= 0; index -= 1) {
      const stroke = open[index]
      if (stroke && stroke.last < run.at - 1) open.splice(index, 1).forEach(close)
    }
    const same = open.find((stroke) => stroke.from <= run.to + 1 && run.from <= stroke.to + 1)
    if (same) {
      same.last = run.at
      same.from = Math.min(same.from, run.from)
      same.to = Math.max(same.to, run.to)
      same.area += run.to - run.from
    } else open.push({ first: run.at, last: run.at, from: run.from, to: run.to, area: run.to - run.from })
  }
  open.forEach(close)
  return strokes
}

/** In type heights: rules that run down so far need no others to be believed. */
const surelyLong = 12

/** Rules that run down a table begin and end at rules across it; stems of letters and edges of pictures do not. */
const standsBetween = (rule: Stroke, across: readonly Stroke[], size: number): boolean => {
  const touches = (end: number): boolean =>
    across.some((other) => {
      const meets = other.from - size < rule.at && rule.at < other.to + size
      return meets && Math.abs(other.at - end) < size * 0.6
    })
  return rule.to - rule.from > surelyLong * size || (touches(rule.from) && touches(rule.to))
}

/** @param size height of the type in pixels */
export const findRules = (picture: GrayPicture, size: number): PictureRule[] => {
  const factor = Math.max(1, Math.floor(size / 12))
  const reduced = shrinkToDarkest(picture, factor)
  const { width, height } = reduced
  const limit = levelOf(reduced, groundPart) - standsOut
  const ink = reduced.pixels.map((pixel) => (pixel < limit ? 1 : 0))
  const least = (minLength * size) / factor
  const thickest = Math.max(2, (maxThickness * size) / factor)
  const across = joinRuns(findRuns(ink, height, width, 1, width, least), thickest)
  const down = joinRuns(findRuns(ink, width, height, width, 1, least), thickest).filter((rule) =>
    standsBetween(rule, across, size / factor),
  )
  if (across.length + down.length > maxRules) return []
  const scaled = (value: number): number => (value + 0.5) * factor
  const ends = ({ from, to }: Run): readonly [number, number] => [from * factor, to * factor]
  return [
    ...across.map((rule) => {
      const [[x1, x2], y] = [ends(rule), scaled(rule.at)]
      return { x1, y1: y, x2, y2: y, reach: rule.reach * factor, level: limit }
    }),
    ...down.map((rule) => {
      const [[y1, y2], x] = [ends(rule), scaled(rule.at)]
      return { x1: x, y1, x2: x, y2, reach: rule.reach * factor, level: limit }
    }),
  ]
}

/** Pixels beyond the reach of a rule in which its blurred edge ends. */
const edge = 3

/**
 * The picture without its rules: tesseract takes tables with rules for pictures and reads nothing in them. Letters that cross a rule keep their strokes.
 */
export const eraseRules = <Picture extends GrayPicture>(picture: Picture, rules: readonly PictureRule[]): Picture => {
  if (rules.length === 0) return picture
  const { width, height } = picture
  const pixels = picture.pixels.slice()
  for (const { x1, y1, x2, y2, reach, level: ink } of rules) {
    const level = y1 === y2
    const [at, from, to] = level ? [y1, x1, x2] : [x1, y1, y2]
    const [step, jump] = level ? [1, width] : [width, 1]
    const [length, rows] = level ? [width, height] : [height, width]
    const low = Math.max(0, Math.floor(at - reach - edge))
    const high = Math.min(rows - 1, Math.ceil(at + reach + edge))
    for (let along = Math.max(0, Math.floor(from)); along < Math.min(length, to); along += 1) {
      eraseAcross(pixels, along * step, jump, [low, high], ink)
    }
  }
  return { ...picture, pixels }
}

/** Takes out what is darker than `ink` and begins and ends between the rows. */
const eraseAcross = (
  pixels: Uint8Array,
  offset: number,
  jump: number,
  [low, high]: readonly [number, number],
  ink: number,
): void => {
  let begin = -1
  for (let row = low; row <= high; row += 1) {
    const dark = (pixels[offset + row * jump] ?? 255) < ink
    if (dark && begin < 0) begin = row
    if (dark || begin < 0) continue
    if (begin > low) for (let at = begin - 1; at <= row; at += 1) pixels[offset + at * jump] = 255
    begin = -1
  }
}

/** Whether a rule that runs down the page separates two words of one line. */
export const ruleBetween = (rules: readonly PictureRule[], before: Area, after: Area): boolean => {
  const middle = (Math.max(before.top, after.top) + Math.min(before.bottom, after.bottom)) / 2
  const slack = (before.bottom - before.top) * 0.3
  return rules.some(
    ({ x1, y1, x2, y2 }) =>
      x1 === x2 && x1 > before.right - slack && x1 < after.left + slack && y1 <= middle && y2 >= middle,
  )
}
