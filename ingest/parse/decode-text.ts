/**
 * Bytes to text where nothing says for certain which encoding they are in: byte order mark, then strict UTF-8, then a declared
 * charset, then a guess by letter frequencies among the encodings that office files come in. Pure.
 */
import { analyse } from 'chardet'

/** What the guess may be, by the names that it has in chardet, with the decoder's label. */
const candidates: Readonly<Record<string, string>> = {
  Big5: 'big5',
  GB18030: 'gb18030',
  Shift_JIS: 'shift_jis',
  'EUC-JP': 'euc-jp',
  'EUC-KR': 'euc-kr',
  'ISO-2022-JP': 'iso-2022-jp',
  'ISO-8859-1': 'windows-1252',
  'windows-1252': 'windows-1252',
  'windows-1251': 'windows-1251',
  'ISO-8859-2': 'iso-8859-2',
  'windows-1250': 'windows-1250',
}
/** The guess looks at this much of the file. */
const guessBytes = 65_536
/** Bytes of the longest character: a cut file may end within one. */
const longestCharacter = 4

const tryDecode = (bytes: Uint8Array, label: string): string | undefined => {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Decodes all but the last few bytes when the bytes are only the head of a file. */
const tryDecodeCut = (bytes: Uint8Array, label: string, cut: boolean): string | undefined => {
  for (let drop = 0; drop <= (cut ? longestCharacter : 0) && drop < bytes.length; drop += 1) {
    const text = tryDecode(bytes.subarray(0, bytes.length - drop), label)
    if (text !== undefined) return text
  }
  return undefined
}

const byteOrderMark = (bytes: Uint8Array): string | undefined => {
  const [first, second, third] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return undefined
}

/** UTF-16 without a mark: Latin text has a zero in every other byte. */
const zeroPattern = (bytes: Uint8Array): string | undefined => {
  const head = bytes.subarray(0, 1024)
  let [even, odd] = [0, 0]
  head.forEach((byte, index) => {
    if (byte === 0) index % 2 === 0 ? even++ : odd++
  })
  const half = head.length / 2
  if (odd > half * 0.3 && even < half * 0.02) return 'utf-16le'
  if (even > half * 0.3 && odd < half * 0.02) return 'utf-16be'
  return undefined
}

const isReadable = (text: string): boolean => {
  const strange = text.match(/[\0-\x08\x0e-\x1a\x1c-\x1f\ufffd]/g)?.length ?? 0
  return strange <= text.length * 0.005
}

/** The most likely text: chardet's order, but an encoding in which letters come out as unassigned or private is passed over. */
const guess = (bytes: Uint8Array, cut: boolean): string | undefined => {
  for (const { name } of analyse(bytes.subarray(0, guessBytes))) {
    const label = candidates[name]
    const text = label === undefined ? undefined : tryDecodeCut(bytes, label, cut)
    if (text !== undefined && isReadable(text) && !/[\p{Co}\p{Cn}]/u.test(text.slice(0, 20_000))) return text
  }
  return undefined
}

/**
 * @param options.declared charset that the file itself names (HTML `meta`)
 * @param options.cut the bytes are the head of a longer file, which may end within a character
 * @returns undefined for what is not text
 */
export const decodeText = (
  bytes: Uint8Array,
  options: { readonly declared?: string | undefined; readonly cut?: boolean } = {},
): string | undefined => {
  const cut = options.cut ?? false
  const marked = byteOrderMark(bytes) ?? zeroPattern(bytes)
  if (marked) {
    const text = new TextDecoder(marked).decode(bytes)
    return isReadable(text) ? text : undefined
  }
  const utf8 = tryDecodeCut(bytes, 'utf-8', cut)
  const escaped = utf8 !== undefined && /\x1b[$(]/.test(utf8) ? tryDecodeCut(bytes, 'iso-2022-jp', cut) : undefined
  if (escaped !== undefined) return escaped
  if (utf8 !== undefined) return isReadable(utf8) ? utf8 : undefined
  const declared = options.declared === undefined ? undefined : tryDecodeCut(bytes, options.declared, cut)
  if (declared !== undefined && isReadable(declared)) return declared
  return guess(bytes, cut)
}
