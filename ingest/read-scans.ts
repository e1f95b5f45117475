/**
 * The OCR step of a document: has every page read that waits for it, and saves each as it is done, so that an interrupted scan of 300 pages
 * goes on where it was. In: a revision whose pages are in the ledger. Out: no page `unread`.
 * Neighbours: ingest-document -> here -> ocr/read-pages.
 */
import { availableParallelism } from 'node:os'
import { detectLanguage } from '../src/core/detect-language.ts'
import type { Language, ParsedPage } from '../src/core/document.ts'
import { isQuestionUnderWay } from '../src/store/question-lease.ts'
import type { RevisionSource } from '../src/store/revision-source.ts'
import type { IngestDocumentDeps, IngestRun } from './ingest-document.ts'
import type { ParsedSource } from './parse-to-ledger.ts'

/** Each holds some 200 MB of language data and page. They run behind questions (nice), so all cores may be theirs. */
const maxWorkers = 8
const pageTimeoutMs = 120_000
/** Of the reading process: 735 MiB were seen with two workers. */
const memoryBytesOf = (workers: number): number => (400 + 200 * workers) * 2 ** 20
/** Less text does not tell the language of the scans beside it. */
const tellingCharacters = 200

/** @throws what readPages throws; the signal's reason */
export const readScans = async (
  { ledger, originals, settings, readPages }: IngestDocumentDeps,
  { job, signal, onProgress, onAdvance }: IngestRun,
  { source, head }: { source: RevisionSource; head: ParsedSource },
): Promise<void> => {
  const pages = await ledger.pages.read(job.revisionId)
  const unread = pages.filter(({ outcome }) => outcome.method === 'unread')
  if (unread.length === 0) return
  const scans = pages.filter(({ outcome }) => outcome.method === 'unread' || outcome.method === 'ocr').length
  let done = scans - unread.length
  const workers = Math.min(availableParallelism(), maxWorkers)
  onProgress('reading', done, scans)
  await readPages(originals.pathOf(source.sha256), {
    format: head.format,
    ...(source.password === null ? {} : { password: source.password }),
    language: source.language ?? languageOf(pages),
    pages: unread,
    workers,
    pageTimeoutMs,
    memoryBytes: Math.max(settings.parseMemoryBytes, memoryBytesOf(workers)),
    scratchFolder: settings.scratchFolder,
    signal,
    isAsked: () => isQuestionUnderWay(ledger.leases),
    onPage: async (page) => {
      await ledger.pages.save(job.revisionId, [page])
      done += 1
      onProgress('reading', done, scans)
      onAdvance()
    },
  })
}

/** That of the pages that have text. */
const languageOf = (pages: readonly ParsedPage[]): Language | undefined => {
  const text = pages
    .filter(({ outcome }) => outcome.method === 'text' || outcome.method === 'ocr')
    .map((page) => page.text)
    .join('\n')
  if (text.length < tellingCharacters) return undefined
  const language = detectLanguage(text)
  return language === 'und' ? undefined : language
}
