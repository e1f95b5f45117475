/**
 * What makes two indexes comparable: the embedding (model, prompts, dimensions), the way in which chunks are cut, and the terms that are stored
 * with them. One table of the index holds one fingerprint. Used by whoever opens the index: the worker process and the server.
 */
import type { EmbeddingModelInfo } from '../../src/core/models.ts'
import { chunkerVersion } from './chunk-document.ts'
import { chunkTokensFor } from './embed-chunks.ts'

/** Changes whenever the terms or codes that are stored with the same chunk would. */
const termsVersion = 2

/** Changes whenever rows of the same document would. */
export const indexFingerprint = (model: EmbeddingModelInfo): string =>
  `${model.fingerprint}/chunker-${chunkerVersion}/${chunkTokensFor(model)}-tokens/terms-${termsVersion}`

/** Whether vectors of the one can be compared with vectors of the other, however the chunks are cut. */
export const hasSameVectors = (fingerprint: string, other: string): boolean =>
  embeddingPart(fingerprint) === embeddingPart(other)

const embeddingPart = (fingerprint: string): string => fingerprint.replace(/\/chunker-.*$/u, '')
