/**
 * The killable process that parses one file after the other. In: jobs, one JSON document a line, on file descriptor 4, where no other user of the machine can read
 * them (they may hold passwords). Out: one JSON document a line on file descriptor 3, each page as soon as it is laid out. Each format's libraries are loaded
 * only for that format. It ends itself when the parent is gone, even while a parser loops. Started by `parser-process.ts`, which ends it after the first file that fails.
 */
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { FileFormat } from '../../src/core/document.ts'
import { KuraError } from '../../src/core/errors.ts'
import {
  jobSchema,
  type ParsedHead,
  type ParseJob,
  type ParseReply,
  type ParserOptions,
  type ParseSink,
} from './parse-messages.ts'
import { readLines } from './read-lines.ts'
import { ReplyChannel } from './reply-channel.ts'

type Parser = (path: string, sink: ParseSink, options: ParserOptions) => Promise<ParsedHead>

const loadParser: Record<FileFormat, () => Promise<Parser>> = {
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

const work = async ({ id, path, ...options }: ParseJob): Promise<void> => {
  const channel = new ReplyChannel(id)
  const sink: ParseSink = {
    begin: (page) => channel.send({ type: 'begin', page, worker: 0 }),
    channel,
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

/** A manual of Kura's own: functions that have run are compiled when the first file comes. */
const warmUpFile = fileURLToPath(new URL('../../data/samples/Server_Setting_Method.pdf', import.meta.url))

/** For a child that waits: it reads a file whose pages nobody gets. */
const warmUp = async (parse: Parser): Promise<void> => {
  const nowhere: ParseSink = { page: async () => undefined, attachment: async () => undefined }
  const options = { format: 'pdf', memoryBytes: 2 ** 30, scratchFolder: tmpdir() } as const
  // One that fails here will do as it would have done without.
  await parse(warmUpFile, nowhere, { ...options, name: basename(warmUpFile) }).catch(() => undefined)
}

new Worker(endWithParent, { eval: true, execArgv: [] })
// What all objects share is closed: no file can leave anything there for the next one.
Object.preventExtensions(Object.prototype)
// Loaded while nothing has to wait for it.
const purposes = process.argv.slice(2)
if (purposes.includes('pdf')) {
  const parsePdf = await loadParser.pdf()
  if (purposes.includes('spare')) await warmUp(parsePdf)
}
for await (const line of readLines(new Socket({ fd: 4 }))) await work(jobSchema.parse(JSON.parse(line)))
