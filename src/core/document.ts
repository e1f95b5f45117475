/**
 * The data's way from a file to a stored chunk: parsed pages with blocks and line boxes, segments, chunks.
 * Invariant: every position (offset, page, box) is set by the parser or the chunker and only carried on from there.
 * Offsets are UTF-16 code units, half open: [start, end).
 */
import type { ChunkId, CollectionId, DocumentId, RevisionId } from './ids.ts'

export const documentFormats = ['pdf', 'docx', 'markdown', 'html', 'text'] as const
export type DocumentFormat = (typeof documentFormats)[number]

/** The languages that Kura tells apart; `und` where there is too little text to say. */
export const languages = ['en', 'zh-Hant', 'zh-Hans', 'ja', 'und'] as const
export type Language = (typeof languages)[number]

export interface Range {
  readonly start: number
  readonly end: number
}

/** A rectangle as fractions of the page, origin top left, 0 to 1. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** One printed line: its range in the page's text and where it stands. */
export interface LineBox extends Range, Box {}

/** What a stretch of a page's text is. Ranges point into `ParsedPage.text`, in ascending order, without overlap. */
export type Block =
  | ({ readonly kind: 'heading'; readonly level: number } & Range)
  | ({ readonly kind: 'paragraph' } & Range)
  | ({ readonly kind: 'list-item' } & Range)
  | ({ readonly kind: 'code' } & Range)
  /** A table: one range for each row; `header` is the row to repeat in each chunk, if there is one (it is not in `rows`). */
  | ({ readonly kind: 'table'; readonly header?: Range; readonly rows: readonly Range[] } & Range)

/** How a page ended. `ready` documents have no page without an outcome. */
export type PageOutcome =
  | { readonly method: 'text' }
  | { readonly method: 'ocr'; readonly confidence: number }
  | { readonly method: 'blank' }
  | { readonly method: 'failed'; readonly errorCode: string }

export interface ParsedPage {
  /** 1-based. */
  readonly number: number
  readonly outcome: PageOutcome
  /** The page's text in reading order, as printed. */
  readonly text: string
  readonly blocks: readonly Block[]
  /** Empty for formats without a layout. */
  readonly lines: readonly LineBox[]
}

export interface ParsedDocument {
  readonly format: DocumentFormat
  /** False where the format has no pages (Markdown, HTML, text, DOCX): everything is page 1 then. */
  readonly paginated: boolean
  readonly title?: string
  readonly pages: readonly ParsedPage[]
}

/** A sentence, a table row, a heading or a list item inside a chunk, with the place in the page that it was taken from. */
export interface Segment extends Range {
  /** `start`/`end` point into the chunk's text; these into the page's text. */
  readonly page: number
  readonly pageStart: number
  readonly pageEnd: number
  readonly kind: 'sentence' | 'row' | 'header' | 'heading'
}

/** The stored, embedded unit. */
export interface Chunk {
  readonly ordinal: number
  readonly pageStart: number
  readonly pageEnd: number
  /** Headings from the outermost to the nearest. */
  readonly headingPath: readonly string[]
  readonly text: string
  readonly segments: readonly Segment[]
  readonly language: Language
  /** In tokens of the embedding model, without the prefix and title. */
  readonly tokens: number
}

/** A chunk as it lies in the index. */
export interface IndexedChunk extends Chunk {
  readonly id: ChunkId
  readonly collectionId: CollectionId
  readonly documentId: DocumentId
  readonly revisionId: RevisionId
  readonly documentName: string
}
