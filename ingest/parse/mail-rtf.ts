/**
 * Bodies that Outlook stores as compressed RTF (MS-OXRTFCP): HTML that was packed into RTF comes out as HTML (MS-OXRTFEX), anything else as plain text with a
 * line for each paragraph and table row. In: the bytes of the property. Out: a `MailBody`. Pure; used by `parse-msg.ts`.
 */

import { findEncoding } from '../../src/core/encodings.ts'
import type { MailBody } from './mail-page.ts'
import { decodeLoosely } from './text-encodings.ts'

/** What the compressor takes as already seen. */
const prefix = Buffer.from(
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArial' +
    'Times New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx',
  'latin1',
)
const [compressedMark, plainMark] = [0x75465a4c, 0x414c454d]
const headerBytes = 16
const windowBytes = 4096
/** A byte of control bits and two of reference make at most 17 bytes of text each. */
const maxGrowth = 16

/** The RTF; undefined where the bytes are none. */
export const decompressRtf = (bytes: Uint8Array): Buffer | undefined => {
  if (bytes.length < headerBytes) return undefined
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [rawSize, mark] = [input.readUInt32LE(4), input.readUInt32LE(8)]
  if (mark === plainMark) return input.subarray(headerBytes, headerBytes + rawSize)
  if (mark !== compressedMark) return undefined
  const window = Buffer.alloc(windowBytes)
  prefix.copy(window)
  const out = Buffer.alloc(Math.min(rawSize, input.length * maxGrowth))
  let [write, length] = [prefix.length, 0]
  const put = (byte: number): void => {
    window[write % windowBytes] = byte
    write += 1
    if (length < out.length) out[length] = byte
    length += 1
  }
  for (let at = headerBytes; at < input.length && length < out.length; ) {
    const control = input[at] ?? 0
    at += 1
    for (let bit = 0; bit < 8 && at < input.length; bit += 1) {
      if ((control & (1 << bit)) === 0) {
        put(input[at] ?? 0)
        at += 1
        continue
      }
      const reference = ((input[at] ?? 0) << 8) | (input[at + 1] ?? 0)
      at += 2
      const from = reference >> 4
      if (from === write % windowBytes) return out.subarray(0, Math.min(length, out.length))
      for (let step = 0; step < (reference & 15) + 2; step += 1) put(window[(from + step) % windowBytes] ?? 0)
    }
  }
  return out.subarray(0, Math.min(length, out.length))
}

/** Groups that hold no text of the body. */
const skippedGroups = new Set(
  'fonttbl colortbl stylesheet info pict object themedata datastore listtable listoverridetable generator'.split(' '),
)
const symbols: Readonly<Record<string, string>> = {
  par: '\n',
  line: '\n',
  row: '\n',
  sect: '\n\n',
  page: '\n\n',
  tab: '\t',
  cell: ' | ',
  bullet: '•',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
}
/** Character sets of fonts that are not the document's own. */
const charsets: Readonly<Record<number, string>> = {
  128: 'shift_jis',
  129: 'euc-kr',
  134: 'gb18030',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
}

interface Group {
  readonly kind: 'text' | 'fonts' | 'tag' | 'skipped'
  /** Whether what stands here is for readers of RTF only, beside the HTML. */
  readonly rtfOnly: boolean
  /** The document's default font where none is set. */
  readonly font: number | undefined
  /** How many characters stand in for one of Unicode. */
  readonly fallback: number
}

/** Control word with its number, control symbol, escaped byte, brace, or plain bytes; line ends are no text. */
const token = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)/gi

class RtfReader {
  readonly #encodings = new Map<number, string>()
  #encoding = 'windows-1252'
  #group: Group = { kind: 'text', rtfOnly: false, font: undefined, fallback: 1 }
  #defaultFont = 0
  readonly #groups: Group[] = []
  #out = ''
  #bytes: number[] = []
  /** Characters to leave out: they stand in for one of Unicode that came before them. */
  #ignore = 0
  #openFont = -1
  #isStarred = false
  isHtml = false

