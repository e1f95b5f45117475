/**
 * Uploads: files of any number in one multipart request, streamed to the disk and registered when the request has come in whole.
 * Each file has its own fate; the request fails only if none was taken, or if the request itself is not right (then nothing of it
 * is kept).
 */
import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { createRoute, z } from '@hono/zod-openapi'
import { languages } from '../../core/document.ts'
import { KuraError } from '../../core/errors.ts'
import { withCallerSignal } from '../caller-signal.ts'
import type { HttpDeps } from '../deps.ts'
import type { HttpApp, HttpContext } from '../http-env.ts'
import { commonProblems, describeProblem, problemOf } from '../problem.ts'
import { cleanText } from '../question.ts'
import { receiveFiles } from '../receive-files.ts'
import { throwInvalidRequest } from '../validation-hook.ts'

const uploadLanguages = languages.filter((language) => language !== 'und')

const fieldsSchema = z.strictObject({
  language: z.enum(uploadLanguages).optional(),
  revision: z.string().transform(cleanText).pipe(z.string().min(1).max(100)).optional(),
  effectiveFrom: z
    .union([z.iso.date(), z.iso.datetime({ offset: true })], { error: 'must be an ISO 8601 date or time' })
    .optional(),
})

type UploadFields = z.infer<typeof fieldsSchema>

const receivedSchema = z
  .object({
    id: z.string().describe('Id of the document.'),
    name: z.string().describe('Name that it is listed under.'),
    revisionId: z.string().describe('Id of its revision.'),
    jobId: z.string().nullable().describe('Ingestion job to follow; null where the content was there already.'),
    duplicateOf: z
      .string()
      .optional()
      .describe('The collection holds this content already: the document that is there, which `id` names too.'),
  })
  .openapi('ReceivedDocument')

const refusedSchema = z
  .object({
    name: z.string().describe('Name of the file as it was sent.'),
    error: z
      .object({
        code: z.string().describe('Code of the error, explained at /docs/errors.'),
        detail: z.string().describe('What happened, in one sentence.'),
      })
      .describe('Why it was not taken.'),
  })
  .openapi('RefusedFile')

const upload = createRoute({
  method: 'post',
  path: '/api/collections/{id}/documents',
  tags: ['Documents'],
  summary: 'Upload files',
  description: 'Fields hold for all files of the request. Reading the files goes on after the answer: follow the jobs.',
  request: {
    params: z.object({ id: z.string().describe('Id or name of the collection.') }),
    body: {
      required: true,
      content: {
        'multipart/form-data': {
          schema: {
            type: 'object',
            required: ['file'],
            properties: {
              language: {
                type: 'string',
                enum: uploadLanguages,
                description: 'Main language; found out where left out.',
              },
              revision: { type: 'string', description: 'Label of the revision, for people.' },
              effectiveFrom: { type: 'string', format: 'date-time', description: 'When it comes into force.' },
              file: {
                type: 'array',
                items: { type: 'string', format: 'binary' },
                description: 'The files: PDF, DOCX, HTML, Markdown or text.',
              },
            },
          },
        },
      },
    },
  },
  responses: {
    202: {
      description: 'At least one file was taken.',
      content: {
        'application/json': {
          schema: z
            .object({
              documents: z.array(receivedSchema).describe('The files that were taken, in the order sent.'),
              errors: z.array(refusedSchema).describe('The files that were not taken; empty when all were.'),
            })
            .openapi('UploadResponse'),
        },
      },
    },
    400: problemOf('file_missing', 'file_name_invalid', 'invalid_request'),
    404: problemOf('collection_not_found'),
    413: problemOf('file_too_large'),
    415: problemOf('format_unsupported'),
    422: problemOf('file_empty'),
    507: problemOf('disk_full'),
    ...commonProblems,
  },
})

const parseFields = (fields: ReadonlyMap<string, string>): UploadFields => {
  if (fields.has('file')) throw new KuraError('file_name_invalid', 'The field named file came without a file name.')
  const parsed = fieldsSchema.safeParse(Object.fromEntries([...fields].filter(([, value]) => value !== '')))
  return parsed.success ? parsed.data : throwInvalidRequest(parsed.error, 'form')
}

/** The bytes of the request: from the socket where there is one, which spares a copy through web streams. */
const bodyOf = (c: HttpContext): Readable => {
  if (c.env?.incoming) return c.env.incoming
  return c.req.raw.body ? Readable.fromWeb(c.req.raw.body as NodeReadableStream<Uint8Array>) : Readable.from([])
}

export const addUploadRoutes = (app: HttpApp, deps: Pick<HttpDeps, 'ledger' | 'intake' | 'logger'>): void => {
  app.openapi(upload, async (c) => {
    const principal = c.get('principal')
    const { id: collectionId } = await deps.ledger.collections.resolve(principal, c.req.valid('param').id)
    await using form = await withCallerSignal(c, (signal) =>
      receiveFiles({ body: bodyOf(c), contentType: c.req.header('content-type'), signal }, (name, stream) =>
        deps.intake.store({ name, stream, signal }),
      ),
    )
    const registration = { collectionId, ...parseFields(form.fields) }
    const documents: z.infer<typeof receivedSchema>[] = []
    const refused: { readonly name: string; readonly error: unknown }[] = []
    for (const { name, result } of form.files) {
      try {
        if ('error' in result) throw result.error
        const received = await deps.intake.register(principal, result.stored, registration)
        const { id, name: label, revisionId, jobId, duplicateOf } = received
        documents.push({ id, name: label, revisionId, jobId, duplicateOf })
      } catch (error) {
        refused.push({ name, error })
      }
    }
    if (documents.length === 0) throw refused[0]?.error
    const errors = refused.map(({ name, error }) => {
      const { code, detail } = describeProblem(c, deps.logger, error)
      return { name: name.slice(0, 300), error: { code, detail } }
    })
    return c.json({ documents, errors }, 202)
  })
}
