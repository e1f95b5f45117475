/**
 * The killable process that parses one file. In: the job as JSON on file descriptor 4, where no other user of the machine can read it (it may hold a
 * password). Out: one JSON document a line on file descriptor 3, each page as soon as it is laid out. Each format's libraries are loaded only
 * for that format. It ends itself when the parent is gone, even while a parser loops. Started by `parser-process.ts`.
 */
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { DocumentFormat } from '../../src/core/document.ts'
import { KuraError } from '../../src/core/errors.ts'
import { jobSchema, type ParsedHead, type ParseReply, type ParserOptions, type ParseSink } from './parse-messages.ts'
import { ReplyChannel } from './reply-channel.ts'

type Parser = (path: string, sink: ParseSink, options: ParserOptions) => Promise<ParsedHead>

const loadParser: Record<DocumentFormat, () => Promise<Parser>> = {
  pdf: async () => (await import('./parse-pdf.ts')).parsePdf,
  docx: async () => (await import('./parse-docx.ts')).parseDocx,
  xlsx: async () => (await import('./parse-xlsx.ts')).parseXlsx,
  pptx: async () => (await import('./parse-pptx.ts')).parsePptx,
  csv: async () => (await import('./parse-csv.ts')).parseCsv,
  markdown: async () => (await import('./parse-markdown.ts')).parseMarkdown,
  html: async () => (await import('./parse-html.ts')).parseHtml,
  text: async () => (await import('./parse-text.ts')).parseText,
  eml: async () => (await import('./parse-eml.ts')).parseEml,
  msg: async () => (await import('./parse-msg.ts')).parseMsg,
  image: async () => (await import('./parse-image.ts')).parseImage,
  zip: async () => (await import('./parse-zip.ts')).parseZip,
  doc: async () => (await import('./parse-legacy.ts')).parseLegacy,
  xls: async () => (await import('./parse-legacy.ts')).parseLegacy,
  ppt: async () => (await import('./parse-legacy.ts')).parseLegacy,
}

/** The parent holds the other end of standard input and never writes: the read returns when the parent is gone. */
const endWithParent = `require('node:fs').readSync(0, Buffer.alloc(1)); process.kill(process.pid, 'SIGKILL')`

const describe = (error: unknown): ParseReply =>
  error instanceof KuraError
    ? { type: 'error', code: error.code, message: error.message }
    : {
        type: 'error',
        code: 'parse_crashed',
        message: `The parser failed with ${error instanceof Error ? error.name : 'an unknown error'}.`,
      }

const main = async (): Promise<void> => {
  new Worker(endWithParent, { eval: true, execArgv: [] })
  const channel = new ReplyChannel()
  const { path, ...options } = jobSchema.parse(JSON.parse(readFileSync(4, 'utf8')))
  const sink: ParseSink = {
    begin: (page) => channel.send({ type: 'begin', page, worker: 0 }),
    lock: channel.lock,
    page: async (page, total) => channel.send({ type: 'page', page, total }),
    attachment: async (attachment) => channel.send({ type: 'attachment', ...attachment }),
  }
  try {
    const parse = await loadParser[options.format]()
    const head = await parse(path, sink, options)
    channel.send({ type: 'done', ...head })
  } catch (error) {
    channel.send(describe(error))
  }
}

await main()
