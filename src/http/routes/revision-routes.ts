/** Revisions of a document: list them, release, schedule, roll back and withdraw them, compare two of them. */

import { createRoute, z } from '@hono/zod-openapi'
import { KuraError } from '../../core/errors.ts'
import type { DocumentId } from '../../core/ids.ts'
import { startOfMoment } from '../../core/moment.ts'
import type { RevisionRecord } from '../../store/records.ts'
import { withCallerSignal } from '../caller-signal.ts'
import { DocumentComparer } from '../compare/document-comparer.ts'
import type { HttpDeps } from '../deps.ts'
import type { HttpApp } from '../http-env.ts'
import { momentSchema } from '../moment.ts'
import { commonProblems, problemOf } from '../problem.ts'
import { cleanText } from '../question.ts'
import {
  differenceSchema,
  presentDifference,
  presentRevision,
  revisionListSchema,
  revisionSchema,
} from '../revision-schemas.ts'

const tags = ['Revisions']
const params = z.object({ id: z.string().describe('Id of the document.') })
const idOrLabel = z.string().min(1).max(200)

const changeSchema = z
  .strictObject({
    label: z
      .string()
      .transform(cleanText)
      .pipe(z.string().min(1).max(100))
      .optional()
      .describe('Another label; no other revision of the document may have it.')
      .openapi({ minLength: 1, maxLength: 100 }),
    status: z
      .enum(['effective', 'withdrawn', 'draft'])
      .optional()
      .describe(
        '`effective`: in force from `effectiveFrom` on, or from now on (releases a draft, rolls back to an earlier revision); `withdrawn`: ' +
          'it is in force no more, and neither is any other; `draft`: what was scheduled is not any more.',
      ),
    effectiveFrom: momentSchema
      .optional()
      .describe(
        'ISO 8601 date or time, past or future; a date alone begins at midnight where Kura runs. Without `status` it moves the time from ' +
          'which the revision is, was or will be in force.',
      ),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), { error: 'must change something' })
  .refine(({ status, effectiveFrom }) => effectiveFrom === undefined || (status ?? 'effective') === 'effective', {
    path: ['effectiveFrom'],
    error: 'goes with the status effective only',
  })
  .openapi('RevisionChange')

const list = createRoute({
  method: 'get',
  path: '/api/documents/{id}/revisions',
  tags,
  summary: 'List the revisions of a document',
  request: { params },
  responses: {
    200: {
      description: 'The revisions, in the order of upload.',
      content: { 'application/json': { schema: revisionListSchema } },
    },
    404: problemOf('document_not_found'),
    ...commonProblems,
  },
})

const update = createRoute({
  method: 'patch',
  path: '/api/documents/{id}/revisions/{revision}',
  tags,
  summary: 'Release, schedule, roll back, withdraw or rename a revision',
  description:
    'Answers follow at once, also those that are being written. What was in force at an earlier time stays known.',
  request: {
    params: params.extend({ revision: idOrLabel.describe('Id or label of the revision.') }),
    body: { required: true, content: { 'application/json': { schema: changeSchema } } },
  },
  responses: {
    200: { description: 'The revision as it is now.', content: { 'application/json': { schema: revisionSchema } } },
    400: problemOf('invalid_request'),
    404: problemOf('document_not_found', 'revision_not_found'),
    409: problemOf('revision_exists', 'revision_not_changeable'),
    413: problemOf('request_too_large'),
    415: problemOf('media_type_unsupported'),
    ...commonProblems,
  },
})

const compare = createRoute({
  method: 'get',
  path: '/api/documents/{id}/diff',
  tags,
  summary: 'Compare two revisions, page by page',
  description: 'Pages are paired by what they say: an inserted page does not shift all that come behind it.',
  request: {
    params,
    query: z.strictObject({
      from: idOrLabel.optional().describe('Id or label of a revision; the one before `to` where it is left out.'),
      to: idOrLabel.optional().describe('Id or label of a revision; the newest where it is left out.'),
    }),
  },
  responses: {
    200: {
      description: 'Every page of both, and what became of it.',
      content: { 'application/json': { schema: differenceSchema } },
    },
    400: problemOf('invalid_request'),
    404: problemOf('document_not_found', 'revision_not_found'),
    409: problemOf('revision_not_ready'),
    499: problemOf('request_cancelled'),
    503: problemOf('server_stopping'),
    ...commonProblems,
  },
})

/** @throws revision_not_found where there is only one */
const previousOf = (revision: RevisionRecord, all: readonly RevisionRecord[]): RevisionRecord => {
  const previous = all.findLast(({ ordinal }) => ordinal < revision.ordinal)
  if (previous) return previous
  throw new KuraError('revision_not_found', `There is no revision before "${revision.label}" to compare it with.`)
}

/** @throws revision_not_ready */
const refuseUnread = ({ publishedAt, label, status }: RevisionRecord): void => {
  if (publishedAt === null) {
    throw new KuraError('revision_not_ready', `The revision "${label}" has not been read: it is ${status}.`)
  }
}

export const addRevisionRoutes = (app: HttpApp, { ledger: { revisions, pages } }: Pick<HttpDeps, 'ledger'>): void => {
  const comparer = new DocumentComparer()
  app.openapi(list, async (c) => {
    const records = await revisions.list(c.get('principal'), c.req.valid('param').id as DocumentId)
    return c.json({ revisions: records.map(presentRevision) }, 200)
  })
  app.openapi(update, async (c) => {
    const { id, revision } = c.req.valid('param')
    const { label, status, effectiveFrom } = c.req.valid('json')
    const principal = c.get('principal')
    const documentId = id as DocumentId
    const { id: revisionId } = await revisions.get(principal, documentId, revision)
    const record = await revisions.update(principal, documentId, revisionId, {
      label,
      validity: status,
      effectiveFrom: effectiveFrom === undefined ? undefined : startOfMoment(effectiveFrom).toISOString(),
    })
    return c.json(presentRevision(record), 200)
  })
  app.openapi(compare, async (c) => {
    const documentId = c.req.valid('param').id as DocumentId
    const named = c.req.valid('query')
    const principal = c.get('principal')
    const all = await revisions.list(principal, documentId)
    const to = named.to === undefined ? all.at(-1) : await revisions.get(principal, documentId, named.to)
    if (!to) throw new KuraError('internal', 'The document has no revision.')
    const from = named.from === undefined ? previousOf(to, all) : await revisions.get(principal, documentId, named.from)
    for (const revision of [from, to]) refuseUnread(revision)
    const texts = { from: await pages.texts(principal, from.id), to: await pages.texts(principal, to.id) }
    const difference = await withCallerSignal(c, (signal) => comparer.compare(texts, signal))
    return c.json(presentDifference(from, to, difference), 200)
  })
}
