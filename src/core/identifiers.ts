/**
 * Identifiers: part numbers, alarm and error codes, standards, model names, screw sizes. In: text of a document, or a question. Out: each with a
 * key that all its spellings share. `PPR-9087`, `ppr 9087`, `PPR9087`, `ＰＰＲ－９０８７` and `PPR-9O87` have one key, `PPR-9078` has another.
 * From documents only what looks like a code is taken; from questions whatever might be one, because it counts only where a document holds it.
 * Neighbours: the store keeps the keys in a column of the index; `src/retrieval` compares the spellings of what was found.
 */
import { replaceRadicals } from './cjk-radicals.ts'
import { codeWord, fileExtension, plainWords, units } from './identifier-words.ts'

export interface Identifier {
  /** Letters and digits in lower case, without marks, what looks alike made equal. */
  readonly key: string
  /** As written, but in lower case, of normal width and with plain hyphens. */
  readonly spelling: string
}

/** Longer ones are checksums, or no codes. */
const maxKeyLength = 40
const maxPieces = 5
/** Pieces of a question that are looked at; nobody asks for more codes at once. */
const maxQuestionPieces = 80
const minDigitsAlone = 5
const maxWordLength = 6

/** Bounded where a run of letters could be tried from each of its places. */
const addresses = /[A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/[\x21-\x7e]+|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]+/g
const superscripts = /[\u00b2\u00b3\u00b9\u2070-\u2079]/g
const invisible = /[\u00ad\u200b-\u200d\u2060\ufeff]/g
const dashes = /[\u2010-\u2015\u2212\u02d7]/g
/** The Japanese mark of a long vowel, typed for a hyphen. */
const longVowelAsHyphen = /(?<=[A-Za-z0-9])ー(?=[A-Za-z0-9])/g
const screwSize = /(?<![A-Za-z0-9])(M\d+(?:\.\d+)?)((?:\s?[x×✕*]\s?\d+(?:\.\d+)?)+)/gi

const plain = (text: string): string =>
  replaceRadicals(text.replace(superscripts, ' ').replace(invisible, ''))
    .normalize('NFKC')
    .replace(dashes, '-')
    .replace(longVowelAsHyphen, '-')
    .replace(addresses, ' ')
    .replace(screwSize, (_, size: string, rest: string) => `${size}${rest.replace(/\s?[x×✕*]\s?/gi, 'x')}`)

const marks = /[-_/.\s]+/g
/** A letter O read as 0, and I or l read as 1, by people and by OCR. */
const skeleton = (spelling: string): string =>
  spelling.replace(marks, '').replaceAll('o', '0').replaceAll('i', '1').replaceAll('l', '1')

const identifierOf = (written: string): Identifier => {
  const spelling = written.toLowerCase()
  return { key: skeleton(spelling), spelling }
}

/** Letters and digits, held together by marks; a dot only before a digit, because it also ends sentences and begins extensions. */
const chains = /[A-Za-z0-9]+(?:(?:[-_/]|\.(?=\d))[A-Za-z0-9]+)*/g

interface Piece {
  readonly text: string
  readonly start: number
  readonly end: number
}

const hasDigit = /\d/
const hasLetter = /[A-Za-z]/
const isQuantity = (piece: string): boolean => {
  const [, unit] = /^\d+(?:\.\d+)*[-/]?([A-Za-z]+)(?:[-/][a-z]+)*$/.exec(piece) ?? []
  return unit !== undefined && units.has(unit.toLowerCase())
}
const isDate = (piece: string): boolean =>
  /^(?:19|20)\d\d[-/.]\d{1,2}(?:[-/.]\d{1,2})?$|^\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d$/.test(piece)
/** 1000-2000: two of one length, the second greater. */
const isRange = (piece: string): boolean => {
  const [, from = '', to = ''] = /^(\d+)[-/](\d+)$/.exec(piece) ?? []
  return (
    from !== '' &&
    (from.length === to.length || from.length === 4) &&
    !from.startsWith('0') &&
    Number(to) > Number(from)
  )
}

const isNumberCode = (piece: string): boolean => {
  if (/^\d+$/.test(piece)) return piece.length >= minDigitsAlone
  if (!/^\d+(?:[-/_]\d+)+$/.test(piece) || isDate(piece) || isRange(piece)) return false
  return piece.replace(/\D/g, '').length > minDigitsAlone
}

/** @param strict whether a word in lower case makes it ordinary text: `post-2000` */
const isCode = (piece: string, strict: boolean): boolean => {
  if (piece.length > maxKeyLength || !hasDigit.test(piece)) return false
  if (!hasLetter.test(piece)) return isNumberCode(piece)
  if (isQuantity(piece)) return false
  const parts = piece.split(/[-_/.]/)
  if (
    parts.some((part) => plainWords.has(part)) &&
    parts.every((part) => !(hasDigit.test(part) && hasLetter.test(part)))
  )
    return false
  return !strict || !parts.some((part) => /^[a-z]{3,}$/.test(part))
}

/** A chain, and what stands between its looser marks: `SOP_PPR-9087_v2`, `E401/E402`. */
const readingsOf = (chain: string, strict: boolean): string[] => {
  const looser = chain.split(/[_/]/)
  const parts = looser.length > 1 ? looser : strict && !isCode(chain, true) ? chain.split('-') : []
  const codes = parts.filter((part) => hasLetter.test(part) && isCode(part, strict))
  const wholeIsList = looser.length > 1 && codes.length === looser.length
  // M8x1.25 also answers a question for M8.
  const [, size] = /^(M\d+(?:\.\d+)?)x/i.exec(chain) ?? []
  return [...(isCode(chain, strict) && !wholeIsList ? [chain] : []), ...codes, ...(size === undefined ? [] : [size])]
}

