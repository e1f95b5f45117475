/**
 * From the pages of a revision to its rows in one table of the index: chunk, embed, write, count. In: a parsed document, the table and its
 * engine. Out: how many rows there are now.
 * Invariants: the same pages give the same rows; while it works, what is embedded is stored every few seconds, so a run that was killed
 * goes on behind it; the last step makes the revision's rows exactly these.
 * Neighbours: ingest-document (a job), build-indexes (what a table lacks) -> here -> chunk-document, embed-chunks, index-writer.
 */
import type { Chunk, IndexedChunk, Language, ParsedDocument } from '../src/core/document.ts'
import { KuraError } from '../src/core/errors.ts'
import { type CollectionId, chunkIdOf, type DocumentId, type RevisionId } from '../src/core/ids.ts'
import type { EmbeddedChunk } from '../src/store/chunk-table.ts'
import { chunkDocument } from './chunk/chunk-document.ts'
import { chunkTokensFor, embedChunks, type ModelCall } from './chunk/embed-chunks.ts'
import type { IndexTarget } from './index-target.ts'
import type { IndexWriter } from './index-writer.ts'

/** Each checkpoint is a commit, which costs some 20 ms now and a little in searches until the next `optimize`. */
const checkpointEveryMs = 10_000

export interface RevisionToIndex {
  readonly revisionId: RevisionId
  readonly documentId: DocumentId
  readonly collectionId: CollectionId
  /** The label that the document is listed under. */
  readonly documentName: string
  readonly document: ParsedDocument
  /** As the uploader said. */
  readonly language: Language | null
}

export interface IndexRun {
  readonly target: IndexTarget
  readonly writer: IndexWriter
  readonly callModel: ModelCall
  readonly signal: AbortSignal
  readonly onProgress: (stage: 'chunking' | 'embedding' | 'publishing', done?: number, total?: number) => void
  /** Something was stored that the next run does not have to do again. */
  readonly onAdvance: () => void
}

/**
 * @returns rows of the revision, counted in the index; 0 where the pages have no text
 * @throws embedding_mismatch, index_failed, disk_full, model_unavailable, model_busy, model_failed, internal; the signal's reason
 */
export const indexRevision = async (revision: RevisionToIndex, run: IndexRun): Promise<number> => {
  const { target, writer, callModel, onProgress, signal } = run
  const { embedder, model, index } = target
  onProgress('chunking')
  const chunks = await chunkDocument(revision.document, {
    countTokens: (texts) => callModel((abort) => embedder.countTokens(texts, { signal: abort, priority: 'ingestion' })),
    maxTokens: chunkTokensFor(model),
    language: revision.language ?? undefined,
    signal,
  })
  const indexed = chunks.map((chunk) => toIndexed(chunk, revision))
  const rows = await embedMissing(indexed, revision, run)
  signal.throwIfAborted()
  onProgress('publishing')
  return writer.replaceRevision(index, revision.revisionId, rows)
}

const toIndexed = (chunk: Chunk, revision: RevisionToIndex): IndexedChunk => {
  const { revisionId, documentId, collectionId, documentName } = revision
  return { ...chunk, id: chunkIdOf(revisionId, chunk.ordinal), revisionId, documentId, collectionId, documentName }
}

/** All rows in order: those that are stored already as they are, the others embedded now. */
const embedMissing = async (
  chunks: readonly IndexedChunk[],
  revision: RevisionToIndex,
  { target, writer, callModel, onProgress, onAdvance }: IndexRun,
): Promise<EmbeddedChunk[]> => {
  const { index, embedder, model } = target
  const known = await index.storedRows(revision.revisionId)
  const vectors = new Map<string, Float32Array>()
  for (const chunk of chunks) {
    const stored = known.get(chunk.id)
    if (stored && isSame(stored.chunk, chunk)) vectors.set(chunk.id, stored.vector)
  }
  const missing = chunks.filter(({ id }) => !vectors.has(id))
  onProgress('embedding', vectors.size, chunks.length)
  let unsaved: EmbeddedChunk[] = []
  let savedAt = Date.now()
  await embedChunks(missing, {
    embedder,
    model,
    title: revision.document.title ?? nameWithoutExtension(revision.documentName),
    callModel,
    onBatch: async (start, batch) => {
      for (const [i, vector] of batch.entries()) {
        const chunk = missing[start + i]
        if (!chunk) throw new KuraError('model_failed', 'The engine gave more vectors than there were texts.')
        vectors.set(chunk.id, vector)
        unsaved.push({ chunk, vector })
      }
      onProgress('embedding', vectors.size, chunks.length)
      if (Date.now() - savedAt < checkpointEveryMs) return
      const rows = unsaved
      unsaved = []
      savedAt = Date.now()
      await writer.addRows(index, revision.revisionId, rows)
      onAdvance()
    },
  })
  return chunks.map((chunk) => {
    const vector = vectors.get(chunk.id)
    if (!vector) throw new KuraError('model_failed', `The engine gave no vector for chunk ${chunk.ordinal}.`)
    return { chunk, vector }
  })
}

/** Whether the stored vector is the one that embedding the chunk would give. */
const isSame = (stored: IndexedChunk, chunk: IndexedChunk): boolean =>
  stored.text === chunk.text &&
  stored.documentName === chunk.documentName &&
  stored.headingPath.join('\n') === chunk.headingPath.join('\n')

const nameWithoutExtension = (name: string): string => name.replace(/(?<=.)\.[A-Za-z0-9]{1,8}$/u, '')
