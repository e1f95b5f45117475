/**
 * Uploads: files of any number in one multipart request, streamed to the disk and registered when the request has come in whole.
 * Each file has its own fate; the request fails only if none was taken, or if the request itself is not right (then nothing of it
 * is kept).
 */
import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { createRoute, z } from '@hono/zod-openapi'
import { KuraError } from '../../core/errors.ts'
import type { CollectionId } from '../../core/ids.ts'
import type { Principal } from '../../core/principal.ts'
import type { Registration } from '../../store/intake.ts'
import { withCallerSignal } from '../caller-signal.ts'
import type { HttpDeps } from '../deps.ts'
import type { HttpApp, HttpContext } from '../http-env.ts'
import { commonProblems, describeProblem, problemOf } from '../problem.ts'
import { receiveFiles } from '../receive-files.ts'
import { parseUploadFields, uploadLanguages } from '../upload-fields.ts'

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
  description:
    'Fields hold for all files of the request; send them before the files, so that what is wrong with them is found before the bytes are kept. ' +
    'Reading the files goes on after the answer: follow the jobs. Large files go better by POST /api/uploads (resumable).',
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
              revisionOf: {
                type: 'string',
                description:
                  'Id of the document of this collection that the file is a further revision of. For one file only.',
              },
              revision: {
                type: 'string',
                maxLength: 100,
                description: 'Label of the revision, for people; its number where it is left out.',
              },
              effectiveFrom: {
                type: 'string',
                format: 'date-time',
                description:
                  'When it comes into force, past or future: ISO 8601 date or time, now where it is left out. A date alone begins at ' +
                  'midnight where Kura runs.',
              },
              status: {
                type: 'string',
                enum: ['effective', 'draft'],
                description: '`draft`: it is read, but answers only after somebody has put it in force.',
              },
              language: {
                type: 'string',
                enum: uploadLanguages,
                description: 'Main language; found out where left out.',
              },
              password: { type: 'string', description: 'Opens encrypted files.' },
              encoding: {
                type: 'string',
                description: 'Encoding of text files, such as `big5` or `shift_jis`; found out where left out.',
              },
              file: {
                type: 'array',
                items: { type: 'string', format: 'binary' },
                description:
                  'The files: PDF, DOCX, XLSX, PPTX, HTML, Markdown, text, CSV, mail (EML, MSG), images, ZIP of these, DOC, XLS, PPT.',
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
    404: problemOf('collection_not_found', 'document_not_found'),
    409: problemOf('revision_exists'),
    413: problemOf('file_too_large'),
    415: problemOf('format_unsupported'),
    422: problemOf('file_empty'),
    507: problemOf('disk_full'),
    ...commonProblems,
  },
})

const parseFields = (fields: ReadonlyMap<string, string>): ReturnType<typeof parseUploadFields> => {
  if (fields.has('file')) throw new KuraError('file_name_invalid', 'The field named file came without a file name.')
  return parseUploadFields(fields)
}

/** @throws document_not_found where the document that is to be revised is not in the collection */
export const checkRevised = async (
  documents: HttpDeps['ledger']['documents'],
  principal: Principal,
  collectionId: CollectionId,
  { revisionOf }: Pick<Registration, 'revisionOf'>,
): Promise<void> => {
  if (revisionOf === undefined) return
  const document = await documents.get(principal, revisionOf)
  if (document.collectionId === collectionId) return
  throw new KuraError('document_not_found', 'The document that is to be revised is in another collection.')
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
    const check = async (fields: ReadonlyMap<string, string>): Promise<ReturnType<typeof parseFields>> => {
      const parsed = parseFields(fields)
      await checkRevised(deps.ledger.documents, principal, collectionId, parsed)
      return parsed
    }
    await using form = await withCallerSignal(c, (signal) =>
      receiveFiles(
        { body: bodyOf(c), contentType: c.req.header('content-type'), signal },
        async (name, stream, fields) => {
          await check(fields)
          return deps.intake.store({ name, stream, signal })
        },
      ),
    )
    const registration = { collectionId, ...(await check(form.fields)) }
    if (registration.revisionOf !== undefined && form.files.length > 1) {
      throw new KuraError('invalid_request', 'revisionOf: goes with one file.')
    }
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
