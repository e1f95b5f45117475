/**
 * What kind of text a text is, by its first lines: mail, web page, Markdown, table of values, or just text. In: the decoded head and the
 * uploaded name. Out: a `FileFormat`. The name decides only where the content leaves it open. Pure; used by `detect-format.ts`.
 */
import { extname } from 'node:path'
import type { FileFormat } from '../../src/core/document.ts'
import { unsupported, unsupportedKind } from './unsupported-kind.ts'

const extensions: Readonly<Record<string, FileFormat>> = {
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.mdown': 'markdown',
  '.mkd': 'markdown',
  '.html': 'html',
  '.htm': 'html',
  '.xhtml': 'html',
  '.csv': 'csv',
  '.tsv': 'csv',
  '.tab': 'csv',
}

/** What is named a text or a program is one, with whatever signs of Markdown in its comments. */
const textExtensions =
  /^\.(?:txt|text|log|ini|cfg|conf|ya?ml|toml|json|xml|sql|bat|cmd|ps1|sh|py|js|ts|c|h|cpp|cs|java|vb|pl|rb|st|scl)$/

/** Fields that stand in the head of nearly every mail. */
const mailFields = /^(?:from|to|subject|date|mime-version|received|message-id|return-path|delivered-to|content-type)$/i

/** The names of the fields of a head as RFC 5322 writes it; none where the text begins otherwise. */
const headFields = (text: string): string[] => {
  const names: string[] = []
  const lines = text.replace(/^\ufeff?\s*(?:From \S.*\r?\n)?/, '').split(/\r\n|\r|\n/)
  for (const [index, line] of lines.entries()) {
    if (line === '') break
    if (/^[ \t]/.test(line) && names.length > 0) continue
    const name = /^([!-9;-~]{1,70}):/.exec(line)?.[1]
    // The last line may be cut; a mail that was saved badly may begin with a mark of its own.
    if (name === undefined) return index === lines.length - 1 ? names : []
    names.push(name)
  }
  return names
}

const looksLikeMail = (text: string, extension: string): boolean => {
  const known = new Set(headFields(text).flatMap((name) => (mailFields.test(name) ? [name.toLowerCase()] : [])))
  return known.size >= (extension === '.eml' || extension === '.mht' || extension === '.mhtml' ? 1 : 2)
}

const beginsLikeHtml = (text: string): boolean =>
  /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html)\b/i.test(text)

const looksLikeHtml = (text: string): boolean =>
  /^\s*(?:<!--[\s\S]*?-->\s*)*<(?:head|body|table)\b/i.test(text) ||
  (/^\s*<(?!\?xml)/.test(text) &&
    (text.match(/<\/?(?:p|div|table|tr|td|h[1-6]|ul|ol|li|span|br)\b[^>]*>/gi)?.length ?? 0) >= 8)

const looksLikeMarkdown = (text: string): boolean =>
  [
    /^#{1,6} \S/m,
    /^\|?\s*:?-{3,}:?\s*\|/m,
    /^```/m,
    /\[[^\]\n]+\]\([^)\s]+\)/,
    /^[*-] \S/m,
    /\*\*\S[^*\n]*\*\*/,
  ].filter((sign) => sign.test(text)).length >= 2

/** Lines with the delimiters outside of quotation marks counted; a record may go over several lines. */
const delimitersByRecord = (text: string, delimiter: string): number[] => {
  const counts: number[] = []
  let [count, quoted, length] = [0, false, 0]
  for (const character of text) {
    if (character === '"') quoted = !quoted
    else if (!quoted && character === delimiter) count += 1
    if (character === '\n' && !quoted) {
      if (length > 0) counts.push(count)
      ;[count, length] = [0, 0]
    } else if (character.trim() !== '' || character === delimiter) length += 1
  }
  return counts
}

/** Records that all have the same number of delimiters, as sentences hardly ever do. */
const looksLikeTable = (text: string): boolean => {
  // Programs, data of other kinds and lists of settings have their delimiters in every line as well.
  if (/^\s*[{[<]|^\s*(?:#include|import|package|using|-- |\/\/|\/\*)/.test(text) || /[{}]\s*$/m.test(text)) return false
  return (
    [
      ['\t', 1, 3],
      [',', 2, 3],
      [';', 2, 3],
      ['|', 2, 4],
    ] as const
  ).some(([delimiter, fewest, records]) => {
    // The last record of a head may be cut.
    const counts = delimitersByRecord(text.endsWith('\n') ? text : `${text}\n`, delimiter)
    const whole = counts.length > records ? counts.slice(0, -1) : counts
    const first = whole[0] ?? 0
    if (whole.length < records || first < fewest) return false
    const sentences = delimiter === ',' && (text.match(/, /g)?.length ?? 0) > (text.match(/,\S/g)?.length ?? 0)
    return !sentences && whole.every((count) => count === first)
  })
}

/**
 * @param text the head of the file, decoded
 * @param name the uploaded name
 * @throws format_unsupported
 */
export const detectTextFormat = (text: string, name: string): FileFormat => {
  const extension = extname(name).toLowerCase()
  if (/^\{\\rtf/.test(text)) throw unsupportedKind('rtf')
  if (/^(?:\x04)?%!PS/.test(text)) throw unsupportedKind('ps')
  if (/<\?mso-application\s+progid="Excel\.Sheet"/.test(text)) {
    throw unsupported('an Excel 2003 XML file', 'save it as XLSX')
  }
  if (/<\?mso-application\s+progid="Word\.Document"/.test(text)) {
    throw unsupported('a Word XML file', 'save it as DOCX')
  }
  if (looksLikeMail(text, extension)) return 'eml'
  if (beginsLikeHtml(text)) return 'html'
  const byName = extensions[extension]
  if (byName) return byName
  if (looksLikeHtml(text)) return 'html'
  if (looksLikeTable(text)) return 'csv'
  return !textExtensions.test(extension) && looksLikeMarkdown(text) ? 'markdown' : 'text'
}
