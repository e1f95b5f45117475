/**
 * What OCR read that the page's text layer does not say: a page of little text keeps that text as the file has it, letter for letter, and gets what its pictures say
 * beside it. In: lines of a turned picture, the lines of the layer. Out: the lines, less what the layer says too. Pure. Used by `page-reader.ts`.
 */
import type { Box } from '../../src/core/document.ts'
import { legibilityOf, type OcrLine, type OcrWord } from './ocr-lines.ts'
import { mapBox, type TurnedPicture } from './turn-picture.ts'

/** A line that the file itself gives as text; its box in fractions of the page as shown. */
export interface LayerLine extends Box {
  readonly text: string
}

/** Part of the letters read in a line's place that the line has as well when they are a reading of it. */
const sameLetters = 0.5
/** Letters from which on the same words anywhere on the page are the layer's, whose boxes may lie wrong; fewer may be a cell of a table. */
const tellingLength = 12
/** In heights of a line: how far beyond its box a word's middle may lie. */
const boxMargin = 0.3
/** What is read of maps and drawings is less sure than this, what is read of screenshots surer (the sample manuals); with hardly a letter it must be surer still. */
const [leastSure, leastSureOfFew, fewLetters] = [0.6, 0.75, 4]

/** Lines that are text. Single letters are believed where there are more of words: a drawing has shapes that look like one. */
const believable = (lines: readonly OcrLine[]): OcrLine[] => {
  const isFew = (line: OcrLine): boolean => legibilityOf([line]).characters < fewLetters
  const sure = lines.filter((line) => {
    const { characters, confidence } = legibilityOf([line])
    return characters > 0 && confidence >= (isFew(line) ? leastSureOfFew : leastSure)
  })
  const words = sure.filter((line) => !isFew(line))
  return legibilityOf(words).characters * 2 >= legibilityOf(sure).characters ? sure : words
}

const lettersOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]/gu) ?? []

const liesIn = (word: OcrWord, line: Box, picture: TurnedPicture): boolean => {
  const { width, height } = picture
  const box = mapBox(
    {
      x: word.left / width,
      y: word.top / height,
      width: (word.right - word.left) / width,
      height: (word.bottom - word.top) / height,
    },
    picture,
  )
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const margin = Math.min(line.width, line.height) * boxMargin
  const within = (at: number, from: number, length: number): boolean =>
    at >= from - margin && at <= from + length + margin
  return within(x, line.x, line.width) && within(y, line.y, line.height)
}

/** Whether most of the letters of a text are a line's. */
const isReadingOf = (text: string, line: string): boolean => {
  const left = lettersOf(line)
  const letters = lettersOf(text)
  const found = letters.filter((letter) => {
    const at = left.indexOf(letter)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
  return found.length >= letters.length * sameLetters
}

/** @param lines without noise */
export const beyondLayer = (
  lines: readonly OcrLine[],
  layer: readonly LayerLine[],
  picture: TurnedPicture,
): OcrLine[] => {
  const all = lettersOf(layer.map(({ text }) => text).join('')).join('')
  const repeats = (words: readonly OcrWord[]): boolean => {
    const letters = lettersOf(words.map(({ text }) => text).join(''))
    return letters.length >= tellingLength && all.includes(letters.join(''))
  }
  const untold = lines
    .filter(({ words }) => !repeats(words))
    .map((line) => {
      const told = layer.flatMap((printed) => {
        const words = line.words.filter((word) => liesIn(word, printed, picture))
        return isReadingOf(words.map(({ text }) => text).join(''), printed.text) ? words : []
      })
      return { ...line, words: line.words.filter((word) => !told.includes(word)) }
    })
  return believable(untold)
}
