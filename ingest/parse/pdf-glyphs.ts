/**
 * What the characters of a glyph run stand for, where the file says something else than the page shows. In: the text that pdf.js gives for a
 * run. Out: the text that a reader sees. Pure; used by `pdf-runs.ts`.
 */
import { replaceRadicals } from '../../src/core/cjk-radicals.ts'
import { isUnspaced } from './join-lines.ts'
import { symbolOf } from './office-symbols.ts'
import { cleanText } from './page-builder.ts'

/** Symbol fonts draw list bullets with characters of the private use area. */
const symbolBullets = new Map([
  ['\uf0b7', '•'],
  ['\uf06c', '●'],
  ['\uf06e', '■'],
  ['\uf0a7', '▪'],
  ['\uf0d8', '➢'],
  ['\uf0fc', '✓'],
  ['\uf076', '❖'],
  ['\uf075', '◆'],
])

const privateUse = /[\ue000-\uf8ff]/
/** Adobe's places for figures and capitals of other shapes, from where they begin, and for parts of large brackets, as in its Symbol font. */
const [oldStyleZero, smallCapitalA, firstBracket, lastBracket] = [0xf730, 0xf761, 0xf8e5, 0xf8fe]
const bracketParts = '⎺⏐⎯®©™⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭'

/** Which of the symbol fonts a font is, by its name. */
const symbolFontOf = (name: string): string | undefined => {
  const [found] = /wingdings ?-?[23]?|webdings|symbol(?!ic)/i.exec(name) ?? []
  return found?.toLowerCase().replace(/(?<=s)[ -]*(?=[23])/, ' ')
}

/** Whether there are characters that mean nothing by themselves. */
export const hasPrivateUse = (text: string): boolean => privateUse.test(text)

/**
 * Signs of symbol fonts and other characters of private use, as far as it is known what they stand for: "10 \uf06d" set in Symbol is 10 μ.
 * @param fontName as the file has it
 */
export const readPrivateUse = (text: string, fontName: string): string => {
  const symbolFont = symbolFontOf(fontName)
  return text.replace(/[\ue000-\uf8ff]/g, (sign) => {
    const code = sign.charCodeAt(0)
    if (code >= 0xf020 && code <= 0xf0ff) return symbolFont === undefined ? sign : symbolOf(symbolFont, code)
    if (code >= oldStyleZero && code < oldStyleZero + 10) return String(code - oldStyleZero)
    if (code >= smallCapitalA && code < smallCapitalA + 26) return String.fromCharCode(0x61 + code - smallCapitalA)
    return code >= firstBracket && code <= lastBracket ? (bracketParts[code - firstBracket] ?? sign) : sign
  })
}

/** Leader dots of tables of contents are drawn in hundreds; one sign says the same. */
const shortenLeaders = (text: string): string => text.replace(/ ?(?:[.·…‥・] ?){5,}/g, ' … ')

/** In font sizes: what is narrower between two Chinese or Japanese characters is letter spacing, not a blank. */
const narrowestBlank = 0.22
const latinWidth = 0.5

/** Letter-spaced Chinese and Japanese text comes with a blank after each character: these blanks are taken out. */
const closeLetterSpacing = (text: string, widthInSizes: number): string => {
  if (!text.includes(' ')) return text
  const characters = [...text]
  const isBetween = (index: number): boolean =>
    characters[index] === ' ' && isUnspaced(characters[index - 1] ?? '') && isUnspaced(characters[index + 1] ?? '')
  let [blanks, width] = [0, 0]
  characters.forEach((character, index) => {
    if (isBetween(index)) blanks += 1
    else width += isUnspaced(character) ? 1 : latinWidth
  })
  if (blanks === 0 || (widthInSizes - width) / blanks >= narrowestBlank) return text
  return characters.filter((_, index) => !isBetween(index)).join('')
}

const isPlain = /^[ -~]*$/

/** @param widthInSizes width of the run in font sizes */
export const readGlyphs = (text: string, widthInSizes: number): string => {
  if (isPlain.test(text)) return text.includes('..') || text.includes('. .') ? shortenLeaders(text) : text
  const cleaned = cleanText(symbolBullets.get(text) ?? text)
  return shortenLeaders(closeLetterSpacing(replaceRadicals(cleaned), widthInSizes))
}
