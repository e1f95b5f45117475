/**
 * The data's way from a file to a stored chunk: parsed pages with blocks and line boxes, segments, chunks.
 * Invariant: every position (offset, page, box) is set by the parser or the chunker and only carried on from there.
 * Offsets are UTF-16 code units, half open: [start, end).
 */
import type { ChunkId, CollectionId, DocumentId, RevisionId } from './ids.ts'

/** `doc`, `xls` and `ppt` are read by way of LibreOffice; what lies in `eml`, `msg` and `zip` becomes documents of its own. */
export const fileFormats = [
  'pdf',
  'docx',
  'xlsx',
  'pptx',
  'csv',
  'markdown',
  'html',
  'text',
  'eml',
  'msg',
  'image',
  'zip',
  'doc',
  'xls',
  'ppt',
] as const
export type FileFormat = (typeof fileFormats)[number]

/** `answer`: a verified answer, which no file can be. */
export const documentFormats = [...fileFormats, 'answer'] as const
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

/** Why the text that a page has in its file will not do. */
export const unreadReasons = ['no_text', 'little_text', 'garbled_text'] as const
export type UnreadReason = (typeof unreadReasons)[number]

/**
 * How a page ended. `unread`: it shows more than its text says and waits for OCR; no published document has such a page.
 * `confidence` is 0 to 1.
 */
export type PageOutcome =
  | { readonly method: 'text' }
  | { readonly method: 'ocr'; readonly confidence: number }
  | { readonly method: 'blank' }
  | { readonly method: 'failed'; readonly errorCode: string }
  | { readonly method: 'unread'; readonly reason: UnreadReason }

/** A stretch of a sheet's text and the cells that it came from, e.g. `A5:D5`. */
export interface CellRange extends Range {
  readonly cells: string
}

/** A page, a slide, a sheet, or the whole of a format that has none of them. */
export interface ParsedPage {
  /** 1-based. */
  readonly number: number
  /** What people call it, where it has a name: a sheet's name, with what is to be known about it ("Old values (hidden)"). */
  readonly label?: string
  readonly outcome: PageOutcome
  /** The page's text in reading order, as printed. */
  readonly text: string
  readonly blocks: readonly Block[]
  /** Empty for formats without a layout. */
  readonly lines: readonly LineBox[]
  /** Sheets only: where each row of the text lies, in ascending order. */
  readonly cells?: readonly CellRange[]
}

export interface ParsedDocument {
  readonly format: DocumentFormat
  /** False where the format has no pages (Markdown, HTML, text, DOCX, mail): everything is page 1 then. */
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
