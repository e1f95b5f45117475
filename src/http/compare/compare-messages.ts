/** What the server and the process that compares two revisions say to each other. */
import { z } from 'zod'
import type { ComparedPage, DocumentDifference } from './compare-documents.ts'

const pages: z.ZodType<readonly ComparedPage[]> = z.array(
  z.object({ number: z.number().int(), label: z.string().nullable(), text: z.string() }),
)

export const requestSchema = z.object({ from: pages, to: pages })
export type CompareRequest = z.infer<typeof requestSchema>

const pageNumber = z.number().int().nullable()

export const replySchema: z.ZodType<DocumentDifference> = z.object({
  pages: z.array(
    z.object({
      from: pageNumber,
      to: pageNumber,
      label: z.exactOptional(z.string()),
      change: z.enum(['same', 'changed', 'added', 'removed']),
      parts: z.exactOptional(z.array(z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() }))),
    }),
  ),
})
