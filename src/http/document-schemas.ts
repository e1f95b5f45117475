/**
 * Shapes of collections, documents, pages and jobs on the wire, described for /openapi.json, and the functions that make them
 * from the ledger's records. Those of revisions are in revision-schemas.ts.
 */
import { z } from '@hono/zod-openapi'
import { documentFormats, languages, type PageOutcome, type ParsedPage } from '../core/document.ts'
import {
  type CollectionRecord,
  type DocumentRecord,
  documentStatuses,
  type JobRecord,
  jobStages,
  jobStates,
  type NearDuplicate,
  type PageCounts,
  type PageSummary,
  type RevisionRecord,
} from '../store/records.ts'
import { boxShape } from './answer-schemas.ts'

export const time = (what: string) => z.string().describe(`${what}, ISO 8601 UTC.`)

export const failureSchema = z
  .object({
    code: z.string().describe('Code of the error, explained at /docs/errors.'),
    message: z.string().describe('What happened, in one sentence.'),
  })
  .openapi('Failure')

export const collectionSchema = z
  .object({
    id: z.string().describe('Id of the collection.'),
    name: z.string().describe('Its name; unique.'),
    description: z.string().describe('What it holds, for people; may be empty.'),
    documents: z.number().int().describe('Documents in it that are not deleted, whatever their status.'),
    createdAt: time('When it was created'),
  })
  .openapi('Collection')

export const revisionNameSchema = z.object({
  id: z.string().describe('Id of the revision.'),
  label: z.string().describe('Its label, for people.'),
})

export const pageCountsSchema = z
  .object({
    text: z.number().int().describe('Pages with text.'),
    ocr: z.number().int().describe('Pages read by character recognition.'),
    blank: z.number().int().describe('Blank pages.'),
    failed: z.number().int().describe('Pages that could not be read.'),
  })
  .describe('How the pages ended, by count.')

const documentShape = {
  id: z.string().describe('Id of the document.'),
  collectionId: z.string().describe('Id of its collection.'),
  parent: z
    .object({
      documentId: z.string().describe('Id of that document.'),
      entry: z.string().describe('Where it was inside of it.'),
    })
    .nullable()
    .describe('The mail or archive that it was inside of; null where it was uploaded itself.'),
  name: z.string().describe('Name that it was uploaded under.'),
  status: z
    .enum(documentStatuses)
    .describe('`ready` and `ready_with_gaps` are searchable; the latter has pages that could not be read.'),
  revisionId: z.string().describe('Id of its newest revision.'),
  revision: z.string().describe('Label of that revision.'),
  effectiveRevision: revisionNameSchema
    .nullable()
    .describe('The revision that answers now; null where none is in force or searchable.'),
  sha256: z.string().describe('SHA-256 of the file, in hexadecimal.'),
  bytes: z.number().int().describe('Size of the file.'),
  format: z.enum(documentFormats).nullable().describe('Format by content; null until it has been read.'),
  paginated: z.boolean().describe('False where the format has no pages: everything is page 1 then.'),
  title: z.string().nullable().describe('Title that the file gives itself.'),
  language: z.enum(languages).nullable().describe('Main language; null until it has been read.'),
  pages: pageCountsSchema,
  chunks: z.number().int().describe('Passages of the document in the index.'),
  error: failureSchema.nullable().describe('Why it failed; null where it did not.'),
  jobId: z.string().nullable().describe('Newest ingestion job of the revision.'),
  createdAt: time('When it was uploaded'),
  publishedAt: z.string().nullable().describe('When it became searchable, ISO 8601 UTC; null until then.'),
}

export const documentSchema = z.object(documentShape).openapi('Document')

const methods = ['text', 'ocr', 'blank', 'failed', 'unread'] as const

const outcomeShape = {
  method: z.enum(methods).describe('How the page was read; `unread`: it waits for character recognition.'),
  confidence: z.number().optional().describe('Confidence of the character recognition, 0 to 1.'),
  errorCode: z.string().optional().describe('Why the page could not be read, explained at /docs/errors.'),
}

const outcomeSchema = z.object(outcomeShape).openapi('PageOutcome')
const pageNumber = z.number().int().describe('Number of the page, from 1.')
const pageLabel = z.string().optional().describe('Name of the page, where it has one: that of a sheet.')

export const documentDetailSchema = z
  .object({
    ...documentShape,
    children: z
      .array(
        z.object({
          id: z.string().describe('Id of the document.'),
          name: z.string().describe('Its name.'),
          entry: z.string().describe('Where it was inside of this one.'),
          status: z.enum(documentStatuses).describe('How far it is.'),
        }),
      )
      .describe('What was found inside of it: attachments of a mail, entries of an archive.'),
    nearDuplicates: z
      .array(
        z.object({
          documentId: z.string().describe('Id of the other document.'),
          documentName: z.string().describe('Its name.'),
          revisionId: z.string().describe('The revision of it that was compared.'),
          similarity: z.number().describe('Share of common text, 0 to 1.'),
        }),
      )
      .describe('Other documents of nearly the same text as the newest revision, most similar first.'),
    pageLedgerRevision: revisionNameSchema.describe('The revision that the page ledger is of.'),
    pageLedger: z
      .array(
        z.object({
          number: pageNumber,
          label: pageLabel,
          outcome: outcomeSchema,
          characters: z.number().int().describe('Length of its text.'),
        }),
      )
      .describe('Every page and how it ended; empty until the document has been read.'),
  })
  .openapi('DocumentDetail')

