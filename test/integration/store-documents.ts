/** What tests of the store and their child processes put into ledger and index; the children can not load vitest. */
import { createHash } from 'node:crypto'
import type { IndexedChunk } from '../../src/core/document.ts'
import { type CollectionId, chunkIdOf, type DocumentId, type RevisionId } from '../../src/core/ids.ts'

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')

export const publication = { language: 'en', signature: '', chunks: 2, fingerprint: 'test' } as const

export const makeChunk = (
  text: string,
  of: { revision: string; collection: string; ordinal?: number; documentName?: string },
): IndexedChunk => ({
  id: chunkIdOf(of.revision as RevisionId, of.ordinal ?? 0),
  collectionId: of.collection as CollectionId,
  documentId: `doc_${of.revision}` as DocumentId,
  revisionId: of.revision as RevisionId,
  documentName: of.documentName ?? 'manual.pdf',
  ordinal: of.ordinal ?? 0,
  pageStart: 3,
  pageEnd: 4,
  headingPath: ['Maintenance', '點檢'],
  text,
  segments: [{ start: 0, end: text.length, page: 3, pageStart: 10, pageEnd: 10 + text.length, kind: 'sentence' }],
  language: 'en',
  tokens: 12,
})
