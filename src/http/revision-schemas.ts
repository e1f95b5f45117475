/**
 * Shapes of a document's revisions and of the difference between two of them on the wire, described for /openapi.json.
 */
import { z } from '@hono/zod-openapi'
import { documentFormats } from '../core/document.ts'
import { documentStatuses, type RevisionRecord, revisionValidities } from '../store/records.ts'
import type { DocumentDifference } from './compare/compare-documents.ts'
import { failureSchema, pageCountsSchema, presentCounts, revisionNameSchema, time } from './document-schemas.ts'

export const revisionSchema = z
  .object({
    id: z.string().describe('Id of the revision.'),
    documentId: z.string().describe('Id of its document.'),
    ordinal: z.number().int().describe('Its number in the order of upload, from 1.'),
    label: z.string().describe('Its label, for people.'),
    validity: z
      .enum(revisionValidities)
      .describe(
        'Only `effective` answers by default. `scheduled`: takes effect at a time to come, or as soon as it is searchable; `draft`: ' +
          'until somebody puts it in force.',
      ),
    effectiveFrom: z
      .string()
      .nullable()
      .describe(
        'When it took or takes effect (the last time, after a roll-back), ISO 8601 UTC; null for a draft, and where it is in force since ever.',
      ),
    effectiveUntil: z
      .string()
      .nullable()
      .describe('When another one took its place, or it was withdrawn; null where neither is known.'),
    status: z.enum(documentStatuses).describe('How far it is read.'),
    sha256: z.string().describe('SHA-256 of the file, in hexadecimal.'),
    bytes: z.number().int().describe('Size of the file.'),
    format: z.enum(documentFormats).nullable().describe('Format by content; null until it has been read.'),
    pages: pageCountsSchema,
    chunks: z.number().int().describe('Passages of the revision in the index.'),
    error: failureSchema.nullable().describe('Why it failed; null where it did not.'),
    jobId: z.string().nullable().describe('Its newest ingestion job.'),
    createdAt: time('When it was uploaded'),
    publishedAt: z.string().nullable().describe('When it became searchable, ISO 8601 UTC; null until then.'),
  })
  .openapi('Revision')

export const revisionListSchema = z
  .object({ revisions: z.array(revisionSchema).describe('The revisions, in the order of upload.') })
  .openapi('RevisionList')

const partKinds = ['same', 'added', 'removed'] as const
const pageChanges = ['same', 'changed', 'added', 'removed'] as const

export const differenceSchema = z
  .object({
    from: revisionNameSchema.describe('The revision that is compared from.'),
    to: revisionNameSchema.describe('The revision that is compared to.'),
    counts: z
      .object({
        same: z.number().int().describe('Pages that say the same.'),
        changed: z.number().int().describe('Pages that say something else.'),
        added: z.number().int().describe('Pages that only `to` has.'),
        removed: z.number().int().describe('Pages that only `from` has.'),
      })
      .describe('How many pages of each kind.'),
    pages: z
      .array(
        z.object({
          from: z.number().int().nullable().describe('Number of the page in `from`; null where it was added.'),
          to: z.number().int().nullable().describe('Number of the page in `to`; null where it was removed.'),
          label: z.string().optional().describe('Name of the page, where it has one: that of a sheet.'),
          change: z.enum(pageChanges).describe('What became of the page; white space and line breaks do not count.'),
          parts: z
            .array(
              z.object({
                kind: z.enum(partKinds).describe('Whether both revisions say it, or only `to`, or only `from`.'),
                text: z.string().describe('The text, as printed.'),
              }),
            )
            .optional()
            .describe('The text of the page with what was added and removed, in order; missing where it is the same.'),
        }),
      )
      .describe('The pages of both revisions, in order; pages that were moved are removed and added.'),
  })
  .openapi('RevisionDifference')

export const presentRevision = (r: RevisionRecord): z.infer<typeof revisionSchema> => ({
  id: r.id,
  documentId: r.documentId,
  ordinal: r.ordinal,
  label: r.label,
  validity: r.validity,
  effectiveFrom: r.effectiveFrom,
  effectiveUntil: r.effectiveUntil,
  status: r.status,
  sha256: r.sha256,
  bytes: r.bytes,
  format: r.format,
  pages: presentCounts(r.pages),
  chunks: r.chunks,
  error: r.error && { code: r.error.code, message: r.error.message },
  jobId: r.jobId,
  createdAt: r.createdAt,
  publishedAt: r.publishedAt,
})

export const presentDifference = (
  from: RevisionRecord,
  to: RevisionRecord,
  { pages }: DocumentDifference,
): z.infer<typeof differenceSchema> => {
  const counts = { same: 0, changed: 0, added: 0, removed: 0 }
  for (const { change } of pages) counts[change] += 1
  return {
    from: { id: from.id, label: from.label },
    to: { id: to.id, label: to.label },
    counts,
    pages: pages.map(({ parts, ...page }) => ({ ...page, ...(parts && { parts: [...parts] }) })),
  }
}
