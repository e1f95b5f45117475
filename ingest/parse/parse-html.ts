/**
 * Parses an HTML file. In: a path. Out: one page with the blocks of `html-blocks.ts` and the title. Nothing that the file points to is fetched.
 */
import { load } from 'cheerio'
import { declaredCharset } from './decode-text.ts'
import { writeHtml } from './html-blocks.ts'
import { collapseBlanks, PageBuilder } from './page-builder.ts'
import type { ParsedHead, ParserOptions, ParseSink } from './parse-messages.ts'
import { readText, sendOnlyPage } from './single-page.ts'

/** @throws file_too_large, encoding_unknown, file_damaged */
export const parseHtml = async (path: string, sink: ParseSink, options: ParserOptions): Promise<ParsedHead> => {
  const source = await readText(path, { encoding: options.encoding, declaredIn: declaredCharset })
  const $ = load(source)
  const builder = new PageBuilder()
  const body = $('body').get(0) ?? $.root().children().get(0)
  if (body) writeHtml(body, builder)
  await sendOnlyPage(builder, sink)
  const title = collapseBlanks($('head > title').first().text() || $('h1').first().text())
  return { format: 'html', paginated: false, ...(title === '' ? {} : { title }) }
}
