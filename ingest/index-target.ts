/**
 * One table of the index and the embedding engine that it belongs to; never one without the other. The process around the worker opens
 * them, the worker fills them.
 */
import type { Embedder, EmbeddingModelInfo } from '../src/core/models.ts'
import type { ChunkIndex } from '../src/store/chunk-index.ts'

export interface IndexTarget {
  readonly index: ChunkIndex
  readonly embedder: Embedder
  readonly model: EmbeddingModelInfo
  /** As `indexFingerprint` makes it of the model. */
  readonly fingerprint: string
}
