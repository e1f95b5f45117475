/**
 * Sets what was read on a page into text, blocks and boxes. In: lines of a turned picture. Out: the page's text as the PDF parser would lay it out (columns,
 * tables with and without rules, lists, headings), with boxes on the page as shown. Neighbours: `ocr-lines.ts`, `picture-rules.ts` before; `../parse/pdf-page.ts`
 * does the laying out, in a plane where the body type has 10 points.
 */
import type { LineBox, ParsedPage } from '../../src/core/document.ts'
import { type Area, unite } from '../parse/pdf-geometry.ts'
import { layOutPage } from '../parse/pdf-page.ts'
import type { TextRun } from '../parse/pdf-runs.ts'
import { createTypeScale } from '../parse/pdf-style.ts'
import { type OcrLine, type OcrWord, textOf } from './ocr-lines.ts'
import { type PictureRule, ruleBetween } from './picture-rules.ts'
import { mapBox, type TurnedPicture } from './turn-picture.ts'

/** What the type of most characters is taken for, in points. */
const bodySize = 10
/** In type heights: words farther apart stand in different columns or cells. */
const maxGap = 1.3
/** Measured heights of the same type differ by this part. */
const sameSize = 0.16
/** In degrees: boxes of lines that are further off level are cut into pieces, which follow them. */
const slanted = 0.7
/** Wider boxes belong to lines whose letters stand on different heights in them. */
const piecesFor = (width: number, height: number, degrees: number): number =>
  Math.min(24, Math.ceil((width * Math.tan(Math.abs((degrees * Math.PI) / 180))) / (height * 0.6)))

/** The height of the type that most characters are set in. */
const usualSize = (lines: readonly OcrLine[]): number => {
  const sized = lines.map((line) => ({
    size: line.size,
    weight: line.words.reduce((sum, word) => sum + word.text.length, 0),
  }))
  const half = sized.reduce((sum, { weight }) => sum + weight, 0) / 2
  let count = 0
  for (const { size, weight } of sized.sort((one, other) => one.size - other.size)) {
    count += weight
    if (count >= half) return size
  }
  return 1
}

/** Words without a wide gap or a rule between them. */
const stretchesOf = (line: OcrLine, rules: readonly PictureRule[]): OcrWord[][] => {
  const stretches: OcrWord[][] = []
  for (const word of [...line.words].sort((one, other) => one.left - other.left)) {
    const before = stretches.at(-1)?.at(-1)
    const together = before && word.left - before.right <= maxGap * line.size && !ruleBetween(rules, before, word)
    if (together) stretches.at(-1)?.push(word)
    else stretches.push([word])
  }
  return stretches
}

const toRun = (words: readonly OcrWord[], line: OcrLine, usual: number, unit: number): TextRun => {
  const area: Area = unite(words)
  const middle = (area.left + area.right) / 2
  const size = Math.abs(line.size - usual) < usual * sameSize ? usual : line.size
  return {
    text: textOf(words, line.size),
    left: area.left * unit,
    right: area.right * unit,
    top: area.top * unit,
    bottom: area.bottom * unit,
    baseline: (line.baseline.offset + line.baseline.slope * middle) * unit,
    size: Math.round(size * unit * 2) / 2,
    bold: false,
    monospace: false,
    blankBefore: true,
  }
}

/** A slanted line as boxes that follow it, cut between characters. */
const follow = (line: LineBox, text: string, picture: TurnedPicture): LineBox[] => {
  const [width, height] = [line.width * picture.width, line.height * picture.height]
  const count = Math.abs(picture.skew) < slanted ? 1 : Math.max(1, piecesFor(width, height, picture.skew))
  const characters = [...text.slice(line.start, line.end)]
  const pieces: LineBox[] = []
  let start = line.start
  for (let piece = 0; piece < count; piece += 1) {
    const [from, to] = [piece, piece + 1].map((at) => Math.round((at * characters.length) / count))
    const end = start + characters.slice(from, to).join('').length
    if (end === start) continue
    const x = line.x + (line.width * (from ?? 0)) / characters.length
    const part = (line.width * ((to ?? 0) - (from ?? 0))) / characters.length
    pieces.push({ start, end, ...mapBox({ x, y: line.y, width: part, height: line.height }, picture) })
    start = end
  }
  return pieces
}

/** @param rules in pixels of the picture */
export const layOutLines = (
  lines: readonly OcrLine[],
  rules: readonly PictureRule[],
  picture: TurnedPicture,
): Pick<ParsedPage, 'text' | 'blocks' | 'lines'> => {
  const usual = usualSize(lines)
  const unit = bodySize / usual
  const runs = lines.flatMap((line) => stretchesOf(line, rules).map((words) => toRun(words, line, usual, unit)))
  const characters = new Map<number, number>()
  for (const run of runs) characters.set(run.size, (characters.get(run.size) ?? 0) + run.text.length)
  const frame = { width: picture.width * unit, height: picture.height * unit, transform: [1, 0, 0, 1, 0, 0] }
  const strokes = rules.map(({ x1, y1, x2, y2 }) => [x1 * unit, y1 * unit, x2 * unit, y2 * unit] as const)
  const page = layOutPage([{ orientation: 0, skewed: false, runs }], strokes, frame, createTypeScale(characters))
  return { ...page, lines: page.lines.flatMap((line) => follow(line, page.text, picture)) }
}
