/**
 * What is written in each encoding: how often a common character, a rare one, a kana, an accented letter stands there, and what follows what. Weights are natural
 * logarithms of likelihoods, so that those of different encodings can be compared over the same bytes. Pure; weighed by `guess-encoding.ts`.
 */
import {
  commonHangul,
  commonHiragana,
  commonKanji,
  commonKatakana,
  commonSimplified,
  commonTraditional,
} from './common-characters.ts'
import { encodeText } from './text-encodings.ts'

/** How many bytes the next character takes and how likely it is. */
export interface Unit {
  readonly size: number
  readonly weight: number
  /** What the next character may depend on. */
  readonly kind: 'ascii' | 'wide' | 'half-kana' | 'letter' | 'capital' | 'symbol' | 'invalid'
}

export interface EncodingModel {
  readonly encoding: string
  /** How often such files are met, as a natural logarithm. */
  readonly prior: number
  /** The likelihood that a character that is not ASCII follows one that is not, and one that is. */
  readonly stay: number
  readonly begin: number
  readonly read: (bytes: Uint8Array, at: number, before: Unit['kind']) => Unit
}

/** A byte that does not fit: files have a few, but hardly ever. */
export const invalidWeight = -20
export const asciiWeight = Math.log(1 / 60)

const punctuation = '，。、；：？！「」（）《》“”·—…～％／－＋．＝［］【】℃　①②③④⑤'
const kanaMarks = 'ー・'

/** Characters by their bytes, with shares that fall with the rank: the first is some ten times as frequent as the hundredth. */
const addShares = (shares: Map<number, number>, encoding: string, characters: string, total: number): void => {
  const list = [...characters]
  const weights = list.map((_, rank) => 1 / (rank + 12))
  const sum = weights.reduce((all, weight) => all + weight, 0)
  list.forEach((character, rank) => {
    const bytes = encodeText(character, encoding)
    if (bytes.length !== 2) return
    const code = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
    if (!shares.has(code)) shares.set(code, Math.log((total * (weights[rank] ?? 0)) / sum))
  })
}

type Group = readonly [characters: string, share: number]

const chinese = (common: string): Group[] => [
  [punctuation, 0.13],
  [common, 0.72],
  ['０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ', 0.01],
]
const japanese: Group[] = [
  [punctuation, 0.1],
  [kanaMarks, 0.02],
  [commonHiragana, 0.36],
  [commonKatakana, 0.17],
  [commonKanji, 0.25],
  ['０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ', 0.02],
]
const korean: Group[] = [[commonHangul, 0.75]]

/** The shares of an encoding are counted when it is first weighed. */
const sharesOf = (encoding: string, groups: readonly Group[]): (() => Map<number, number>) => {
  let shares: Map<number, number> | undefined
  return () => {
    if (!shares) {
      shares = new Map()
      for (const [characters, share] of groups) addShares(shares, encoding, characters, share)
    }
    return shares
  }
}

const invalid: Unit = { size: 1, weight: invalidWeight, kind: 'invalid' }
const wide = (weight: number): Unit => ({ size: 2, weight, kind: 'wide' })

/** A double-byte encoding: common characters by their shares, the others by the part of the table that they stand in. */
const doubleByte = (
  model: Pick<EncodingModel, 'encoding' | 'prior'>,
  groups: readonly Group[],
  weightOf: (lead: number, trail: number) => number | undefined,
): EncodingModel => {
  const shares = sharesOf(model.encoding, groups)
  return {
    ...model,
    stay: Math.log(0.88),
    begin: Math.log(0.06),
    read: (bytes, at) => {
      const [lead = 0, trail] = [bytes[at], bytes[at + 1]]
      if (trail === undefined) return { size: 1, weight: invalidWeight / 2, kind: 'wide' }
      const weight = shares().get((lead << 8) | trail) ?? weightOf(lead, trail)
      return weight === undefined ? invalid : wide(weight)
    },
  }
}

/** A share of the text, spread over the characters of a part of a table. */
const spread = (share: number, characters: number): number => Math.log(share / characters)
export const between = (value: number, low: number, high: number): boolean => value >= low && value <= high

const big5 = doubleByte({ encoding: 'big5', prior: Math.log(0.25) }, chinese(commonTraditional), (lead, trail) => {
  if (!between(lead, 0x81, 0xfe) || !(between(trail, 0x40, 0x7e) || between(trail, 0x80, 0xfe))) return undefined
  if (trail < 0xa1 && trail > 0x7e) return spread(1e-4, 4000)
  if (between(lead, 0xa4, 0xc6)) return spread(0.12, 5401)
  if (between(lead, 0xa1, 0xa3)) return spread(0.01, 408)
  if (between(lead, 0xc7, 0xc8)) return spread(0.003, 314)
  if (between(lead, 0xc9, 0xf9)) return spread(0.008, 7652)
  return spread(2e-4, 6000)
})

