/**
 * The killable process that reads the pages of one file after the other. In: jobs (`serve-jobs.ts`). Out: one JSON document a line on file descriptor 3, each page as soon
 * as it is read. The next page is drawn while the others are read. Started by `ocr-process.ts`, which ends it after the first file that fails.
 */
import { createWriteStream } from 'node:fs'
import { KuraError } from '../../src/core/errors.ts'
import { serveJobs } from '../children/serve-jobs.ts'
import { type OcrJob, type OcrJobPage, type OcrReply, ocrJobSchema, ocrSettingsSchema } from './ocr-messages.ts'
import type { PagePictures } from './page-pictures.ts'
import { PageReader, type PageReading } from './page-reader.ts'
import { TesseractReaders } from './tesseract-readers.ts'

const replies = createWriteStream('', { fd: 3 })

/** Resolves when the line is out: what may hold this thread for ever begins after its line. */
const send = (reply: OcrReply): Promise<void> =>
  new Promise((resolve) => {
    replies.write(`${JSON.stringify(reply)}\n`, () => resolve())
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

const { workers, dataFolder } = ocrSettingsSchema.parse(JSON.parse(process.argv[2] ?? ''))
/** They keep their languages from one file to the next. */
const readers = new TesseractReaders(dataFolder, workers)

const readAll = async (job: OcrJob, pictures: PagePictures): Promise<void> => {
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
  await Promise.all(Array.from({ length: workers + 1 }, readNext))
}

const work = async (job: OcrJob): Promise<void> => {
  await using pictures = await open(job).catch(() => undefined)
  if (pictures) await readAll(job, pictures)
  await send({ type: pictures ? 'done' : 'error' })
}

await serveJobs((job) => work(ocrJobSchema.parse(job)))
