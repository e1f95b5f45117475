/**
 * What the characters of a glyph run stand for, where the file says something else than the page shows. In: the text that pdf.js gives for a
 * run. Out: the text that a reader sees. Pure; used by `pdf-runs.ts`.
 */
import { isUnspaced } from './join-lines.ts'
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

/**
 * Fonts that share one glyph between a character and the radical of the same shape often map it back to the radical. Those of the supplement
 * block have no Unicode normalisation to the character; these are the ones that do occur.
 */
const radicals = new Map(
  [
    ...'⺟母⺠民⺮竹⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龟⻲亀⻳龟'.matchAll(
      /(.)(.)/gu,
    ),
  ].map(([, radical = '', character = '']) => [radical, character] as const),
)

const asCharacters = (text: string): string =>
  text.replace(/[\u2e80-\u2fdf]/g, (sign) => radicals.get(sign) ?? sign.normalize('NFKC'))

/** Leader dots of tables of contents are drawn in hundreds; one sign says the same. */
const shortenLeaders = (text: string): string => text.replace(/ ?(?:[.·…‥・] ?){5,}/g, ' … ')

/** In font sizes: what is narrower between two Chinese or Japanese characters is letter spacing, not a blank. */
const narrowestBlank = 0.22
const latinWidth = 0.5

/** Letter-spaced Chinese and Japanese text comes with a blank after each character: these blanks are taken out. */
const closeLetterSpacing = (text: string, widthInSizes: number): string => {
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

/** @param widthInSizes width of the run in font sizes */
export const readGlyphs = (text: string, widthInSizes: number): string => {
  const cleaned = cleanText(symbolBullets.get(text) ?? text)
  return shortenLeaders(closeLetterSpacing(asCharacters(cleaned), widthInSizes))
}
