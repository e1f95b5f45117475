/**
 * CJK radicals in the place of characters. Fonts that share one glyph between a character and the radical of the same shape often map it back to the radical: what is
 * printed looks right and is never found. Used by search terms and by the PDF parser.
 */

/** Radicals of the supplement block have no Unicode normalisation to the character; these are the ones that do occur. */
const supplement = new Map(
  [
    ...'⺟母⺠民⺮竹⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龟⻲亀⻳龟'.matchAll(
      /(.)(.)/gu,
    ),
  ].map(([, radical = '', character = '']) => [radical, character] as const),
)

/** Puts the character of the same shape in the place of each radical. */
export const replaceRadicals = (text: string): string =>
  text.replace(/[\u2e80-\u2fdf]/g, (sign) => supplement.get(sign) ?? sign.normalize('NFKC'))
