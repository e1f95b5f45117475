/** Documents: list, read with the page ledger, read a page, read the file, delete. Uploading is in upload-routes.ts. */
import { createRoute, z } from '@hono/zod-openapi'
import { KuraError } from '../../core/errors.ts'
import type { DocumentId } from '../../core/ids.ts'
import type { Principal } from '../../core/principal.ts'
import { documentKinds, documentStatuses, type RevisionRecord } from '../../store/records.ts'
import type { HttpDeps } from '../deps.ts'
import {
  documentDetailSchema,
  documentSchema,
  pageSchema,
  presentDocument,
  presentDocumentDetail,
  presentPage,
} from '../document-schemas.ts'
import type { HttpApp } from '../http-env.ts'
import type { RevisionsPort } from '../ledger-ports.ts'
import { commonProblems, problemOf } from '../problem.ts'
import { sendOriginal } from '../send-original.ts'

const tags = ['Documents']
const params = z.object({ id: z.string().describe('Id of the document.') })
const revisionQuery = (usual: string) =>
  z.strictObject({ revision: z.string().min(1).max(200).optional().describe(`Id or label of a revision; ${usual}.`) })
const shownQuery = revisionQuery('the one in force where it is left out, else the newest')
const notFound = problemOf('document_not_found')

const list = createRoute({
  method: 'get',
  path: '/api/documents',
  tags,
  summary: 'List documents',
  request: {
    query: z.strictObject({
      collection: z.string().max(300).optional().describe('Only of this collection, by id or name.'),
      status: z.enum(documentStatuses).optional().describe('Only in this status.'),
      q: z.string().max(255).optional().describe('Only whose name holds this text.'),
      kind: z.enum(documentKinds).optional().describe('Only files, or only verified answers.'),
      cursor: z.string().max(500).optional().describe('`nextCursor` of the page before.'),
      limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many at most.'),
    }),
  },
  responses: {
    200: {
      description: 'The documents, newest first.',
      content: {
        'application/json': {
          schema: z
            .object({
              documents: z.array(documentSchema).describe('The documents, newest first.'),
              nextCursor: z.string().optional().describe('Send it as `cursor` for more; missing on the last page.'),
            })
            .openapi('DocumentList'),
        },
      },
    },
    400: problemOf('invalid_request'),
    404: problemOf('collection_not_found'),
    ...commonProblems,
  },
})

const get = createRoute({
  method: 'get',
  path: '/api/documents/{id}',
  tags,
  summary: 'Read a document and its page ledger',
  request: { params, query: revisionQuery('its pages are listed, those of the newest where it is left out') },
  responses: {
    200: { description: 'The document.', content: { 'application/json': { schema: documentDetailSchema } } },
    400: problemOf('invalid_request'),
    404: problemOf('document_not_found', 'revision_not_found'),
    ...commonProblems,
  },
})

const remove = createRoute({
  method: 'delete',
  path: '/api/documents/{id}',
  tags,
  summary: 'Delete a document',
  description: 'It stops answering at once.',
  request: { params },
  responses: { 204: { description: 'It is deleted.' }, 404: notFound, ...commonProblems },
})

const file = createRoute({
  method: 'get',
  path: '/api/documents/{id}/file',
  tags,
  summary: 'Read the uploaded file',
  description: 'A single range of bytes is served. Markup is sent as plain text.',
  request: { params, query: shownQuery },
  responses: {
    200: { description: 'The file.', content: { '*/*': { schema: { type: 'string', format: 'binary' } } } },
    206: {
      description: 'The range that was asked for.',
      content: { '*/*': { schema: { type: 'string', format: 'binary' } } },
    },
    304: { description: 'The caller has it already (If-None-Match).' },
    400: problemOf('invalid_request'),
    404: problemOf('document_not_found', 'revision_not_found', 'file_not_found'),
    416: problemOf('range_not_satisfiable'),
    ...commonProblems,
  },
})

const page = createRoute({
  method: 'get',
  path: '/api/documents/{id}/pages/{number}',
  tags,
  summary: 'Read a page: its text and where each line stands',
  request: {
    params: params.extend({ number: z.string().describe('Number of the page, from 1.') }),
    query: shownQuery,
  },
  responses: {
    200: { description: 'The page.', content: { 'application/json': { schema: pageSchema } } },
    400: problemOf('invalid_request'),
    404: problemOf('document_not_found', 'revision_not_found', 'page_not_found'),
    ...commonProblems,
  },
})

const parsePageNumber = (text: string): number => {
  const number = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (number < 1) throw new KuraError('page_not_found', 'A page is asked for by its number, from 1.')
  return number
}

/** The revision that is asked for; where none is, the one in force, else the newest. */
const resolveRevision = (
  revisions: RevisionsPort,
  principal: Principal,
  of: { readonly id: DocumentId; readonly revision: string | undefined },
): Promise<RevisionRecord> =>
  of.revision === undefined ? revisions.shown(principal, of.id) : revisions.get(principal, of.id, of.revision)

export const addDocumentRoutes = (
  app: HttpApp,
  { ledger, originals }: Pick<HttpDeps, 'ledger' | 'originals'>,
): void => {
  const { collections, documents, revisions, pages } = ledger
  app.openapi(list, async (c) => {
    const { collection, status, q, kind, cursor, limit } = c.req.valid('query')
    const principal = c.get('principal')
    const within = collection ? (await collections.resolve(principal, collection)).id : undefined
    const found = await documents.list(principal, {
      limit,
      ...(within === undefined ? {} : { collectionId: within }),
      ...(status === undefined ? {} : { status }),
      ...(q ? { q } : {}),
      ...(kind === undefined ? {} : { kind }),
      ...(cursor ? { cursor } : {}),
    })
    return c.json({ documents: found.documents.map(presentDocument), nextCursor: found.nextCursor }, 200)
  })
  app.openapi(get, async (c) => {
    const id = c.req.valid('param').id as DocumentId
    const principal = c.get('principal')
    const record = await documents.get(principal, id)
    const revision = await revisions.get(principal, id, c.req.valid('query').revision ?? record.revisionId)
    const parts = {
      children: await documents.children(principal, id),
      nearDuplicates: await revisions.nearDuplicates(principal, record.revisionId),
      revision,
      pages: await pages.summary(principal, revision.id),
    }
    return c.json(presentDocumentDetail(record, parts), 200)
  })
  app.openapi(remove, async (c) => {
    await documents.remove(c.get('principal'), c.req.valid('param').id as DocumentId)
    return c.body(null, 204)
  })
  app.openapi(file, async (c) => {
    const id = c.req.valid('param').id as DocumentId
    const principal = c.get('principal')
    const { name } = await documents.get(principal, id)
    const revision = await resolveRevision(revisions, principal, { id, revision: c.req.valid('query').revision })
    const { encoding } = await documents.sourceOf(revision.id)
    const { sha256, format } = revision
    return sendOriginal(c, { path: originals.pathOf(sha256), name, sha256, format, encoding })
  })
  app.openapi(page, async (c) => {
    const { id, number } = c.req.valid('param')
    const principal = c.get('principal')
    const of = { id: id as DocumentId, revision: c.req.valid('query').revision }
    const revision = await resolveRevision(revisions, principal, of)
    return c.json(presentPage(await pages.get(principal, revision.id, parsePageNumber(number)), revision), 200)
  })
}
