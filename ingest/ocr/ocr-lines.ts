/**
 * From what tesseract says to lines that can be trusted: specks and rules read as signs are dropped, blanks between Chinese and Japanese characters too, confidence is
 * weighed. In: tesseract's blocks. Out: words on lines, in pixels of the picture. Pure. Next on the way: `ocr-layout.ts`.
 */
import type Tesseract from 'tesseract.js'
import { isUnspaced } from '../parse/join-lines.ts'
import type { Area } from '../parse/pdf-geometry.ts'

export interface OcrWord extends Area {
  readonly text: string
  /** 0 to 1. */
  readonly confidence: number
}

export interface OcrLine {
  readonly words: readonly OcrWord[]
  /** Height of the type in pixels, from the descenders to the ascenders. */
  readonly size: number
  /** Of the baseline at x: `y = offset + slope * x`. */
  readonly baseline: { readonly offset: number; readonly slope: number }
}

/** Words below are noise, unless they are letters in a line that is surer than this. */
const [leastConfidence, sureLine] = [0.3, 0.6]
/** Signs that specks, rules and frames are read as. */
const ruleSigns = /^[|¦｜‖\\/_＿\-‐–—―一ー~～=＝.,:;'"`´‘’“”・·。、*°^<>«»()[\]{}「」『』I l]+$/u
const leastRuleConfidence = 0.75

const toWord = (word: Tesseract.Word): OcrWord => ({
  text: word.text.trim(),
  confidence: word.confidence / 100,
  left: word.bbox.x0,
  top: word.bbox.y0,
  right: word.bbox.x1,
  bottom: word.bbox.y1,
})

/** Signs of a frame are much taller or flatter than type, or hardly believed. */
const isNoise = (word: OcrWord, size: number, lineConfidence: number): boolean => {
  const amongLetters = lineConfidence >= sureLine && /[\p{L}\p{N}]/u.test(word.text)
  if (word.confidence < leastConfidence && !amongLetters) return true
  const [width, height] = [word.right - word.left, word.bottom - word.top]
  if (height > size * 3.5 && width < height) return true
  if (!ruleSigns.test(word.text)) return false
  const frame = height > size * 1.6 || width > size * (word.text.length + 2)
  return frame || (word.confidence < leastRuleConfidence && !/[\p{L}]/u.test(word.text))
}

const toLine = (line: Tesseract.Line): OcrLine => {
  const { x0, y0, x1, y1 } = line.baseline
  const slope = x1 > x0 ? (y1 - y0) / (x1 - x0) : 0
  const height = line.bbox.y1 - line.bbox.y0
  const printed = line.rowAttributes.rowHeight
  const size = printed > 0 ? Math.min(printed, height * 1.6) : height
  const words = line.words.map(toWord).filter((word) => word.text !== '')
  return { words, size: Math.max(1, size), baseline: { offset: y0 - slope * x0, slope } }
}

/** Everything that was read, noise too: how much of it there is tells how well a reading suits the page. */
export const toLines = (page: Tesseract.Page): OcrLine[] =>
  (page.blocks ?? [])
    .flatMap((block) => block.paragraphs)
    .flatMap((paragraph) => paragraph.lines)
    .map(toLine)
    .filter((line) => line.words.length > 0)

/** A bullet at the beginning of a line is read as the full stop or the middle dot that it resembles. */
const withBullet = (words: readonly OcrWord[]): OcrWord[] =>
  words.map((word, index) =>
    index === 0 && words.length > 1 && /^[。‧·・●]$/u.test(word.text) ? { ...word, text: '•' } : word,
  )

/** What can be trusted of the lines. */
export const withoutNoise = (lines: readonly OcrLine[]): OcrLine[] =>
  lines
    .map((line) => {
      const { confidence } = legibilityOf([line])
      return { ...line, words: withBullet(line.words.filter((word) => !isNoise(word, line.size, confidence))) }
    })
    .filter((line) => line.words.length > 0)

/** Letters and digits: what counts when readings are weighed. */
const charactersOf = (text: string): number => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0

export interface Legibility {
  /** Letters and digits. */
  readonly characters: number
  /** 0 to 1: mean of the words, weighed by their letters and digits; where there are none, by their signs. Dot leaders say nothing about a reading. */
  readonly confidence: number
  /** What speaks for a reading: characters above even odds less those below. A Chinese character says as much as two letters. */
  readonly worth: number
}

const evenOdds = 0.5

export const legibilityOf = (lines: readonly OcrLine[]): Legibility => {
  let [characters, sum, signs, signSum, worth] = [0, 0, 0, 0, 0]
  for (const word of lines.flatMap((line) => line.words)) {
    const count = charactersOf(word.text)
    characters += count
    worth += (count + (word.text.match(/\p{Script=Han}/gu)?.length ?? 0)) * (word.confidence - evenOdds)
    sum += word.confidence * count
    signs += word.text.length
    signSum += word.confidence * word.text.length
  }
  const confidence = characters > 0 ? sum / characters : signSum / Math.max(1, signs)
  return { characters, confidence, worth }
}

/** In type heights: Chinese and Japanese characters that are farther apart were set apart. */
const unspacedGap = 1.1
const spacedGap = 0.28

/** What stands between two words of one line as printed. */
export const blankBetween = (before: OcrWord, after: OcrWord, size: number): '' | ' ' => {
  const [last, first] = [[...before.text].at(-1) ?? '', [...after.text].at(0) ?? '']
  const gap = (after.left - before.right) / size
  const unspaced = Number(isUnspaced(last)) + Number(isUnspaced(first))
  if (unspaced === 0) return ' '
  return gap > (unspaced === 2 ? unspacedGap : spacedGap) ? ' ' : ''
}

/** The words of one stretch of a line as text. */
export const textOf = (words: readonly OcrWord[], size: number): string => {
  let text = ''
  let before: OcrWord | undefined
  for (const word of words) {
    text += (before ? blankBetween(before, word, size) : '') + word.text
    before = word
  }
  return text
}
