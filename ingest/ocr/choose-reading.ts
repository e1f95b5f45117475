/**
 * Which language data suits a page that nobody said the language of. In: the same sample read with each. Out: a `Reading`. Scripts decide before
 * confidence: each Chinese and Japanese reader is sure of characters of its own. Pure. Used by `page-reader.ts`.
 */
import { detectLanguage } from '../../src/core/detect-language.ts'
import type { Language } from '../../src/core/document.ts'
import { type Legibility, legibilityOf, type OcrLine } from './ocr-lines.ts'
import { type Reading, readings } from './tesseract-readers.ts'

const readingOf: Readonly<Record<Exclude<Language, 'und'>, Reading>> = {
  en: 'eng',
  'zh-Hant': 'chi_tra+eng',
  'zh-Hans': 'chi_sim+eng',
  ja: 'jpn+eng',
}

/** The data for a language, or undefined where the language is not known. */
export const readingFor = (language: Language | undefined): Reading | undefined =>
  language === undefined || language === 'und' ? undefined : readingOf[language]

export interface SampleReading {
  readonly reading: Reading
  readonly lines: readonly OcrLine[]
}

interface Judged extends Legibility {
  readonly reading: Reading
  /** Parts of the letters. */
  readonly kana: number
  readonly cjk: number
  /** The text is in the language that the data is for. */
  readonly agrees: boolean
  /** Which Chinese script the characters are in, where any of them tells. */
  readonly script: Language | undefined
}

const judge = ({ reading, lines }: SampleReading): Judged => {
  const text = lines.map((line) => line.words.map((word) => word.text).join('')).join('\n')
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0
  const letters = Math.max(1, count(/\p{L}/gu))
  const cjk = count(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)
  return {
    reading,
    ...legibilityOf(lines),
    kana: count(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu) / Math.max(1, cjk),
    cjk: cjk / letters,
    agrees: readingFor(detectLanguage(text)) === reading,
    script: scriptOf(text),
  }
}

/** What the language is said to be in doubt is no evidence. */
const scriptOf = (text: string): Language | undefined => {
  const [one, other] = [detectLanguage(text, 'zh-Hant'), detectLanguage(text, 'zh-Hans')]
  return one === other ? one : undefined
}

/** A page is English where hardly any character is Chinese or Japanese, and the English reader sees as well as the others. */
const fewCjk = 0.12
/** Japanese text has more kana than this among its characters; misread Chinese has less. */
const manyKana = 0.2
/** How much less sure the Japanese reader may be: kana are hard. */
const kanaAllowance = 0.08
/** Worth of a reading whose text is in its own language, in confidence. */
const agreement = 0.03
/**
 * The two Chinese readers write either script as their own, and are about as sure of it. The Japanese one writes what it sees: worth of its word for the one that is seen.
 */
const witness = 0.06

/**
 * What a part of a page is tried with that one reading could not read. Where Chinese or Japanese data saw Latin letters, other Chinese data sees no more: that
 * writes Chinese characters for kana and for each other's. Kana it takes for Latin letters.
 */
export const readingsToTry = (known: SampleReading): readonly Reading[] => {
  const { reading, cjk, characters } = judge(known)
  const isLatin = reading !== 'eng' && characters > 0 && cjk < fewCjk
  return isLatin ? readings.filter((each) => !each.startsWith('chi') || each === reading) : readings
}

/** @returns undefined where no reading found text to judge by */
export const chooseReading = (samples: readonly SampleReading[]): Reading | undefined => {
  const judged = samples.map(judge).filter(({ characters }) => characters >= 8)
  const by = (reading: Reading): Judged | undefined => judged.find((sample) => sample.reading === reading)
  const [english, japanese] = [by('eng'), by('jpn+eng')]
  const seen = readingFor(japanese?.script)
  const suits = ({ reading, confidence, agrees }: Judged): number =>
    confidence + (agrees ? agreement : 0) + (reading === seen && reading !== 'jpn+eng' ? witness : 0)
  const [best] = judged.filter(({ reading }) => reading !== 'eng').sort((one, other) => suits(other) - suits(one))
  if (!best) return english?.reading
  const latin = best.cjk < fewCjk
  if (english && (latin ? english.confidence > best.confidence - 0.1 : english.confidence > best.confidence + 0.1))
    return 'eng'
  if (japanese && japanese.kana > manyKana && japanese.confidence > best.confidence - kanaAllowance) return 'jpn+eng'
  return best.reading
}
