/**
 * Whether the text that a file gives for a page can be what the page shows. In: the text as the file has it. Out: yes or no. Fonts without a usable
 * mapping to Unicode give characters of no script, of many scripts at once, or letters and Chinese characters in an order that no language
 * has. Lists of parts, code, figures, formulas and pages in several languages have to pass: each measure looks only at what
 * it can judge, and only where there is enough of it. Pure; used by `pdf-outcome.ts`.
 */
import { commonKanji, commonSimplified, commonTraditional } from './common-characters.ts'

/** Characters looked at; more say the same. */
const sampleLength = 4_000

/** Not characters at all: replacement, private use, control and unassigned ones. */
const noCharacter = /[\ufffd\p{Co}\p{Cn}\p{Cs}]/u
const maxNoCharacterShare = 0.12
const minNoCharacters = 4

/** Scripts that a document of this program's users does not mix. */
const rareScripts = [
  'Armenian|Georgian|Cherokee|Canadian_Aboriginal|Ethiopic|Runic|Ogham|Coptic|Glagolitic|Gothic|Braille|Tifinagh',
  'Yi|Lisu|Vai|Bamum|Mongolian|Tibetan|Khmer|Lao|Myanmar|Sinhala|Tamil|Telugu|Kannada|Malayalam|Gujarati|Gurmukhi',
  'Oriya|Bengali|Devanagari|Thai|Syriac|Thaana|Nko|Samaritan|Mandaic|Arabic|Hebrew|Balinese|Sundanese|Batak|Lepcha',
  'Tai_Le|New_Tai_Lue|Tai_Tham|Limbu|Buhid|Tagalog|Hanunoo|Tagbanwa|Buginese|Javanese|Cham|Kayah_Li|Rejang|Saurashtra',
]
  .join('|')
  .split('|')
  .map((name) => new RegExp(`\\p{Script=${name}}`, 'u'))
const minRareScripts = 3
const maxRareShare = 0.2

/** Letters that hardly any language writes: phonetic signs and the rarer extensions of Latin (not those of Vietnamese and Pinyin). */
const oddLetters = /[\u0180-\u019f\u01a2-\u01ae\u01b1-\u01cc\u01dd-\u02c5\u02c8\u02ca-\u02d8\u02dd-\u02ff\u0460-\u052f]/
const maxOddShare = 0.2
const minOddLetters = 10

/** What single bytes of Chinese and Japanese encodings and of UTF-8 look like when they are taken for Western European text. */
const westernBytes =
  /[\u00a1\u00a2\u00a4-\u00a6\u00a8\u00aa\u00ac\u00af\u00b4\u00b6\u00b8-\u00ba\u00bf-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u201a\u201e\u2020\u2021\u2030\u2039\u203a\u20ac]/
const maxWesternShare = 0.35
const minWesternBytes = 20

/** Bytes of these taken for Western European text come in pairs, and each pair is a character that is often written. */
const pairedEncodings = ['gb18030', 'euc-jp'] as const
const minPairs = 4
const minPairedShare = 0.5

const commonHan = new Set([...commonSimplified, ...commonTraditional, ...commonKanji].join(''))
/** The first levels of the national sets, ordered by use: some eight thousand characters, nearly all that names and terms are written with. */
const firstLevels = [
  { encoding: 'gb18030', lead: [0xb0, 0xd7], trail: [0xa1, 0xfe] },
  { encoding: 'big5', lead: [0xa4, 0xc6], trail: [0x40, 0xfe] },
  { encoding: 'shift_jis', lead: [0x88, 0x98], trail: [0x40, 0xfc] },
] as const
const minHan = 40
/** Of running text four fifths are common characters, of lists of names a quarter; of characters taken at random less than a tenth. */
const minCommonShare = 0.25
/** Of any real text nearly all are of the first levels; of characters taken at random a third. */
const [minKnownShare, minKnownShareOfRare] = [0.65, 0.85]
/** Kana are too few for chance to hit them: a text that has this share of them is Japanese. */
const kanaShareOfJapanese = 0.05
const maxRareHanShare = 0.2

/** Pairs of letters that make up most of the words of European languages, of names in programs and of Pinyin. */
const usualPairs = new Set(
  (
    'th he in er an re nd at on nt ha es st en ed to it ou ea hi is or ti as te et ng of al de se le sa si ar ve ra ld ur ri ro ic ne co me ' +
    'li io ce us ta la el ma ch ll om no ut ss ns ec ho il di un ge ie ni da ac po pe pr tr rs mo so lo wh ot su wi be ca pa em ul do mi ad ' +
    'vi am ev ig ir ab ag ai ap au av bl bo ci cl cr ct ei ep ex fi fo ht id im ke ly op os ow ry sc sh sp tu ty ue up wa we qu fa fe fr ga ' +
    'gr gh ia if ip iv ki lt mp mb nc nf ok od ol oo ov pl pt pu rd rt rm rn rc sy ts uc ug um va ye zh ya hu gu lu lv ff tt ee'
  ).split(' '),
)
/** Measured: running text 0.8 to 0.9, pages of code and commands 0.66 and more, letters that stand for others 0.1 to 0.49. */
const minWords = 20
const minUsualShare = 0.5

const readFirstLevels = (): Set<string> => {
  const known = new Set<string>()
  for (const { encoding, lead, trail } of firstLevels) {
    const bytes: number[] = []
    for (let one = lead[0]; one <= lead[1]; one += 1)
      for (let other = trail[0]; other <= trail[1]; other += 1) bytes.push(one, other, 0x0a)
    for (const character of new TextDecoder(encoding).decode(new Uint8Array(bytes))) known.add(character)
  }
  return known
}
let firstLevelSet: Set<string> | undefined
const isFirstLevel = (character: string): boolean => {
  firstLevelSet ??= readFirstLevels()
  return firstLevelSet.has(character)
}

