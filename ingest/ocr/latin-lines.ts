/**
 * Commands, paths and part numbers in Chinese and Japanese documents: their readers misread lines that are all Latin, and tesseract does not ask its
 * English reader while they are content. In: the lines of a page. Out: one picture of just those lines for the English reader, and the lines with what it read better.
 * Pure. Used by `page-reader.ts`.
 */
import { unite } from '../parse/pdf-geometry.ts'
import type { GrayPicture } from './gray-picture.ts'
import { legibilityOf, type OcrLine, type OcrWord } from './ocr-lines.ts'

/** Lines that are surer than this are not read again. */
const sureLine = 0.88
const minLetters = 5
/** Part of the letters and digits that must be Latin. */
const latinPart = 0.85
/** In type heights, round each line. */
const margin = 0.5

interface Strip {
  readonly line: OcrLine
  /** Left top corner in the page, and top and height in the picture of all strips. */
  readonly left: number
  readonly top: number
  readonly at: number
  readonly height: number
}

export interface LatinStrips {
  readonly picture: GrayPicture
  readonly strips: readonly Strip[]
}

const isDoubtfulLatin = (line: OcrLine): boolean => {
  const text = line.words.map((word) => word.text).join('')
  const all = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
  const latin = text.match(/[A-Za-z0-9]/g)?.length ?? 0
  return all >= minLetters && latin >= all * latinPart && legibilityOf([line]).confidence < sureLine
}

/** @returns undefined where no line is in doubt */
export const cutLatinLines = (lines: readonly OcrLine[], page: GrayPicture): LatinStrips | undefined => {
  const doubtful = lines.filter(isDoubtfulLatin)
  if (doubtful.length === 0) return undefined
  const strips: (Strip & { readonly width: number })[] = []
  let at = 0
  for (const line of doubtful) {
    const area = unite(line.words)
    const room = Math.round(line.size * margin)
    const [left, top] = [area.left - room, area.top - room].map((value) => Math.max(0, Math.floor(value)))
    const [right, bottom] = [Math.min(page.width, area.right + room), Math.min(page.height, area.bottom + room)]
    if (left === undefined || top === undefined) continue
    strips.push({ line, left, top, at, width: Math.ceil(right) - left, height: Math.ceil(bottom) - top })
    at += Math.ceil(bottom) - top
  }
  const width = Math.max(...strips.map((strip) => strip.width))
  const pixels = new Uint8Array(width * at).fill(255)
  for (const strip of strips) {
    for (let row = 0; row < strip.height; row += 1) {
      const from = (strip.top + row) * page.width + strip.left
      pixels.set(page.pixels.subarray(from, from + strip.width), (strip.at + row) * width)
    }
  }
  return { picture: { pixels, width, height: at }, strips }
}

const moved = (word: OcrWord, strip: Strip): OcrWord => ({
  ...word,
  left: word.left + strip.left,
  right: word.right + strip.left,
  top: word.top - strip.at + strip.top,
  bottom: word.bottom - strip.at + strip.top,
})

/**
 * @param read what the English reader found in `cut.picture`
 * @returns all lines, the better reading of each
 */
export const putLatinLines = (lines: readonly OcrLine[], cut: LatinStrips, read: readonly OcrLine[]): OcrLine[] => {
  const words = read.flatMap((line) => line.words)
  const better = new Map<OcrLine, OcrLine>()
  for (const strip of cut.strips) {
    const inside = words.filter((word) => {
      const middle = (word.top + word.bottom) / 2
      return middle >= strip.at && middle < strip.at + strip.height
    })
    const line = { ...strip.line, words: inside.map((word) => moved(word, strip)) }
    const [had, found] = [legibilityOf([strip.line]), legibilityOf([line])]
    if (found.confidence > had.confidence && found.characters >= had.characters * 0.6) better.set(strip.line, line)
  }
  return lines.map((line) => better.get(line) ?? line)
}
