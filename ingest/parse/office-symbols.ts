/**
 * What is lost when formatted text is taken as plain characters: the signs of symbol fonts ("m" set in Symbol is μ), and raised digits ("10" with a
 * raised 3 is not 103). Pure; used by the parsers of DOCX, XLSX, PPTX and HTML.
 */

/** The encoding of Adobe's Symbol font from 0x20 on; a blank where there is no sign. */
const symbolSigns = [
  ' !∀#∃%&∋()∗+,−./0123456789:;<=>?',
  '≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_',
  '‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼ ',
  ' '.repeat(32),
  '€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵',
  'ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓',
  '◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭ ',
].join('')

/** Signs that documents use, from where they begin in the font. */
const dingbats: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
  wingdings: [
    [0x20, ' '],
    [0x28, '☎'],
    [0x2a, '✉'],
    [0x6c, '●'],
    [0x6e, '■□'],
    [0x71, '❑❒'],
    [0x75, '◆❖'],
    [0x80, '⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿'],
    [0xa7, '▪☐'],
    [0xd8, '➢'],
    [0xdf, '←→↑↓'],
    [0xe8, '➔'],
    [0xef, '⇦⇨⇧⇩'],
    [0xfb, '✗✓☒☑'],
  ],
  'wingdings 2': [
    [0x20, ' '],
    [0x4f, '✗✓'],
    [0x51, '☒☑☒☒'],
    [0xa3, '☐'],
  ],
  webdings: [
    [0x20, ' '],
    [0x61, '✓'],
    [0x72, '✗'],
  ],
}
/** For signs without a counterpart: something stands there. */
const someSign = '▪'

const dingbatOf = (font: string, code: number): string => {
  const range = dingbats[font]?.findLast(([start]) => start <= code)
  return (range && [...range[1]][code - range[0]]) ?? someSign
}

/** @param code the character's place in the font, with or without the 0xF000 of private use */
export const symbolOf = (font: string, code: number): string => {
  const place = code & 0xff
  const name = font.toLowerCase()
  if (name.startsWith('wingdings') || name === 'webdings') return dingbatOf(name, place)
  return symbolSigns[place - 0x20]?.trim() || (place === 0x20 ? ' ' : someSign)
}

const isSymbolFont = (font: string | undefined): boolean =>
  /^(?:symbol|symbol mt|webdings|wingdings(?: [23])?)$/i.test(font ?? '')

/**
 * Text of a run, with the signs that it shows. Characters of private use belong to a symbol font in any case. Plain letters do where the run is set in such a
 * font, but not whole words: those were set in it by mistake.
 * @param signFont the font of characters of private use, where the run names one apart
 */
export const readSymbols = (text: string, font: string | undefined, signFont = font): string => {
  const isSign = font !== undefined && isSymbolFont(font) && !/[a-z\d]{3}|[^\x20-\xff\uf020-\uf0ff]/i.test(text)
  const own = signFont !== undefined && isSymbolFont(signFont) ? signFont : 'Symbol'
  if (isSign) return text.replace(/[\x20-\xff\uf020-\uf0ff]/g, (sign) => symbolOf(font, sign.charCodeAt(0)))
  return text.replace(/[\uf020-\uf0ff]/g, (sign) => symbolOf(own, sign.charCodeAt(0)))
}

const raised: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((sign, digit) => [String(digit), sign])),
  '+': '⁺',
  '-': '⁻',
  '−': '⁻',
  '–': '⁻',
  '(': '⁽',
  ')': '⁾',
  n: 'ⁿ',
}

/** Raised digits and signs as characters of their own; anything else raised ("st", "th") as it is. */
export const raise = (text: string): string =>
  /^[\d+\-−–()n\s]+$/.test(text) && /[\dn]/.test(text) ? text.replace(/\S/g, (sign) => raised[sign] ?? sign) : text
