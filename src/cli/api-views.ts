/** What the API answers, as the command line reads it: the wire schemas of `src/http`. */
import { z } from 'zod'
import type { answerSchema, passageSchema } from '../http/answer-schemas.ts'
import { collectionSchema, type documentDetailSchema, documentSchema, jobSchema } from '../http/document-schemas.ts'
import type { differenceSchema, revisionSchema } from '../http/revision-schemas.ts'
import { jobStates } from '../store/records.ts'

export type AnswerView = z.infer<typeof answerSchema>
export type PassageView = z.infer<typeof passageSchema>
export type DocumentView = z.infer<typeof documentSchema>
export type DocumentDetailView = z.infer<typeof documentDetailSchema>
export type RevisionView = z.infer<typeof revisionSchema>
export type DifferenceView = z.infer<typeof differenceSchema>
export type JobView = z.infer<typeof jobSchema>

export const collectionsSchema = z.object({ collections: z.array(collectionSchema) })
export const documentsSchema = z.object({ documents: z.array(documentSchema), nextCursor: z.string().optional() })
export const jobsSchema = z.object({
  paused: z.boolean(),
  counts: z.record(z.enum(jobStates), z.number()),
  jobs: z.array(jobSchema),
})

/** The 202 answer to an upload: the files that were taken. */
export const uploadSchema = z.object({
  documents: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      revisionId: z.string(),
      jobId: z.string().nullable(),
      duplicateOf: z.string().optional(),
    }),
  ),
})
