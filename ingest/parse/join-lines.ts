/**
 * What stands between two printed lines, or two runs of glyphs, when they are read as one sentence: a blank between words,
 * nothing between Chinese or Japanese characters and nothing after a hyphen inside a word. Pure; used by the PDF and text parsers.
 */

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\u3000-\u303f\uff00-\uffef]/u

const lastCharacter = (text: string): string => [...text.slice(-2)].at(-1) ?? ''
const firstCharacter = (text: string): string => String.fromCodePoint(text.codePointAt(0) ?? 32)

/** Whether the character belongs to a script that is written without blanks between words. */
export const isUnspaced = (character: string): boolean => unspaced.test(character)

/** Whether `before` ends and `after` begins with characters that are written without a blank between them. */
export const meetsUnspaced = (before: string, after: string): boolean =>
  isUnspaced(lastCharacter(before)) && isUnspaced(firstCharacter(after))

/** What to write between the end of one line and the beginning of the next line of the same paragraph. */
export const glueOfLines = (before: string, after: string): '' | ' ' => {
  if (before === '' || after === '') return ''
  if (isUnspaced(lastCharacter(before)) || isUnspaced(firstCharacter(after))) return ''
  if (/\p{L}-$/u.test(before) && /^\p{Ll}/u.test(after)) return ''
  return ' '
}
