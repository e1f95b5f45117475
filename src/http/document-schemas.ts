/**
 * Shapes of collections, documents, pages and jobs on the wire, described for /openapi.json, and the functions that make them
 * from the ledger's records.
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
  type PageSummary,
} from '../store/records.ts'
import { boxShape } from './answer-schemas.ts'

const time = (what: string) => z.string().describe(`${what}, ISO 8601 UTC.`)

const failureSchema = z
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

const documentShape = {
  id: z.string().describe('Id of the document.'),
  collectionId: z.string().describe('Id of its collection.'),
  name: z.string().describe('Name that it was uploaded under.'),
  status: z
    .enum(documentStatuses)
    .describe('`ready` and `ready_with_gaps` are searchable; the latter has pages that could not be read.'),
  revisionId: z.string().describe('Id of its newest revision.'),
  revision: z.string().describe('Label of that revision.'),
  sha256: z.string().describe('SHA-256 of the file, in hexadecimal.'),
  bytes: z.number().int().describe('Size of the file.'),
  format: z.enum(documentFormats).nullable().describe('Format by content; null until it has been read.'),
  paginated: z.boolean().describe('False where the format has no pages: everything is page 1 then.'),
  title: z.string().nullable().describe('Title that the file gives itself.'),
  language: z.enum(languages).nullable().describe('Main language; null until it has been read.'),
  pages: z
    .object({
      text: z.number().int().describe('Pages with text.'),
      ocr: z.number().int().describe('Pages read by character recognition.'),
      blank: z.number().int().describe('Blank pages.'),
      failed: z.number().int().describe('Pages that could not be read.'),
    })
    .describe('How the pages ended, by count.'),
  chunks: z.number().int().describe('Passages of the document in the index.'),
  error: failureSchema.nullable().describe('Why it failed; null where it did not.'),
  jobId: z.string().nullable().describe('Newest ingestion job of the revision.'),
  createdAt: time('When it was uploaded'),
  publishedAt: z.string().nullable().describe('When it became searchable, ISO 8601 UTC; null until then.'),
}

export const documentSchema = z.object(documentShape).openapi('Document')

const outcomeSchema = z
  .object({
    method: z.enum(['text', 'ocr', 'blank', 'failed']).describe('How the page was read.'),
    confidence: z.number().optional().describe('Confidence of the character recognition, 0 to 1.'),
    errorCode: z.string().optional().describe('Why the page could not be read.'),
  })
  .openapi('PageOutcome')

export const documentDetailSchema = z
  .object({
    ...documentShape,
    pageLedger: z
      .array(
        z.object({
          number: z.number().int().describe('Number of the page, from 1.'),
          outcome: outcomeSchema,
          characters: z.number().int().describe('Length of its text.'),
        }),
      )
      .describe('Every page and how it ended; empty until the document has been read.'),
  })
  .openapi('DocumentDetail')

export const pageSchema = z
  .object({
    number: z.number().int().describe('Number of the page, from 1.'),
    method: z.enum(['text', 'ocr', 'blank', 'failed']).describe('How the page was read.'),
    errorCode: z.string().optional().describe('Why the page could not be read.'),
    text: z.string().describe('Its text in reading order.'),
    boxes: z
      .array(z.object({ text: z.string().describe('The text of the line.'), ...boxShape }))
      .describe('Where each line stands; empty for formats without layout.'),
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
    stage: z.enum(jobStages).describe('What it is doing.'),
    progress: z
      .object({
        done: z.number().int().describe('Steps done.'),
        total: z.number().int().describe('Steps of the stage; 0 where it has none.'),
      })
      .describe('Pages while parsing, chunks while embedding.'),
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

export const presentDocument = (r: DocumentRecord): z.infer<typeof documentSchema> => ({
  id: r.id,
  collectionId: r.collectionId,
  name: r.name,
  status: r.status,
  revisionId: r.revisionId,
  revision: r.revision,
  sha256: r.sha256,
  bytes: r.bytes,
  format: r.format,
  paginated: r.paginated,
  title: r.title,
  language: r.language,
  pages: { text: r.pages.text, ocr: r.pages.ocr, blank: r.pages.blank, failed: r.pages.failed },
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

export const presentDocumentDetail = (
  record: DocumentRecord,
  pages: readonly PageSummary[],
): z.infer<typeof documentDetailSchema> => ({
  ...presentDocument(record),
  pageLedger: pages.map(({ number, outcome, characters }) => ({
    number,
    outcome: presentOutcome(outcome),
    characters,
  })),
})

export const presentPage = (page: ParsedPage): z.infer<typeof pageSchema> => ({
  number: page.number,
  method: page.outcome.method,
  ...(page.outcome.method === 'failed' ? { errorCode: page.outcome.errorCode } : {}),
  text: page.text,
  boxes: page.lines.map(({ start, end, x, y, width, height }) => ({
    text: page.text.slice(start, end),
    x,
    y,
    width,
    height,
  })),
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
