/**
 * The encodings that texts are read in: a strict decoder for each; src/core/encodings.ts has their names. In: bytes and a name. Out: the text, or nothing where the bytes are
 * not in that encoding. The decoders of Node 20 lack the kana, circled numbers and Hong Kong characters of Big5, half of Korean, the half-width
 * kana of mails, and take windows-1252 for ISO 8859-1 (no dash, no quotation mark): those come from elsewhere. Pure; used by `decode-text.ts`, `guess-encoding.ts` and the mail and archive parsers.
 */
import iconv from 'iconv-lite'

/** Encodings that iconv-lite reads and the runtime does not, or not in full. */
const libraryNames: Readonly<Record<string, string>> = {
  'windows-1252': 'windows-1252',
  big5: 'big5hkscs',
  'euc-kr': 'cp949',
  'utf-7': 'utf-7',
  'utf-32le': 'utf-32le',
  'utf-32be': 'utf-32be',
  cp437: 'cp437',
}

/** Rows of the double-byte sets that an escape sequence of ISO-2022-JP switches to, as EUC-JP writes them. */
const isoSets: readonly { readonly sequence: string; readonly prefix: readonly number[]; readonly bytes: 1 | 2 }[] = [
  { sequence: '(B', prefix: [], bytes: 1 },
  { sequence: '(J', prefix: [], bytes: 1 },
  { sequence: '(H', prefix: [], bytes: 1 },
  { sequence: '(I', prefix: [0x8e], bytes: 1 },
  { sequence: '$@', prefix: [], bytes: 2 },
  { sequence: '$B', prefix: [], bytes: 2 },
  { sequence: '$(@', prefix: [], bytes: 2 },
  { sequence: '$(B', prefix: [], bytes: 2 },
  { sequence: '$(D', prefix: [0x8f], bytes: 2 },
]
const escapeByte = 0x1b
const [shiftOut, shiftIn] = [0x0e, 0x0f]

/** ISO-2022-JP as EUC-JP; undefined where it switches to a set that is not Japanese or holds 8-bit bytes. */
const isoToEuc = (bytes: Uint8Array): Uint8Array | undefined => {
  const out: number[] = []
  let set: (typeof isoSets)[number] | undefined = isoSets[0]
  let shifted = false
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0
    if (byte === escapeByte) {
      const rest = String.fromCharCode(...bytes.subarray(at + 1, at + 4))
      set = isoSets.find(({ sequence }) => rest.startsWith(sequence))
      if (!set) return undefined
      at += 1 + set.sequence.length
    } else if (byte === shiftOut || byte === shiftIn) {
      shifted = byte === shiftOut
      at += 1
    } else if (byte >= 0xa1 && byte <= 0xdf) {
      // Half-width kana as 8-bit bytes, as some mail programs sent them.
      out.push(0x8e, byte)
      at += 1
    } else if (byte >= 0x80) return undefined
    else if (byte <= 0x20) {
      out.push(byte)
      // A line begins in ASCII, whatever the line before it ended in.
      if (byte === 0x0a) set = isoSets[0]
      at += 1
    } else if (shifted) {
      out.push(0x8e, byte | 0x80)
      at += 1
    } else if (set?.bytes === 2) {
      out.push(...set.prefix, byte | 0x80, (bytes[at + 1] ?? 0) | 0x80)
      at += 2
    } else {
      if (set?.prefix.length === 1) out.push(...set.prefix, byte | 0x80)
      else out.push(byte)
      at += 1
    }
  }
  return Uint8Array.from(out)
}

const replacement = '\ufffd'

const decode = (bytes: Uint8Array, encoding: string, fatal: boolean): string | undefined => {
  if (encoding === 'iso-2022-jp') {
    const euc = isoToEuc(bytes)
    return euc && decode(euc, 'euc-jp', fatal)
  }
  // The mark decides on the order of bytes, whatever the label says of it.
  const order = encoding === 'utf-16le' && bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : encoding
  const name = libraryNames[order]
  if (name === undefined) {
    try {
      return new TextDecoder(order, { fatal }).decode(bytes)
    } catch {
      return undefined
    }
  }
  const text = iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), name)
  return fatal && text.includes(replacement) ? undefined : text
}

/** The text, or undefined where a byte is not in the encoding. @param encoding as `findEncoding` names it */
export const decodeStrictly = (bytes: Uint8Array, encoding: string): string | undefined => decode(bytes, encoding, true)

/** The text with U+FFFD for what is not in the encoding; undefined where the encoding can not be read at all. */
export const decodeLoosely = (bytes: Uint8Array, encoding: string): string | undefined => decode(bytes, encoding, false)

/** The characters as bytes, of an encoding that `guess-encoding.ts` weighs. */
export const encodeText = (text: string, encoding: string): Uint8Array =>
  iconv.encode(text, libraryNames[encoding] ?? encoding)