const gbWeight = (lead: number, trail: number): number | undefined => {
  if (!between(lead, 0x81, 0xfe) || trail === 0x7f || !between(trail, 0x30, 0xfe)) return undefined
  if (trail < 0x40) return spread(1e-6, 10_000)
  if (between(lead, 0xb0, 0xd7) && trail >= 0xa1) return spread(0.12, 3755)
  if (between(lead, 0xa1, 0xa9)) return trail >= 0xa1 ? spread(0.01, 682) : spread(1e-4, 1000)
  if (between(lead, 0xd8, 0xf7) && trail >= 0xa1) return spread(0.006, 3008)
  return spread(5e-4, 14_240)
}
const simplified = doubleByte({ encoding: 'gb18030', prior: Math.log(0.25) }, chinese(commonSimplified), gbWeight)
/** Traditional Chinese that was written on a machine set to Simplified. */
const traditionalInGbk = doubleByte(
  { encoding: 'gb18030', prior: Math.log(0.004) },
  chinese(commonTraditional),
  (a, b) => (gbWeight(a, b) === undefined ? undefined : spread(0.12, 20_900)),
)

/** Half-width kana by frequency. Where one stands, others follow. */
const halfKanaOrder = 'ﾞｰﾝｽﾄﾙｸｲﾘｼｱﾗﾀｶｯﾟﾃﾌﾚｺｻﾏｳｵｷｴﾁｭﾒｾﾊﾛﾐﾑﾓｮﾅﾆｬﾂｹﾎﾋﾖﾕﾔﾜｿﾉﾈﾍﾇｧｨｩｪｫｦ･､｡｢｣'
const halfKanaShares = new Map(
  [...encodeText(halfKanaOrder, 'shift_jis')].map((byte, rank) => [byte, 0.25 / (rank + 4)] as const),
)
const halfKana = (byte: number, before: Unit['kind']): number =>
  Math.log((halfKanaShares.get(byte) ?? 1e-4) * (before === 'half-kana' ? 0.9 : 0.015))

const shiftJis: EncodingModel = (() => {
  const base = doubleByte({ encoding: 'shift_jis', prior: Math.log(0.2) }, japanese, (lead, trail) => {
    const isLead = between(lead, 0x81, 0x9f) || between(lead, 0xe0, 0xfc)
    if (!isLead || trail === 0x7f || !between(trail, 0x40, 0xfc)) return undefined
    if (between(lead, 0x88, 0x98)) return spread(0.07, 2965)
    if (between(lead, 0x81, 0x87)) return spread(0.01, 700)
    if (between(lead, 0x99, 0x9f) || between(lead, 0xe0, 0xea)) return spread(0.004, 3390)
    return between(lead, 0xed, 0xee) || lead >= 0xfa ? spread(5e-4, 388) : spread(1e-5, 1880)
  })
  return {
    ...base,
    read: (bytes, at, before) =>
      between(bytes[at] ?? 0, 0xa1, 0xdf)
        ? { size: 1, weight: halfKana(bytes[at] ?? 0, before), kind: 'half-kana' }
        : base.read(bytes, at, before),
  }
})()

const eucJp: EncodingModel = (() => {
  const base = doubleByte({ encoding: 'euc-jp', prior: Math.log(0.06) }, japanese, (lead, trail) => {
    if (!between(lead, 0xa1, 0xfe) || !between(trail, 0xa1, 0xfe)) return undefined
    if (between(lead, 0xb0, 0xcf)) return spread(0.07, 2965)
    if (between(lead, 0xa1, 0xa8) || lead === 0xad) return spread(0.01, 700)
    return between(lead, 0xd0, 0xf4) ? spread(0.004, 3390) : spread(1e-5, 2000)
  })
  return {
    ...base,
    read: (bytes, at, before) => {
      if (bytes[at] === 0x8e && between(bytes[at + 1] ?? 0, 0xa1, 0xdf)) {
        return { size: 2, weight: halfKana(bytes[at + 1] ?? 0, before), kind: 'half-kana' }
      }
      if (bytes[at] === 0x8f) return { size: 3, weight: spread(1e-4, 6067), kind: 'wide' }
      return base.read(bytes, at, before)
    },
  }
})()

const eucKr = doubleByte({ encoding: 'euc-kr', prior: Math.log(0.015) }, korean, (lead, trail) => {
  const isTrail = between(trail, 0x41, 0x5a) || between(trail, 0x61, 0x7a) || between(trail, 0x81, 0xfe)
  if (!between(lead, 0x81, 0xfd) || !isTrail) return undefined
  if (trail < 0xa1 || lead < 0xa1) return spread(2e-4, 8822)
  if (between(lead, 0xb0, 0xc8)) return spread(0.2, 2350)
  return between(lead, 0xa1, 0xac) ? spread(0.02, 986) : spread(0.004, 4888)
})

/** A single-byte encoding of words with some or all letters above ASCII. */
const singleByte = (
  model: Omit<EncodingModel, 'read'>,
  kindOf: (byte: number) => readonly [kind: 'letter' | 'capital' | 'symbol', share: number] | undefined,
): EncodingModel => ({
  ...model,
  read: (bytes, at, before) => {
    const [kind, share] = kindOf(bytes[at] ?? 0) ?? ['symbol', 1e-6]
    const afterLetter = before === 'letter' || before === 'capital'
    // A capital after a small letter, or a symbol after a symbol, is seldom meant.
    const seldom = (kind === 'capital' && before === 'letter') || (kind === 'symbol' && before === 'symbol')
    const odd = seldom ? 0.02 : kind === 'symbol' && afterLetter ? 0.2 : 1
    return { size: 1, weight: Math.log(share * odd), kind }
  },
})

