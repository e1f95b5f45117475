/**
 * Reads the pages of one file that have no text of their own by OCR, in a child process that is killed when a page takes too long, when it takes too much
 * memory, or when the text is no longer wanted. In: a path and its unread pages. Out: each page to `onPage` as soon as it is done, never `unread`. A page that
 * crashes or hangs the child costs that page only. Neighbours: `child.ts` (the other end), `ocr-pool.ts`; called by the ingestion worker.
 */
import type { DocumentFormat, Language, ParsedPage } from '../../src/core/document.ts'
import { KuraError } from '../../src/core/errors.ts'
import { readingFor } from './choose-reading.ts'
import type { Habits, OcrJobPage } from './ocr-messages.ts'
import { OcrPool } from './ocr-pool.ts'
import type { RunEnd } from './ocr-process.ts'
import { usualDoubt } from './page-reader.ts'
import { settlePage } from './settle-page.ts'

export interface OcrOptions {
  /** `pdf` or `image`. */
  readonly format: DocumentFormat
  /** Opens an encrypted PDF. */
  readonly password?: string
  /** What the uploader said, or what the document's other pages are in; found out from the first pages where it is not known. */
  readonly language: Language | undefined
  /** The unread pages, in order. */
  readonly pages: readonly ParsedPage[]
  /** Readers at a time, each with a thread of its own; at least 1. */
  readonly workers: number
  /** For each drawing and each reading of a page. */
  readonly pageTimeoutMs: number
  /** Resident memory that a child may have. */
  readonly memoryBytes: number
  /** Where a folder for the language data is made, and removed again. */
  readonly scratchFolder: string
  readonly signal: AbortSignal
  /** Children that read other files too. Without it one is started for this file, and gone when the call is over. */
  readonly readers?: OcrPool
  /** Whether a question is under way, to which reading gives way. @default never */
  readonly isAsked?: () => Promise<boolean>
  /** Told each page as soon as it is done, in any order, one at a time. */
  readonly onPage: (page: ParsedPage) => Promise<void>
}

/** How often somebody else may end the child before it is given up for now. */
const maxInterruptions = 3

/** What stands on the page as text and stays. */
const layerOf = ({ outcome, text, lines }: ParsedPage): OcrJobPage['layer'] => {
  if (outcome.method !== 'unread' || outcome.reason !== 'little_text') return []
  return lines.map(({ start, end, x, y, width, height }) => ({ text: text.slice(start, end), x, y, width, height }))
}

/**
 * @param file absolute path of a PDF or an image
 * @throws format_unsupported for other formats; parse_interrupted when somebody else ends the child again and again; what `onPage` throws; the signal's
 * reason when it is aborted
 */
export const readPages = async (file: string, options: OcrOptions): Promise<void> => {
  const { format, signal } = options
  signal.throwIfAborted()
  if (format !== 'pdf' && format !== 'image') {
    throw new KuraError('format_unsupported', `Pages of ${format} files are not read by OCR.`, { details: { format } })
  }
  if (options.pages.length === 0) return
  if (options.readers) return new Reading(file, format, options.readers, options).finish()
  await using readers = new OcrPool(options)
  await new Reading(file, format, readers, options).finish()
}

/** The pages that are still to be read, and what is known of those that ended a child. */
class Reading {
  readonly #file: string
  readonly #format: 'pdf' | 'image'
  readonly #readers: OcrPool
  readonly #options: OcrOptions
  readonly #left: Map<number, ParsedPage>
  #habits: Habits
  #workers: number
  #interruptions = 0

  constructor(file: string, format: 'pdf' | 'image', readers: OcrPool, options: OcrOptions) {
    this.#file = file
    this.#format = format
    this.#readers = readers
    this.#options = options
    this.#workers = options.workers
    this.#left = new Map(options.pages.map((page) => [page.number, page]))
    const reading = readingFor(options.language)
    this.#habits = { ...(reading !== undefined && { reading }), quarter: 0, doubt: usualDoubt }
  }

  async finish(): Promise<void> {
    for (let isFresh = false; this.#left.size > 0; isFresh = true) {
      const { wasUsed, ...end } = await this.#run([...this.#left.values()], this.#workers, isFresh)
      // What failed in a child that had read other files says nothing yet about this one.
      if (wasUsed) continue
      if (end.reason === 'ocr_memory') this.#workers = Math.max(1, Math.floor(this.#workers / 2))
      const suspects = [...end.inWork].flatMap((number) => this.#left.get(number) ?? [])
      if (suspects.length === 0 && !end.progress) await this.#fail([...this.#left.keys()], end)
      // Any page that was in work may be the guilty one: each is read once more by itself.
      for (const suspect of suspects) {
        const alone = await this.#run([suspect], 1, true)
        if (this.#left.has(suspect.number)) await this.#fail([suspect.number], alone)
      }
    }
  }

  /** @throws parse_interrupted when nothing speaks against the pages */
  async #fail(numbers: readonly number[], { reason, interruptedBy }: RunEnd): Promise<void> {
    if (interruptedBy !== undefined) {
      this.#interruptions += 1
      if (this.#interruptions <= maxInterruptions) return
      throw new KuraError('parse_interrupted', `The process that read the pages was ended by ${interruptedBy}.`)
    }
    const errorCode = reason === 'done' ? 'ocr_failed' : reason
    for (const number of numbers) {
      await this.#take({ number, outcome: { method: 'failed', errorCode }, text: '', blocks: [], lines: [] }, true)
    }
  }

  async #run(
    pages: readonly ParsedPage[],
    workers: number,
    isFresh: boolean,
  ): Promise<RunEnd & { readonly wasUsed: boolean }> {
    const { password, pageTimeoutMs, memoryBytes, signal, isAsked = async () => false } = this.#options
    const child = await this.#readers.take({ workers, memoryBytes }, isFresh)
    const wasUsed = child.files > 0
    let failures = 0
    const job = {
      path: this.#file,
      format: this.#format,
      ...(password !== undefined && { password }),
      pages: pages.map((page) => ({ number: page.number, layer: layerOf(page) })),
      habits: this.#habits,
    }
    const onPage = async (page: ParsedPage, ink: boolean, habits: Habits): Promise<void> => {
      const isFailed = page.outcome.method === 'failed'
      if (isFailed) failures += 1
      if (isFailed && wasUsed) return
      this.#habits = habits
      await this.#take(page, ink)
    }
    const end = await child.run(job, { pageTimeoutMs, signal, isAsked, onPage })
    if (end.reason === 'done') await this.#readers.giveBack(child, failures === 0)
    return { ...end, wasUsed }
  }

  async #take(read: ParsedPage, ink: boolean): Promise<void> {
    const page = this.#left.get(read.number)
    if (!page) return
    await this.#options.onPage(settlePage(page, read, ink))
    this.#left.delete(read.number)
  }
}
