/**
 * The table that chunks lie in: its columns, how a chunk becomes a row and a row a chunk, and opening it, with what a power cut
 * may have left put right. chunk-index.ts reads and writes it.
 * Invariant: what goes in has been checked here, because LanceDB pads, cuts and stores wrong vectors in silence.
 */
import { createHash } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, Index, type Table } from '@lancedb/lancedb'
import { Field, FixedSizeList, Float32, Int32, Schema, Utf8 } from 'apache-arrow'
import { z } from 'zod'
import { type IndexedChunk, languages } from '../core/document.ts'
import { type ErrorCode, KuraError, wrapError } from '../core/errors.ts'
import { identifiersOf, identifiersOfName } from '../core/identifiers.ts'
import type { ChunkId, CollectionId, DocumentId, RevisionId } from '../core/ids.ts'
import { searchTerms } from '../core/search-terms.ts'
import { parseHeadingPath, parseSegments } from './json-columns.ts'

export interface EmbeddedChunk {
  readonly chunk: IndexedChunk
  /** Length = model dimensions, L2-normalised. */
  readonly vector: Float32Array
}

const setUpAttempts = 4
const conflictAttempts = 6

/** Longest term that full text search keeps, in bytes; a longer one is no word. */
const maxTermBytes = 256

/** Columns of terms, each with a full text index of its own: of all that is said, of names and headings alone, of codes. */
export const termColumns = ['search_text', 'heading_terms', 'identifiers'] as const
export type TermColumn = (typeof termColumns)[number]
/** LanceDB's own name for it. */
const indexNameOf = (column: TermColumn): string => `${column}_idx`
export const searchTextIndex = indexNameOf('search_text')

/** All that a chunk is made of again; the vector and the search text are not read back with it. */
export const chunkColumns = [
  'id',
  'collection_id',
  'document_id',
  'revision_id',
  'document_name',
  'ordinal',
  'page_start',
  'page_end',
  'heading_path',
  'text',
  'segments',
  'language',
  'tokens',
] as const

const schemaOf = (dimensions: number): Schema => {
  const text = (name: string) => new Field(name, new Utf8(), false)
  const integer = (name: string) => new Field(name, new Int32(), false)
  return new Schema([
    text('id'),
    text('collection_id'),
    text('document_id'),
    text('revision_id'),
    text('document_name'),
    integer('ordinal'),
    integer('page_start'),
    integer('page_end'),
    text('heading_path'),
    text('text'),
    text('segments'),
    text('language'),
    integer('tokens'),
    ...termColumns.map(text),
    new Field('vector', new FixedSizeList(dimensions, new Field('item', new Float32(), true)), false),
  ])
}

/** @throws embedding_mismatch; internal where the vector has no direction, or the chunk is another revision's */
export const toRow = ({ chunk, vector }: EmbeddedChunk, revisionId: RevisionId, dimensions: number) => {
  checkVector(vector, dimensions)
  if (chunk.revisionId !== revisionId) {
    throw new KuraError('internal', `The chunk ${chunk.id} does not belong to the revision ${revisionId}.`)
  }
  return {
    id: chunk.id,
    collection_id: chunk.collectionId,
    document_id: chunk.documentId,
    revision_id: chunk.revisionId,
    document_name: chunk.documentName,
    ordinal: chunk.ordinal,
    page_start: chunk.pageStart,
    page_end: chunk.pageEnd,
    heading_path: JSON.stringify(chunk.headingPath),
    text: chunk.text,
    segments: JSON.stringify(chunk.segments),
    language: chunk.language,
    tokens: chunk.tokens,
    ...termsOfRow(chunk),
    vector,
  }
}

const termsOfRow = ({ documentName, headingPath, text }: IndexedChunk): Readonly<Record<TermColumn, string>> => {
  const label = [documentName, ...headingPath].join('\n')
  const identifiers = [...identifiersOfName(documentName), ...identifiersOf([...headingPath, text].join('\n'))]
  return {
    search_text: searchTerms(`${label}\n${text}`).join(' '),
    heading_terms: searchTerms(label).join(' '),
    identifiers: [...new Set(identifiers.map(({ key }) => key))].join(' '),
  }
}

/** @throws embedding_mismatch where the length is another one; internal where a number is not finite or all are 0 */
export const checkVector = (vector: Float32Array, dimensions: number): void => {
  if (vector.length !== dimensions) {
    throw new KuraError(
      'embedding_mismatch',
      `The vector has ${vector.length} numbers, the index was made for ${dimensions}.`,
    )
  }
  if (!vector.every(Number.isFinite) || vector.every((number) => number === 0)) {
    throw new KuraError(
      'internal',
      'The embedding is not a vector: it has no direction, or numbers that are not finite.',
    )
  }
}

const storedRow = z.object({
  id: z.string(),
  collection_id: z.string(),
  document_id: z.string(),
  revision_id: z.string(),
  document_name: z.string(),
  ordinal: z.number(),
  page_start: z.number(),
  page_end: z.number(),
  heading_path: z.string(),
  text: z.string(),
  segments: z.string(),
  language: z.enum(languages),
  tokens: z.number(),
})

