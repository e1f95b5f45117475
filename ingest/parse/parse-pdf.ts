/**
 * Parses a PDF page by page. In: a file path. Out: each page to the sink, with an outcome; then attached files and the document's title. A long
 * document is shared with a second thread where a core has nothing to do. Runs in the killable child (`child.ts`): hostile files can
 * loop for ever. Neighbours: `pdf-reader.ts`, `pdf-helper.ts`.
 */
import { KuraError } from '../../src/core/errors.ts'
import { watchCores } from './idle-core.ts'
import type { ParsedHead, ParserOptions, ParseSink } from './parse-messages.ts'
import { saveAttachments } from './pdf-attachments.ts'
import { PdfFile } from './pdf-document.ts'
import { PageQueue, PdfHelper } from './pdf-helper.ts'
import { PdfReader, samplePagesOf } from './pdf-reader.ts'
import { readPdfTitle } from './pdf-title.ts'
import { releaseMemory } from './release-memory.ts'

/** Fewer pages are read before a second thread has started; a process that has read files before takes less time for a page than a new thread. */
const minPagesToShare = { first: 40, later: 400 }
let hasReadBefore = false

/** What the reading of all pages tells of the document. */
interface Read {
  readonly sampleText: string
  readonly hasPinnedFiles: boolean
}

const readPages = async (
  path: string,
  file: PdfFile,
  sink: ParseSink,
  { hasIdleCore, ...options }: ParserOptions & { readonly hasIdleCore: () => boolean },
): Promise<Read> => {
  const { alone, memoryBytes, password } = options
  const reader = new PdfReader(file)
  const { total } = reader
  if (total < 1) throw new KuraError('pdf_damaged', 'The PDF has no pages.')
  const unwanted = new Set([...(options.skip ?? []), ...(options.broken ?? [])])
  const broken = new Set(options.broken)
  const wanted = Array.from({ length: total }, (_, index) => index + 1).filter((number) => !unwanted.has(number))
  const { channel } = sink
  const least = hasReadBefore ? minPagesToShare.later : minPagesToShare.first
  const shares = !alone && wanted.length >= least && hasIdleCore()
  await using helper =
    shares && channel
      ? new PdfHelper({ path, password, memoryBytes, job: channel.job, lock: channel.lock, total })
      : undefined
  const sampled = samplePagesOf(total).filter((number) => !broken.has(number))
  const scale = await reader.sample(
    sampled,
    (number) => !unwanted.has(number),
    (number) => sink.begin?.(number),
  )
  const queue = new PageQueue(wanted.filter((number) => !sampled.includes(number)))
  helper?.begin(queue, scale)
  const own = wanted.filter((number) => sampled.includes(number)).values()
  for (;;) {
    const number = own.next().value ?? queue.take()
    if (number === undefined) break
    sink.begin?.(number)
    await sink.page(await reader.readPage(number, scale), total)
    await releaseMemory(file, memoryBytes)
  }
  await helper?.end
  // Of pages that were read before it is not known.
  const hasPinnedFiles = reader.hasPinnedFiles || helper?.hasPinnedFiles === true || unwanted.size > 0
  return { sampleText: reader.sampleText, hasPinnedFiles }
}

/**
 * Pages come in order where there is no second thread and no page is looked at before the others, that is, in documents of up to 24 pages.
 * @throws pdf_damaged, pdf_encrypted, pdf_password_wrong
 */
export const parsePdf = async (path: string, sink: ParseSink, options: ParserOptions): Promise<ParsedHead> => {
  const hasIdleCore = watchCores()
  await using file = await PdfFile.open(path, options.password)
  const { sampleText, hasPinnedFiles } = await readPages(path, file, sink, { ...options, hasIdleCore })
  hasReadBefore = true
  await saveAttachments(file.document, sink, { scratchFolder: options.scratchFolder, hasPinnedFiles })
  const title = await readPdfTitle(file.document, sampleText)
  return { format: 'pdf', paginated: true, ...(title === undefined ? {} : { title }) }
}
