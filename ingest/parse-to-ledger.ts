/**
 * Reads a file into the ledger: pages as they come, then what lies inside the file as documents of its own. In: an original. Out: all pages
 * of the revision in the ledger, some of which may wait for OCR.
 * Invariants: pages are saved every second, so a killed run goes on behind the last one; a document inside a document is registered once,
 * however often this runs, and also where the document around it has no text.
 * Neighbours: ingest-document -> here -> parse-file, intake.
 */
import { createReadStream } from 'node:fs'
import path from 'node:path'
import type { ParsedPage } from '../src/core/document.ts'
import { KuraError } from '../src/core/errors.ts'
import type { StoredFile } from '../src/store/intake.ts'
import type { RevisionSource } from '../src/store/revision-source.ts'
import type { IngestDocumentDeps, IngestRun } from './ingest-document.ts'
import type { Attachment } from './parse/parse-messages.ts'
import { registerAttachments } from './register-attachments.ts'

const saveEveryMs = 1_000
const saveEveryPages = 50
/** A mail in an archive in an archive; what lies deeper is hostile. */
const maxDepth = 3

export type ParsedSource = NonNullable<RevisionSource['head']>

/** Saves pages in batches: each save is a transaction on the disk. */
class PageSaver {
  readonly #save: (pages: readonly ParsedPage[]) => Promise<void>
  #pages: ParsedPage[] = []
  #savedAt = Date.now()

  constructor(save: (pages: readonly ParsedPage[]) => Promise<void>) {
    this.#save = save
  }

  async add(page: ParsedPage): Promise<void> {
    this.#pages.push(page)
    if (this.#pages.length >= saveEveryPages || Date.now() - this.#savedAt >= saveEveryMs) await this.flush()
  }

  async flush(): Promise<void> {
    const pages = this.#pages
    this.#pages = []
    this.#savedAt = Date.now()
    if (pages.length > 0) await this.#save(pages)
  }
}

/** Unpacked files on their way to become documents; disposing removes those that did not. */
class Unpacked implements AsyncDisposable {
  readonly files: { entry: string; stored: StoredFile }[] = []

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.files.map(({ stored }) => stored[Symbol.asyncDispose]()))
  }
}

/** @throws what parseFile throws; original_missing, file_bomb, disk_full; the signal's reason */
export const parseToLedger = async (
  deps: IngestDocumentDeps,
  run: IngestRun,
  source: RevisionSource,
): Promise<ParsedSource> => {
  const { ledger, originals, intake, settings, parse } = deps
  const { job, signal, onProgress, onAdvance } = run
  if (!(await originals.has(source.sha256))) {
    throw new KuraError('original_missing', 'The uploaded file is not in the data folder any more.')
  }
  const saved = await ledger.pages.savedUpTo(job.revisionId)
  const saver = new PageSaver(async (pages) => {
    await ledger.pages.save(job.revisionId, pages)
    onAdvance()
  })
  let pageTotal = saved
  await using unpacked = new Unpacked()
  const unpack = async ({ entry, file }: Attachment): Promise<void> => {
    if (unpacked.files.length === 0) await refuseTooDeep(deps, run)
    const stream = createReadStream(file)
    unpacked.files.push({ entry, stored: await intake.store({ name: path.posix.basename(entry), stream, signal }) })
  }
  const register = (): Promise<void> => registerAttachments(deps, { job, source, files: unpacked.files })
  const { pages: _, ...head } = await parse(originals.pathOf(source.sha256), {
    name: source.name,
    fromPage: saved + 1,
    ...(source.password === null ? {} : { password: source.password }),
    ...(source.encoding === null ? {} : { encoding: source.encoding }),
    scratchFolder: settings.scratchFolder,
    timeoutMs: settings.parseTimeoutMs,
    memoryBytes: settings.parseMemoryBytes,
    signal,
    onPage: async (page, total) => {
      pageTotal = total
      await saver.add(page)
      onProgress('parsing', page.number, total)
    },
    onAttachment: unpack,
  }).catch(async (error: unknown) => {
    // A cover without a word of its own, around files that have all of them.
    if (error instanceof KuraError && error.code === 'no_text' && unpacked.files.length > 0) await register()
    throw error
  })
  await saver.flush()
  signal.throwIfAborted()
  await register()
  await ledger.documents.parsed(job.revisionId, { ...head, pageTotal })
  onAdvance()
  return head
}

const refuseTooDeep = async ({ ledger }: IngestDocumentDeps, { job }: IngestRun): Promise<void> => {
  const { depth } = await ledger.documents.nestingOf(job.documentId)
  if (depth < maxDepth) return
  throw new KuraError('file_bomb', `Files lie in each other more than ${maxDepth} deep.`, { details: { depth } })
}
