/** What the API answers, as the command line reads it: the wire schemas of `src/http`. */
import { z } from 'zod'
import type { answerSchema, passageSchema } from '../http/answer-schemas.ts'
import { collectionSchema, documentSchema } from '../http/document-schemas.ts'

export type AnswerView = z.infer<typeof answerSchema>
export type PassageView = z.infer<typeof passageSchema>
export type DocumentView = z.infer<typeof documentSchema>

export const collectionsSchema = z.object({ collections: z.array(collectionSchema) })
export const documentsSchema = z.object({ documents: z.array(documentSchema), nextCursor: z.string().optional() })

/** The 202 answer to an upload: accepted files, and those that were refused. */
export const uploadSchema = z.object({
  documents: z.array(
    z.object({
      id: z.string().optional(),
      name: z.string(),
      jobId: z.string().nullish(),
      duplicateOf: z.string().optional(),
      error: z.object({ code: z.string(), detail: z.string() }).optional(),
    }),
  ),
})