/** Shares of the characters above ASCII in Western texts; the degree sign is in nearly every manual. */
const western = new Map<number, readonly ['letter' | 'capital' | 'symbol', number]>()
const setWestern = (characters: string, kind: 'letter' | 'capital' | 'symbol', share: number): void => {
  for (const character of characters) {
    const [byte = 0] = encodeText(character, 'windows-1252')
    western.set(byte, [kind, share])
  }
}
setWestern('éèàüöäßçñáíóúêâîôûëïåøæãõìòùœýÿðþ', 'letter', 0.012)
setWestern('ÉÈÀÜÖÄÇÑÁÍÓÚÊÂÎÔÛËÏÅØÆÃÕÌÒÙŒÝÐÞ', 'capital', 0.001)
setWestern('±µ²³½¼¾×÷©®™€£¥§«»–—‘’“”…•·¡¿¹\u00a0ªº¶†‡‰‹›¢¦¬¯´¸', 'symbol', 0.004)
setWestern('°±µ–’', 'symbol', 0.06)

const latin = singleByte(
  { encoding: 'windows-1252', prior: Math.log(0.15), stay: Math.log(0.05), begin: Math.log(0.03) },
  (byte) => western.get(byte),
)
const cyrillic = singleByte(
  { encoding: 'windows-1251', prior: Math.log(0.01), stay: Math.log(0.85), begin: Math.log(0.1) },
  (byte) => {
    if (byte >= 0xe0) return ['letter', 0.9 / 32]
    if (byte >= 0xc0) return ['capital', 0.05 / 32]
    return [0xab, 0xbb, 0x97, 0x96, 0xb9, 0xb0, 0xb8, 0xa0].includes(byte) ? ['symbol', 0.003] : ['symbol', 1e-6]
  },
)
/** Names in archives that were packed under DOS or a Western Windows. */
const dosLatin = singleByte(
  { encoding: 'cp437', prior: Math.log(0.1), stay: Math.log(0.05), begin: Math.log(0.03) },
  (byte) => {
    if (
      [0x81, 0x82, 0x83, 0x84, 0x85, 0x87, 0x88, 0x8a, 0x91, 0x93, 0x94, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xe1].includes(
        byte,
      )
    ) {
      return ['letter', 0.04]
    }
    if ([0x80, 0x8e, 0x8f, 0x90, 0x92, 0x99, 0x9a, 0xa5].includes(byte)) return ['capital', 0.01]
    return between(byte, 0x80, 0xa8) || between(byte, 0xe0, 0xfd) ? ['letter', 0.003] : undefined
  },
)

const commonInUnicode = new Set([...commonSimplified, ...commonTraditional, ...commonKanji, ...punctuation])

/** UTF-16 without a mark. Texts with many Latin letters are known by their zeros before this. */
const utf16 = (encoding: 'utf-16le' | 'utf-16be'): EncodingModel => ({
  encoding,
  prior: Math.log(0.02),
  stay: Math.log(0.88),
  begin: Math.log(0.06),
  read: (bytes, at) => {
    const [first = 0, second] = [bytes[at], bytes[at + 1]]
    if (second === undefined) return { size: 1, weight: invalidWeight, kind: 'invalid' }
    const code = encoding === 'utf-16le' ? (second << 8) | first : (first << 8) | second
    if (code === 0x09 || code === 0x0a || code === 0x0d || between(code, 0x20, 0x7e)) {
      return { size: 2, weight: asciiWeight, kind: 'ascii' }
    }
    if (commonInUnicode.has(String.fromCharCode(code))) return wide(spread(0.6, commonInUnicode.size))
    if (between(code, 0x3041, 0x30fc)) return wide(spread(0.2, 180))
    if (between(code, 0x4e00, 0x9fa5)) return wide(spread(0.1, 20_902))
    if (between(code, 0xff01, 0xff5e) || between(code, 0x3000, 0x3040)) return wide(spread(0.02, 160))
    if (between(code, 0xac00, 0xd7a3)) return wide(spread(0.05, 11_172))
    return wide(between(code, 0xa1, 0x2fff) ? spread(1e-4, 12_000) : invalidWeight)
  },
})

/** For the content of files. */
export const fileModels: readonly EncodingModel[] = [
  big5,
  simplified,
  traditionalInGbk,
  shiftJis,
  eucJp,
  eucKr,
  latin,
  cyrillic,
  utf16('utf-16le'),
  utf16('utf-16be'),
]
/** For names in archives. */
export const nameModels: readonly EncodingModel[] = [
  big5,
  simplified,
  traditionalInGbk,
  shiftJis,
  eucJp,
  eucKr,
  dosLatin,
]