  read(rtf: Buffer): string {
    const source = rtf.toString('latin1')
    for (const match of source.matchAll(token)) {
      const [, word, number, hex, symbol, brace, plain] = match
      if (word !== undefined) this.#word(word.toLowerCase(), number === undefined ? undefined : Number(number))
      else if (hex !== undefined) this.#byte(Number.parseInt(hex, 16))
      else if (symbol !== undefined) this.#symbol(symbol)
      else if (brace !== undefined) this.#brace(brace)
      else if (plain !== undefined) for (const byte of Buffer.from(plain, 'latin1')) this.#byte(byte)
      if (!/^\\\*/.test(match[0]) && brace === undefined) this.#isStarred = false
    }
    this.#flush()
    return this.#out
  }

  get #isShown(): boolean {
    const { kind, rtfOnly } = this.#group
    return (kind === 'text' || kind === 'tag') && !rtfOnly
  }

  #flush(): void {
    if (this.#bytes.length === 0) return
    const encoding = this.#encodings.get(this.#group.font ?? this.#defaultFont) ?? this.#encoding
    this.#out += decodeLoosely(Uint8Array.from(this.#bytes), encoding) ?? ''
    this.#bytes = []
  }

  #write(text: string): void {
    this.#flush()
    if (this.#isShown) this.#out += text
  }

  #byte(byte: number): void {
    if (this.#ignore > 0) this.#ignore -= 1
    else if (this.#isShown) this.#bytes.push(byte)
  }

  #symbol(symbol: string): void {
    if (symbol === '*') this.#isStarred = true
    else if (symbol === '~') this.#write('\u00a0')
    else if (symbol === '_') this.#write('-')
    else if (/[\\{}]/.test(symbol)) this.#byte(symbol.charCodeAt(0))
    else if (symbol === '\n' || symbol === '\r') this.#write('\n')
  }

  #brace(brace: string): void {
    this.#flush()
    this.#ignore = 0
    if (brace === '{') this.#groups.push(this.#group)
    else this.#group = this.#groups.pop() ?? this.#group
  }

  #word(word: string, number: number | undefined): void {
    if (word === 'u') this.#unicode(number ?? 0)
    else if (symbols[word] === undefined) this.#control(word, number)
    else if (this.#ignore > 0) this.#ignore -= 1
    else this.#write(symbols[word])
  }

  /** Words that write nothing. */
  #control(word: string, number: number | undefined): void {
    const starred = this.#isStarred
    this.#flush()
    if (word === 'deff') this.#defaultFont = number ?? 0
    else if (word === 'ansicpg') this.#encoding = findEncoding(`cp${number}`) ?? this.#encoding
    else if (word === 'fromhtml') this.isHtml = true
    else if (word === 'uc') this.#group = { ...this.#group, fallback: number ?? 1 }
    else if (word === 'htmlrtf') this.#group = { ...this.#group, rtfOnly: number !== 0 }
    else if (word === 'htmltag' && starred) this.#group = { ...this.#group, kind: 'tag', rtfOnly: false }
    else if (word === 'fonttbl') this.#group = { ...this.#group, kind: 'fonts' }
    else if (word === 'f' && this.#group.kind === 'fonts') this.#openFont = number ?? 0
    else if (word === 'f') this.#group = { ...this.#group, font: number ?? 0 }
    else if (word === 'plain') this.#group = { ...this.#group, font: undefined }
    else if (word === 'fcharset') this.#setFont(number ?? 0)
    else if ((starred || skippedGroups.has(word)) && this.#group.kind === 'text') {
      this.#group = { ...this.#group, kind: 'skipped' }
    }
  }

  #setFont(charset: number): void {
    const encoding = charsets[charset]
    if (encoding !== undefined) this.#encodings.set(this.#openFont, encoding)
  }

  #unicode(number: number): void {
    this.#write(String.fromCharCode(number & 0xffff))
    this.#ignore = this.#group.fallback
  }
}

/** The body that the property holds, in the richest form; undefined where it can not be read. */
export const readRtfBody = (property: Uint8Array): MailBody | undefined => {
  const rtf = decompressRtf(property)
  if (!rtf?.subarray(0, 5).equals(Buffer.from('{\\rtf'))) return undefined
  const reader = new RtfReader()
  const content = reader.read(rtf)
  return reader.isHtml ? { html: content } : { text: content }
}
