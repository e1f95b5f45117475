/**
 * What an uploader may say about a file, in form fields or in the metadata of a resumable upload. In: texts by name; out: the part of a
 * registration that they stand for. Empty texts count as left out.
 */

import { z } from '@hono/zod-openapi'
import { languages } from '../core/document.ts'
import type { DocumentId } from '../core/ids.ts'
import { startOfMoment } from '../core/moment.ts'
import type { Registration } from '../store/intake.ts'
import { momentSchema } from './moment.ts'
import { cleanText } from './question.ts'
import { throwInvalidRequest } from './validation-hook.ts'

/** The languages that an uploader may name. */
export const uploadLanguages = languages.filter((language) => language !== 'und')

const fieldsSchema = z
  .strictObject({
    revisionOf: z.string().max(100).optional(),
    revision: z.string().transform(cleanText).pipe(z.string().min(1).max(100)).optional(),
    effectiveFrom: momentSchema.optional(),
    status: z.enum(['draft', 'effective']).optional(),
    language: z.enum(uploadLanguages).optional(),
    password: z.string().max(1000).optional(),
    encoding: z.string().max(100).optional(),
  })
  .refine(({ status, effectiveFrom }) => status !== 'draft' || effectiveFrom === undefined, {
    path: ['effectiveFrom'],
    error: 'does not go with the status draft: a draft is put in force later',
  })

/** Names of the fields. */
export const uploadFieldNames: readonly string[] = Object.keys(fieldsSchema.shape)

/** @throws invalid_request with the fields that are not valid, and those that are not known */
export const parseUploadFields = (
  fields: Iterable<readonly [string, string]>,
): Omit<Registration, 'collectionId' | 'parent'> => {
  const parsed = fieldsSchema.safeParse(Object.fromEntries([...fields].filter(([, value]) => value !== '')))
  const { status, revisionOf, effectiveFrom, ...rest } = parsed.success
    ? parsed.data
    : throwInvalidRequest(parsed.error, 'form')
  return {
    ...rest,
    revisionOf: revisionOf as DocumentId | undefined,
    effectiveFrom: effectiveFrom === undefined ? undefined : startOfMoment(effectiveFrom).toISOString(),
    draft: status === 'draft',
  }
}
