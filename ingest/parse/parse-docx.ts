/**
 * Parses a DOCX file: container checked for bombs, numbers of paragraphs written out, mammoth to HTML, HTML to blocks. In: a path. Out: one page (Word does not store where its pages end).
 * Pictures are left out and nothing outside the file is read. Notes stand once, at the end, as list items.
 */
import { readFile } from 'node:fs/promises'
import { load } from 'cheerio'
import JSZip from 'jszip'
import mammoth from 'mammoth'
import { wrapError } from '../../src/core/errors.ts'
import { numberMarks, writeNumbers } from './docx-numbering.ts'
import { markerAttribute, writeHtml } from './html-blocks.ts'
import { PageBuilder } from './page-builder.ts'
import type { ParsedHead, ParseSink } from './parse-messages.ts'
import { sendOnlyPage } from './single-page.ts'
import { checkZip, docxLimits } from './zip-guard.ts'

/** Word's title styles in the languages that Kura serves are headings of the first level. */
const styleMap = [
  "p[style-name='Title'] => h1.title:fresh",
  "p[style-name='Subtitle'] => h2:fresh",
  "p[style-name='標題'] => h1.title:fresh",
  "p[style-name='标题'] => h1.title:fresh",
  "p[style-name='表題'] => h1.title:fresh",
  ...[1, 2, 3, 4, 5, 6].flatMap((level) =>
    ['標題', '标题', '見出し'].map((name) => `p[style-name='${name} ${level}'] => h${level}:fresh`),
  ),
]

/** The container with the numbers of its paragraphs written out; as it is where it has none. */
const withNumbers = async (bytes: Buffer): Promise<Buffer> => {
  const zip = await JSZip.loadAsync(bytes)
  const read = async (name: string): Promise<string> => (await zip.file(name)?.async('string')) ?? ''
  const [main, numbering] = [await read('word/document.xml'), await read('word/numbering.xml')]
  if (main === '' || numbering === '') return bytes
  zip.file('word/document.xml', writeNumbers(main, numbering, await read('word/styles.xml')))
  return zip.generateAsync({ type: 'nodebuffer', compression: 'STORE' })
}

const numbersIn = new RegExp(`${numberMarks.begin}([^${numberMarks.end}]*)${numberMarks.end}`, 'g')
const numbersOfItems = new RegExp(`<li>${numbersIn.source}`, 'g')

const toHtml = async (path: string): Promise<string> => {
  try {
    const buffer = await withNumbers(await readFile(path))
    const convertImage = mammoth.images.imgElement(async () => ({ src: '' }))
    const { value } = await mammoth.convertToHtml({ buffer }, { styleMap, convertImage, externalFileAccess: false })
    return value.replace(numbersOfItems, `<li ${markerAttribute}="$1">`).replace(numbersIn, '$1 ')
  } catch (error) {
    throw wrapError(error, 'file_damaged', 'The DOCX file can not be read: its structure is damaged.')
  }
}

/** @throws file_bomb, file_damaged */
export const parseDocx = async (path: string, sink: ParseSink): Promise<ParsedHead> => {
  await checkZip(path, docxLimits)
  const $ = load(await toHtml(path))
  // Links back from a note to its mark, and marks, are signs for a mouse.
  $('li[id^="footnote-"] a[href^="#footnote-ref-"], li[id^="endnote-"] a[href^="#endnote-ref-"]').remove()
  const builder = new PageBuilder()
  const body = $('body').get(0)
  if (body) writeHtml(body, builder, { firstRowIsHeader: true })
  await sendOnlyPage(builder, sink)
  const title = $('h1.title').first().text().trim() || $('h1').first().text().trim()
  return { format: 'docx', paginated: false, ...(title === '' ? {} : { title }) }
}
