/**
 * What stands between two printed lines, or two runs of glyphs, when they are read as one sentence: a blank between words,
 * nothing between Chinese or Japanese characters and nothing after a hyphen inside a word. Pure; used by the PDF and text parsers.
 */

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\u3000-\u303f\uff00-\uffef]/u

/** Where nearly all of them lie: the marks and the kana, the characters, the full-width forms. */
const isPlainlyUnspaced = (code: number): boolean =>
  (code >= 0x3000 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x9fff) || (code >= 0xff00 && code <= 0xffef)
/** No character before it is one of them. */
const firstUnspaced = 0x02ea

const lastCharacter = (text: string): string => [...text.slice(-2)].at(-1) ?? ''
const firstCharacter = (text: string): string => String.fromCodePoint(text.codePointAt(0) ?? 32)

/** Whether the character belongs to a script that is written without blanks between words. */
export const isUnspaced = (character: string): boolean => {
  const code = character.codePointAt(0) ?? 0
  return code >= firstUnspaced && (isPlainlyUnspaced(code) || unspaced.test(character))
}

/** Whether `before` ends and `after` begins with characters that are written without a blank between them. */
export const meetsUnspaced = (before: string, after: string): boolean =>
  isUnspaced(lastCharacter(before)) && isUnspaced(firstCharacter(after))

/** Words after which a hyphen at the end of a line hangs: `on- and off-delay`. */
const hanging = /^(?:and|or|to|und|oder|bis|et|ou)(?![\p{L}\p{N}])/u

/** A hyphen inside a word, or inside a number of a part or a range: nothing may come between it and the rest. */
const breaksAtHyphen = (before: string, after: string): boolean =>
  (/\p{L}[-‐]$/u.test(before) && /^\p{Ll}/u.test(after) && !hanging.test(after)) ||
  (/[\p{Lu}\p{N}][-‐]$/u.test(before) && /^(?:\p{N}|\p{Lu}(?:\p{Lu}|\p{N}|-))/u.test(after))

/**
 * What to write between the end of one line and the beginning of the next line of the same paragraph. A hyphen stays, as it is printed; search finds
 * the word with it, without it and joined.
 */
export const glueOfLines = (before: string, after: string): '' | ' ' => {
  if (before === '' || after === '') return ''
  if (isUnspaced(lastCharacter(before)) || isUnspaced(firstCharacter(after))) return ''
  return breaksAtHyphen(before, after) ? '' : ' '
}
