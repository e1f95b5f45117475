/**
 * The killable process that parses one file after the other. In: jobs (`serve-jobs.ts`). Out: one JSON document a line on file descriptor 3, each page as soon as it is
 * laid out. Each format's libraries are loaded only for that format. Started by `parser-process.ts`, which ends it after the first file that fails.
 */
import { tmpdir } from 'node:os'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FileFormat } from '../../src/core/document.ts'
import { KuraError } from '../../src/core/errors.ts'
import { serveJobs } from '../children/serve-jobs.ts'
import {
  jobSchema,
  type ParsedHead,
  type ParseJob,
  type ParseReply,
  type ParserOptions,
  type ParseSink,
} from './parse-messages.ts'
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

const purposes = process.argv.slice(2)

const loadBeforehand = async (): Promise<void> => {
  if (!purposes.includes('pdf')) return
  const parsePdf = await loadParser.pdf()
  if (purposes.includes('spare')) await warmUp(parsePdf)
}

await serveJobs((job) => work(jobSchema.parse(job)), loadBeforehand)