const piecesOf = (text: string): Piece[] =>
  [...text.matchAll(chains)].map(({ 0: piece, index }) => ({ text: piece, start: index, end: index + piece.length }))

const isCapitals = (piece: string): boolean =>
  /^[A-Z]+(?:[-/][A-Z]+)*$/.test(piece) && piece.length <= maxWordLength && !plainWords.has(piece.toLowerCase())

/** Pieces with nothing but one blank between them, from `start` on. */
const runFrom = (text: string, pieces: readonly Piece[], start: number): Piece[] => {
  const run: Piece[] = []
  for (const piece of pieces.slice(start, start + maxPieces)) {
    const before = run.at(-1)
    if (before && !/^[ \u3000]{1,2}$/.test(text.slice(before.end, piece.start))) break
    run.push(piece)
  }
  return run
}

/** In capitals, then digits: `ISO 9001-1`, `JIS B 0205`, `6ES7 315-2AG10`. */
const isWrittenApart = (run: readonly Piece[]): boolean => {
  const [first] = run
  const digits = run.findIndex(({ text }) => hasDigit.test(text))
  if (
    !first ||
    digits < 0 ||
    isQuantity(run[digits]?.text ?? '') ||
    run.slice(digits + 1).some(({ text }) => isQuantity(text))
  )
    return false
  const words = run.filter(({ text }) => !hasDigit.test(text))
  if (!words.every(({ text }) => isCapitals(text))) return false
  // Capitals alone may be a heading: PRESSURE 12.
  if (digits > 0 && words.some(({ text }) => text.length > 4) && (run[digits]?.text.replace(/\D/g, '').length ?? 0) < 3)
    return false
  return digits > 0 || hasLetter.test(first.text)
}

const afterCodeWord = new RegExp(
  `(?<![A-Za-z])(?:${codeWord.source})\\s{0,8}[:.#＃]?\\s{0,8}(\\d{2,6})(?![\\d%％A-Za-z]|[.,-]\\d|\\s*(?:%|％|°))`,
  'gi',
)

/** A number after a word such as "alarm": the word's language does not matter. */
const numbersAfterCodeWords = (text: string): Identifier[] =>
  [...text.matchAll(afterCodeWord)].map(([, number = '']) => ({ key: `#${number}`, spelling: number }))

const distinct = (identifiers: readonly Identifier[]): Identifier[] => [
  ...new Map(identifiers.map((each) => [`${each.key} ${each.spelling}`, each])).values(),
]

/** `ISO 9001-2015` is asked for as ISO 9001. */
const withoutYear = (written: string): string[] => {
  const [, bare] = /^([A-Z][A-Z/ -]*\d[\d.-]*?)-(?:19|20)\d\d$/i.exec(written) ?? []
  return bare === undefined ? [written] : [written, bare]
}

/** What a text of a document holds, each spelling once. */
export const identifiersOf = (text: string): Identifier[] => {
  const normal = plain(text)
  const pieces = piecesOf(normal)
  const written = pieces.flatMap((piece, i) => {
    const alone = readingsOf(piece.text, true)
    const run = runFrom(normal, pieces, i)
    const joined = run.slice(1).flatMap((_, length) => {
      const part = run.slice(0, length + 2)
      return isWrittenApart(part) ? [part.map((each) => each.text).join(' ')] : []
    })
    return [...alone, ...joined].flatMap(withoutYear)
  })
  return distinct([
    ...written.map(identifierOf).filter(({ key }) => key.length > 1 && key.length <= maxKeyLength),
    ...numbersAfterCodeWords(normal),
  ])
}

/** What codes of one series begin with: of `kp60` and `kp100` the same. @param key of an `Identifier` */
export const seriesOf = (key: string): string => /^[^\d]*/.exec(key)?.[0] ?? ''

/** Of a document's name: without the extension of the file. */
export const identifiersOfName = (name: string): Identifier[] => identifiersOf(name.replace(fileExtension, ''))

export interface AskedIdentifier extends Identifier {
  /** Where it stands among the pieces of the question: of two that overlap, the longer one that is found is meant. */
  readonly first: number
  readonly last: number
}

const mayBePart = (piece: string): boolean =>
  hasDigit.test(piece) || (piece.length <= 2 * maxWordLength && !plainWords.has(piece.toLowerCase()))

/** What a question may be asking for, in any case and with blanks in any place. */
export const askedIdentifiers = (question: string): AskedIdentifier[] => {
  const normal = plain(question)
  const pieces = piecesOf(normal).slice(0, maxQuestionPieces)
  const asked = pieces.flatMap((piece, i) => {
    const alone = readingsOf(piece.text, false)
      .flatMap(withoutYear)
      .map((text) => ({ ...identifierOf(text), first: i, last: i }))
    const run = runFrom(normal, pieces, i)
    const parts = run.slice(1).map((_, length) => run.slice(0, length + 2))
    const joined = parts
      .filter((part) => part.every(({ text }) => mayBePart(text)) && part.some(({ text }) => hasDigit.test(text)))
      .filter(
        (part) => part.some(({ text }) => hasLetter.test(text)) && !isQuantity(part.map(({ text }) => text).join('')),
      )
      .map((part) => ({ ...identifierOf(part.map(({ text }) => text).join(' ')), first: i, last: i + part.length - 1 }))
    return [...alone, ...joined]
  })
  const numbers = numbersAfterCodeWords(normal).map((each) => {
    const at = pieces.findIndex(({ text }) => text === each.spelling)
    return { ...each, first: at, last: at }
  })
  const fitting = [...asked, ...numbers].filter(({ key }) => key.length > 1 && key.length <= maxKeyLength)
  return [...new Map(fitting.map((each) => [`${each.key} ${each.spelling} ${each.first}`, each])).values()]
}
