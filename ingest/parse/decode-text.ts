/**
 * Bytes to text where nothing says for certain which encoding they are in: byte order mark, then strict UTF-8, then a declared
 * charset, then the guess of `guess-encoding.ts`. Out: the text, or nothing for what is no text. Pure.
 */
import { guessEncodings } from './guess-encoding.ts'
import { decodeLoosely, decodeStrictly } from './text-encodings.ts'

/** Where browsers look for the charset. */
const prescanBytes = 1024

/** The encoding that an HTML page names, if any. */
export const declaredCharset = (bytes: Uint8Array): string | undefined => {
  const head = Buffer.from(bytes.subarray(0, prescanBytes)).toString('latin1')
  return /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(head)?.[1] ?? /encoding=["']([\w-]+)["']/i.exec(head)?.[1]
}

interface DecodeOptions {
  /** Encoding that the file itself names (HTML `meta`, `charset` of a mail), as `findEncoding` names it. */
  readonly declared?: string | undefined
  /** The bytes are the head of a longer file, which may end within a character. */
  readonly cut?: boolean
}

/** Bytes of the longest character: a cut file may end within one. */
const longestCharacter = 4
/** Part of the characters above ASCII that may be broken, as in a file that was cut or mended by hand. */
const brokenShare = 0.02

/** Decodes all but the last few bytes when the bytes are only the head of a file. */
const decodeCut = (bytes: Uint8Array, encoding: string, cut: boolean): string | undefined => {
  for (let drop = 0; drop <= (cut ? longestCharacter : 0) && drop < bytes.length; drop += 1) {
    const text = decodeStrictly(bytes.subarray(0, bytes.length - drop), encoding)
    if (text !== undefined) return text
  }
  return undefined
}

/** How many characters are above ASCII, and how many of them stand for bytes that could not be read. */
const countAbove = (text: string): { above: number; broken: number } => {
  let [above, broken] = [0, 0]
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code > 0x7f) above += 1
    if (code === 0xfffd) broken += 1
  }
  return { above, broken }
}

/** As `decodeCut`, with a few broken characters as U+FFFD. */
const decodeBroken = (bytes: Uint8Array, encoding: string, cut: boolean): string | undefined => {
  const text = decodeCut(bytes, encoding, cut) ?? decodeLoosely(bytes, encoding)
  if (text === undefined) return undefined
  const { above, broken } = countAbove(text)
  if (broken === 0) return text
  return broken <= Math.max(1, above * brokenShare) && broken < above ? text : undefined
}

const byteOrderMark = (bytes: Uint8Array): string | undefined => {
  const [first, second, third, fourth] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? 'utf-32le' : 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return first === 0 && second === 0 && third === 0xfe && fourth === 0xff ? 'utf-32be' : undefined
}

/** Whether the bytes begin with the mark of UTF-8, UTF-16 or UTF-32. */
export const hasByteOrderMark = (bytes: Uint8Array): boolean => byteOrderMark(bytes) !== undefined

/** UTF-16 and UTF-32 without a mark: Latin text has a zero in every other byte, or in three of four. */
const zeroPattern = (bytes: Uint8Array): string | undefined => {
  const head = bytes.subarray(0, 1024)
  const zeros = [0, 0, 0, 0]
  head.forEach((byte, index) => {
    if (byte === 0) zeros[index % 4] = (zeros[index % 4] ?? 0) + 1
  })
  const quarter = head.length / 4
  const [full, none] = [zeros.map((count) => count > quarter * 0.3), zeros.map((count) => count < quarter * 0.02)]
  if (none[0] && full[1] && full[2] && full[3]) return 'utf-32le'
  if (none[3] && full[0] && full[1] && full[2]) return 'utf-32be'
  if (none[0] && none[2] && full[1] && full[3]) return 'utf-16le'
  if (none[1] && none[3] && full[0] && full[2]) return 'utf-16be'
  return undefined
}

/** Whether each character takes two bytes or four, so that even blanks and line feeds are not those of ASCII. */
export const isWide = (bytes: Uint8Array): boolean =>
  (byteOrderMark(bytes) ?? zeroPattern(bytes) ?? 'utf-8') !== 'utf-8'

/** A run of zeros, as a crash leaves it in a log, counts once. */
const isReadable = (text: string): boolean => {
  const strange = text.match(/\0+|[\x01-\x08\x0e-\x1a\x1c-\x1f\ufffe\uffff]/g)?.length ?? 0
  return strange <= text.length * 0.005
}

const readable = (text: string | undefined): string | undefined =>
  text !== undefined && isReadable(text) ? text : undefined

/** UTF-8 with a few broken characters: far more sequences of several bytes are right than chance would have it. */
const brokenUtf8 = (bytes: Uint8Array): string | undefined => {
  const text = decodeLoosely(bytes, 'utf-8') ?? ''
  const { above, broken } = countAbove(text)
  return (above - broken) * brokenShare >= broken ? text : undefined
}

/**
 * @param bytes a whole file, or its head
 * @returns undefined for what is not text
 */
export const decodeText = (bytes: Uint8Array, options: DecodeOptions = {}): string | undefined => {
  const cut = options.cut ?? false
  const marked = byteOrderMark(bytes) ?? zeroPattern(bytes)
  if (marked) return readable(decodeCut(bytes, marked, cut) ?? decodeLoosely(bytes, marked))
  const utf8 = decodeCut(bytes, 'utf-8', cut)
  const escaped = utf8 !== undefined && /\x1b[$(]/.test(utf8) ? decodeCut(bytes, 'iso-2022-jp', cut) : undefined
  const certain = escaped ?? readable(utf8) ?? readable(utf8 === undefined ? brokenUtf8(bytes) : undefined)
  if (certain !== undefined) return certain
  const declared = options.declared === undefined ? undefined : readable(decodeBroken(bytes, options.declared, cut))
  if (declared !== undefined) return declared
  for (const encoding of guessEncodings(bytes)) {
    const text = readable(decodeBroken(bytes, encoding, cut))
    // Programs read as UTF-16 give Chinese characters by chance, and zeros.
    const isChance = encoding.startsWith('utf-16') && text?.includes('\0')
    if (text !== undefined && !isChance) return text
  }
  return undefined
}
