/**
 * Characters from the names of glyphs, where pdf.js knows none: figures and capitals of other shapes (`one.oldstyle`, `a.sc`) and ligatures (`f_f_i`).
 * Without them the numbers of a page vanish that is set in such figures. In: what a font says of its codes. Out: characters by code.
 * Rules: Adobe Glyph List Specification, section 2. Used by `pdf-document.ts`.
 */

/** Names of the characters from 0x20 to 0x7e that are not their own names. */
const asciiNames =
  'space exclam quotedbl numbersign dollar percent ampersand quotesingle parenleft parenright asterisk plus comma hyphen period slash ' +
  'zero one two three four five six seven eight nine colon semicolon less equal greater question at'
const bracketNames = 'bracketleft backslash bracketright asciicircum underscore grave'
const braceNames = 'braceleft bar braceright asciitilde'

const named = new Map<string, string>(
  [
    ...asciiNames.split(' ').map((name, index) => [name, 0x20 + index] as const),
    ...bracketNames.split(' ').map((name, index) => [name, 0x5b + index] as const),
    ...braceNames.split(' ').map((name, index) => [name, 0x7b + index] as const),
    ...Object.entries({ endash: 0x2013, emdash: 0x2014, minus: 0x2212, degree: 0xb0, mu: 0xb5, multiply: 0xd7 }),
    ...Object.entries({ ae: 0xe6, AE: 0xc6, oe: 0x153, OE: 0x152, germandbls: 0xdf, oslash: 0xf8, dotlessi: 0x131 }),
    ...Object.entries({ ff: 0xfb00, fi: 0xfb01, fl: 0xfb02, ffi: 0xfb03, ffl: 0xfb04 }),
  ].map(([name, code]) => [name, String.fromCodePoint(code)]),
)

const accents = new Map(
  Object.entries({
    grave: '\u0300',
    acute: '\u0301',
    circumflex: '\u0302',
    tilde: '\u0303',
    macron: '\u0304',
    breve: '\u0306',
    dotaccent: '\u0307',
    dieresis: '\u0308',
    ring: '\u030a',
    caron: '\u030c',
    cedilla: '\u0327',
    ogonek: '\u0328',
  }),
)

const readPart = (name: string): string | undefined => {
  if (/^[A-Za-z]$/.test(name)) return name
  const known = named.get(name)
  if (known !== undefined) return known
  const [, hex] = /^(?:uni|u)([\dA-F]{4})$/.exec(name) ?? []
  if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
  const [, letter, accent = ''] = /^([A-Za-z])([a-z]+)$/.exec(name) ?? []
  const mark = accents.get(accent)
  return letter !== undefined && mark !== undefined ? (letter + mark).normalize('NFC') : undefined
}

/** Undefined where the name is a plain one, which pdf.js reads itself, or where a part of it is not known. */
const readGlyphName = (name: string): string | undefined => {
  const [plain = ''] = name.split('.', 1)
  if (plain === '' || (plain === name && !name.includes('_'))) return undefined
  const parts = plain.split('_').map(readPart)
  return parts.every((part) => part !== undefined) ? parts.join('') : undefined
}

/**
 * @param differences names of glyphs by code, as the font's encoding has them
 * @param isKnown whether the font itself says what a code stands for
 * @returns nothing where no name helps
 */
export const charactersByName = (
  differences: readonly unknown[],
  isKnown: (code: number) => boolean,
): ReadonlyMap<number, string> | undefined => {
  const found = new Map<number, string>()
  differences.forEach((name, code) => {
    if (typeof name !== 'string' || isKnown(code)) return
    const text = readGlyphName(name)
    if (text !== undefined) found.set(code, text)
  })
  return found.size > 0 ? found : undefined
}
