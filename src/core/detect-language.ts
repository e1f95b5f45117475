/**
 * Which of Kura's languages a text is written in, from its characters alone: one pass over a sample, no model.
 * In: any text, also a question of four characters. Out: a `Language`. Kana makes Japanese; characters that exist in one
 * Chinese script only (by the OpenCC tables) tell Traditional from Simplified; Latin letters make English.
 * Neighbours: the chunker (language of chunks and documents), the answerer (language of a question).
 */
import japaneseVariants from 'opencc-js/dict/JPShinjitaiCharacters'
import simplifiedToTraditional from 'opencc-js/dict/STCharacters'
import traditionalToSimplified from 'opencc-js/dict/TSCharacters'
import type { Language } from './document.ts'

/** Characters looked at; longer texts are sampled in slices spread over their whole length. */
const sampleLength = 20_000
const sampleSlices = 20
/** Share of kana among kana and Han above which a text is Japanese; a Chinese manual may name a Japanese product. */
const kanaShare = 0.08
/** The keys that never stand for themselves: a character that both scripts use (后, 里, 台) proves nothing. */
const parseOneWay = (dictionary: string): Set<string> => {
  const keys = new Set<string>()
  for (const entry of dictionary.split('|')) {
    const [key, ...values] = entry.split(' ')
    if (key && !values.includes(key)) keys.add(key)
  }
  return keys
}

const simplifiedOnly = parseOneWay(simplifiedToTraditional)
const traditionalOnly = parseOneWay(traditionalToSimplified)
const shinjitai = new Set(japaneseVariants.split('|').map((entry) => entry.split(' ')[0] ?? ''))
const kyujitai = new Set(japaneseVariants.split('|').flatMap((entry) => entry.split(' ').slice(1)))
/** Kanji of Japanese print that neither Chinese script uses (検, 圧, 気, 働), less the few that Chinese does use. */
const japaneseOnly = new Set<string>(['働', '込', '畑', '峠', '枠', '匂', '辻', '栃'])
for (const kanji of shinjitai) {
  const chinese = simplifiedToTraditional.includes(kanji) || traditionalToSimplified.includes(kanji)
  if (!chinese && !'予慎概瓶研翻萌郎缶晃褒'.includes(kanji)) japaneseOnly.add(kanji)
}

interface Counts {
  kana: number
  han: number
  traditional: number
  /** Traditional, and replaced by another form in Japanese: 學, 氣. */
  old: number
  /** Simplified, and not Japanese: 说, 这. */
  simplified: number
  /** Simplified and Japanese alike, but not Traditional: 点, 国. */
  shared: number
  japanese: number
  latinWords: number
  other: number
}

/**
 * @param fallback what a text that gives no evidence gets: no letters at all, or Chinese characters that are written alike in
 *   both scripts and in Japanese. Pass the language of the document for one of its chunks.
 * @default `und` without letters, `zh-Hant` for undecided Chinese characters
 */
export const detectLanguage = (text: string, fallback: Language = 'und'): Language => {
  const counts = countScripts(sample(text))
  const cjk = counts.kana + counts.han
  const words = counts.latinWords
  if (cjk === 0 && words === 0) return counts.other > 0 ? 'und' : fallback
  if (counts.other > Math.max(cjk, words)) return 'und'
  if (cjk < words) return 'en'
  if (counts.kana > cjk * kanaShare) return 'ja'
  return chineseOrJapanese(counts, text, fallback)
}

const chineseOrJapanese = (counts: Counts, text: string, fallback: Language): Language => {
  const { han, japanese, traditional, old, simplified, shared } = counts
  // Japanese without kana is a heading or a table; much of its kanji looks Traditional or Simplified by itself.
  if (japanese > simplified && japanese > han * 0.05) return 'ja'
  if (fallback === 'ja' && simplified === 0 && old === 0) return 'ja'
  const evidence = traditional - simplified - shared
  if (evidence !== 0) return evidence > 0 ? 'zh-Hant' : 'zh-Hans'
  if (fallback !== 'und' && fallback !== 'en') return fallback
  return /[“”]/u.test(text) && !/[「」]/u.test(text) ? 'zh-Hans' : 'zh-Hant'
}

const countScripts = (text: string): Counts => {
  const counts: Counts = {
    kana: 0,
    han: 0,
    traditional: 0,
    old: 0,
    simplified: 0,
    shared: 0,
    japanese: 0,
    latinWords: 0,
    other: 0,
  }
  let inWord = false
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const latin = isLatin(code)
    if (latin && !inWord) counts.latinWords += 1
    inWord = latin || (inWord && isInsideWord(code))
    if (latin || code < 0x370) continue
    if (isKana(code)) counts.kana += 1
    else if (isHan(code)) {
      counts.han += 1
      if (japaneseOnly.has(character)) counts.japanese += 1
      else if (traditionalOnly.has(character)) {
        counts.traditional += 1
        if (kyujitai.has(character)) counts.old += 1
      } else if (simplifiedOnly.has(character)) counts[shinjitai.has(character) ? 'shared' : 'simplified'] += 1
    } else if (/\p{L}/u.test(character)) counts.other += 0.3 // letters of scripts that Kura does not tell apart
  }
  return counts
}

const isLatin = (code: number): boolean =>
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0xc0 && code <= 0x24f && code !== 0xd7 && code !== 0xf7) ||
  (code >= 0xff21 && code <= 0xff3a) ||
  (code >= 0xff41 && code <= 0xff5a)

/** Digits, apostrophe, hyphen, underscore, dot, slash: `KURA_MAX-2.5/x` is one word. */
const isInsideWord = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || [0x27, 0x2d, 0x2e, 0x2f, 0x5f, 0x3a, 0x40, 0x2019].includes(code)

const isKana = (code: number): boolean =>
  (code >= 0x3041 && code <= 0x3096) || (code >= 0x30a1 && code <= 0x30fa) || (code >= 0xff66 && code <= 0xff9d)

const isHan = (code: number): boolean =>
  (code >= 0x4e00 && code <= 0x9fff) ||
  (code >= 0x3400 && code <= 0x4dbf) ||
  (code >= 0xf900 && code <= 0xfaff) ||
  (code >= 0x20000 && code <= 0x323af)

const sample = (text: string): string => {
  if (text.length <= sampleLength) return text
  const length = sampleLength / sampleSlices
  const step = (text.length - length) / (sampleSlices - 1)
  return Array.from({ length: sampleSlices }, (_, i) => slice(text, Math.floor(i * step), length)).join(' ')
}

const slice = (text: string, start: number, length: number): string => text.slice(start, start + length)
