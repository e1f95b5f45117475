/**
 * A text as the words and signs that two revisions of it are compared by. In: a page's text. Out: tokens with their place in it.
 * Invariant: white space and line breaks are in no token and part none, also not within Chinese and Japanese: a page that was only set anew has
 * the same tokens.
 */

export interface Token {
  /** What is compared. */
  readonly key: string
  /** Offsets in the text, half open. */
  readonly start: number
  readonly end: number
}

const han = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー々〆'
const letter = `(?:(?![${han}])[\\p{L}\\p{M}\\p{N}])`
/** A run of Chinese or Japanese, broken lines and all; a word, number or part number; any other sign. */
const pattern = new RegExp(`[${han}](?:\\s*[${han}])*|${letter}+(?:[.,'’_/-]${letter}+)*|\\S`, 'gu')
const startsWithHan = new RegExp(`^[${han}]`, 'u')
const words = new Intl.Segmenter('zh', { granularity: 'word' })
/** The segmenter keeps a copy of its input with each word. A sentence is far shorter; longer runs are taken character by character. */
const maxSegmentedUnits = 500

export const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = []
  for (const { 0: found, index } of text.matchAll(pattern)) {
    if (startsWithHan.test(found)) tokens.push(...wordsOf(found, index))
    else tokens.push({ key: found, start: index, end: index + found.length })
  }
  return tokens
}

const wordsOf = (run: string, offset: number): Token[] => {
  // Where each code unit of the run without its white space stands.
  const places = [...run.matchAll(/\S/g)].map(({ index }) => offset + index)
  const compact = run.replaceAll(/\s/g, '')
  const pieces =
    compact.length > maxSegmentedUnits ? [...compact] : [...words.segment(compact)].map(({ segment }) => segment)
  let at = 0
  return pieces.map((key) => {
    const start = places[at] ?? offset
    at += key.length
    return { key, start, end: (places[at - 1] ?? offset) + 1 }
  })
}
