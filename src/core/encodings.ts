/**
 * Names of text encodings: what uploaders, mails and web pages call them. In: a label. Out: the one name by which the parsers decode it. Only names here; the
 * decoding is in ingest/parse/text-encodings.ts. Neighbour: the intake refuses a label that nobody knows.
 */

/** Names that are in use and not in the Encoding Standard, and names there whose decoder knows less than another. */
const aliases: Readonly<Record<string, string>> = {
  gbk: 'gb18030',
  gb2312: 'gb18030',
  cp936: 'gb18030',
  cp950: 'big5',
  windows950: 'big5',
  big5eten: 'big5',
  cp932: 'shift_jis',
  ms932: 'shift_jis',
  windows932: 'shift_jis',
  shiftjis: 'shift_jis',
  eucjp: 'euc-jp',
  eucjpms: 'euc-jp',
  cp51932: 'euc-jp',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
  cp50222: 'iso-2022-jp',
  iso2022jp1: 'iso-2022-jp',
  iso2022jp2: 'iso-2022-jp',
  cp949: 'euc-kr',
  uhc: 'euc-kr',
  ansi: 'windows-1252',
  utf16: 'utf-16le',
  utf32: 'utf-32le',
  utf32le: 'utf-32le',
  utf32be: 'utf-32be',
  utf7: 'utf-7',
  unicode11utf7: 'utf-7',
}

const resolve = (label: string): string | undefined => {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return undefined
  }
}

/** Code page numbers as mail programs and Windows write them, for the Latin, Cyrillic and Thai ones. */
const codePage = (plain: string): string | undefined => {
  const number = /^(?:cp|windows|ms|ibm)(\d{3,4})$/.exec(plain)?.[1]
  return number === undefined ? undefined : (resolve(`windows-${number}`) ?? resolve(`cp${number}`))
}

/**
 * The encoding that a label means, by its one name here; undefined for a label that nobody knows.
 * @param label as in a `charset` parameter: any case, with the prefixes and separators that programs add
 */
export const findEncoding = (label: string): string | undefined => {
  const lower = label.trim().toLowerCase()
  const plain = lower.replace(/^(?:x-ms-|x-|cs)/, '').replace(/[\s._-]+/g, '')
  const known = aliases[plain] ?? resolve(lower) ?? codePage(plain) ?? resolve(plain)
  return known === undefined ? undefined : (aliases[known] ?? known)
}