/** @throws data_damaged */
export const toChunk = (stored: unknown): IndexedChunk => {
  const parsed = storedRow.safeParse(stored)
  if (!parsed.success) throw new KuraError('data_damaged', 'A row of the index is not what it should be.')
  const row = parsed.data
  return {
    id: row.id as ChunkId,
    collectionId: row.collection_id as CollectionId,
    documentId: row.document_id as DocumentId,
    revisionId: row.revision_id as RevisionId,
    documentName: row.document_name,
    ordinal: row.ordinal,
    pageStart: row.page_start,
    pageEnd: row.page_end,
    headingPath: parseHeadingPath(row.heading_path),
    text: row.text,
    segments: parseSegments(row.segments),
    language: row.language,
    tokens: row.tokens,
  }
}

/** `column IN ('a', 'b')`. A quote is escaped by doubling it; a backslash has no meaning in these filters. */
export const inFilter = (column: string, values: readonly string[]): string =>
  `${column} IN (${values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')})`

export const tableNameOf = (fingerprint: string): string =>
  `chunks_${createHash('sha256').update(fingerprint).digest('hex').slice(0, 12)}`

/**
 * Opens the table, or makes it. Each step that makes it may have been cut off by a crash, so each is looked for.
 * @throws embedding_mismatch index_damaged disk_full
 */
export const openChunkTable = async (
  connection: Connection,
  options: { uri: string; name: string; dimensions: number },
): Promise<Table> => {
  if (!options.uri.includes('://')) await removeEmptyManifests(join(options.uri, `${options.name}.lance`, '_versions'))
  // Another process may be making the same table at this moment: one of the two is refused, and finds the other's work the next time.
  for (let attempt = 1; attempt < setUpAttempts; attempt += 1) {
    try {
      return await setUpTable(connection, options)
    } catch (error) {
      if (error instanceof KuraError) throw error
    }
    await sleep(attempt * 100)
  }
  try {
    return await setUpTable(connection, options)
  } catch (error) {
    throw wrapIndexError(
      error,
      'index_damaged',
      `The index can not be opened; its folder is ${join(options.uri, `${options.name}.lance`)}.`,
    )
  }
}

const setUpTable = async (connection: Connection, options: { name: string; dimensions: number }): Promise<Table> => {
  const table = await createOrOpen(connection, options)
  const schema = await table.schema()
  const vectors = schema.fields.find((field) => field.name === 'vector')?.type
  if (!(vectors?.toString() === `FixedSizeList[${options.dimensions}]<Float32>`)) {
    throw new KuraError('embedding_mismatch', `The index holds other vectors than ${options.dimensions} numbers.`)
  }
  // Without the key, merges at the same moment store the same chunk twice.
  const key = schema.fields.find((field) => field.name === 'id')?.metadata
  if (!key?.has('lance-schema:unenforced-primary-key:position')) await table.setUnenforcedPrimaryKey('id')
  // Tables of version 0.1 lack two; they answer until the worker has made theirs anew, and their codes and headings find nothing.
  const missing = termColumns.filter((column) => !schema.fields.some(({ name }) => name === column))
  if (missing.length > 0) await table.addColumns(missing.map((name) => ({ name, valueSql: "''" })))
  const indexes = new Set((await table.listIndices()).map(({ name }) => name))
  for (const column of termColumns) if (!indexes.has(indexNameOf(column))) await createTermIndex(table, column)
  // A power cut may also have emptied a data file; reading one column finds that here, not in the middle of a question.
  for await (const _ of table.query().select(['id']));
  return table
}

/** Merges are tried again by LanceDB itself where another process has committed meanwhile; the making of indexes is not. */
export const retryConflicts = async <Result>(change: () => Promise<Result>): Promise<Result> => {
  for (let attempt = 1; attempt < conflictAttempts; attempt += 1) {
    try {
      return await change()
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('commit conflict'))) throw error
    }
    // The random part keeps two processes from meeting again and again.
    await sleep(attempt * 50 * (1 + Math.random()))
  }
  return change()
}

/** Lance tells the operating system's errors in its messages only. */
export const wrapIndexError = (error: unknown, code: ErrorCode, message: string): Error => {
  const said = error instanceof Error ? error.message : ''
  if (said.includes('(os error 28)')) {
    return new KuraError('disk_full', 'The disk is full: nothing more can be written to the index.', { cause: error })
  }
  if (said.includes('(os error 13)') || said.includes('(os error 30)')) {
    return new KuraError('data_not_writable', 'The folder of the index can not be written.', { cause: error })
  }
  return wrapError(error, code, message)
}

const createOrOpen = async (connection: Connection, options: { name: string; dimensions: number }): Promise<Table> =>
  (await connection.tableNames({ limit: 1000 })).includes(options.name)
    ? connection.openTable(options.name)
    : connection.createEmptyTable(options.name, schemaOf(options.dimensions), { existOk: true })

/** The terms are made here: the index is to take them as they are. */
const createTermIndex = (table: Table, column: TermColumn): Promise<void> =>
  table.createIndex(column, {
    config: Index.fts({
      baseTokenizer: 'whitespace',
      lowercase: false,
      stem: false,
      removeStopWords: false,
      asciiFolding: true,
      withPosition: false,
      maxTokenLength: maxTermBytes,
    }),
  })

/**
 * LanceDB never syncs: after a power cut the newest manifest may be there with no content, and the table can not be opened. Without
 * it the version before is the newest one; what is missing then is found by the reconciler. Names count down from 2^64, so the newest
 * sorts first.
 */
const removeEmptyManifests = async (folder: string): Promise<void> => {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch {
    return
  }
  for (const name of names.filter((name) => name.endsWith('.manifest')).sort()) {
    const manifest = join(folder, name)
    if ((await stat(manifest)).size > 0) return
    await rm(manifest, { force: true })
  }
}
