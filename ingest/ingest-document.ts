/**
 * The way of one document from the original to the published revision: parse, save pages, chunk, embed, write the index, publish.
 * In: a claimed job. Out: a revision that answers, or an exception; until the last step nothing of it answers.
 * Invariant: every step may be repeated: pages and chunks have the same ids and contents each time, so a run that was killed
 * leaves nothing that the next one does not replace.
 * Neighbours: worker -> here -> parse-file, chunk-document, embed-chunks, index-writer, ledger.
 */

import type { Settings } from '../src/config/settings.ts'
import type { Chunk, ParsedDocument } from '../src/core/document.ts'
import { KuraError } from '../src/core/errors.ts'
import { chunkIdOf } from '../src/core/ids.ts'
import type { Embedder } from '../src/core/models.ts'
import { localAdministrator } from '../src/core/principal.ts'
import type { EmbeddedChunk } from '../src/store/chunk-table.ts'
import type { Ledger } from '../src/store/ledger.ts'
import type { Originals } from '../src/store/originals.ts'
import type { JobRecord, JobStage } from '../src/store/records.ts'
import { chunkDocument, documentLanguage } from './chunk/chunk-document.ts'
import { chunkTokensFor, embedChunks, type ModelCall } from './chunk/embed-chunks.ts'
import { indexFingerprint } from './chunk/index-fingerprint.ts'
import type { IndexWriter } from './index-writer.ts'
import type { parseFile } from './parse/parse-file.ts'

export interface IngestDocumentDeps {
  readonly ledger: Ledger
  readonly originals: Originals
  readonly writer: IndexWriter
  readonly embedder: Embedder
  readonly settings: Pick<Settings, 'parseTimeoutMs' | 'parseMemoryBytes'>
  readonly parse: typeof parseFile
}

export interface IngestRun {
  readonly job: JobRecord
  readonly signal: AbortSignal
  readonly callModel: ModelCall
  readonly onProgress: (stage: JobStage, done?: number, total?: number) => void
}

/**
 * @throws what parseFile throws; no_text where no page has any; original_missing; job_cancelled and document_not_found where it was
 *   cancelled or deleted meanwhile; model_unavailable, model_busy, model_failed where waiting did not help
 */
export const ingestDocument = async (deps: IngestDocumentDeps, run: IngestRun): Promise<{ chunks: number }> => {
  const { embedder, ledger, writer } = deps
  const { job, onProgress, callModel, signal } = run
  const source = await ledger.documents.sourceOf(job.revisionId)
  const document = await readOrParse(deps, run, source)
  onProgress('chunking')
  const model = await callModel((abort) => embedder.info({ signal: abort }))
  const chunks = await chunkDocument(document, {
    countTokens: (texts) => callModel((abort) => embedder.countTokens(texts, { signal: abort, priority: 'ingestion' })),
    maxTokens: chunkTokensFor(model),
    language: source.language ?? undefined,
    signal,
  })
  if (chunks.length === 0) throw noText(document)
  const title = document.title ?? nameWithoutExtension(source.name)
  const vectors = await embedChunks(chunks, {
    embedder,
    model,
    title,
    callModel,
    onProgress: (done, total) => onProgress('embedding', done, total),
  })
  signal.throwIfAborted()
  onProgress('publishing')
  const counted = await writer.replaceRevision(job.revisionId, rowsOf(chunks, vectors, job))
  await ledger.documents.publish(job.revisionId, {
    format: document.format,
    paginated: document.paginated,
    title: document.title,
    language: source.language ?? documentLanguage(document),
    chunks: counted,
    fingerprint: indexFingerprint(model),
  })
  return { chunks: counted }
}

/** Pages that are there already (the worker was stopped after the parse, or the index is built anew) are not parsed again. */
const readOrParse = async (
  { ledger, originals, settings, parse }: IngestDocumentDeps,
  { job, signal, onProgress }: IngestRun,
  source: Awaited<ReturnType<Ledger['documents']['sourceOf']>>,
): Promise<ParsedDocument> => {
  onProgress('parsing')
  const known = await ledger.documents.get(localAdministrator, job.documentId)
  if (known.format !== null && known.revisionId === job.revisionId) {
    const pages = await ledger.pages.read(job.revisionId)
    const { format, paginated, title } = known
    if (pages.length > 0) return { format, paginated, pages, ...(title !== null && { title }) }
  }
  if (!(await originals.has(source.sha256))) {
    throw new KuraError('original_missing', 'The uploaded file is not in the data folder any more.')
  }
  const parsed = await parse(originals.pathOf(source.sha256), {
    name: source.name,
    timeoutMs: settings.parseTimeoutMs,
    memoryBytes: settings.parseMemoryBytes,
    signal,
    onPage: (page, total) => onProgress('parsing', page.number, total),
  })
  signal.throwIfAborted()
  // Half a character has no UTF-8 form and would come back from the ledger as something else; no place may move by that.
  const document = {
    ...parsed,
    pages: parsed.pages.map((page) => ({ ...page, text: page.text.replaceAll(/\p{Surrogate}/gu, '\ufffd') })),
  }
  await ledger.pages.clear(job.revisionId)
  await ledger.pages.save(job.revisionId, document.pages)
  return document
}

const rowsOf = (chunks: readonly Chunk[], vectors: readonly Float32Array[], job: JobRecord): EmbeddedChunk[] =>
  chunks.map((chunk, i) => {
    const vector = vectors[i]
    if (!vector) throw new KuraError('model_failed', `The engine gave no vector for chunk ${i} of ${chunks.length}.`)
    const { revisionId, documentId, collectionId, documentName } = job
    return {
      chunk: { ...chunk, id: chunkIdOf(revisionId, chunk.ordinal), revisionId, documentId, collectionId, documentName },
      vector,
    }
  })

const noText = ({ pages }: ParsedDocument): KuraError => {
  const failed = pages.filter((page) => page.outcome.method === 'failed').length
  return new KuraError(
    'no_text',
    `None of the ${pages.length} pages has text; ${failed} of them show something but could not be read.`,
    {
      details: { pages: pages.length, failed },
    },
  )
}

const nameWithoutExtension = (name: string): string => name.replace(/(?<=.)\.[A-Za-z0-9]{1,8}$/u, '')
