/**
 * The killable process that reads the pages of one file. In: the job as JSON on file descriptor 4. Out: one JSON document a line on file descriptor 3, each page
 * as soon as it is read. The next page is drawn while the others are read. It ends itself when the parent is gone, even while a page loops.
 * Started by `read-pages.ts`.
 */
import { createWriteStream, readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { KuraError } from '../../src/core/errors.ts'
import { type OcrJob, type OcrJobPage, type OcrReply, ocrJobSchema } from './ocr-messages.ts'
import type { PagePictures } from './page-pictures.ts'
import { PageReader, type PageReading } from './page-reader.ts'
import { TesseractReaders } from './tesseract-readers.ts'

/** The parent holds the other end of standard input and never writes: the read returns when the parent is gone. */
const endWithParent = `require('node:fs').readSync(0, Buffer.alloc(1)); process.kill(process.pid, 'SIGKILL')`

const replies = createWriteStream('', { fd: 3 })

/** Resolves when the line is out: what may hold this thread for ever begins after its line. */
const send = (reply: OcrReply): Promise<void> =>
  new Promise((resolve) => {
    // To the reader of lines these two would end one.
    const line = JSON.stringify(reply).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
    replies.write(`${line}\n`, () => resolve())
  })

const open = async (job: OcrJob): Promise<PagePictures> => {
  if (job.format === 'image') return (await import('./image-pictures.ts')).openImagePictures(job.path)
  return (await import('./pdf-pictures.ts')).openPdfPictures(job.path, job.password)
}

const failure = (number: number, error: unknown): PageReading => ({
  page: {
    number,
    outcome: { method: 'failed', errorCode: error instanceof KuraError ? error.code : 'ocr_failed' },
    text: '',
    blocks: [],
    lines: [],
  },
  ink: true,
})

const readAll = async (job: OcrJob, pictures: PagePictures): Promise<void> => {
  await using readers = new TesseractReaders(job.dataFolder, job.workers)
  const reader = new PageReader(pictures, readers, job.habits, (number, stage) =>
    send({ type: 'stage', number, stage }),
  )
  const jobPages = job.pages.values()
  const readOne = async ({ number, layer }: OcrJobPage): Promise<void> => {
    const { page, ink } = await reader.read(number, layer).catch((error: unknown) => failure(number, error))
    await send({ type: 'page', page, ink, habits: reader.habits })
  }
  const readNext = async (): Promise<void> => {
    for (const page of jobPages) await readOne(page)
  }
  // The language is learnt before several pages are read side by side.
  while (reader.habits.reading === undefined) {
    const next = jobPages.next()
    if (next.done) return
    await readOne(next.value)
  }
  // One more than there are readers: its page is drawn while they read.
  await Promise.all(Array.from({ length: job.workers + 1 }, readNext))
}

const main = async (): Promise<void> => {
  new Worker(endWithParent, { eval: true, execArgv: [] })
  const job = ocrJobSchema.parse(JSON.parse(readFileSync(4, 'utf8')))
  await using pictures = await open(job).catch(() => undefined)
  if (pictures) await readAll(job, pictures)
  await send({ type: pictures ? 'done' : 'error' })
}

await main()
