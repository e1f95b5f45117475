/**
 * Fields of a mail's head as people read them: encoded words (RFC 2047) in any of the old charsets, and dates. Pure; used by `parse-eml.ts`.
 */

import { findEncoding } from '../../src/core/encodings.ts'
import { decodeText } from './decode-text.ts'
import { collapseBlanks } from './page-builder.ts'
import { decodeLoosely, decodeStrictly } from './text-encodings.ts'

interface Word {
  readonly charset: string
  readonly bytes: Uint8Array
}

const bytesOf = (encoding: string, content: string): Uint8Array => {
  if (/^b$/i.test(encoding)) return Buffer.from(content, 'base64')
  const plain = content.replaceAll('_', ' ')
  return Buffer.from(
    plain.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}

const isLatin = (encoding: string | undefined): boolean => encoding === undefined || encoding === 'windows-1252'

/**
 * The text of a part whose charset is named. A Western charset is what programs named that knew no other: the bytes are looked at then.
 * @param charset as in the mail; undefined where it names none
 */
export const decodeCharset = (bytes: Uint8Array, charset: string | undefined): string => {
  const encoding = charset === undefined ? undefined : findEncoding(charset)
  // ASCII in a disguise of its own, which nothing but its name gives away.
  if (encoding === 'utf-7') return decodeLoosely(bytes, encoding) ?? ''
  const declared = isLatin(encoding) ? undefined : encoding
  return decodeText(bytes, { declared }) ?? decodeLoosely(bytes, encoding ?? 'windows-1252') ?? ''
}

/** Words are too short to doubt their charset. */
const decodeRun = (words: readonly Word[]): string => {
  const [first] = words
  if (!first) return ''
  const bytes = Buffer.concat(words.map((word) => word.bytes))
  const encoding = findEncoding(first.charset)
  const exact = encoding === undefined || isLatin(encoding) ? undefined : decodeStrictly(bytes, encoding)
  return exact ?? decodeCharset(bytes, first.charset)
}

/** The field with its encoded words decoded. A character may be split over two words of the same charset. */
export const decodeWords = (value: string): string => {
  let text = ''
  let run: Word[] = []
  let at = 0
  const flush = (): void => {
    text += decodeRun(run)
    run = []
  }
  for (const match of value.matchAll(/=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bq])\?([^?]*)\?=/gi)) {
    const [whole, charset = '', encoding = '', content = ''] = match
    const between = value.slice(at, match.index)
    // Blanks between two encoded words are the fold of the line.
    const joins = run.length > 0 && between.trim() === ''
    if (!joins) {
      flush()
      text += between
    } else if (run[0]?.charset.toLowerCase() !== charset.toLowerCase()) flush()
    run.push({ charset, bytes: bytesOf(encoding, content) })
    at = match.index + whole.length
  }
  flush()
  return collapseBlanks(text + value.slice(at))
}

const twoDigits = (value: number): string => String(Math.abs(value)).padStart(2, '0')

/** The date in ISO 8601, in the time zone that the mail names; undefined where it is none. */
const isoDate = (value: string): string | undefined => {
  const time = Date.parse(value.replace(/\([^)]*\)/g, '').trim())
  if (Number.isNaN(time)) return undefined
  const [, sign, hours, minutes] = /([+-])(\d{2}):?(\d{2})\b/.exec(value) ?? []
  const offset = hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  const local = new Date(time + offset * 60_000).toISOString().slice(0, 19)
  if (offset === 0) return `${local}Z`
  return `${local}${offset < 0 ? '-' : '+'}${twoDigits(Math.trunc(offset / 60))}:${twoDigits(offset % 60)}`
}

/** A date as the mail has it, and as it can be sorted. */
export const datedField = (value: string | undefined): string | undefined => {
  const iso = value === undefined ? undefined : isoDate(value)
  return iso === undefined ? value : `${value} (${iso})`
}
