/**
 * The way of one document from the original to the published revision: parse, read scans, chunk, embed, write the index, publish.
 * In: a claimed job. Out: a revision that answers while it is in force, or an exception; until the last step nothing of it answers.
 * Invariant: every step may be repeated and goes on where it was: pages, text of scans and embedded chunks are stored as they come, with the
 * same ids and contents each time, so a run that was killed leaves nothing that the next one does not use or replace.
 * Neighbours: worker -> here -> parse-to-ledger, read-scans, index-revision, ledger.
 */
import type { ParsedDocument } from '../src/core/document.ts'
import type { Intake } from '../src/store/intake.ts'
import type { Ledger } from '../src/store/ledger.ts'
import type { Originals } from '../src/store/originals.ts'
import type { JobRecord, JobStage } from '../src/store/records.ts'
import { isIndexed } from './build-indexes.ts'
import { documentLanguage } from './chunk/chunk-document.ts'
import type { ModelCall } from './chunk/embed-chunks.ts'
import { indexRevision } from './index-revision.ts'
import type { IndexTarget } from './index-target.ts'
import type { IndexWriter } from './index-writer.ts'
import { nearDuplicateSimilarity, signatureOf, similarityOf } from './near-duplicates.ts'
import type { readPages } from './ocr/read-pages.ts'
import { noTextError } from './parse/no-text-error.ts'
import type { parseFile } from './parse/parse-file.ts'
import { parseToLedger } from './parse-to-ledger.ts'
import { readScans } from './read-scans.ts'

export interface IngestSettings {
  readonly parseTimeoutMs: number
  /** Of one parsing or reading process. */
  readonly parseMemoryBytes: number
  /** For unpacked and converted files; emptied when a worker starts. */
  readonly scratchFolder: string
}

export interface IngestDocumentDeps {
  readonly ledger: Ledger
  readonly originals: Originals
  readonly intake: Intake
  readonly target: IndexTarget
  readonly writer: IndexWriter
  readonly settings: IngestSettings
  readonly parse: typeof parseFile
  readonly readPages: typeof readPages
}

export interface IngestRun {
  readonly job: JobRecord
  readonly signal: AbortSignal
  readonly callModel: ModelCall
  readonly onProgress: (stage: JobStage, done?: number, total?: number) => void
  /** Something was stored that the next try does not have to do again. */
  readonly onAdvance: () => void
}

/**
 * @throws what parseFile throws; no_text where no page has any; original_missing; job_cancelled and document_not_found where it was
 *   cancelled or deleted meanwhile; model_unavailable, model_busy, model_failed where waiting did not help
 */
export const ingestDocument = async (deps: IngestDocumentDeps, run: IngestRun): Promise<{ chunks: number }> => {
  const { ledger, target, writer } = deps
  const { job, onProgress, signal } = run
  const source = await ledger.documents.sourceOf(job.revisionId)
  onProgress('parsing')
  const head = source.head ?? (await parseToLedger(deps, run, source))
  await readScans(deps, run, { source, head })
  const document: ParsedDocument = { ...head, pages: await ledger.pages.read(job.revisionId) }
  const chunks = isIndexed(head.format)
    ? await indexRevision({ ...job, document, language: source.language }, { ...run, target, writer })
    : 0
  if (chunks === 0 && isIndexed(head.format)) throw noTextError(document)
  signal.throwIfAborted()
  const signature = signatureOf(document.pages.map(({ text }) => text))
  await recordNearDuplicates(ledger, job, signature)
  await ledger.documents.publish(job.revisionId, {
    language: source.language ?? documentLanguage(document),
    signature,
    chunks,
    fingerprint: target.fingerprint,
  })
  return { chunks }
}

const recordNearDuplicates = async (ledger: Ledger, { revisionId }: JobRecord, signature: string): Promise<void> => {
  if (signature === '') return
  const others = await ledger.revisions.signaturesBeside(revisionId)
  const found = others
    .map((other) => ({ revisionId: other.revisionId, similarity: similarityOf(signature, other.signature) }))
    .filter(({ similarity }) => similarity >= nearDuplicateSimilarity)
  await ledger.revisions.recordNearDuplicates(revisionId, found)
}
