/**
 * Parses an HTML file. In: a path. Out: one page with the blocks of `html-blocks.ts` and the title. Nothing that the file points to is fetched.
 */
import { load } from 'cheerio'
import { decodeText } from './decode-text.ts'
import { writeHtml } from './html-blocks.ts'
import { collapseBlanks, PageBuilder } from './page-builder.ts'
import type { ParsedHead, ParseSink } from './parse-messages.ts'
import { readText, sendOnlyPage } from './single-page.ts'

/** Where browsers look for the charset. */
const prescanBytes = 1024

const declaredCharset = (bytes: Uint8Array): string | undefined => {
  const head = Buffer.from(bytes.subarray(0, prescanBytes)).toString('latin1')
  const name =
    /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(head)?.[1] ?? /encoding=["']([\w-]+)["']/i.exec(head)?.[1]
  try {
    return name === undefined ? undefined : new TextDecoder(name).encoding
  } catch {
    return undefined
  }
}

/** @throws file_too_large, file_damaged */
export const parseHtml = async (path: string, sink: ParseSink): Promise<ParsedHead> => {
  const source = await readText(path, (bytes) => decodeText(bytes, { declared: declaredCharset(bytes) }))
  const $ = load(source)
  const builder = new PageBuilder()
  const body = $('body').get(0) ?? $.root().children().get(0)
  if (body) writeHtml(body, builder, { firstRowIsHeader: false })
  await sendOnlyPage(builder, sink)
  const title = collapseBlanks($('head > title').first().text() || $('h1').first().text())
  return { format: 'html', paginated: false, ...(title === '' ? {} : { title }) }
}