const kinds = [
  'visible',
  'blank',
  'none',
  'odd',
  'western',
  'common-han',
  'han',
  'rare-han',
  'kana',
  'half-kana',
  'foreign',
] as const
type CharacterKind = (typeof kinds)[number]

const classify = (character: string): CharacterKind => {
  const code = character.codePointAt(0) ?? 0
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d) ? 'blank' : 'none'
  if (code < 0x7f) return 'visible'
  if (code < 0xa1) return code === 0xa0 ? 'blank' : 'none'
  if (code >= 0x4e00 && code <= 0x9fff) return commonHan.has(character) ? 'common-han' : 'han'
  if (code >= 0x3040 && code <= 0x30ff) return 'kana'
  if (code >= 0xff61 && code <= 0xff9f) return 'half-kana'
  if ((code >= 0x3400 && code <= 0x4dbf) || (code >= 0x20000 && code <= 0x3134f)) return 'rare-han'
  if (noCharacter.test(character)) return 'none'
  if (/\s/.test(character)) return 'blank'
  if (westernBytes.test(character)) return 'western'
  if (oddLetters.test(character)) return 'odd'
  return rareScripts.some((script) => script.test(character)) ? 'foreign' : 'visible'
}

/** Index of the kind of each code unit plus one; 0 where it has not been asked for. */
const kindOfUnit = new Uint8Array(0x10000)

type Counts = Readonly<Record<CharacterKind, number>>

const countKinds = (text: string): { counts: Counts; foreign: string } => {
  const found = new Uint32Array(kinds.length)
  let foreign = ''
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    let index = kindOfUnit[unit] ?? 0
    if (index === 0) {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
      index = kinds.indexOf(classify(character)) + 1
      // A character of two units is told by both; the second one is passed over.
      if (character.length === 1) kindOfUnit[unit] = index
      else at += 1
    }
    found[index - 1] = (found[index - 1] ?? 0) + 1
    if (kinds[index - 1] === 'foreign') foreign += text[at]
  }
  const counts = Object.fromEntries(kinds.map((kind, index) => [kind, found[index] ?? 0])) as Record<
    CharacterKind,
    number
  >
  return { counts, foreign }
}

const isUnlikelyHan = (text: string, counts: Counts): boolean => {
  const common = counts['common-han']
  const han = common + counts.han + counts['rare-han']
  if (han < minHan) return false
  if (counts['rare-han'] > han * maxRareHanShare) return true
  // Half-width kana between rare characters are what UTF-8 looks like when it is taken for Shift_JIS.
  const isJapanese = counts.kana >= han * kanaShareOfJapanese && counts['half-kana'] < han * kanaShareOfJapanese
  if (isJapanese || common >= han * minKnownShare) return false
  const others = text.match(/[\u4e00-\u9fff]/g)?.filter((character) => !commonHan.has(character)) ?? []
  const known = common + others.filter(isFirstLevel).length
  return known < han * (common < han * minCommonShare ? minKnownShareOfRare : minKnownShare)
}

/** Few words are enough to tell this: in no Western language do accents stand in pairs only. */
const isPairedBytes = (text: string): boolean => {
  const runs = text.match(/[\u00a1-\u00fe]+/g) ?? []
  const bytes = runs.join('')
  if (bytes.length < minPairs * 2 || bytes.length < text.replaceAll(/\s+/g, '').length * minPairedShare) return false
  if (runs.some((run) => run.length % 2 !== 0)) return false
  return pairedEncodings.some((encoding) => {
    const decoded = [...new TextDecoder(encoding).decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)))]
    const common = decoded.filter(
      (character) => commonHan.has(character) || /[\u3001-\u30ff\uff01-\uff5e]/.test(character),
    )
    return common.length >= decoded.length * 0.75
  })
}

/** Words whose letters follow each other as in no language: the letters stand for others. */
const isUnlikelyLatin = (text: string): boolean => {
  const words = [...new Set(text.match(/(?<![\p{L}\p{N}])[A-Za-z]{4,}(?![\p{L}\p{N}])/gu) ?? [])]
  if (words.length < minWords) return false
  let [pairs, usual] = [0, 0]
  for (const word of words) {
    const letters = word.toLowerCase()
    for (let at = 1; at < letters.length; at += 1) {
      pairs += 1
      if (usualPairs.has(letters.slice(at - 1, at + 1))) usual += 1
    }
  }
  return usual < pairs * minUsualShare
}

/** @param text as the file has it, control characters included */
export const isGarbled = (text: string): boolean => {
  const sample = text.slice(0, sampleLength)
  const { counts, foreign } = countKinds(sample)
  const visible = Object.values(counts).reduce((sum, found) => sum + found, 0) - counts.blank
  const passes = (found: number, least: number, share: number): boolean => found >= least && found >= visible * share
  if (passes(counts.none, minNoCharacters, maxNoCharacterShare)) return true
  if (passes(counts.odd, minOddLetters, maxOddShare)) return true
  if (passes(counts.western, minWesternBytes, maxWesternShare)) return true
  if (passes(counts.foreign, 1, maxRareShare)) {
    if (rareScripts.filter((script) => script.test(foreign)).length >= minRareScripts) return true
  }
  return isUnlikelyHan(sample, counts) || isUnlikelyLatin(sample) || isPairedBytes(sample)
}
