/**
 * The killable process that parses one file. In: the job as its one argument. Out: one JSON document a line on file descriptor 3,
 * each page as soon as it is laid out. Each format's libraries are loaded only for that format. It ends itself when the parent is gone,
 * even while a parser loops. Started by `parse-file.ts`.
 */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { DocumentFormat } from '../../src/core/document.ts'
import { KuraError } from '../../src/core/errors.ts'
import { jobSchema, type ParsedHead, type ParseReply, type ParseSink } from './parse-messages.ts'

type Parser = (path: string, sink: ParseSink) => Promise<ParsedHead>

const loadParser: Record<DocumentFormat, () => Promise<Parser>> = {
  pdf: async () => (await import('./parse-pdf.ts')).parsePdf,
  docx: async () => (await import('./parse-docx.ts')).parseDocx,
  markdown: async () => (await import('./parse-markdown.ts')).parseMarkdown,
  html: async () => (await import('./parse-html.ts')).parseHtml,
  text: async () => (await import('./parse-text.ts')).parseText,
}

/** The parent holds the other end of standard input and never writes: the read returns when the parent is gone. */
const endWithParent = `require('node:fs').readSync(0, Buffer.alloc(1)); process.kill(process.pid, 'SIGKILL')`

const replies = createWriteStream('', { fd: 3 })

const send = async (reply: ParseReply): Promise<void> => {
  if (!replies.write(`${JSON.stringify(reply)}\n`)) await once(replies, 'drain')
}

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
  const job = jobSchema.parse(JSON.parse(process.argv[2] ?? ''))
  try {
    const parse = await loadParser[job.format]()
    const head = await parse(job.path, { page: (page, total) => send({ type: 'page', page, total }) })
    await send({ type: 'done', ...head })
  } catch (error) {
    await send(describe(error))
  }
}

await main()