export const pageSchema = z
  .object({
    number: pageNumber,
    label: pageLabel,
    revisionId: z.string().describe('Id of the revision that it belongs to.'),
    revision: z.string().describe('Label of that revision.'),
    ...outcomeShape,
    text: z.string().describe('Its text in reading order.'),
    boxes: z
      .array(z.object({ text: z.string().describe('The text of the line.'), ...boxShape }))
      .describe('Where each line stands; empty for formats without layout.'),
    cells: z
      .array(
        z.object({
          text: z.string().describe('A row of the text.'),
          cells: z.string().describe('The cells that it came from, such as `A5:D5`.'),
        }),
      )
      .optional()
      .describe('Sheets only: where each row of the text lies.'),
  })
  .openapi('Page')

export const jobSchema = z
  .object({
    id: z.string().describe('Id of the job.'),
    documentId: z.string().describe('Document that it ingests.'),
    documentName: z.string().describe('Name of that document.'),
    revisionId: z.string().describe('Revision that it ingests.'),
    collectionId: z.string().describe('Collection of the document.'),
    state: z.enum(jobStates).describe('`failed`: the file can not be read; `dead`: given up after repeated failures.'),
    stage: z
      .enum(jobStages)
      .describe('What it is doing; `reading` is the character recognition of pages without usable text.'),
    progress: z
      .object({
        done: z.number().int().describe('Steps done.'),
        total: z.number().int().describe('Steps of the stage; 0 where it has none.'),
      })
      .describe('Pages while parsing and reading, chunks while embedding.'),
    attempts: z.number().int().describe('Tries begun so far.'),
    error: failureSchema.nullable().describe('Why the last try failed; null where it did not.'),
    createdAt: time('When it was queued'),
    startedAt: z.string().nullable().describe('When the first try began, ISO 8601 UTC.'),
    finishedAt: z.string().nullable().describe('When it ended, ISO 8601 UTC.'),
  })
  .openapi('Job')

export const presentCollection = (r: CollectionRecord): z.infer<typeof collectionSchema> => ({
  id: r.id,
  name: r.name,
  description: r.description,
  documents: r.documents,
  createdAt: r.createdAt,
})

export const presentCounts = ({ text, ocr, blank, failed }: PageCounts) => ({ text, ocr, blank, failed })

export const presentDocument = (r: DocumentRecord): z.infer<typeof documentSchema> => ({
  id: r.id,
  collectionId: r.collectionId,
  parent: r.parent && { documentId: r.parent.documentId, entry: r.parent.entry },
  name: r.name,
  status: r.status,
  revisionId: r.revisionId,
  revision: r.revision,
  effectiveRevision: r.effectiveRevision && { id: r.effectiveRevision.id, label: r.effectiveRevision.label },
  sha256: r.sha256,
  bytes: r.bytes,
  format: r.format,
  paginated: r.paginated,
  title: r.title,
  language: r.language,
  pages: presentCounts(r.pages),
  chunks: r.chunks,
  error: r.error && { code: r.error.code, message: r.error.message },
  jobId: r.jobId,
  createdAt: r.createdAt,
  publishedAt: r.publishedAt,
})

const presentOutcome = (outcome: PageOutcome): z.infer<typeof outcomeSchema> => ({
  method: outcome.method,
  ...(outcome.method === 'ocr' ? { confidence: outcome.confidence } : {}),
  ...(outcome.method === 'failed' ? { errorCode: outcome.errorCode } : {}),
})

/** What a document's record does not hold. */
interface DocumentParts {
  readonly children: readonly DocumentRecord[]
  readonly nearDuplicates: readonly NearDuplicate[]
  /** The revision whose pages are shown. */
  readonly revision: RevisionRecord
  readonly pages: readonly PageSummary[]
}

export const presentDocumentDetail = (
  record: DocumentRecord,
  { children, nearDuplicates, revision, pages }: DocumentParts,
): z.infer<typeof documentDetailSchema> => ({
  ...presentDocument(record),
  children: children.map(({ id, name, parent, status }) => ({ id, name, entry: parent?.entry ?? '', status })),
  nearDuplicates: nearDuplicates.map(({ documentId, documentName, revisionId, similarity }) => ({
    documentId,
    documentName,
    revisionId,
    similarity,
  })),
  pageLedgerRevision: { id: revision.id, label: revision.label },
  pageLedger: pages.map(({ number, label, outcome, characters }) => ({
    number,
    ...(label === null ? {} : { label }),
    outcome: presentOutcome(outcome),
    characters,
  })),
})

export const presentPage = (page: ParsedPage, revision: RevisionRecord): z.infer<typeof pageSchema> => ({
  number: page.number,
  ...(page.label === undefined ? {} : { label: page.label }),
  revisionId: revision.id,
  revision: revision.label,
  ...presentOutcome(page.outcome),
  text: page.text,
  boxes: page.lines.map(({ start, end, x, y, width, height }) => ({
    text: page.text.slice(start, end),
    x,
    y,
    width,
    height,
  })),
  ...(page.cells && {
    cells: page.cells.map(({ start, end, cells }) => ({ text: page.text.slice(start, end), cells })),
  }),
})

export const presentJob = (r: JobRecord): z.infer<typeof jobSchema> => ({
  id: r.id,
  documentId: r.documentId,
  documentName: r.documentName,
  revisionId: r.revisionId,
  collectionId: r.collectionId,
  state: r.state,
  stage: r.stage,
  progress: { done: r.progress.done, total: r.progress.total },
  attempts: r.attempts,
  error: r.error && { code: r.error.code, message: r.error.message },
  createdAt: r.createdAt,
  startedAt: r.startedAt,
  finishedAt: r.finishedAt,
})
