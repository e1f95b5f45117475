/**
 * The terms that full text search runs on, the same for chunks and questions: `whitespace` is the index's tokenizer, so that
 * what a term is gets decided here alone. In: any text. Out: terms without blanks.
 *
 * - NFKC and lower case: full-width letters, ligatures, ㎜ and CJK radicals meet their plain forms.
 * - Traditional characters are folded to Simplified ones, so that 扭力檢查 finds 扭力检查.
 * - CJK runs become overlapping pairs of characters (and, in the index, single characters, for one-character questions).
 * - Latin words are kept whole; a word with inner marks (`ppr-9087`, `m8x1.25`) is kept whole, joined and in pieces;
 *   an English word is kept beside its stem (`~replac`).
 */
import { stemmer } from 'stemmer'
import { toSimplified } from './chinese-script.ts'
import { replaceRadicals } from './cjk-radicals.ts'

/** Typeset hyphens, dashes of ranges and minus signs, which nobody types. */
const hyphens = /[\u2010-\u2013\u2212]/g

/** Text as search sees it; also used to compare quotes, so that width and script variants do not tell strings apart. */
export const foldText = (text: string): string =>
  toSimplified(replaceRadicals(text).normalize('NFKC').replace(hyphens, '-')).toLowerCase()

const cjk = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}ー々〆'
const runs = new RegExp(
  `[${cjk}]+|(?:(?![${cjk}])[\\p{L}\\p{N}\\p{M}])+(?:[-_./+#:'’&](?:(?![${cjk}])[\\p{L}\\p{N}\\p{M}])+)*`,
  'gu',
)
const isCjk = new RegExp(`^[${cjk}]`, 'u')
const isHiraganaOnly = /^[\p{Script=Hiragana}ー]+$/u
const isEnglishWord = /^[a-z]{3,}$/
const isPlainWord = /^[\p{L}\p{N}\p{M}]+$/u
/** `kp60` is asked for where the manual writes `kp-60`: letters and digits are also split from each other. */
const letterDigitBorder = /(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/u

/** `what's` is `what`: the ending is grammar. */
const contraction = /['’](?:s|t|re|ll|ve|d|m)(?![a-z])/g

const pairsOf = (run: readonly string[]): string[] => run.slice(1).map((character, i) => `${run[i]}${character}`)

const latinTerms = (word: string): string[] => {
  const pieces = word.split(/[-_./+#:'’&]/u).filter((piece) => piece !== '')
  const inner = pieces.flatMap((piece) => {
    const parts = piece.split(letterDigitBorder)
    return [...(parts.length > 1 ? parts : []), ...(isEnglishWord.test(piece) ? [`~${stemmer(piece)}`] : [])]
  })
  return [word, ...(isPlainWord.test(word) ? [] : [pieces.join(''), ...pieces]), ...inner]
}

/** Terms of a stored text. Repeats are kept: their number is what BM25 counts. */
export const searchTerms = (text: string): string[] => {
  const terms: string[] = []
  for (const [run] of foldText(text).replace(contraction, '').matchAll(runs)) {
    if (isCjk.test(run)) {
      const characters = [...run]
      // One by one: a run may be longer than a call takes arguments.
      for (const term of [...characters, ...pairsOf(characters)]) terms.push(term)
    } else {
      for (const term of new Set(latinTerms(run))) terms.push(term)
    }
  }
  return terms
}

/**
 * English words that carry no meaning of their own in a question. They would not matter in an English collection, but in a mostly
 * Chinese or Japanese one "the" is rare, and so would weigh more than the part that is asked for.
 */
export const functionWords = new Set(
  (
    'a an and any are as at be been but by can could did do does for from had has have how i if in into is it its may me my of on or our ' +
    'shall she he should so than that the their them then there these they this those to was we were what when where which who whom whose ' +
    'why will with would you your'
  ).split(' '),
)

/**
 * Terms of a question, each once. Left out where something else remains: English function words, pairs of Hiragana (grammar, in nearly
 * every question), and single characters of longer CJK runs.
 */
export const questionTerms = (question: string): string[] => {
  const weighty: string[] = []
  const light: string[] = []
  for (const [run] of foldText(question).replace(contraction, '').matchAll(runs)) {
    if (isCjk.test(run)) {
      const characters = [...run]
      for (const term of characters.length === 1 ? characters : pairsOf(characters)) {
        ;(isHiraganaOnly.test(term) ? light : weighty).push(term)
      }
    } else {
      for (const term of latinTerms(run)) (functionWords.has(run) ? light : weighty).push(term)
    }
  }
  return [...new Set(weighty.length > 0 ? weighty : light)]
}
